"""Telling colleagues: a notice is a row of their own. Whoever did it is not told."""

from collections.abc import Iterable

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


def tell_all(case_ids: Iterable[int], kind: str, *, by: User | None = None) -> None:
    """Who follows or has these cases hears of it, in one statement."""
    rows.run(FOLLOWERS_OF_MANY, {"kind": kind, "cases": list(case_ids), "by": by.pk if by else None})


def unread(user: User) -> QuerySet[Notice]:
    """What a user has not seen yet."""
    return Notice.objects.filter(user=user, read_at=None)
