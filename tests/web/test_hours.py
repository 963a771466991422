"""The page of hours and promises: what is typed is read, what cannot be is named, only administrators change it."""

from datetime import date

import pytest

from armature.crm.accounts.free_days import free_days
from armature.crm.accounts.models import AuditEntry, BusinessHours, Membership, Promise, Role, Team, User
from armature.crm.accounts.week import read_day, read_minutes, say_day, say_minutes
from house import House
from visitors import visit

WEEK = {f"hours-day{n}": "8:30-12, 13-17:30" for n in range(5)} | {"hours-day5": "", "hours-day6": "closed"}
HOURS = {"what": "hours", "hours-zone": "Europe/Berlin", **WEEK}


@pytest.fixture
def ada(house: House) -> User:
    """Runs this installation."""
    user = User.objects.create_user("ada@shop.example", "Ada", "a good password")
    Membership.objects.create(user=user, role=Role.ADMIN)
    return user


@pytest.mark.parametrize(
    ("typed", "read"),
    [("9-17", [[540, 1020]]), (" 8:30 - 12 , 13 to 17.30", [[510, 720], [780, 1050]]), ("closed", [])],
)
def test_a_day_is_read_as_people_write_it(typed: str, read: list[list[int]]) -> None:
    assert read_day(typed) == read
    assert read_day(say_day(read)) == read


@pytest.mark.parametrize("typed", ["nine to five", "17-9", "9-25", "9-12, 11-17", "9:75-12"])
def test_hours_that_cannot_be_are_refused_in_words(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        read_day(typed)


@pytest.mark.parametrize(("typed", "minutes"), [("45 min", 45), ("4 h", 240), ("1 h 30", 90), ("90", 90), ("", None)])
def test_a_length_of_time_is_read_as_people_write_it(typed: str, minutes: int | None) -> None:
    assert read_minutes(typed) == minutes
    assert read_minutes(say_minutes(minutes)) == minutes


def test_hours_are_saved_with_their_holidays(house: House, ada: User) -> None:
    given = {**HOURS, "hours-country": "de", "hours-part": "by", "hours-own_days": "2026-12-24\n2026-12-31"}
    assert visit(ada).post("/hours", given).status_code == 302
    hours = BusinessHours.objects.get(team=None)
    assert hours.week[0] == [[510, 720], [780, 1050]]
    assert (hours.timezone, hours.country, hours.part_of_country) == ("Europe/Berlin", "DE", "BY")
    assert hours.holidays == [date(2026, 12, 24), date(2026, 12, 31)]
    assert "2026" in visit(ada).get("/hours").content.decode()
    assert AuditEntry.objects.filter(verb="set the hours").exists()


def test_public_holidays_differ_from_part_to_part() -> None:
    assert date(2026, 1, 6) in free_days("DE", "BY", 2026)
    assert date(2026, 1, 6) not in free_days("DE", "BE", 2026)
    assert not free_days("", "", 2026)


def test_every_wrong_field_is_named_and_nothing_is_saved(house: House, ada: User) -> None:
    before = BusinessHours.objects.get().week
    page = visit(ada).post("/hours", {**HOURS, "hours-day1": "17-9", "hours-own_days": "Christmas"})
    assert page.status_code == 422
    assert b"id_hours-day1_error" in page.content
    assert b"id_hours-own_days_error" in page.content
    page = visit(ada).post("/hours", {**HOURS, "hours-zone": "Mars/Olympus"})
    assert b"id_hours-zone_error" in page.content
    assert BusinessHours.objects.get().week == before


def test_a_team_has_hours_of_its_own_until_it_keeps_those_of_the_brand_again(house: House, ada: User) -> None:
    assert visit(ada).post("/hours?team=support", HOURS).status_code == 302
    assert BusinessHours.objects.filter(team__key="support").exists()
    assert visit(ada).post("/hours?team=support", {"what": "brand"}).status_code == 302
    assert not BusinessHours.objects.filter(team__key="support").exists()


def test_a_promise_is_kept_and_taken_back(house: House, ada: User) -> None:
    given = {"what": "promise", "promise-first": "4 h", "promise-next": "", "promise-resolution": "40 h"}
    assert visit(ada).post("/hours", given).status_code == 302
    promise = Promise.objects.get()
    assert (promise.first, promise.next, promise.resolution) == (240, None, 2400)
    empty = {"what": "promise", "promise-first": "", "promise-next": "", "promise-resolution": ""}
    assert visit(ada).post("/hours", empty).status_code == 302
    assert not Promise.objects.exists()


@pytest.mark.parametrize("who", ["mona", "leo", "olga"])
def test_only_administrators_see_and_change_them(house: House, who: str) -> None:
    client = visit(getattr(house, who))
    assert client.get("/hours").status_code == 403
    assert client.post("/hours", HOURS).status_code == 403
    assert BusinessHours.objects.get().timezone == "UTC"


def test_an_administrator_of_one_team_changes_that_team_alone(house: House) -> None:
    user = User.objects.create_user("tia@shop.example", "Tia", "a good password")
    Membership.objects.create(user=user, role=Role.ADMIN, team=Team.objects.get(key="support"))
    assert visit(user).post("/hours?team=support", HOURS).status_code == 302
    assert visit(user).post("/hours?team=sales", HOURS).status_code == 403
    assert visit(user).post("/hours", HOURS).status_code == 403
    assert BusinessHours.objects.count() == 2
