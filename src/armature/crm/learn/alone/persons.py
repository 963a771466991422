"""Whether people decided since that somebody is (or is not) the same person as somebody else."""

from collections.abc import Sequence

from armature.crm import rows

SAME, JOINED, PARTED = "same", "joined", "parted"
ASK = """
    WITH f AS MATERIALIZED (
        SELECT interaction_id, min(judged_at) AS at FROM (
            SELECT interaction_id, judged_at FROM decide_judgement WHERE interaction_id = ANY(%(n)s) AND current
            UNION ALL
            SELECT interaction_id, judged_at FROM decide_judgement WHERE interaction_id = ANY(%(n)s) AND NOT current
        ) AS j GROUP BY 1)
    SELECT f.interaction_id,
        EXISTS (SELECT FROM identify_merge m WHERE m.kept_id = d.person_id AND m.undone_at IS NULL AND m.at > f.at),
        EXISTS (SELECT FROM identify_merge m WHERE m.kept_id = d.person_id AND m.at <= f.at AND m.undone_at > f.at)
        OR EXISTS (SELECT FROM identify_merge m WHERE m.gone_id = d.person_id AND m.at <= f.at AND m.undone_at > f.at)
        OR EXISTS (SELECT FROM accounts_auditentry e WHERE e.subject = 'person ' || d.person_id AND e.at > f.at
                   AND e.verb = 'gave an address to a person of its own')
    FROM f JOIN identify_recognition g ON g.interaction_id = f.interaction_id AND g.current
    JOIN identify_identity d ON d.id = g.identity_id
"""
"""Parting has no row of its own: it is in the log of what everybody did, under both persons."""


def decided(numbers: Sequence[int]) -> dict[int, str]:
    """For each interaction that was judged: whoever wrote it is the ``same`` person still, was ``joined``, ``parted``.

    One statement.
    """
    found = rows.fetch(ASK, {"n": list(numbers)})
    return {number: PARTED if parted else JOINED if joined else SAME for number, joined, parted in found}
