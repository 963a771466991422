"""Facebook and Instagram: comments and messages are heard, answered in public, in private, or in both."""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

from armature.arm.channel import Capabilities
from armature.crm.channels.meta import comments, looking, messages, receiving, sending
from armature.crm.channels.meta.settings import FACEBOOK, INSTAGRAM, may_be_late, meta_settings
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
    Sent,
)
from armature.crm.channels.reading import clean, from_json
from armature.crm.channels.settings import Setting

LOOK_SECONDS = 3.0


class Facebook:
    """A page of ours, with its messages."""

    key: ClassVar[str] = "facebook"
    label: ClassVar[str] = "Facebook"
    settings: ClassVar[tuple[Setting, ...]] = FACEBOOK
    polls: ClassVar[bool] = False
    rate: ClassVar[tuple[int, int]] = (4800, 3600)
    most: ClassVar[tuple[int, str]] = (2000, "characters")

    def check(self, account: Account) -> None:
        """See ``Kind.check``."""
        meta_settings(account)

    def capabilities(self, account: Account, conversation: Conversation | None, now: datetime) -> Capabilities:
        """Under a comment in public, and once in private for a week; a message as long as they wrote of late."""
        most, unit = self.most
        if conversation is None or conversation.public:
            named = conversation is None or not conversation.author.startswith("@")
            young = conversation is None or sending.age_of(conversation.last_heard, now) < sending.WEEK
            return Capabilities(
                reads=True, public_reply=True, private_reply=named and young, max_length=most, unit=unit, receipts=True
            )
        late = may_be_late(account)
        over = sending.age_of(conversation.last_heard, now) >= (sending.WEEK if late else sending.DAY)
        words = (sending.WEEK_OVER if late else sending.DAY_OVER) if over else ""
        return Capabilities(reads=True, private_reply=True, max_length=most, unit=unit, receipts=True, blocked=words)

    def probe(self, account: Account) -> str:
        """Whose the token is."""
        settings = meta_settings(account)
        fields = "id,username" if account.kind == "instagram" else "id,name"
        found = settings.graph.read(settings.me, {"fields": fields})
        return f"The token may read {clean(found.get('name') or found.get('username'))} ({clean(found.get('id'))})."

    def fetch(self, account: Account, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
        """Nothing to fetch: Meta calls."""
        return iter(())

    def wait(self, account: Account, cursor: Cursor, seconds: float) -> bool:
        """Until the next look at what we were told."""
        time.sleep(min(seconds, LOOK_SECONDS))
        return False

    def receive(self, account: Account, request: Request) -> Answer:
        """See ``Hooked.receive``."""
        return receiving.receive(account, request)

    def look(self, account: Account, cursor: Cursor, asked: Envelope) -> tuple[list[Envelope], Cursor]:
        """See ``Looks.look``."""
        return looking.look(meta_settings(account), cursor, asked)

    def normalise(self, account: Account, envelope: Envelope) -> list[Event]:
        """See ``Kind.normalise``."""
        found = from_json(envelope.body)
        if not isinstance(found, Mapping):
            raise ValueError("this is no call of Meta: it is no object")
        try:
            if "messaging" in found:
                return messages.said(account, found)
            return comments.mentioned(account, found) if "mention" in found else comments.said(account, found)
        except (KeyError, TypeError, AttributeError, OverflowError, OSError) as odd:
            raise ValueError(f"this call of Meta cannot be read: {type(odd).__name__} {odd}") from odd

    def external_id(self, account: Account, key: UUID) -> str:
        """The key itself, until Meta gives a name."""
        return str(key)

    def send(self, account: Account, outgoing: Outgoing) -> Outcome:
        """See ``Kind.send``."""
        most, unit = self.most
        return sending.send(meta_settings(account), outgoing, (most, unit), datetime.now(UTC))

    def find(self, account: Account, outgoing: Outgoing) -> Sent | None:
        """See ``Finds.find``."""
        return sending.find(meta_settings(account), outgoing)


class Instagram(Facebook):
    """A professional account of ours, with its messages."""

    key: ClassVar[str] = "instagram"
    label: ClassVar[str] = "Instagram"
    settings: ClassVar[tuple[Setting, ...]] = INSTAGRAM
    most: ClassVar[tuple[int, str]] = (1000, "bytes")
