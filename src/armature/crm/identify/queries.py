"""Reads of who said it: what is known about identities."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

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


def forbidden(identity_id: int, network: str, addresses: Sequence[str], topic: str) -> list[tuple[str, datetime]]:
    """Who of this identity and those of the network with these addresses forbade us a topic, and when."""
    return rows.fetch(
        """
        SELECT i.address, last.at FROM identify_identity i CROSS JOIN LATERAL (
            SELECT c.at, c.given FROM identify_consent c WHERE c.identity_id = i.id AND c.topic = %s
            ORDER BY c.at DESC, c.given LIMIT 1) AS last
        WHERE (i.id = %s OR (i.network = %s AND i.address = ANY(%s))) AND NOT last.given
        ORDER BY i.id
        """,
        [topic, identity_id, network, list(addresses)],
    )


def forbidden_topics(identity_ids: Sequence[int]) -> dict[int, list[str]]:
    """What each of these identities forbids us to write about; those that forbid nothing are left out."""
    found = rows.fetch(
        """
        SELECT DISTINCT ON (identity_id, topic) identity_id, topic, given FROM identify_consent
        WHERE identity_id = ANY(%s) ORDER BY identity_id, topic, at DESC, given
        """,
        [list(identity_ids)],
    )
    topics: dict[int, list[str]] = defaultdict(list)
    for identity, topic, given in found:
        if not given:
            topics[identity].append(topic)
    return topics
