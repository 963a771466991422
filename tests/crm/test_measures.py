"""Measures: what is counted is what the rows say, for everybody what they may see, whatever happened to the cases."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from armature.crm import rows
from armature.crm.accounts.models import Membership, Role, Team, User
from armature.crm.act import approvals, assigning, endings, joining, queries, restricted
from armature.crm.act.models import Case, Response
from armature.crm.learn import figures, measuring
from armature.crm.learn.cells import EDGES, bucket_of, cells, minutes_of
from armature.crm.learn.figures import Narrow, Scope
from armature.crm.learn.models import Measured, MeasureSum, Unmeasured
from armature.crm.listen.history import HISTORY
from armature.crm.listen.models import Interaction
from house import MONDAY, House
from visitors import to_answer, to_approve, to_judge

KINDS = ("heard", "first", "resolution", "approval", "outcome", "delivery", "promise")


def scope(user: User, **more: object) -> Scope:
    """From the first message of the tests until today."""
    until = timezone.localdate() + timedelta(days=1)
    return Scope(user, MONDAY.date() - timedelta(days=1), until, **more)  # type: ignore[arg-type]


def numbers(user: User, **more: object) -> dict[str, int]:
    """How many of each kind, which is how many rows stand behind it."""
    measuring.everything()
    asked = scope(user, **more)
    found = {kind: figures.tally(asked, kind)[()] for kind in KINDS}
    assert found == {kind: figures.behind(asked, kind, Narrow()).count() for kind in KINDS}
    return {kind: number for kind, number in found.items() if number}


def _agree() -> None:
    """The sums are those of the rows, cell by cell, and the rows are what measuring all of it afresh gives."""
    measuring.everything()
    assert rows.fetch(measuring.MISCOUNTED, []) == []
    assert rows.fetch(measuring.UNHEARD, []) == []
    kept = {
        measuring.Cell(*cell): number for *cell, number in MeasureSum.objects.values_list(*measuring.KEYS, "number")
    }
    things = [measuring.Thing(*row) for row in Measured.objects.values_list(*measuring.COLUMNS)]
    assert kept == dict(Counter(cell for one in things for cell in cells(one)))
    MeasureSum.objects.all().delete()
    Measured.objects.all().delete()
    measuring.again()
    measuring.everything()
    assert sorted(things) == sorted(measuring.Thing(*row) for row in Measured.objects.values_list(*measuring.COLUMNS))


@pytest.fixture
def tove(house: House) -> User:
    """She leads support only."""
    user = User.objects.create_user("tove@shop.example", "Tove", "a good password")
    Membership.objects.create(user=user, role=Role.LEAD, team=Team.objects.get(key="support"))
    return user


def test_a_message_its_answer_and_its_end_are_counted_once_each(house: House) -> None:
    response = to_approve(house)
    approvals.approve(house.leo, response, digest=response.digest)
    house.settle()
    assert Response.objects.get(pk=response.pk).state == "sent"
    assert numbers(house.leo) == {"heard": 1, "first": 1, "approval": 1, "delivery": 1}
    endings.end(house.leo, house.case(), how="resolved")
    assert numbers(house.leo) == {"heard": 1, "first": 1, "approval": 1, "delivery": 1, "resolution": 1}
    endings.reopen(house.leo, house.case())
    assert "resolution" not in numbers(house.leo)
    _agree()


def test_what_was_brought_in_from_before_is_volume_and_no_work(house: House) -> None:
    to_judge(house)
    Interaction.objects.update(automatic=HISTORY, historic=True)
    measuring.again()
    endings.end(house.leo, house.case(), how="resolved")
    assert numbers(house.leo) == {"heard": 1}
    assert numbers(house.leo, past=False) == {}
    to_judge(house, text="And where is it now?")
    Interaction.objects.filter(text__startswith="And").update(occurred_at=timezone.now())
    endings.end(house.leo, house.case(), how="resolved")
    assert numbers(house.leo, past=False) == {"heard": 1, "resolution": 1}
    assert Measured.objects.get(kind="resolution").minutes < 5


DEEDS: dict[str, Callable[[House, Case, User], object]] = {
    "hand over": lambda house, case, tove: Case.objects.filter(pk=case.pk).update(team="support", team_fixed=True),
    "elsewhere": lambda house, case, tove: Case.objects.filter(pk=case.pk).update(team="legal"),
    "restrict": lambda house, case, tove: (
        restricted.of(case) or restricted.restrict(house.leo, case, readers=[house.leo])
    ),
    "name": lambda house, case, tove: (
        restricted.of(case) or restricted.restrict(house.leo, case, readers=[house.leo, tove])
    ),
    "open": lambda house, case, tove: restricted.of(case) and restricted.lift(house.leo, case),
    "end": lambda house, case, tove: endings.end(house.leo, case, how="closed"),
    "reopen": lambda house, case, tove: endings.reopen(house.leo, case),
    "take": lambda house, case, tove: assigning.claim(house.leo, case),
    "write": lambda house, case, tove: house.hear("And now?", author=case.identity.address),
}


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_done_the_numbers_are_those_of_the_rows_for_everybody(house: House, tove: User, seed: int) -> None:
    chance = random.Random(seed)
    cases = [to_answer(house, author=f"{name}@people.example") for name in "abcd"]
    for _ in range(12):
        case = queries.cases_for(house.leo).get(pk=chance.choice(cases).pk)
        try:
            DEEDS[chance.choice(sorted(DEEDS))](house, case, tove)
        except (queries.Case.DoesNotExist, endings.Refused):
            continue
        house.settle()
        if chance.random() < 0.4:
            for user in (house.leo, tove, house.olga):
                numbers(user)
    mine = {user: numbers(user).get("heard", 0) for user in (house.leo, house.mona, tove, house.olga)}
    seen = {user: _heard_in_cases_of(user, ("team",)) for user in mine}
    assert mine == seen
    assert mine[house.olga] == 0
    _agree()


def _heard_in_cases_of(user: User, fields: tuple[str, ...]) -> int:
    """The messages in cases one may see through the team that owns them, asked the long way."""
    ways = queries.ways_to_see(user, fields)
    mine = {number for way in ways for number in Case.objects.filter(way).values_list("pk", flat=True)}
    return Measured.objects.filter(kind="heard", case__in=mine).count()


def test_a_merge_and_its_undoing_leave_nothing_counted_twice(house: House) -> None:
    first, second = to_answer(house, author="a@people.example"), to_answer(house, author="b@people.example")
    link = joining.merge(house.leo, first, into=second)
    assert numbers(house.leo)["heard"] == 2
    endings.end(house.leo, house.case("b@people.example"), how="resolved")
    assert numbers(house.leo)["resolution"] == 1  # that of the case which went on
    _agree()
    endings.reopen(house.leo, house.case("b@people.example"))
    joining.undo(house.leo, link)
    _agree()


def test_one_number_of_a_figure_leads_to_its_rows(house: House, tove: User) -> None:
    for day, (name, team) in enumerate((("a", "support"), ("b", "support"), ("c", "legal"))):
        at = (MONDAY + timedelta(days=day)).isoformat()
        case = to_answer(house, author=f"{name}@people.example", occurred_at=at)
        Case.objects.filter(pk=case.pk).update(team=team)
    measuring.everything()
    asked = scope(house.leo)
    for (team, mood, hour), number in figures.tally(asked, "heard", "team", "label", "hour").items():
        assert figures.behind(asked, "heard", Narrow({"team": team, "label": mood})).count() == number, hour
    for (rule,), number in figures.tally(asked, "rule", "label").items():
        assert figures.behind(asked, "rule", Narrow({"rule": rule})).count() == number
    for (day, hour), number in figures.tally(asked, "hour", "day", "hour").items():
        there = Narrow({"weekday": f"{day.isoweekday()}", "hour": f"{hour}"})
        assert figures.behind(asked, "hour", there).count() == number
    assert figures.tally(scope(tove), "heard")[()] == 2


def test_what_is_restricted_is_gone_from_the_rows_before_anything_is_measured_anew(house: House, tove: User) -> None:
    case = to_answer(house)
    Case.objects.filter(pk=case.pk).update(team="support")
    measuring.everything()
    assert figures.behind(scope(tove), "heard", Narrow()).count() == 1
    restricted.restrict(house.leo, case, readers=[house.leo])
    assert figures.behind(scope(tove), "heard", Narrow()).count() == 0
    assert numbers(tove) == {}
    assert numbers(house.leo) == {"heard": 1}


def test_what_a_person_decided_otherwise_counts_against_its_rule(house: House) -> None:
    case = to_answer(house)
    measuring.everything()
    assert figures.tally(scope(house.leo), "override", "label") == {}
    endings.end(house.leo, case, how="no_response", reason="They called.")
    measuring.everything()
    assert {rule for (rule,) in figures.tally(scope(house.leo), "override", "label")} >= {"business_rules:R04"}
    assert Measured.objects.get(kind="heard").overridden


def test_a_length_of_time_is_kept_as_closely_as_is_said() -> None:
    for minutes in (0, 0.4, 7.5, 19.9, 20.5, 61, 480, 10_000, 500_000):
        found = minutes_of(bucket_of(minutes))
        assert abs(found - minutes) <= max(0.5, 0.0251 * minutes), minutes
    assert minutes_of(bucket_of(EDGES[-1] * 10)) == EDGES[-1] or minutes_of(len(EDGES)) <= EDGES[-1]
    lengths = figures.Lengths({bucket_of(n): 1 for n in (1, 2, 3, 4, 100)})
    assert (lengths.median, lengths.number) == (3.5, 5)
    assert lengths.p90 == pytest.approx(100, rel=0.025)
    assert figures.Lengths().median is None


def test_work_that_cannot_be_measured_does_not_stop_the_others(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in "ab":
        to_judge(house, author=f"{name}@people.example")
    bad = house.case("b@people.example").identity_id
    right = measuring._again

    def breaks(whose: list[tuple[int, int]]) -> None:
        if any(identity == bad for _, identity in whose):
            raise ValueError("a row that nobody expected")
        right(whose)

    monkeypatch.setattr(measuring, "_again", breaks)
    measuring.everything()
    assert Unmeasured.objects.count() == 0
    assert figures.tally(scope(house.leo), "heard")[()] == 1
    assert "cannot be measured" in caplog.text


def test_only_what_the_writer_did_not_write_was_edited(house: House) -> None:
    changed = to_approve(house)
    approvals.change(house.leo, changed, digest=changed.digest, text="We are very sorry.")
    house.settle()
    again = queries.response_for(house.mona, changed.pk)
    if again.state == "approval":  # a rule demands that somebody else releases it: the first writer
        approvals.approve(house.mona, again, digest=again.digest)
        house.settle()
    measuring.everything()
    assert figures.tally(scope(house.leo), "approval", "label") == {("edited",): 1}
