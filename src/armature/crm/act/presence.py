"""Who looks at a case, and who writes in it. It only informs: it never locks anything, and it may be a moment late."""

from collections.abc import Sequence
from dataclasses import dataclass

from armature.crm import rows
from armature.crm.accounts.models import User
from armature.crm.act import queries

SIGN_EVERY = 8
"""A screen that is open says so anew after so many seconds, however often it asks."""
GONE_AFTER = 20
WRITING_FOR = 6


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody at a case."""

    case: int
    user: int
    name: str
    writing: bool


HERE = f"""
    SELECT p.case_id, p.user_id, u.name,
        coalesce(p.wrote_at > statement_timestamp() - interval '{WRITING_FOR} seconds', false),
        p.seen_at < statement_timestamp() - interval '{SIGN_EVERY} seconds'
    FROM act_presence p JOIN accounts_user u ON u.id = p.user_id AND u.is_active
    WHERE p.seen_at > statement_timestamp() - interval '{GONE_AFTER} seconds' ORDER BY u.name
"""
SIGN = """
    INSERT INTO act_presence AS kept (case_id, user_id, seen_at, wrote_at)
    VALUES (%(case)s, %(user)s, statement_timestamp(), CASE WHEN %(writing)s THEN statement_timestamp() END)
    ON CONFLICT (case_id, user_id) DO UPDATE SET seen_at = excluded.seen_at,
        wrote_at = coalesce(excluded.wrote_at, kept.wrote_at)
"""


def others(user: User) -> list[Present]:
    """Everybody else who is at a case this user may see."""
    return _visible(user, [Present(*row[:4]) for row in rows.fetch(HERE, []) if row[1] != user.pk])


def around(user: User, at: int | None, writing: bool) -> list[Present]:
    """The same, and their own sign of life: it is written when it is due, not more often."""
    found = rows.fetch(HERE, [])
    mine = next((row for row in found if row[0] == at and row[1] == user.pk), None)
    due = mine is None or mine[4] or (writing and not mine[3])
    if at and due and queries.cases_for(user).filter(pk=at).exists():
        rows.run(SIGN, {"case": at, "user": user.pk, "writing": writing})
    return _visible(user, [Present(*row[:4]) for row in found if row[1] != user.pk])


def _visible(user: User, present: Sequence[Present]) -> list[Present]:
    if not present:
        return []
    seen = set(queries.cases_for(user).filter(pk__in={one.case for one in present}).values_list("pk", flat=True))
    return [one for one in present if one.case in seen]


def leave(user: User, at: int) -> None:
    """A screen went on to another case."""
    rows.run("DELETE FROM act_presence WHERE case_id = %s AND user_id = %s", [at, user.pk])


def forget() -> int:
    """Signs of life of the past are no use to anybody."""
    return rows.run("DELETE FROM act_presence WHERE seen_at < statement_timestamp() - interval '1 minute'", [])


def by_case(present: Sequence[Present]) -> dict[int, list[Present]]:
    """The same, by case."""
    found: dict[int, list[Present]] = {}
    for one in present:
        found.setdefault(one.case, []).append(one)
    return found
