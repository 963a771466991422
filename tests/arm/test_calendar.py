"""Business hours across the changes of clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armature.arm import Calendar

WEEKDAYS = (((540, 1020),),) * 5 + ((), ())
ALWAYS = (((0, 1440),),) * 7
NIGHTS = (((60, 240),),) * 7


def local(zone: str, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold)  # type: ignore[arg-type, misc]


def test_minutes_pass_only_while_it_is_open() -> None:
    office = Calendar(WEEKDAYS, ZoneInfo("Europe/Berlin"), frozenset([date(2026, 4, 6)]))
    friday = local("Europe/Berlin", 2026, 4, 3, 16, 30)
    assert office.add_minutes(friday, 30) == local("Europe/Berlin", 2026, 4, 3, 17, 0)
    assert office.add_minutes(friday, 31) == local("Europe/Berlin", 2026, 4, 7, 9, 1), "Monday is a holiday"
    assert office.is_open(friday)
    assert not office.is_open(local("Europe/Berlin", 2026, 4, 3, 17, 0))
    assert not office.is_open(local("Europe/Berlin", 2026, 4, 6, 10, 0))


@pytest.mark.parametrize(
    ("zone", "before", "hours"),
    [
        ("Europe/Berlin", (2026, 3, 28, 12, 0), 23),
        ("Europe/Berlin", (2026, 10, 24, 12, 0), 25),
        ("America/New_York", (2026, 3, 7, 12, 0), 23),
        ("America/New_York", (2026, 10, 31, 12, 0), 25),
        ("Australia/Lord_Howe", (2026, 10, 3, 12, 0), 23.5),
        ("Australia/Lord_Howe", (2026, 4, 4, 12, 0), 24.5),
    ],
)
def test_a_day_and_night_service_counts_the_hours_that_really_pass(
    zone: str, before: tuple[int, ...], hours: float
) -> None:
    calendar, begin = Calendar(ALWAYS, ZoneInfo(zone)), local(zone, *before)
    noon = local(zone, *before[:2], before[2] + 1, 12, 0) if before[2] < 31 else local(zone, 2026, 11, 1, 12, 0)
    assert calendar.minutes_between(begin, noon) == hours * 60
    assert calendar.add_minutes(begin, int(hours * 60)) == noon


@pytest.mark.parametrize(
    ("zone", "day", "minutes"),
    [
        ("Europe/Berlin", (2026, 3, 29), 120),
        ("Europe/Berlin", (2026, 10, 25), 240),
        ("America/New_York", (2026, 3, 8), 120),
        ("America/New_York", (2026, 11, 1), 240),
        ("Australia/Lord_Howe", (2026, 10, 4), 150),
        ("Australia/Lord_Howe", (2026, 4, 5), 210),
        ("Europe/Berlin", (2026, 6, 1), 180),
    ],
)
def test_a_night_shift_is_shorter_or_longer_when_the_clock_changes(
    zone: str, day: tuple[int, ...], minutes: int
) -> None:
    """Open from one to four, and the clock changes in between."""
    midnight = local(zone, *day, 0, 0)
    calendar = Calendar(NIGHTS, ZoneInfo(zone))
    assert calendar.minutes_between(midnight, local(zone, *day, 23, 0)) == minutes
    assert calendar.add_minutes(midnight, minutes) == local(zone, *day, 4, 0)


def test_of_an_hour_that_comes_twice_the_first_counts() -> None:
    zone, day = "Europe/Berlin", (2026, 10, 25)
    closes, opens = Calendar((((60, 150),),) * 7, ZoneInfo(zone)), Calendar((((150, 240),),) * 7, ZoneInfo(zone))
    assert closes.minutes_between(local(zone, *day, 0, 0), local(zone, *day, 12, 0)) == 90
    assert opens.minutes_between(local(zone, *day, 0, 0), local(zone, *day, 12, 0)) == 150
    assert not closes.is_open(local(zone, *day, 2, 10, fold=1))
    assert opens.is_open(local(zone, *day, 2, 10, fold=1))


def test_hours_that_begin_in_the_skipped_hour_begin_when_the_clock_jumps() -> None:
    calendar = Calendar((((150, 240),),) * 7, ZoneInfo("Europe/Berlin"))
    assert calendar.add_minutes(local("Europe/Berlin", 2026, 3, 29, 0, 0), 10) == datetime(
        2026, 3, 29, 1, 10, tzinfo=UTC
    )


ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
CHANGES = [
    datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 0, tzinfo=UTC),
    datetime(2026, 3, 8, 7, 0, tzinfo=UTC),
    datetime(2026, 11, 1, 6, 0, tzinfo=UTC),
    datetime(2026, 4, 4, 15, 0, tzinfo=UTC),
    datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
]
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)) | st.builds(
    lambda change, minutes: change + timedelta(minutes=minutes), st.sampled_from(CHANGES), st.integers(-240, 240)
)
SPANS = st.sampled_from([(), ((0, 1440),), ((60, 150),), ((540, 720), (780, 1020)), ((120, 180),), ((1380, 1440),)])


@given(ZONES, st.lists(SPANS, min_size=7, max_size=7).filter(any), MOMENTS, st.integers(0, 3000))
def test_adding_minutes_and_counting_them_agree(
    zone: str, week: list[tuple[tuple[int, int], ...]], at: datetime, minutes: int
) -> None:
    calendar = Calendar(tuple(week), ZoneInfo(zone))
    due = calendar.add_minutes(at, minutes)
    assert calendar.minutes_between(at, due) == minutes
    assert calendar.add_minutes(at, minutes + 1) > due


@given(ZONES, SPANS.filter(bool), MOMENTS)
def test_an_open_minute_is_one_that_counts(zone: str, spans: tuple[tuple[int, int], ...], at: datetime) -> None:
    at = at.replace(second=0, microsecond=0)
    calendar = Calendar((spans,) * 7, ZoneInfo(zone))
    assert calendar.is_open(at) == (calendar.minutes_between(at, at + timedelta(minutes=1)) == 1)


@pytest.mark.parametrize("week", [(((9, 17),),) * 6, ((((540, 480),),) * 7), ((((540, 1500),),) * 7)])
def test_hours_that_cannot_be_are_refused(week: tuple[tuple[tuple[int, int], ...], ...]) -> None:
    with pytest.raises(ValueError, match=r"days|follow one another"):
        Calendar(week, ZoneInfo("Europe/Berlin"))


def test_in_a_calendar_that_never_opens_no_minute_passes() -> None:
    closed = Calendar(((),) * 7, ZoneInfo("Europe/Berlin"))
    assert closed.minutes_between(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)) == 0


def test_nothing_is_due_before_it_began() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        Calendar(ALWAYS, ZoneInfo("Europe/Berlin")).add_minutes(datetime(2026, 1, 1, tzinfo=UTC), -1)


def test_a_calendar_that_never_opens_has_no_due_time() -> None:
    with pytest.raises(ValueError, match="give it opening hours"):
        Calendar(((),) * 7, ZoneInfo("Europe/Berlin")).add_minutes(datetime(2026, 1, 1, tzinfo=UTC), 1)
