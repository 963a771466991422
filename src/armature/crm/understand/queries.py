"""Reads of readings: the reader in use, and what identities said before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from armature.arm.intent import Evidence, Reading
from armature.arm.person import Past
from armature.crm import rows
from armature.crm.understand import models, reader

MOST = 200
"""Of one identity's past, at most this many readings are looked at: a count beyond it changes no rule."""


_VERSIONS: dict[str, int] = {}


def version_of(name: str) -> int:
    """The row of the reader of that name; remembered once it is committed. The starter reader's row is made here."""
    if name not in _VERSIONS:
        row, _ = models.ReaderVersion.objects.get_or_create(name=name, defaults={"digest": reader.digest()})
        number = int(row.pk)
        transaction.on_commit(lambda: _VERSIONS.update({name: number}))
        return number
    return _VERSIONS[name]


def past(identity_ids: Sequence[int], since: datetime) -> dict[int, tuple[Past, ...]]:
    """What each identity said since then and how it was read, newest first, at most ``MOST`` of each."""
    found = rows.fetch(
        """
        SELECT i, r.occurred_at, r.interaction_id, r.intent_id, r.user_id IS NOT NULL
        FROM unnest(%s::bigint[]) AS i CROSS JOIN LATERAL (
            SELECT occurred_at, interaction_id, intent_id, user_id FROM understand_reading
            WHERE identity_id = i AND occurred_at >= %s AND current ORDER BY occurred_at DESC LIMIT %s) AS r
        """,
        [list(identity_ids), since, MOST],
    )
    by_identity: dict[int, list[Past]] = defaultdict(list)
    for identity, at, interaction, intent, confirmed in found:
        by_identity[identity].append(Past(at, interaction, intent, confirmed))
    return {identity: tuple(items) for identity, items in by_identity.items()}


def current(interaction_ids: Iterable[int]) -> dict[int, Reading]:
    """The current reading of each interaction, with who read it."""
    found = models.Reading.objects.filter(interaction_id__in=list(interaction_ids), current=True)
    return {row.interaction_id: as_value(row) for row in found.select_related("user", "reader")}


def suggested(interaction_id: int) -> list[Reading]:
    """What the reader said last of an interaction that a person judged since; nothing where it was never read."""
    found = models.Reading.objects.filter(interaction_id=interaction_id, current=False, user=None)
    return [as_value(row) for row in found.select_related("user", "reader").order_by("-id")[:1]]


def as_value(row: models.Reading) -> Reading:
    """A stored reading as the core wants it."""
    flat = row.evidence
    evidence = tuple(Evidence(flat[i], flat[i + 1], flat[i + 2] / 100) for i in range(0, len(flat), 3))
    by = row.user.name if row.user else (row.reader.name if row.reader else "")
    return Reading(
        row.intent_id,
        row.issue_type_id,
        row.sentiment,
        row.language,
        row.confidence,
        evidence,
        by,
        row.user is not None,
    )
