"""The first rows of people, as they will be understood with a mapping."""

from collections.abc import Sequence

from django.utils import timezone

from armature.crm.identify.brought import Reader
from armature.crm.listen.imports.models import Import
from armature.crm.listen.imports.preview import Row
from armature.crm.listen.imports.records import Record
from armature.crm.listen.imports.values import Fault


def of_people(job: Import, records: Sequence[Record]) -> list[Row]:
    """Rows of people and what they bought."""
    reader = Reader(job, timezone.now())
    return [_row(reader, record) for record in records]


def _row(reader: Reader, record: Record) -> Row:
    try:
        one = reader.read(record)
    except Fault as fault:
        return Row(record.place, {}, fault.field, fault.words)
    addresses = [address for _, address in one.addresses]
    facts = [f"{key}: {value}" for key, value in one.facts.items()]
    return Row(record.place, {"name": one.name, "addresses": addresses, "company": one.company, "bought": one.bought,
                              "facts": facts})  # fmt: skip
