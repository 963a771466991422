"""What was promised: clocks run while it is our turn, stand still while it is theirs, and stop when they are kept."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from armature.arm.calendar import Calendar
from armature.crm import jobs
from armature.crm.accounts.models import Brand, BusinessHours, Promise
from armature.crm.act import clocks, commands, queries, responses
from armature.crm.act.clocks import OURS, OVER, THEIRS, Promised, Running
from armature.crm.act.models import Case, Clock
from armature.crm.decide.models import Wait
from armature.crm.decide.plans import Hours
from house import House

OFFICE = ((540, 1020),)
PROMISE = Promise(first=60, next=120, resolution=600)


def _office(zone: str) -> Hours:
    return Hours(1, Calendar((OFFICE,) * 5 + ((), ()), ZoneInfo(zone)))


def _case(**more: object) -> Promised:
    usual = {"turn": OURS, "answered": False, "first_kept": False, "theirs_waits": True}
    return Promised(1, 1, "support", **{**usual, **more})  # type: ignore[arg-type]


ZONES = [
    ("Europe/Berlin", datetime(2026, 3, 27, 16, 30), datetime(2026, 3, 30, 9, 30)),
    ("America/New_York", datetime(2026, 3, 6, 16, 30), datetime(2026, 3, 9, 9, 30)),
    ("Australia/Sydney", datetime(2026, 10, 2, 16, 30), datetime(2026, 10, 5, 9, 30)),
]


@pytest.mark.parametrize(("zone", "friday", "monday"), ZONES, ids=[zone for zone, _, _ in ZONES])
def test_a_promise_over_the_weekend_in_which_clocks_change_runs_out_at_the_same_time_of_day(
    zone: str, friday: datetime, monday: datetime
) -> None:
    here, case = ZoneInfo(zone), _case()
    begin = friday.replace(tzinfo=here).astimezone(UTC)
    clocks.move(case, PROMISE, _office(zone), begin)
    due = case.running["first"].due_at
    assert due == monday.replace(tzinfo=here)
    assert due - begin in (timedelta(hours=64), timedelta(hours=66))


@pytest.mark.parametrize("zone", [zone for zone, _, _ in ZONES])
def test_round_the_clock_a_minute_is_a_minute_whatever_the_clocks_do(zone: str) -> None:
    case, begin = _case(), datetime(2026, 3, 28, 20, 0, tzinfo=UTC)
    clocks.move(case, Promise(first=24 * 60, round_the_clock=True), _office(zone), begin)
    assert case.running["first"].due_at == begin + timedelta(hours=24)


def test_the_resolution_stands_still_while_it_is_their_turn() -> None:
    hours, case, nine = _office("UTC"), _case(), datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    clocks.move(case, PROMISE, hours, nine)
    case.turn, case.answered = THEIRS, True
    clocks.move(case, PROMISE, hours, nine + timedelta(hours=3))
    held = case.running["resolution"]
    assert (held.since, held.due_at, held.spent) == (None, None, 180)
    assert case.running["first"].stopped_at == nine + timedelta(hours=3)
    case.turn = OURS
    clocks.move(case, PROMISE, hours, nine + timedelta(days=1))
    assert held.due_at == nine + timedelta(days=1, hours=7)
    assert case.running["next"].due_at == nine + timedelta(days=1, hours=2)


def test_what_ran_out_before_it_stood_still_is_overdue_when_it_goes_on() -> None:
    hours, nine = _office("UTC"), datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    clock = Running("resolution", 60, 1, None, spent=90)
    clock.run(nine, hours)
    assert clock.due_at == nine


def test_the_end_stops_every_clock() -> None:
    hours, case, nine = _office("UTC"), _case(), datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    clocks.move(case, PROMISE, hours, nine)
    case.turn = OVER
    clocks.move(case, PROMISE, hours, nine + timedelta(hours=1))
    assert all(clock.stopped_at for clock in case.running.values())
    assert case.due_at() is None


def _day_and_night(house: House) -> None:
    BusinessHours.objects.update(week=[[[0, 1440]]] * 7)
    Promise.objects.create(brand=house.brand, first=60, next=120, resolution=600)


def _running(case: Case) -> set[str]:
    return set(Clock.objects.filter(case=case, stopped_at=None).values_list("name", flat=True))


def _answer(house: House, text: str) -> None:
    case = house.case()
    commands.judge_intent(house.mona, case, intent="complaint")
    house.settle()
    responses.write(house.mona, case, text=text, seen=queries.last_said(case))
    house.settle()


def test_the_clocks_of_a_case_follow_it_from_the_first_words_to_the_end(house: House) -> None:
    _day_and_night(house)
    house.hear("The tent is broken.")
    house.settle()
    case = house.case()
    assert _running(case) == {"first", "resolution"}
    assert case.promised_at == Clock.objects.get(case=case, name="first").due_at
    _answer(house, "We mend it.")
    assert _running(case) == {"resolution"}
    assert Clock.objects.get(case=case, name="resolution").since is None
    assert house.case().promised_at is None
    house.hear("It is still broken!", in_reply_to="said-1")
    house.settle()
    assert _running(case) == {"next", "resolution"}
    assert house.case().promised_at == Clock.objects.get(case=case, name="next").due_at
    _answer(house, "A new one is on its way.")
    house.hear("Thank you, perfect!", in_reply_to="said-1")
    house.settle()
    assert house.case().form == ""
    assert _running(case) == set()


def test_where_nothing_is_promised_no_clock_is_kept(house: House) -> None:
    house.hear("The tent is broken.")
    house.settle()
    assert not Clock.objects.exists()


def test_changed_hours_move_what_is_open(house: House) -> None:
    _day_and_night(house)
    house.hear("The tent is broken.")
    house.settle()
    wait, clock = Wait.objects.get(), Clock.objects.get(name="first")
    hours = BusinessHours.objects.get()
    tomorrow = (wait.opened_at + timedelta(days=1)).date()
    hours.holidays = [wait.opened_at.date(), tomorrow]
    hours.save()
    Brand.objects.update(hours_changed_at=datetime.now(UTC))
    jobs.tick()
    two_days_later = datetime.combine(tomorrow + timedelta(days=1), datetime.min.time(), UTC)
    moved = Wait.objects.get()
    assert moved.due_at == two_days_later + timedelta(minutes=wait.minutes or 0)
    assert moved.next_timer_at and moved.next_timer_at >= two_days_later
    assert Clock.objects.get(pk=clock.pk).due_at == two_days_later + timedelta(minutes=60)
    assert house.case().promised_at == two_days_later + timedelta(minutes=60)
