"""Interactions as lines of JSON: what other programs hand in, what is imported, what the demo is made of.

A line is an object with ``text`` and ``author``, and where known ``external_id``, ``occurred_at`` (ISO 8601, with a
zone), ``name``, ``subject``, ``public``, ``kind``, ``language``, ``in_reply_to``, ``talk`` (all of one name are one
conversation). One whose ``event`` is ``edited`` has the new ``text`` of an ``external_id``, one whose ``event`` is
``deleted`` takes it back; ``occurred_at`` is when.
"""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation.trans_null import gettext_noop as _

from armature.arm.channel import Capabilities
from armature.crm.channels.port import (
    Account,
    Answer,
    Attachment,
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
    Sent,
)
from armature.crm.channels.reading import from_json
from armature.crm.channels.settings import Setting
from armature.crm.channels.signatures import standard_webhook

NUL = "\x00"
WRITTEN_DOWN = "application/vnd.armature.written-down+json"
"""A line that one of us typed: only our own page makes it, so that who typed it is believed."""


class Lines:
    """A channel that is handed lines and answers nothing itself."""

    key: ClassVar[str] = "lines"
    label: ClassVar[str] = _("Handed in")
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("hook_secret", "Secret that calls are signed with", "secret", help="whsec_… (Standard Webhooks)"),
    )
    polls: ClassVar[bool] = False

    def check(self, account: Account) -> None:
        """Nothing to set up."""

    def capabilities(self, account: Account, conversation: Conversation | None, now: datetime) -> Capabilities:
        """Only reading."""
        return Capabilities(reads=True, blocked="Answers cannot be sent from here: this channel only takes in.")

    def probe(self, account: Account) -> str:
        """Nothing to log in to."""
        return account.address

    def fetch(self, account: Account, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
        """Nothing to fetch: lines are handed in."""
        return iter(())

    def wait(self, account: Account, cursor: Cursor, seconds: float) -> bool:
        """Nothing ever comes by itself."""
        return False

    def normalise(self, account: Account, envelope: Envelope) -> list[Event]:
        """One line to one event; raises ``ValueError`` naming the field that is wrong."""
        line = read_line(envelope.body)
        if line.get("event", "created") != "created":
            return [_changed(line, envelope.received_at)]
        event = created(line, account.settings.get("network", account.kind), envelope.received_at)
        return [_written_down(event, line) if envelope.content_type == WRITTEN_DOWN else event]

    def receive(self, account: Account, request: Request) -> Answer:
        """A line that another program posts, signed as Standard Webhooks says; repeated calls are one."""
        name = standard_webhook(
            account.secrets.get("hook_secret", ""), request.headers, request.body, request.received_at
        )
        return Answer((Envelope(f"hook:{name}", request.body, "application/json", request.received_at),))

    def external_id(self, account: Account, key: UUID) -> str:
        """What an answer would be called."""
        return str(key)

    def send(self, account: Account, outgoing: Outgoing) -> Outcome:
        """Refused."""
        return Failed("This channel only takes in.")


class Demo(Lines):
    """The demo's channel: an answer is kept here and shown as sent; nothing ever leaves the machine."""

    key: ClassVar[str] = "demo"
    label: ClassVar[str] = _("Demo")

    def capabilities(self, account: Account, conversation: Conversation | None, now: datetime) -> Capabilities:
        """What a mailbox can do."""
        return Capabilities(
            reads=True,
            private_reply=True,
            public_reply=bool(account.settings.get("public")),
            max_length=int(account.settings.get("max_length", 0)),
            attachments=True,
            attachment_bytes=5_000_000,
            copies=account.settings.get("network") == "email",
        )

    def send(self, account: Account, outgoing: Outgoing) -> Outcome:
        """Kept, not sent."""
        return Sent(f"demo:{outgoing.external_id}")


def _written_down(event: Created, line: Mapping[str, Any]) -> Created:
    """With the photos of it, who of us typed it and who passed it on."""
    typist, reporter = int(line.get("typed_by", 0)), text_of(line, "reporter")
    return replace(event, attachments=files_of(line), typed_by=typist, reporter=reporter)


def envelope(line: Mapping[str, Any], received_at: datetime, content_type: str = "application/json") -> Envelope:
    """A line as it is accepted; without an id of its own its words, author and time make one."""
    body = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode()
    name = line.get("external_id") or hashlib.blake2b(body, digest_size=16).hexdigest()
    event = line.get("event", "created")
    stamp = "" if event == "created" else f":{line.get('occurred_at', '')}"
    return Envelope(f"{event}:{name}{stamp}"[:300], body, content_type, received_at)


def read_line(body: bytes) -> dict[str, Any]:
    """The object on a line; raises ``ValueError`` saying what is wrong with it."""
    line = from_json(body)
    if not isinstance(line, dict):
        raise ValueError('a line must be a JSON object, like {"text": "...", "author": "..."}')
    return line


def created(line: Mapping[str, Any], network: str, received_at: datetime) -> Created:
    """A line as an event; raises ``ValueError`` naming the field that is wrong."""
    text, author = text_of(line, "text", needed=True), text_of(line, "author")
    digest = hashlib.blake2b(f"{author}\0{text}\0{line.get('occurred_at')}".encode(), digest_size=16).hexdigest()
    answered = text_of(line, "in_reply_to")
    return Created(
        external_id=text_of(line, "external_id") or digest,
        author=author.casefold(),
        author_name=text_of(line, "name"),
        occurred_at=moment(line.get("occurred_at"), received_at),
        text=text,
        network=text_of(line, "network") or network,
        public=_yes_or_no(line, "public"),
        subject=text_of(line, "subject"),
        references=(answered,) if answered else (),
        kind=text_of(line, "kind") or "message",
        language=text_of(line, "language"),
        talk=text_of(line, "talk"),
    )


def with_files(line: Mapping[str, Any], files: Sequence[Attachment]) -> dict[str, Any]:
    """A line that carries files."""
    carried = [
        {"name": one.name, "type": one.content_type, "body": base64.b64encode(one.body).decode()} for one in files
    ]
    return {**line, "files": carried}


def files_of(line: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """The files that a line carries; raises ``ValueError``."""
    files = line.get("files", [])
    if not isinstance(files, list):
        raise ValueError('the field "files" must be a list')
    return tuple(map(_file, files))


def _file(given: Any) -> Attachment:
    try:
        return Attachment(
            str(given["name"])[:255], str(given["type"])[:80], base64.b64decode(given["body"], validate=True)
        )
    except (KeyError, TypeError, ValueError):
        raise ValueError('each of the "files" must have a name, a type and a body in base64') from None


def _changed(line: Mapping[str, Any], received_at: datetime) -> Edited | Deleted:
    name, at = text_of(line, "external_id", needed=True), moment(line.get("occurred_at"), received_at)
    author = text_of(line, "author").casefold()
    if line["event"] == "deleted":
        return Deleted(name, at, author)
    if line["event"] == "edited":
        return Edited(name, at, text_of(line, "text", needed=True), author, text_of(line, "subject"))
    raise ValueError(f'the field "event" must be created, edited or deleted, not {json.dumps(line["event"])[:60]}')


def text_of(line: Mapping[str, Any], field: str, needed: bool = False) -> str:
    """A text field; raises ``ValueError`` where it is missing or something else."""
    value = line.get(field)
    if value is None and not needed:
        return ""
    if field not in line:
        raise ValueError(f'the field "{field}" is missing')
    if not isinstance(value, str):
        raise ValueError(f'the field "{field}" must be a text, not {json.dumps(value)[:60]}')
    return value.replace(NUL, "").encode("utf-8", "replace").decode()


def _yes_or_no(line: Mapping[str, Any], field: str) -> bool:
    value = line.get(field, False)
    if isinstance(value, str) and value.lower() in ("true", "yes", "1", "false", "no", "0", ""):
        return value.lower() in ("true", "yes", "1")
    if not isinstance(value, bool):
        raise ValueError(f'the field "{field}" must be true or false, not {json.dumps(value)[:60]}')
    return value


def moment(value: object, otherwise: datetime) -> datetime:
    """A time with its zone; without a zone UTC is meant. Raises ``ValueError``."""
    if value in (None, ""):
        return otherwise
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError(
            f'the field "occurred_at" must be a time like 2026-03-01T14:30:00+01:00, not {json.dumps(value)[:60]}'
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
