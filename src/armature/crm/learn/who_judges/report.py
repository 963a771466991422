"""What a table of who judges comes to, row by row, as far as a user may know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from armature.arm.let_through import Count, by_confidence, by_row
from armature.arm.rule.table import DecisionTable
from armature.crm.accounts.access import rights_of
from armature.crm.accounts.models import User
from armature.crm.act.listing import Place
from armature.crm.decide import publishing
from armature.crm.learn.who_judges import gate, measured
from armature.crm.learn.who_judges.models import JudgesCheck

PAGE = 30


@dataclass(frozen=True, slots=True)
class Report:
    """``rows`` and, for each least confidence, ``bands`` of each row. ``heard`` messages came in, ``labelled`` are the
    sample. ``whole``: of the whole company, and not only of the cases that somebody may see.
    """

    rows: Mapping[str, Count]
    bands: Mapping[str, Sequence[tuple[float, Count]]]
    labelled: int
    heard: int
    weekly: float
    whole: bool

    def a_week(self, count: Count) -> int:
        """How many messages a week fall there; at least one where any did."""
        return max(1, round(count.through * self.weekly)) if count.through else 0


def sees_all(user: User) -> bool:
    """Whether figures of the whole company are theirs to see: who may publish decides by them."""
    return rights_of(user).of_all or publishing.may_publish(user)


def report(user: User, table: DecisionTable) -> Report | None:
    """The figures of a table in force or drawn; None while it cannot be read. Some eight statements."""
    ready, before = gate.compiled(table), gate.in_force(table.key)
    if ready is None:
        return None
    whole = sees_all(user)
    asker, there = None if whole else user, before is not None
    sample, heard = measured.sample(table.key, there, asker), measured.messages(table.key, there, asker)
    return Report(
        by_row(ready, sample, heard.facts), by_confidence(ready, sample, heard.facts), len(sample), len(heard.facts),
        heard.a_week(1), whole,
    )  # fmt: skip


def checks(after: Place | None) -> QuerySet[JudgesCheck]:
    """One page and one more of what the weekly checks found, latest first."""
    found = JudgesCheck.objects.order_by("-at", "-id")
    if after:
        found = found.extra(where=["(at, id) < (%s, %s)"], params=[after.at, after.number])
    return found[: PAGE + 1]
