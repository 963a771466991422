"""The live map: what went along steps and arrows, how long it stayed, what waits; a number is that of its rows."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from armature.crm import jobs
from armature.crm.accounts.models import Membership, Role, Team, User
from armature.crm.act import approvals, endings
from armature.crm.decide import waits
from armature.crm.decide.models import Wait
from armature.crm.learn import figures, live_map, measuring, ways
from armature.crm.learn.figures import Narrow, Scope
from armature.crm.learn.live_map import Traffic
from house import MONDAY, House
from visitors import to_answer, to_approve, to_judge


def _scope(user: User) -> Scope:
    return Scope(user, MONDAY.date() - timedelta(days=1), timezone.localdate() + timedelta(days=1))


def _seen(user: User, intent: str = "") -> Traffic:
    measuring.everything()
    maps = ways.versions("reactive")
    return live_map.traffic(_scope(user), maps, ways.plan_of(maps), intent)


def _behind(user: User, kind: str, **narrow: str) -> int:
    return figures.behind(_scope(user), kind, Narrow({"map": "reactive", **narrow})).count()


def _agrees(user: User) -> Traffic:
    """Every number is that of the list it leads to."""
    found = _seen(user)
    for step, number in found.passed.items():
        assert _behind(user, "way", step=step) == number, step
    waiting = {node.id for node in ways.plan_of(ways.versions("reactive")).nodes.values() if node.kind == "ask"}
    for (step, then), number in found.along.items():
        assert _behind(user, "stay" if step in waiting else "way", step=step, then=then) == number, (step, then)
    for step, number in found.by_hand.items():
        assert _behind(user, "way", step=step, hand="1") == number
    for step, stay in found.stays.items():
        assert _behind(user, "stay", step=step) == stay.whole.number == stay.opened.number
        assert _behind(user, "stay", step=step, late="1") == stay.late
        for how, number in stay.how.items():
            assert _behind(user, "stay", step=step, how=how) == number
    return found


def test_a_message_is_counted_at_each_step_it_passed_and_once_at_each_arrow(house: House) -> None:
    response = to_approve(house)
    found = _agrees(house.leo)
    for step in ("Received", "Where", "Judge", "Rules", "Micro", "Approve"):
        assert found.passed[step] == 1, step
    assert (
        found.along["Received", "Where"] == found.along["Judge", "Rules"] == found.along["Micro", "NeedsApproval"] == 1
    )
    assert found.passed["Send"] == 0 and {key: one.number for key, one in found.now.items()} == {"Approve": 1}
    approvals.approve(house.leo, response, digest=response.digest)
    house.settle()
    found = _agrees(house.leo)
    assert found.passed["Send"] == found.passed["Record"] == found.along["Send", "Delivered"] == 1
    assert found.stays["Approve"].how == {"person": 1} and found.stays["Send"].how == {"process": 1}
    assert list(found.now) == ["Feedback"]


def test_what_stays_too_long_is_late_and_the_slowest_step_of_people_stands_out(house: House) -> None:
    to_judge(house)
    wait = Wait.objects.get(state="open")
    begun = timezone.now() - timedelta(hours=9)
    Wait.objects.filter(pk=wait.pk).update(opened_at=begun, due_at=begun + timedelta(hours=1))
    assert _seen(house.leo).now["Judge"].late == 1
    waits.answer(wait.pk, {"intent": "complaint", "judged_by_person": True}, user=house.mona)
    house.settle()
    found = _agrees(house.leo)
    assert found.stays["Judge"].late == 1 and found.slowest == "Judge"
    assert 8.7 * 60 < (found.stays["Judge"].whole.median or 0) < 9.3 * 60


def test_what_a_person_ended_beside_the_arrows_passes_nothing(house: House) -> None:
    to_answer(house)
    before = _seen(house.leo)
    endings.end(house.leo, house.case(), how="resolved")
    found = _agrees(house.leo)
    assert found.by_hand == {"Micro": 1} and found.passed == before.passed
    assert found.along["Micro", "NeedsApproval"] == 0 and found.stays["Micro"].how == {"by_hand": 1}


def test_a_stay_that_a_timer_ended_takes_the_timers_road(house: House) -> None:
    to_judge(house)
    past = timezone.now() - timedelta(minutes=5)
    wait = Wait.objects.get(state="open")
    Wait.objects.filter(pk=wait.pk).update(
        timers=[[past.isoformat(), "JudgeOverdue", True, 60]], next_timer_at=past, opened_at=past - timedelta(hours=1)
    )
    assert jobs.tick()
    house.settle()
    found = _agrees(house.leo)
    assert found.stays["Judge"].how == {"timer": 1} and found.along["Judge", "Rules"] == 0
    assert found.along["JudgeOverdue", "RaiseJudging"] == 1 and found.passed["Rules"] == 1


def test_everybody_counts_what_they_may_see_and_one_intent_or_version_can_be_asked_for(house: House) -> None:
    to_answer(house)
    tove = User.objects.create_user("tove@shop.example", "Tove", "a good password")
    Membership.objects.create(user=tove, role=Role.LEAD, team=Team.objects.get(key="legal"))
    assert _agrees(tove) == Traffic() and _seen(house.leo).passed["Micro"] == 1
    case = house.case()
    assert _seen(house.leo, case.intent).passed["Micro"] == 1 and not _seen(house.leo, "spam").passed
    assert _behind(house.leo, "way", step="Micro", version="7") == 0
    assert _behind(house.leo, "way", step="Nowhere") == _behind(house.leo, "way", step="") == 0
    assert figures.behind(_scope(house.leo), "way", Narrow({"map": "no-such", "step": "Micro"})).count() == 0


def test_it_takes_as_many_queries_however_much_went_along(house: House) -> None:
    counts = []
    for number in (1, 6):
        for each in range(number):
            to_judge(house, author=f"{number}-{each}@people.example")
        _seen(house.leo)
        with CaptureQueriesContext(connection) as captured:
            maps = ways.versions("reactive")
            live_map.traffic(_scope(house.leo), maps, ways.plan_of(maps))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 14
