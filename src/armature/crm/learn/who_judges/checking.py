"""The weekly check: what nobody looks at is measured anew, and goes back to people by itself where it got worse."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from armature.arm.let_through import BEFORE, JUDGING, Count, by_row, is_automatic, judges
from armature.arm.rule import rewriting
from armature.arm.rule.table import DecisionTable as Table
from armature.arm.rule.table import read_table
from armature.arm.understand.learned.sure import FEWEST
from armature.crm.accounts import audit
from armature.crm.accounts.models import Membership, Role, User
from armature.crm.act import notices
from armature.crm.act.models import Notice
from armature.crm.decide import publishing, versions
from armature.crm.decide.drawn import Publisher
from armature.crm.decide.models import DecisionTable, MapAssignment
from armature.crm.learn.who_judges import bound, gate, measured
from armature.crm.learn.who_judges.models import JudgesCheck

EVERY = timedelta(days=7)
LOOKED_BACK = timedelta(days=90)
"""What was read within so long is checked."""
OURSELVES = "the weekly check"


@transaction.atomic
def look(now: datetime | None = None) -> int:
    """Once a week: check all automatic rows in force; how many were checked. Of several workers one does it."""
    at, rule = now or timezone.now(), bound.held()
    if rule.checked_at and at - rule.checked_at < EVERY:
        return 0
    publishing.hold()
    keys = set(MapAssignment.objects.values_list("map__tables__key", flat=True))
    checked = [_check(one, rule.bound, at) for key, one in versions.newest_tables().items() if key in keys]
    rule.checked_at = at
    rule.save()
    return sum(checked)


def _check(one: DecisionTable, asked: float, at: datetime) -> int:
    """One table in force; how many automatic rows it has."""
    table = read_table(one.body.encode())[0]
    ready = gate.compiled(table) if table and judges(table) else None
    automatic = [rule.id for rule in ready.rules if is_automatic(rule)] if ready else []
    if table is None or ready is None or not automatic:
        return 0
    counts = by_row(ready, measured.sample(one.key, True, since=at - LOOKED_BACK), ())
    results = {row: _result(counts[row], asked) for row in automatic}
    JudgesCheck.objects.bulk_create(
        JudgesCheck(
            at=at, table=one.key, version=one.version, row=row[:100], cases=counts[row].cases, agree=counts[row].agree,
            lower=counts[row].lower, bound=asked, result=result,
        )
        for row, result in results.items()
    )  # fmt: skip
    if worse := {row: counts[row] for row in automatic if results[row] == JudgesCheck.Result.TAKEN_BACK}:
        _take_back(table, worse, asked)
    return len(automatic)


def _result(count: Count, asked: float) -> str:
    if count.cases < FEWEST:
        return JudgesCheck.Result.TOO_FEW
    return JudgesCheck.Result.KEPT if count.keeps(asked) else JudgesCheck.Result.TAKEN_BACK


def _take_back(table: Table, worse: Mapping[str, Count], asked: float) -> None:
    """People judge there again from the next message on; whoever may publish hears of it."""
    changed = replace(table)
    for row in worse:
        said = (JUDGING, "suggest") if JUDGING in table.outputs else (BEFORE, True)
        changed = rewriting.with_output(changed, row, *said)
    figures = "; ".join(
        f"{row}: {one.agree} of {one.cases} right, {gate.floored(one.lower)} %" for row, one in worse.items()
    )
    note = f"The weekly check: people judge again. {figures}, asked for: {100 * asked:g} %"
    published = publishing.replace(changed, note[:300])
    what = {row: {"cases": one.cases, "agree": one.agree, "lower": one.lower} for row, one in worse.items()}
    maps = [f"{one.key} {one.version}" for one in published]
    audit.log(OURSELVES, "took automatic back", f"table {table.key}", {"rows": what, "bound": asked, "versions": maps})
    _tell(table, worse)


def _tell(table: Table, worse: Mapping[str, Count]) -> None:
    """Everybody who may publish, in their own language."""
    of_all = Membership.objects.filter(role=Role.ADMIN, team=None, brand=None).values("user")
    told = User.objects.filter(Q(pk__in=of_all) | Q(pk__in=Publisher.objects.values("user")), is_active=True)
    by_language: dict[str, list[int]] = {}
    for user in told:
        by_language.setdefault(user.language or settings.LANGUAGE_CODE, []).append(user.pk)
    for language, users in by_language.items():  # a handful
        with translation.override(language):
            words = _("“{table}”: people judge row {rows} again").format(table=table.label[:60], rows=", ".join(worse))
        notices.tell(users, None, Notice.Kind.JUDGES, words)
