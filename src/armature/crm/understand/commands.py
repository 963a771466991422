"""Writes of readings: what the reader suggested, what a person confirmed or corrected."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from armature.arm.intent import Evidence, Reading
from armature.crm import rows
from armature.crm.accounts.models import User
from armature.crm.understand import models, queries


class Read(NamedTuple):
    """A reading of one interaction, said by one identity."""

    interaction_id: int
    identity_id: int
    occurred_at: datetime
    reading: Reading


COLUMNS = (
    "interaction_id, identity_id, occurred_at, intent_id, issue_type_id, sentiment, language, confidence, evidence, "
    "reader_id, user_id"
).split(", ")


def record(read: Iterable[Read]) -> None:
    """Keep the readings of a batch as the current ones; none of these interactions has been read before."""
    read = list(read)
    version = {name: queries.version_of(name) for name in {one.reading.by for one in read}}  # one, rarely two
    rows.copy(models.Reading, COLUMNS, [_row(one, version[one.reading.by], None) for one in read])


def correct(one: Read, user: User) -> None:
    """A person's reading replaces the current one, which is kept."""
    models.Reading.objects.filter(interaction_id=one.interaction_id, current=True).update(current=False)
    rows.copy(models.Reading, COLUMNS, [_row(one, None, user.pk)])


def take_back(verdict_id: int, before_id: int) -> bool:
    """What a person read no longer holds, what was read before it does; False when something else holds by now."""
    if not models.Reading.objects.filter(pk=verdict_id, current=True).update(current=False):
        return False
    models.Reading.objects.filter(pk=before_id).update(current=True)
    return True


def _row(one: Read, version: int | None, user_id: int | None) -> tuple[object, ...]:
    reading = one.reading
    return (
        one.interaction_id, one.identity_id, one.occurred_at, reading.intent, reading.issue_type,
        round(reading.sentiment, 3), reading.language[:12], round(reading.confidence, 3),
        flat(reading.evidence), version, user_id,
    )  # fmt: skip


def flat(evidence: Iterable[Evidence]) -> list[int]:
    """Evidence as the list that is stored: start, end, weight in hundredths, start, end ..."""
    return [number for e in evidence for number in (e.start, e.end, round(e.weight * 100))]
