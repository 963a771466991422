"""Counts of cases that cost the same however many cases there are, and only count what a user may see.

The database adds to `CaseCount` whenever cases change. What is restricted is not the business of whole teams, so those
few cases are looked at one by one.
"""

from collections import Counter
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q, Sum

from armature.crm import rows
from armature.crm.accounts.models import User
from armature.crm.act import groups, queries, sight
from armature.crm.act.models import Case, CaseCount, Restriction

FOLD_AT = 1000
"""So many rows are added up at once; until then they are summed when somebody looks."""
GROUP = "brand_id, team, asks, status, form, assignee_id"


def of_groups(user: User, conditions: Mapping[str, Q]) -> dict[str, int]:
    """How many cases fit each condition, exactly; a condition asks for team, asks, status, form or assignee only."""
    fields = sorted(set().union(*(groups.fields_of(condition) for condition in conditions.values())))
    numbers: Counter[tuple[object, ...]] = Counter()
    of_teams = CaseCount.objects.filter(queries.team_sees(user, "brand_id")).order_by().values_list(*fields)
    for *group, number in of_teams.annotate(number=Sum("number")):
        numbers[tuple(group)] += number
    if sight.of(user).any:
        few = Case.objects.filter(conversation__in=Restriction.objects.values("conversation")).values_list(*fields)
        numbers.subtract(few.filter(queries.team_sees(user)))
        numbers.update(few.filter(queries.seen_by(user)))
    return {key: groups.number_of(condition, fields, numbers) for key, condition in conditions.items()}


def reach(user: User) -> int:
    """How many cases there are that a user may see, restricted ones not regarded."""
    of_teams = CaseCount.objects.filter(queries.team_sees(user, "brand_id"))
    return int(of_teams.aggregate(all=Sum("number"))["all"] or 0)


FOLD = f"""
    WITH gone AS (DELETE FROM act_casecount RETURNING {GROUP}, number)
    INSERT INTO act_casecount ({GROUP}, number, folded)
    SELECT {GROUP}, sum(number), true FROM gone GROUP BY {GROUP} HAVING sum(number) <> 0
"""  # noqa: S608  the columns are ours


def fold() -> int:
    """Add up what was written since, when it is much: one worker at a time, and nobody who counts sees it happen."""
    if not rows.fetch("SELECT 1 FROM act_casecount WHERE NOT folded OFFSET %s LIMIT 1", [FOLD_AT]):
        return 0
    with transaction.atomic():
        alone = rows.fetch("SELECT pg_try_advisory_xact_lock(%s)", [FOLDING])[0][0]
        return rows.run(FOLD, []) if alone else 0


FOLDING = 7_011_969
"""The number under which workers agree that one of them folds."""


COUNTED = """
    SELECT h.brand_id, c.team, c.asks, c.status, c.form, c.assignee_id, count(*) AS number
    FROM act_case c JOIN listen_conversation v ON v.id = c.conversation_id JOIN listen_channel h ON h.id = v.channel_id
    GROUP BY 1, 2, 3, 4, 5, 6
"""
MISCOUNTED = f"""
    SELECT 'cases of team ' || team || ', ' || status || ': ' || sum(number) || ' more are counted than there are'
    FROM (SELECT {GROUP}, number FROM act_casecount UNION ALL SELECT {GROUP}, -number FROM ({COUNTED}) AS cases) AS two
    GROUP BY {GROUP} HAVING sum(number) <> 0
"""  # noqa: S608  the columns are ours
"""What `armature check` finds wrong with the counts: nothing, at any moment."""


@transaction.atomic
def count_again() -> None:
    """Count all cases afresh, for whoever brought rows in past the database's own triggers."""
    rows.run("LOCK TABLE act_case IN SHARE MODE", [])
    rows.run("DELETE FROM act_casecount", [])
    rows.run(f"INSERT INTO act_casecount ({GROUP}, number, folded) SELECT s.*, true FROM ({COUNTED}) AS s", [])  # noqa: S608
