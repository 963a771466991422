"""Reads of who said it: what is known about identities."""

import json
from collections import defaultdict
from collections.abc import Sequence

from armature.arm.person import Fact
from armature.crm import rows


def facts(identity_ids: Sequence[int]) -> dict[int, dict[str, Fact]]:
    """The current facts of each identity and of the other identities of the same person; verified beats inferred."""
    found = rows.fetch(
        """
        SELECT wanted.id, f.kind, f.value::text, f.source, f.verified, f.observed_at
        FROM (SELECT id, id AS same FROM unnest(%s::bigint[]) AS id
              UNION SELECT one.id, other.id FROM identify_identity one
              JOIN identify_identity other ON other.person_id = one.person_id WHERE one.id = ANY(%s)) AS wanted
        JOIN identify_fact f ON f.identity_id = wanted.same AND f.current
        ORDER BY f.verified, f.observed_at
        """,
        [list(identity_ids), list(identity_ids)],
    )
    known: dict[int, dict[str, Fact]] = defaultdict(dict)
    for identity, kind, value, source, verified, at in found:
        known[identity][kind] = Fact(json.loads(value), source, verified, at)
    return known
