"""Surveys: what people answer on a page of ours that a signed link or a square code leads to. It only takes in.

An answer is a line of JSON (see ``channels.lines``) with the rating, and what was said to each question, beside it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation.trans_null import gettext_noop as _

from armature.arm.channel import Capabilities
from armature.crm.channels import lines
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
from armature.crm.channels.settings import Setting

KIND = "survey"
NETWORK = "survey"
"""Of those who gave no address."""
SILENT = _("A survey only takes in. Answer in the case that it is about, or write to the address they left.")
NOT_PROVEN = _("They typed this address on the page of a survey: nobody has proven that it is theirs.")


@dataclass(frozen=True, slots=True)
class Who:
    """Who answers, as the identity we know or the page makes; ``about`` are words of ours on what it is about."""

    network: str
    author: str
    name: str = ""
    about: str = ""
    warning: str = ""


def survey_line(event: str, external_id: str, who: Who, text: str, at: datetime) -> dict[str, Any]:
    """The line of an answer (``created``), or of its new wording (``edited``)."""
    return {
        "event": event, "external_id": external_id, "author": who.author, "network": who.network, "name": who.name,
        "text": text, "kind": KIND, "warning": who.warning, "occurred_at": at.isoformat(),
    }  # fmt: skip


class Survey:
    """All surveys of a brand."""

    key: ClassVar[str] = KIND
    label: ClassVar[str] = _("Surveys")
    settings: ClassVar[tuple[Setting, ...]] = ()
    polls: ClassVar[bool] = False

    def check(self, account: Account) -> None:
        """Nothing to set up: surveys are made on their own page."""

    def capabilities(self, account: Account, conversation: Conversation | None, now: datetime) -> Capabilities:
        """Only reading."""
        return Capabilities(reads=True, blocked=SILENT)

    def probe(self, account: Account) -> str:
        """Nothing to log in to."""
        return account.address

    def fetch(self, account: Account, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
        """Nothing to fetch: the page hands in what is answered."""
        return iter(())

    def wait(self, account: Account, cursor: Cursor, seconds: float) -> bool:
        """Nothing ever comes by itself."""
        return False

    def normalise(self, account: Account, envelope: Envelope) -> list[Event]:
        """One answer, or its new wording; raises ``ValueError`` naming the field that is wrong."""
        line = lines.read_line(envelope.body)
        author = lines.text_of(line, "author", needed=True)
        if line.get("event", "created") != "created":
            return [_edited(line, author, envelope.received_at)]
        said = lines.created(line, NETWORK, envelope.received_at)
        return [_answer(said, line, author)]

    def external_id(self, account: Account, key: UUID) -> str:
        """What an answer of ours would be called."""
        return str(key)

    def send(self, account: Account, outgoing: Outgoing) -> Outcome:
        """Refused."""
        return Failed(SILENT)


def _answer(said: Created, line: Mapping[str, Any], author: str) -> Created:
    """Handles keep their letters: the page that made the line knows whose they are, and where they belong."""
    automatic, warning = lines.text_of(line, "automatic"), lines.text_of(line, "warning")
    thread = lines.text_of(line, "thread")
    return replace(said, author=author, kind=KIND, public=False, automatic=automatic, warning=warning, thread=thread)


def _edited(line: Mapping[str, Any], author: str, received_at: datetime) -> Edited:
    if line["event"] != "edited":
        raise ValueError('the field "event" must be created or edited: an answer is not taken back')
    name, at = lines.text_of(line, "external_id", needed=True), lines.moment(line.get("occurred_at"), received_at)
    return Edited(name, at, lines.text_of(line, "text", needed=True), author, lines.text_of(line, "subject"))
