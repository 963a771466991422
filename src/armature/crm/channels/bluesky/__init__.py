"""Bluesky, and every server of its network: mentions, answers and quotes are heard and answered in public."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

from armature.arm.channel import Capabilities
from armature.crm.channels.bluesky import names, normalise, reading, sending
from armature.crm.channels.bluesky.sessions import session
from armature.crm.channels.bluesky.settings import SETTINGS, bluesky_settings
from armature.crm.channels.bluesky.xrpc import ask
from armature.crm.channels.port import Account, Conversation, Cursor, Envelope, Event, Outcome, Outgoing, Sent
from armature.crm.channels.settings import Setting


class Bluesky:
    """An account of ours in the network of Bluesky."""

    key: ClassVar[str] = "bluesky"
    label: ClassVar[str] = "Bluesky"
    settings: ClassVar[tuple[Setting, ...]] = SETTINGS
    polls: ClassVar[bool] = True
    rate: ClassVar[tuple[int, int]] = (1000, 300)

    def check(self, account: Account) -> None:
        """See ``Kind.check``."""
        bluesky_settings(account)

    def capabilities(self, account: Account, conversation: Conversation | None, now: datetime) -> Capabilities:
        """In public only. A post under one name is there once, however often it is handed in."""
        return Capabilities(
            reads=True,
            public_reply=True,
            max_length=sending.MOST,
            unit="graphemes",
            attachments=True,
            attachment_bytes=sending.MOST_FILES * sending.FILE_BYTES,
            attachment_types=("image/",),
            idempotent=True,
        )

    def probe(self, account: Account) -> str:
        """Who we are there, and that we are told what is said to us."""
        settings = bluesky_settings(account)
        me = session(settings)
        ask(settings, "app.bsky.notification.getUnreadCount")
        said = [f"Logged in to {settings.api.base} as {me.handle}."]
        if me.handle != settings.me:
            said.append(f"The key belongs to {me.handle}, not to {account.address}: correct one of the two.")
        return " ".join(said)

    def fetch(self, account: Account, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
        """See ``Kind.fetch``; it begins with what is said from now on."""
        return reading.batches(bluesky_settings(account), cursor, limit)

    def wait(self, account: Account, cursor: Cursor, seconds: float) -> bool:
        """See ``Kind.wait``."""
        return reading.wait(bluesky_settings(account), cursor, seconds)

    def normalise(self, account: Account, envelope: Envelope) -> list[Event]:
        """See ``Kind.normalise``."""
        return normalise.normalise(account, envelope)

    def external_id(self, account: Account, key: UUID) -> str:
        """The name that the post will have among ours: of this moment and the key."""
        return names.timed(key, datetime.now(UTC))

    def send(self, account: Account, outgoing: Outgoing) -> Outcome:
        """See ``Kind.send``."""
        return sending.send(bluesky_settings(account), outgoing)

    def find(self, account: Account, outgoing: Outgoing) -> Sent | None:
        """See ``Finds.find``."""
        return sending.find(bluesky_settings(account), outgoing)
