"""Counts that the database keeps: right after every change, right for everybody, right while they are added up."""

import pytest
from django.db import connection
from django.db.models import Q

from armature.crm import rows
from armature.crm.accounts.models import Membership, Role, Team, User
from armature.crm.act import asked, assigning, counts, endings, queries, restricted
from armature.crm.act.models import Case, CaseCount
from house import House
from visitors import to_answer, to_judge

CONDITIONS = {
    "new": Q(status="new"), "open": Q(status="open"), "mine": Q(assignee__isnull=False),
    "support": Q(team="support"), "intent": Q(form="intent"), "ended": Q(status="closed"),
}  # fmt: skip


def _agree(user: User) -> dict[str, int]:
    """What the kept counts say, which is what looking at each case says."""
    kept = counts.of_groups(user, CONDITIONS)
    looked = {key: queries.cases_for(user).filter(condition).count() for key, condition in CONDITIONS.items()}
    assert kept == looked
    assert rows.fetch(counts.MISCOUNTED, []) == []
    return kept


def test_every_change_of_a_case_is_counted_in_the_same_transaction(house: House) -> None:
    case = to_judge(house)
    assert _agree(house.leo)["new"] == 1
    to_answer(house, author="b@people.example")
    assigning.claim(house.mona, case)
    assert _agree(house.leo)["mine"] == 1
    endings.end(house.leo, case, how="closed")
    found = _agree(house.leo)
    assert (found["ended"], found["new"], found["open"]) == (1, 0, 1)
    Case.objects.filter(pk=case.pk).update(team="legal")  # whoever changes it, and however
    _agree(house.leo)


@pytest.fixture
def tove(house: House) -> User:
    """She answers for support only."""
    user = User.objects.create_user("tove@shop.example", "Tove", "a good password")
    Membership.objects.create(user=user, role=Role.AGENT, team=Team.objects.get(key="support"))
    return user


def test_everybody_is_told_what_they_may_see_and_no_more(house: House, tove: User) -> None:
    cases = [to_answer(house, author=f"{name}@people.example") for name in "abcd"]
    Case.objects.filter(pk__in=[cases[0].pk, cases[1].pk]).update(team="support", asks="")
    Case.objects.filter(pk=cases[2].pk).update(team="legal", asks="support")
    Case.objects.filter(pk=cases[3].pk).update(team="legal", asks="")
    assert _agree(tove)["open"] == 3
    restricted.restrict(house.leo, cases[0], readers=[house.leo])
    restricted.restrict(house.leo, cases[3], readers=[house.leo, tove])
    for user, seen in ((tove, 3), (house.mona, 2), (house.leo, 4), (house.olga, 0)):
        assert _agree(user)["open"] == seen, user
    assert restricted.of(cases[3]) is not None


def test_adding_up_changes_no_count_and_leaves_few_rows(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        to_judge(house, author=f"p{number}@people.example")
    before = _agree(house.mona)
    assert counts.fold() == 0  # not yet worth it
    monkeypatch.setattr(counts, "FOLD_AT", 5)
    many = CaseCount.objects.count()
    assert 0 < counts.fold() < many
    assert _agree(house.mona) == before
    assert CaseCount.objects.count() < many
    assert counts.fold() == 0


def test_counts_of_a_million_cases_would_cost_the_same(house: House) -> None:
    """What is summed are the groups, not the cases; a count that must look at cases stops after a thousand."""
    to_judge(house)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE act_casecount SET number = number + 1000000 WHERE status = 'new'")
    assert counts.of_groups(house.mona, {"new": Q(status="new")})["new"] > 1_000_000
    assert rows.fetch(counts.MISCOUNTED, []) != []  # and `armature check` says so
    counts.count_again()
    _agree(house.mona)


def test_a_count_on_the_spot_stops_and_says_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        to_judge(house, author=f"p{number}@people.example")
    cases = {"all": queries.cases_for(house.mona), "none": queries.cases_for(house.olga)}
    chosen = {key: asked.statement(one) for key, one in cases.items()}
    assert asked.up_to(chosen) == {"all": 3, "none": 0}
    monkeypatch.setattr(asked, "MOST", 2)
    assert asked.up_to(chosen) == {"all": "2+", "none": 0}
    assert asked.up_to({}) == {}
