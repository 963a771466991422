"""Telling colleagues: a notice is a row of their own. Whoever did it is not told."""

from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from armature.crm import rows
from armature.crm.accounts.models import User
from armature.crm.act.models import Case, Notice


def tell(users: Iterable[int], case: Case | None, kind: str, text: str = "", *, by: User | None = None) -> None:
    """One notice for each of these users, in one statement."""
    told = sorted({number for number in users if by is None or number != by.pk})
    Notice.objects.bulk_create(Notice(user_id=number, case=case, kind=kind, text=text[:200]) for number in told)


def tell_followers(case: Case, by: User | None, kind: str, text: str = "", *, but: Iterable[int] = ()) -> None:
    """Everybody who follows a case, and who has it; ``but`` are told already."""
    following = set(case.followers.values_list("user_id", flat=True)) - set(but)
    tell(following, case, kind, text, by=by)


FOLLOWERS_OF_MANY = """
    INSERT INTO act_notice (user_id, case_id, kind, text)
    SELECT DISTINCT f.who, c.id, %(kind)s, ''
    FROM act_case c CROSS JOIN LATERAL (
        SELECT user_id AS who FROM act_follower WHERE case_id = c.id
        UNION SELECT c.assignee_id WHERE c.assignee_id IS NOT NULL) f
    WHERE c.id = ANY(%(cases)s) AND f.who IS DISTINCT FROM %(by)s
"""


WROTE_AGAIN = f"""
    {FOLLOWERS_OF_MANY} AND NOT EXISTS (
        SELECT FROM act_notice n
        WHERE n.user_id = f.who AND n.read_at IS NULL AND n.case_id = c.id AND n.kind = %(kind)s)
"""


def wrote_again(case_ids: Iterable[int]) -> None:
    """The customers of these cases said more: who follows or has one hears of it, once until they have looked."""
    rows.run(WROTE_AGAIN, {"kind": Notice.Kind.REPLY, "cases": list(case_ids), "by": None})


RAISED = """
    INSERT INTO act_notice (user_id, case_id, kind, text)
    SELECT DISTINCT m.user_id, c.id, %(kind)s, ''
    FROM jsonb_to_recordset(%(whose)s) AS w(c bigint, i bigint)
    JOIN act_case c ON c.conversation_id = w.c AND c.identity_id = w.i AND NOT c.settled
    JOIN listen_conversation v ON v.id = c.conversation_id JOIN listen_channel h ON h.id = v.channel_id
    JOIN accounts_team t ON t.key = coalesce(nullif(c.asks, ''), c.team)
    CROSS JOIN LATERAL (
        SELECT m.user_id, m.role = 'lead' AS leads FROM accounts_membership m
        JOIN accounts_user u ON u.id = m.user_id AND u.is_active
        WHERE m.role IN ('lead', 'executive', 'admin') AND (m.team_id IS NULL OR m.team_id = t.id)
          AND (m.brand_id IS NULL OR m.brand_id = h.brand_id)
        ORDER BY leads DESC FETCH FIRST 1 ROW WITH TIES) AS m
    WHERE NOT EXISTS (
        SELECT FROM act_notice n
        WHERE n.user_id = m.user_id AND n.read_at IS NULL AND n.case_id = c.id AND n.kind = %(kind)s)
"""
"""The leads of the team whose turn it is; whoever is above them, where it has none."""


def raised(whose: Collection[tuple[int, int]]) -> None:
    """The work of these (conversation, identity) is late: its leads hear of it, once until they have looked."""
    if whose:
        listed = [{"c": conversation, "i": identity} for conversation, identity in sorted(whose)]
        rows.run(RAISED, {"kind": Notice.Kind.RAISED, "whose": rows.as_json(listed)})


def tell_all(case_ids: Iterable[int], kind: str, *, by: User | None = None) -> None:
    """Who follows or has these cases hears of it, in one statement."""
    rows.run(FOLLOWERS_OF_MANY, {"kind": kind, "cases": list(case_ids), "by": by.pk if by else None})


def unread(user: User) -> QuerySet[Notice]:
    """What a user has not seen yet."""
    return Notice.objects.filter(user=user, read_at=None)
