"""Matrix: what is said to us in rooms is heard, answered in its thread, or in a room with that person alone."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from armature.arm.channel import Capabilities
from armature.crm.channels.matrix import normalise, reading, sending
from armature.crm.channels.matrix.settings import SETTINGS, matrix_settings
from armature.crm.channels.port import Account, Conversation, Cursor, Envelope, Event, Outcome, Outgoing, Sent
from armature.crm.channels.settings import Setting

LONGEST = 50_000
"""Bytes of words: an event holds 65,536 with all that stands around them."""
MOST_ATTACHED = 20_000_000


class Matrix:
    """An account of ours on a Matrix server."""

    key: ClassVar[str] = "matrix"
    label: ClassVar[str] = "Matrix"
    settings: ClassVar[tuple[Setting, ...]] = SETTINGS
    polls: ClassVar[bool] = True
    rate: ClassVar[tuple[int, int]] = (600, 300)

    def check(self, account: Account) -> None:
        """See ``Kind.check``."""
        matrix_settings(account)

    def capabilities(self, account: Account, conversation: Conversation | None, now: datetime) -> Capabilities:
        """Both audiences; what is handed in twice under one name is said once."""
        return Capabilities(
            reads=True, public_reply=conversation is None or conversation.public, private_reply=True,
            max_length=LONGEST, unit="bytes", attachments=True, attachment_bytes=MOST_ATTACHED, idempotent=True,
        )  # fmt: skip

    def probe(self, account: Account) -> str:
        """Who we are there, and whether that is who the account says."""
        settings = matrix_settings(account)
        me = reading.me_of(settings)
        said = [f"Logged in to {settings.api.base} as {me}."]
        if me != settings.me:
            said.append(f"The key belongs to {me}, not to {settings.me}: correct one of the two.")
        return " ".join(said)

    def fetch(self, account: Account, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
        """See ``Kind.fetch``; it begins with what is said from now on."""
        return reading.batches(matrix_settings(account), cursor, limit)

    def wait(self, account: Account, cursor: Cursor, seconds: float) -> bool:
        """See ``Kind.wait``."""
        return reading.wait(matrix_settings(account), cursor, seconds)

    def normalise(self, account: Account, envelope: Envelope) -> list[Event]:
        """See ``Kind.normalise``."""
        return normalise.normalise(account, envelope)

    def external_id(self, account: Account, key: UUID) -> str:
        """The name under which it is handed in, until the server gives one of its own."""
        return str(key)

    def send(self, account: Account, outgoing: Outgoing) -> Outcome:
        """See ``Kind.send``."""
        return sending.send(matrix_settings(account), outgoing)

    def find(self, account: Account, outgoing: Outgoing) -> Sent | None:
        """See ``Finds.find``."""
        return sending.find(matrix_settings(account), outgoing)
