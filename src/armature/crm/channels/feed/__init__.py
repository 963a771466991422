"""RSS and Atom: what a site publishes is heard; nothing can be answered there."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.utils.translation.trans_null import gettext_noop as _

from armature.arm.channel import Capabilities
from armature.crm.channels.feed import reading
from armature.crm.channels.feed.settings import SETTINGS, feed_settings
from armature.crm.channels.html import html_to_text
from armature.crm.channels.port import (
    Account,
    Conversation,
    Created,
    Cursor,
    Edited,
    Envelope,
    Event,
    Failed,
    Outcome,
    Outgoing,
)
from armature.crm.channels.reading import from_json
from armature.crm.channels.settings import Setting

NETWORK = "feed"
ONLY_READ = _("A feed is only read. Answer where it was said.")


class Feed:
    """A feed that we listen to."""

    key: ClassVar[str] = "feed"
    label: ClassVar[str] = _("Feed (RSS or Atom)")
    settings: ClassVar[tuple[Setting, ...]] = SETTINGS
    polls: ClassVar[bool] = True
    rate: ClassVar[tuple[int, int]] = (60, 300)

    def check(self, account: Account) -> None:
        """See ``Kind.check``."""
        feed_settings(account)

    def capabilities(self, account: Account, conversation: Conversation | None, now: datetime) -> Capabilities:
        """Only reading."""
        return Capabilities(reads=True, blocked=ONLY_READ)

    def probe(self, account: Account) -> str:
        """What is there now."""
        settings = feed_settings(account)
        body, _version = reading.fetched(settings, {})
        title, entries = reading.understood(settings, body)
        return f"“{title}” can be read: {len(entries)} entries now."

    def fetch(self, account: Account, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
        """See ``Kind.fetch``; it begins with what is published from now on."""
        return reading.batches(feed_settings(account), cursor, limit)

    def wait(self, account: Account, cursor: Cursor, seconds: float) -> bool:
        """See ``Kind.wait``."""
        return reading.wait(feed_settings(account), seconds)

    def normalise(self, account: Account, envelope: Envelope) -> list[Event]:
        """See ``Kind.normalise``."""
        try:
            found = from_json(envelope.body)
            entry = found["entry"]
            if found["what"] == "edited":
                return [Edited(entry["key"], envelope.received_at, _words(entry), subject=entry["title"][:300])]
            return [_created(entry, found["feed"], envelope)]
        except (KeyError, TypeError, AttributeError) as odd:
            raise ValueError(f"this is no entry of a feed: {type(odd).__name__} {odd}") from odd

    def external_id(self, account: Account, key: UUID) -> str:
        """What an answer would be called."""
        return str(key)

    def send(self, account: Account, outgoing: Outgoing) -> Outcome:
        """Refused."""
        return Failed(ONLY_READ)


def _created(entry: Mapping[str, str], feed: str, envelope: Envelope) -> Created:
    return Created(
        external_id=entry["key"],
        author=entry["author"],
        author_name=entry["author_name"] or feed[:200],
        occurred_at=_moment(entry["at"], envelope.received_at),
        text=_words(entry),
        network=NETWORK,
        public=True,
        subject=entry["title"][:300],
        html=entry["html"],
        references=(entry["answers"],) if entry["answers"] else (),
        language=entry["language"],
    )


def _words(entry: Mapping[str, str]) -> str:
    """Its words, or its title where it has none, then where they stand."""
    return "\n\n".join(filter(None, (html_to_text(entry["html"]) or entry["title"], entry["link"])))


def _moment(given: str, received: datetime) -> datetime:
    """When it was said: never later than it was heard, whatever the feed claims."""
    return min(datetime.fromisoformat(given), received) if given else received
