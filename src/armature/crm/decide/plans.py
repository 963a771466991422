"""Published maps ready to run, and the hours that promises run in. Versions never change, so they are kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from armature.arm.calendar import HORIZON, Calendar
from armature.arm.process_map import Plan, compile_plan
from armature.crm.accounts.free_days import free_days
from armature.crm.accounts.models import BusinessHours
from armature.crm.decide import company_facts
from armature.crm.decide.models import ProcessMap

_PLANS: dict[int, Plan] = {}
ALWAYS = Calendar(((((0, 1440),),) * 7), ZoneInfo("UTC"))
"""Hours of a brand that has not said when it is open."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours of one brand and team, with the row they came from."""

    id: int | None
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Plans:
    """The plans that a batch runs on, by map; and all opening hours."""

    by_map: Mapping[int, Plan]
    opening: Mapping[tuple[int, str], Hours]

    @property
    def hours(self) -> dict[int, Calendar]:
        """The hours of each brand, as the core wants them."""
        return {brand: hours.calendar for (brand, team), hours in self.opening.items() if not team}

    def hours_of(self, brand_id: int, team: str) -> Hours:
        """The hours of a team of a brand: its own, else its brand's, else always."""
        return self.opening.get((brand_id, team)) or self.opening.get((brand_id, "")) or Hours(None, ALWAYS)


def load(map_ids: Iterable[int]) -> dict[int, Plan]:
    """The plans of these maps; compiled once per process."""
    missing = sorted(set(map_ids) - set(_PLANS))
    if missing:
        for row in ProcessMap.objects.filter(pk__in=missing).prefetch_related("tables"):
            tables = {table.key: table.body.encode() for table in row.tables.all()}
            _PLANS[row.pk] = compile_plan(row.body.encode(), tables, company_facts.for_running())
    return {number: _PLANS[number] for number in map_ids}


def opening_hours() -> dict[tuple[int, str], Hours]:
    """All opening hours by brand and team (empty: the whole brand)."""
    found = BusinessHours.objects.select_related("team")
    return {(row.brand_id, row.team.key if row.team else ""): Hours(row.pk, as_calendar(row)) for row in found}


def as_calendar(row: BusinessHours) -> Calendar:
    """Stored hours as the core wants them, with the public holidays of the years to come."""
    week = tuple(tuple((int(begin), int(end)) for begin, end in day) for day in row.week)
    public = free_days(row.country, row.part_of_country, timezone.now().year)
    return Calendar(week, ZoneInfo(row.timezone), public.union(row.holidays))


def due(hours: Hours, now: datetime, minutes: int, round_the_clock: bool = False) -> datetime:
    """When so many minutes are over, in these hours or round the clock.

    Hours in which they are not over within ``HORIZON`` days must not stop what comes in: it is due by then.
    """
    furthest = timedelta(days=HORIZON)
    if round_the_clock:
        return now + min(timedelta(minutes=minutes), furthest)
    try:
        return hours.calendar.add_minutes(now, minutes)
    except ValueError:
        return now + furthest
