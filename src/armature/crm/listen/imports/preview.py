"""The first rows of what was said, as they will be understood with a mapping."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from armature.crm.channels import past
from armature.crm.channels.port import Created
from armature.crm.listen.imports.models import Import
from armature.crm.listen.imports.records import Record
from armature.crm.listen.imports.said import Line, Reader
from armature.crm.listen.imports.values import Fault
from armature.crm.listen.models import Channel

LONGEST = 160
"""Characters of a text that are shown."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record: where it stands, its fields as they are understood, or the field that is wrong and why."""

    place: str
    fields: Mapping[str, Any]
    field: str = ""
    why: str = ""


def of_said(job: Import, channel: Channel | None, records: Sequence[Record]) -> list[Row]:
    """Rows of what was said; nobody has to have chosen a channel yet."""
    kept = channel or Channel(kind="lines", place="email", address="", brand=job.brand)
    reader = Reader(job, kept, timezone.now())
    return [_row(reader, record) for record in records]


def _row(reader: Reader, record: Record) -> Row:
    try:
        line = reader.read(record)
    except Fault as fault:
        return Row(record.place, {}, fault.field, fault.words)
    if line is None:
        return Row(record.place, {"left_out": True})
    return Row(record.place, _fields(reader, line))


def _fields(reader: Reader, line: Line) -> dict[str, Any]:
    event = past.events(reader.account, reader.channel.place, line.envelope)[0]
    assert isinstance(event, Created), "a record is something said"
    return {
        "at": event.occurred_at, "who": event.author, "name": event.author_name, "own": event.own,
        "subject": event.subject, "text": event.text[:LONGEST], "cut": len(event.text) > LONGEST,
    }  # fmt: skip
