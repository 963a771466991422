"""Text messages through Kannel, the gateway that speaks to message centres and modems."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.utils.translation.trans_null import gettext_noop as _

from armature.arm.channel import Capabilities
from armature.crm.channels.numbers import NoNumber, e164
from armature.crm.channels.port import (
    Account,
    Answer,
    Conversation,
    Cursor,
    Envelope,
    Event,
    Outcome,
    Outgoing,
    Request,
)
from armature.crm.channels.settings import Setting
from armature.crm.channels.sms import normalise, receiving, sending
from armature.crm.channels.sms.settings import SETTINGS, most_parts, sms_settings

NOT_A_NUMBER = _("The sender is a name or a short code, not a number: nobody can be answered there.")


class Sms:
    """A number of ours at a gateway."""

    key: ClassVar[str] = "sms"
    label: ClassVar[str] = _("Text messages (Kannel)")
    settings: ClassVar[tuple[Setting, ...]] = SETTINGS
    polls: ClassVar[bool] = False
    rate: ClassVar[tuple[int, int]] = (600, 60)

    def check(self, account: Account) -> None:
        """See ``Kind.check``."""
        sms_settings(account)

    def capabilities(self, account: Account, conversation: Conversation | None, now: datetime) -> Capabilities:
        """Private words of so many parts, to whoever has a number and did not forbid it."""
        can = Capabilities(
            reads=True, private_reply=True, max_length=most_parts(account), unit="parts", can_start=True, receipts=True,
            topic=normalise.TOPIC,
        )  # fmt: skip
        if conversation is None or _is_number(conversation.author):
            return can
        return Capabilities(reads=True, blocked=NOT_A_NUMBER)

    def probe(self, account: Account) -> str:
        """Whether the gateway knows us; nothing is sent."""
        return sending.probe(sms_settings(account))

    def fetch(self, account: Account, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
        """Nothing to fetch: the gateway calls."""
        return iter(())

    def wait(self, account: Account, cursor: Cursor, seconds: float) -> bool:
        """Nothing ever comes by itself."""
        return False

    def receive(self, account: Account, request: Request) -> Answer:
        """See ``Hooked.receive``."""
        return receiving.receive(account, request)

    def normalise(self, account: Account, envelope: Envelope) -> list[Event]:
        """See ``Kind.normalise``."""
        return normalise.normalise(account, envelope)

    def external_id(self, account: Account, key: UUID) -> str:
        """The key itself: reports come back with it."""
        return str(key)

    def send(self, account: Account, outgoing: Outgoing) -> Outcome:
        """See ``Kind.send``."""
        return sending.send(sms_settings(account), outgoing)


def _is_number(author: str) -> bool:
    try:
        return e164(author) == author
    except NoNumber:
        return False
