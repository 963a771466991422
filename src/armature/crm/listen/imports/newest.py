"""The newest messages of a file, each as what was said: nothing is mapped by hand, kept or brought in."""

import heapq
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from armature.crm.channels import past
from armature.crm.channels.port import Account
from armature.crm.listen.imports import kinds, mapping, values
from armature.crm.listen.imports.records import NotReadable, Record
from armature.crm.listen.imports.tickets import HEADS as OF_TICKETS
from armature.crm.listen.imports.values import Fault

MOST = 1000
MOST_HELD = 150_000_000
"""Bytes of mails that are held at once: of larger ones fewer are looked at."""
T = TypeVar("T")
LONGEST = 20_000
"""Characters of a text that are read."""
_DATE = re.compile(rb"^date:[ \t]*([^\r\n]{6,80})", re.IGNORECASE | re.MULTILINE)
_ZERO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Said:
    """One message. ``at`` is None where the file does not say; ``talk`` names its conversation, ``to`` who got it."""

    who: str
    name: str
    at: datetime | None
    text: str
    subject: str = ""
    talk: str = ""
    to: tuple[str, ...] = ()
    public: bool = False
    own: bool | None = None
    automatic: str = ""
    language: str = ""


@dataclass(slots=True)
class Newest:
    """The newest messages in order of time; how many the file has, and how many of them cannot be read."""

    said: list[Said] = field(default_factory=list)
    total: int = 0
    faulty: int = 0


def looked_at(path: Path) -> tuple[str, dict[str, Any]]:
    """What a file is and how to open it; raises ``NotReadable`` for one with nothing that was said."""
    found = kinds.known(path)
    if found.kind == kinds.CARDS:
        raise NotReadable(_("This is an address book: give a file with what was said to you."))
    with closing(kinds.opened(path, found.kind, found.options)) as source:
        meant = _meant(found.kind, source.heads)
        if found.kind in kinds.TABLES and "text" not in meant:
            heads = ", ".join(source.heads[:12])
            raise NotReadable(
                _("No column is called “text” or “message”. There are: %(heads)s. Rename the one with what was said.")
                % {"heads": heads}
            )
        when = meant.get("when")
        few = [] if when is None else [one.cells[when] for one in islice(source.records(), 200) if one.cells]
    return found.kind, {**found.options, "order": values.order_of(few)}


def of(path: Path, kind: str, options: Mapping[str, Any], zone: ZoneInfo, now: datetime) -> Newest:
    """The newest messages of the file; memory does not grow with it. Raises ``NotReadable``."""
    found = Newest()
    with closing(kinds.opened(path, kind, options)) as source:
        meant, order = _meant(kind, source.heads), str(options.get("order", "day"))
        held = _held(source.records(), meant, zone, order, now, found)
    for _at, _number, record in held:
        try:
            found.said.append(_mail(record, now) if record.raw else _row(record, meant, zone, order, now))
        except ValueError:
            found.faulty += 1
    return found


Meant = Mapping[str, int]
Held = tuple[datetime, int, Record]


def _meant(kind: str, heads: Sequence[str]) -> Meant:
    if kind in kinds.MAILS:
        return {}
    return {key: n for n, key in enumerate(OF_TICKETS)} if kind in kinds.TICKETS else mapping.guessed("said", heads)


def _held(
    records: Iterable[Record], meant: Meant, zone: ZoneInfo, order: str, now: datetime, found: Newest
) -> list[Held]:
    """The newest records by their dates alone, and in the order of the file where there are none."""
    heap, weight = list[Held](), 0
    for number, record in enumerate(records):
        found.total += 1
        if record.wrong:
            found.faulty += 1
            continue
        weight += len(record.raw)
        heapq.heappush(heap, (_when(record, meant, zone, order, now), number, record))
        while heap and (len(heap) > MOST or weight > MOST_HELD):
            weight -= len(heapq.heappop(heap)[2].raw)
    return sorted(heap, key=lambda one: one[:2])


def _when(record: Record, meant: Meant, zone: ZoneInfo, order: str, now: datetime) -> datetime:
    try:
        if record.raw:
            there = _DATE.search(record.raw[:65_536])
            at = parsedate_to_datetime(there[1].decode("ascii", "replace")) if there else _ZERO
            return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
        return values.moment("when", record.cells[meant["when"]], zone, order, now) if "when" in meant else _ZERO
    except (ValueError, TypeError, OverflowError):
        return _ZERO


def _mail(record: Record, now: datetime) -> Said:
    _envelope, event = past.mail(Account(0, "email", "nobody@localhost.invalid"), record.raw, (), now)
    return Said(
        event.author.casefold(), event.author_name, event.occurred_at, event.text[:LONGEST], event.subject,
        "\n".join(("", event.external_id, *event.references)), tuple(one.casefold() for one in event.recipients),
        automatic=event.automatic, language=event.language,
    )  # fmt: skip


def _row(record: Record, meant: Meant, zone: ZoneInfo, order: str, now: datetime) -> Said:
    cells = {key: record.cells[column].strip() for key, column in meant.items()}
    if not cells.get("text"):
        raise Fault("text", "")
    if cells.get("note", "").casefold() in values.YES | {"note", "internal", "intern"}:
        raise Fault("note", "")
    at = values.moment("when", cells["when"], zone, order, now) if cells.get("when") else None
    who = cells.get("who", "").removeprefix("mailto:").casefold()[:254]
    return Said(
        who or f"? {record.number}", cells.get("name", ""), at, cells["text"][:LONGEST], cells.get("subject", ""),
        cells.get("conversation", ""), (cells["to"].casefold(),) if cells.get("to") else (),
        _soft(values.yes_no, "public", cells) or False, _own(cells), language=cells.get("language", "")[:2].casefold(),
    )  # fmt: skip


def _own(cells: Mapping[str, str]) -> bool | None:
    """Whether we said it, where a column says so; a column with other words in it says nothing."""
    way = _soft(values.direction, "direction", cells) if cells.get("direction") else None
    return None if way is None else way == "out"


def _soft(read: Callable[[str, str], T], key: str, cells: Mapping[str, str]) -> T | None:
    try:
        return read(key, cells.get(key, ""))
    except Fault:
        return None


def threads(said: Sequence[Said]) -> list[str]:
    """For each message the name of its conversation, where the file says it: mails stand together by references."""
    over: dict[str, str] = {}

    def top(key: str) -> str:
        while over.get(key, key) != key:
            over[key] = over.get(over[key], over[key])
            key = over[key]
        return key

    for one in said:
        if one.talk.startswith("\n"):
            first, *others = one.talk[1:].split("\n")
            for other in others:
                over[top(other)] = top(first)
    return [top(one.talk[1:].split("\n")[0]) if one.talk.startswith("\n") else one.talk for one in said]


def undated(said: Sequence[Said], now: datetime) -> list[datetime]:
    """A time for each, in their order: those without one stand a second apart, before now."""
    return [one.at or now - timedelta(seconds=len(said) - n) for n, one in enumerate(said)]
