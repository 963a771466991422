"""Webmention (W3C): other sites tell us that they speak of our pages; we look, and hear what they say."""

import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.utils.translation.trans_null import gettext_noop as _

from armature.arm.channel import Capabilities
from armature.crm.channels.port import (
    Account,
    Answer,
    Conversation,
    Created,
    Cursor,
    Deleted,
    Edited,
    Envelope,
    Event,
    Failed,
    Outcome,
    Outgoing,
    Request,
)
from armature.crm.channels.reading import from_json
from armature.crm.channels.settings import Setting
from armature.crm.channels.webmention import looking
from armature.crm.channels.webmention.settings import SETTINGS, webmention_settings

NETWORK = "web"
ONLY_READ = _("A mention on another site is only read. Answer on a page of yours, or there.")
REACTED = _("a like, repost or bookmark without words")
LOOK_SECONDS = 5.0


class Webmention:
    """Mentions of our pages on other sites."""

    key: ClassVar[str] = "webmention"
    label: ClassVar[str] = "Webmention"
    settings: ClassVar[tuple[Setting, ...]] = SETTINGS
    polls: ClassVar[bool] = True
    rate: ClassVar[tuple[int, int]] = (120, 300)

    def check(self, account: Account) -> None:
        """See ``Kind.check``."""
        webmention_settings(account)

    def capabilities(self, account: Account, conversation: Conversation | None, now: datetime) -> Capabilities:
        """Only reading."""
        return Capabilities(reads=True, blocked=ONLY_READ)

    def probe(self, account: Account) -> str:
        """Whose mentions are taken in; there is nothing to log in to."""
        return f"Mentions of {', '.join(webmention_settings(account).targets)} are taken in."

    def fetch(self, account: Account, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
        """Nothing to fetch by ourselves: see ``look``."""
        return iter(())

    def wait(self, account: Account, cursor: Cursor, seconds: float) -> bool:
        """Until the next look at what we were told."""
        time.sleep(min(seconds, LOOK_SECONDS))
        return True

    def receive(self, account: Account, request: Request) -> Answer:
        """See ``Hooked.receive``. Anybody may call: nothing that a call says is believed before we looked."""
        return looking.received(webmention_settings(account), request)

    def look(self, account: Account, cursor: Cursor, asked: Envelope) -> tuple[list[Envelope], Cursor]:
        """See ``Looks.look``."""
        return looking.looked(account, cursor, asked)

    def normalise(self, account: Account, envelope: Envelope) -> list[Event]:
        """See ``Kind.normalise``."""
        try:
            found = from_json(envelope.body)
            what, number = found["what"], str(found["mention"])
            if what == "deleted":
                return [Deleted(number, envelope.received_at)]
            said = found["said"]
            if what == "edited":
                return [Edited(number, envelope.received_at, _words(said, found), subject=said["title"])]
            return [_created(number, said, found, envelope)]
        except (KeyError, TypeError, AttributeError) as odd:
            raise ValueError(f"this is no mention: {type(odd).__name__} {odd}") from odd

    def external_id(self, account: Account, key: UUID) -> str:
        """What an answer would be called."""
        return str(key)

    def send(self, account: Account, outgoing: Outgoing) -> Outcome:
        """Refused."""
        return Failed(ONLY_READ)


def _created(number: str, said: Mapping[str, str], found: Mapping[str, str], envelope: Envelope) -> Created:
    at = min(datetime.fromisoformat(said["at"]), envelope.received_at) if said["at"] else envelope.received_at
    return Created(
        external_id=number,
        author=said["author"],
        author_name=said["author_name"],
        occurred_at=at,
        text=_words(said, found),
        network=NETWORK,
        public=True,
        subject=said["title"],
        html=said["html"],
        automatic=REACTED if said["reaction"] else "",
        kind="comment",
    )


def _words(said: Mapping[str, str], found: Mapping[str, str]) -> str:
    """The words, then the page they stand on and ours that they speak of."""
    words = said["text"] or said["reaction"]
    return f"{words}\n\n{found['source']} → {found['target']}"
