"""The clock of the demo while its past is played: it stands where the play is, for us and for what the database stamps.

Only a demo that is being made uses it, in a process that does nothing else: no page is open and no worker runs yet.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.db import connection
from django.utils import timezone

from armature.crm import rows

OF_CONVERSATION = {
    "listen_conversation": "id = talked",
    "listen_interaction": "conversation_id = talked",
    "understand_reading": "interaction_id IN (SELECT id FROM listen_interaction WHERE conversation_id = talked)",
    "decide_judgement": "interaction_id IN (SELECT id FROM listen_interaction WHERE conversation_id = talked)",
    "decide_wait": "conversation_id = talked",
    "act_case": "conversation_id = talked",
} | {
    f"act_{table}": "case_id IN (SELECT id FROM act_case WHERE conversation_id = talked)"
    for table in ("note", "clock", "tagging", "response", "notice")
} | {
    f"{table}": "response_id IN (SELECT r.id FROM act_response r JOIN act_case k ON k.id = r.case_id "
    "WHERE k.conversation_id = talked)"
    for table in ("act_wording", "act_approval", "act_delivery", "learn_feedback")
} | {
    "learn_outcome": "judgement_id IN (SELECT j.id FROM decide_judgement j "
    "JOIN listen_interaction i ON i.id = j.interaction_id WHERE i.conversation_id = talked)",
}  # fmt: skip
"""What is stamped by the database, and which of it belongs to conversation ``talked``."""


@contextmanager
def standing_at(at: datetime) -> Iterator[None]:
    """For us it is ``at``, for as long as this lasts."""
    real = timezone.now
    timezone.now = lambda: at
    try:
        yield
    finally:
        timezone.now = real


def prepare() -> None:
    """The function that puts stamps back; it lives as long as this connection, which need not wait for the disk."""
    rows.run("SET synchronous_commit = off", [])
    rows.run("SET jit = off", [])  # of a young database nobody knows how large it is: compiling would cost more
    rows.run("SET plan_cache_mode = force_generic_plan", [])  # and the same few hundred statements come again
    found = rows.fetch(
        "SELECT table_name::text, array_agg(column_name::text ORDER BY ordinal_position) "
        "FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ANY(%s) "
        "AND data_type = 'timestamp with time zone' GROUP BY table_name",
        [list(OF_CONVERSATION)],
    )
    updates = "\n".join(_update(table, columns) for table, columns in sorted(found))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION pg_temp.put_back(talked bigint, real_from timestamptz, real_till timestamptz, "
            f"happened timestamptz) RETURNS void LANGUAGE plpgsql AS $$ BEGIN {updates} END $$"
        )


def _update(table: str, columns: list[str]) -> str:
    fresh = {column: f"{column} BETWEEN real_from AND real_till" for column in columns}
    sets = ", ".join(f"{column} = CASE WHEN {is_fresh} THEN happened + ({column} - real_from) ELSE {column} END"
                     for column, is_fresh in fresh.items())  # fmt: skip
    return f"UPDATE {table} SET {sets} WHERE {OF_CONVERSATION[table]} AND ({' OR '.join(fresh.values())});"  # noqa: S608


def put_back(since: datetime, till: datetime, when: Mapping[int, datetime]) -> None:
    """What the database stamped between two moments of its own clock happened then, by conversation."""
    if when:
        rows.fetch(
            "SELECT pg_temp.put_back(c, %s, %s, a) FROM unnest(%s::bigint[], %s::timestamptz[]) AS n(c, a)",
            [since, till, list(when), list(when.values())],
        )


def database_now() -> datetime:
    """What time the database has."""
    found: datetime = rows.fetch("SELECT clock_timestamp()", [])[0][0]
    return found
