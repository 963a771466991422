"""Records of what was said: each as an envelope of its channel, compared with what is there, and accepted."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from armature.crm import rows
from armature.crm.channels import past
from armature.crm.channels.numbers import NETWORK, NoNumber, e164
from armature.crm.channels.port import Account, Envelope
from armature.crm.listen import commands, queries
from armature.crm.listen.imports import values
from armature.crm.listen.imports.models import Import
from armature.crm.listen.imports.records import Record
from armature.crm.listen.imports.results import CHANGED, CONFLICT, FAULTY, KNOWN, LEFT_OUT, NEW, Result
from armature.crm.listen.imports.values import Fault
from armature.crm.listen.models import Channel

LONGEST_TEXT = 200_000
BY_NUMBER = ("sms", "calls", "whatsapp")
"""Kinds of channels whose customers are phone numbers."""


@dataclass(slots=True)
class Line:
    """A record that can be kept: its id there, the line as it is kept, the envelope; ``line`` is empty for a mail."""

    id: str
    line: dict[str, Any]
    envelope: Envelope


class Reader:
    """How the records of one import are understood."""

    def __init__(self, job: Import, channel: Channel, now: datetime) -> None:
        self.job, self.channel, self.now = job, channel, now
        self.mapping: Mapping[str, int] = job.mapping
        self.zone = ZoneInfo(str(job.options.get("zone") or "UTC"))
        self.order = str(job.options.get("order") or "day")
        self.ours: Collection[str] = [str(one).casefold() for one in job.options.get("ours", [])]

    @cached_property
    def account(self) -> Account:
        """The channel as its kind knows it; one that is not kept yet has nothing but its address."""
        if self.channel._state.adding:
            return Account(0, self.channel.kind, self.channel.address)
        return queries.account(self.channel)

    def read(self, record: Record) -> Line | None:
        """The record as it is kept, None for a note between colleagues; raises ``Fault``."""
        if record.wrong:
            raise Fault("", record.wrong)
        if record.raw:
            return self._mail(record.raw)
        if self._cell(record, "note").casefold() in values.YES | {"note", "internal", "intern"}:
            return None
        return self._row(record)

    def _cell(self, record: Record, key: str) -> str:
        column = self.mapping.get(key)
        return record.cells[column].strip() if column is not None else ""

    def _mail(self, raw: bytes) -> Line:
        try:
            envelope, event = past.mail(self.account, raw, self.ours, self.now)
        except ValueError as problem:
            raise Fault("", str(problem)) from None
        if not event.author:
            raise Fault("who", _("the mail does not say who wrote it: its From is missing"))
        return Line(event.external_id[:300], {}, envelope)

    def _row(self, record: Record) -> Line:
        text = self._cell(record, "text")
        if not text:
            raise Fault("text", _("nothing was said: the text is empty"))
        if len(text) > LONGEST_TEXT:
            raise Fault(
                "text",
                _("the text has %(n1)s characters; up to %(longest_text)s are kept: shorten it")
                % {"n1": len(text), "longest_text": LONGEST_TEXT},
            )
        at = values.moment("when", self._needed(record, "when"), self.zone, self.order, self.now)
        who, network = self._who("who", self._needed(record, "who"))
        own = self._own(record, who)
        subject = self._cell(record, "subject")[:300]
        number = self._cell(record, "external_id")
        if len(number) > 250:
            raise Fault("external_id", _("its own number has more than 250 characters: take another column, or none"))
        line = {
            "id": number or f"past:{_hash(at.isoformat(), who, text)}", "at": at.isoformat(), "who": who,
            "name": self._cell(record, "name")[:200], "network": network, "own": own, "subject": subject, "text": text,
            "talk": self._talk(record, who, own, subject), "language": self._language(record),
            "public": values.yes_no("public", self._cell(record, "public")),
        }  # fmt: skip
        return Line(str(line["id"]), line, past.said(line, self.now))

    def _needed(self, record: Record, key: str) -> str:
        if cell := self._cell(record, key):
            return cell
        raise Fault(key, _("the cell is empty, and this is needed"))

    def _who(self, field: str, cell: str) -> tuple[str, str]:
        """The address as it is kept, and its network."""
        if len(cell) > 254:
            raise Fault(field, _("the address has more than 254 characters"))
        if "@" in cell[1:] and " " not in cell:
            return cell.removeprefix("mailto:").casefold(), "email"
        if self.channel.kind in BY_NUMBER:
            try:
                return e164(cell, str(self.channel.settings.get("country", ""))), NETWORK
            except NoNumber as problem:
                raise Fault(field, str(problem)) from None
        kind = self.channel.kind if self.channel.kind not in ("lines", "demo") else self.channel.place
        return cell.casefold(), str(self.channel.settings.get("network") or kind)

    def _own(self, record: Record, who: str) -> bool:
        if "direction" in self.mapping:
            return values.direction("direction", self._cell(record, "direction")) == "out"
        return who == self.channel.address.casefold() or who in self.ours

    def _talk(self, record: Record, who: str, own: bool, subject: str) -> str:
        """What stands together: a ticket, else all with one party about one thing."""
        if named := self._cell(record, "conversation"):
            return f"past:{named}" if len(named) < 200 else f"past:{_hash(named)}"
        with_whom = self._cell(record, "to").casefold() or who if own else who
        bare = subject.casefold()
        while bare[:3] in ("re:", "aw:", "wg:", "fw:") or bare[:4] in ("fwd:", "ant:"):
            bare = bare.partition(":")[2].strip()
        return f"past-with:{_hash(with_whom, bare)}"

    def _language(self, record: Record) -> str:
        word = self._cell(record, "language").casefold().replace("_", "-")
        return word if 2 <= len(word) <= 12 and word[:2].isalpha() else ""


def _hash(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


def take(job: Import, records: Sequence[Record], *, dry: bool, now: datetime) -> list[Result]:
    """What these records are; in a run those that are new or changed are accepted, in the transaction of the caller."""
    channel = Channel.objects.get(pk=job.channel_id or 0)
    reader = Reader(job, channel, now)
    results, lines = list[Result](), list[tuple[Result, Line]]()
    for record in records:
        result = Result(record, NEW)
        results.append(result)
        try:
            line = reader.read(record)
        except Fault as fault:
            result.what, result.field, result.why = FAULTY, fault.field, fault.words[:300]
            continue
        if line is None:
            result.what = LEFT_OUT
        else:
            lines.append((result, line))
    _compare(channel, lines)
    if not dry:
        commands.accept(channel, [line.envelope for result, line in lines if result.what in (NEW, CHANGED)])
    return results


def _compare(channel: Channel, lines: Sequence[tuple[Result, Line]]) -> None:
    """Say of each line whether it is new; those that are changed become envelopes of a change."""
    kept = _kept(channel, [line.envelope.event_key[:300] for _, line in lines])
    recorded = _recorded(channel, [line.id for _, line in lines])
    seen: dict[str, Line] = {}
    for result, line in lines:
        if twin := seen.get(line.id):
            same = twin.line == line.line
            result.what, result.field = (KNOWN, "") if same else (CONFLICT, "external_id")
            result.why = "" if same else _("two records of this file have this number and say different things")
            continue
        seen[line.id] = line
        there = recorded.get(line.id)
        if there is None:
            digest = kept.get(line.envelope.event_key[:300])
            if digest is not None:
                same = digest == _digest(line.envelope)
                result.what, result.field = (KNOWN, "") if same else (CONFLICT, "external_id")
                result.why = "" if same else _("two records of this file have this number and say different things")
        elif line.line:
            _changed(result, line, there)
        else:
            result.what = KNOWN


def _changed(result: Result, line: Line, there: Mapping[str, Any]) -> None:
    new = line.line
    if (there["text"], there["subject"]) == (new["text"], new["subject"]) and _same(new, there):
        result.what = KNOWN
    elif not there["historic"]:
        result.what, result.field = CONFLICT, "external_id"
        result.why = _("something with this number came in by itself and reads otherwise: it stays as it is")
    elif not _same(new, there):
        result.what, result.field = CONFLICT, "external_id"
        result.why = _("something with this number is here from somebody else or another time: it stays as it is")
    else:
        result.what, result.why = CHANGED, _("the words were changed since they were brought in")
        line.envelope = past.said({**new, "changed": True}, line.envelope.received_at)


def _same(new: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
    """Whether it is of the same moment, by the same, in the same direction."""
    return bool(
        datetime.fromisoformat(new["at"]) == there["at"]
        and new["who"] == there["who"]
        and new["own"] == (there["direction"] == "out")
    )


def _digest(envelope: Envelope) -> bytes:
    return hashlib.blake2b(envelope.body, digest_size=16).digest()


def _kept(channel: Channel, keys: Sequence[str]) -> dict[str, bytes]:
    found = rows.fetch(
        "SELECT event_key, digest FROM listen_envelope WHERE channel_id = %s AND event_key = ANY(%s)",
        [channel.pk, list(keys)],
    )
    return {key: bytes(digest) for key, digest in found}


def _recorded(channel: Channel, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    names = ("id", "text", "subject", "who", "direction", "at", "historic")
    found = rows.fetch(
        """
        SELECT external_id, text, subject, author, direction, occurred_at, historic FROM listen_interaction
        WHERE channel_id = %s AND external_id = ANY(%s)
        """,
        [channel.pk, list(ids)],
    )
    return {row[0]: dict(zip(names, row, strict=True)) for row in found}
