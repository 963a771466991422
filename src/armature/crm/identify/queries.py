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
        SELECT wanted.id, f.kind, f.value, f.source, f.verified, f.observed_at
        FROM identify_identity wanted
        JOIN identify_identity same ON same.id = wanted.id OR same.person_id = wanted.person_id
        JOIN identify_fact f ON f.identity_id = same.id AND f.current
        WHERE wanted.id = ANY(%s) ORDER BY f.verified, f.observed_at
        """,
        [list(identity_ids)],
    )
    known: dict[int, dict[str, Fact]] = defaultdict(dict)
    for identity, kind, value, source, verified, at in found:
        known[identity][kind] = Fact(json.loads(value), source, verified, at)
    return known
