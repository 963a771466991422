"""Opening hours, public holidays and promises: an administrator changes them, and all that is open moves with them."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.arm.calendar import Calendar
from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, rights_of
from armature.crm.accounts.free_days import countries
from armature.crm.accounts.models import Brand, BusinessHours, Promise, Role, Team, User
from armature.crm.accounts.week import Day
from armature.crm.act import clocks
from armature.crm.act.models import ClockName
from armature.crm.decide import reckon

AGAIN = timedelta(seconds=60)
"""A batch that was under way when the hours changed still reckoned with the old ones: look once more after this."""
LONGEST = 60 * 24 * 365
"""Minutes of the longest promise."""


class BadHours(ValueError):
    """Hours that cannot be; ``field`` names the one to mend."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


def set_hours(
    user: User, brand: Brand, team: Team | None, *, zone: str, week: Sequence[Day], country: str, part: str,
    own_days: Sequence[date],
) -> BusinessHours:  # fmt: skip
    """When a brand, or one of its teams, works."""
    _may(user, brand, team)
    _check(zone, week, country, part)
    values = {"timezone": zone, "week": list(week), "country": country, "part_of_country": part,
              "holidays": sorted(set(own_days))}  # fmt: skip
    with transaction.atomic():
        hours, _new = BusinessHours.objects.update_or_create(brand=brand, team=team, defaults=values)
        audit.log(user, "set the hours", _subject(brand, team), values | {"holidays": [f"{d}" for d in own_days]})
        _changed(brand)
    return hours


def _check(zone: str, week: Sequence[Day], country: str, part: str) -> None:
    if zone not in available_timezones():
        raise BadHours("zone", _("“%s” is no time zone. Choose one of the list, like Europe/Berlin.") % zone[:60])
    if country and country not in countries():
        raise BadHours("country", _("The holidays of “%s” are not known. Choose a country of the list.") % country[:10])
    if part and part not in countries()[country]:
        raise BadHours("part", _("“%s” is no part of this country that has holidays of its own.") % part[:30])
    try:
        calendar = Calendar(tuple(tuple((b, e) for b, e in day) for day in week), ZoneInfo(zone))
    except ValueError as wrong:
        raise BadHours("week", str(wrong)) from None
    if not any(calendar.week):
        raise BadHours("week", _("With no hour open nothing would ever be due. Open at least one day."))


def follow_the_brand(user: User, brand: Brand, team: Team) -> None:
    """A team has no hours of its own any more."""
    _may(user, brand, team)
    with transaction.atomic():
        BusinessHours.objects.filter(brand=brand, team=team).delete()
        audit.log(user, "took back the hours", _subject(brand, team), {})
        _changed(brand)


def promise(user: User, brand: Brand, team: Team | None, minutes: Mapping[str, int | None], always: bool) -> None:
    """How soon customers are answered and done with; nothing promised where all is empty."""
    _may(user, brand, team)
    for name in ClockName.values:
        given = minutes[name]
        if given is not None and not 1 <= given <= LONGEST:
            raise BadHours(name, _("A promise is between one minute and one year long."))
    with transaction.atomic():
        if any(minutes.values()):
            Promise.objects.update_or_create(brand=brand, team=team, defaults={**minutes, "round_the_clock": always})
        else:
            Promise.objects.filter(brand=brand, team=team).delete()
        audit.log(user, "promised", _subject(brand, team), {**minutes, "round_the_clock": always})


def _may(user: User, brand: Brand, team: Team | None) -> None:
    rights = rights_of(user)
    wide = [held for held in rights.roles if held[2] == Role.ADMIN and held[1] in (None, brand.pk)]
    if not any(held[0] is None or (team is not None and held[0] == team.key) for held in wide):
        raise NotAllowed(_("Only an administrator of the brand, or of the team, sets hours and promises."))


def _subject(brand: Brand, team: Team | None) -> str:
    return f"hours of {brand.key}" + (f" {team.key}" if team else "")


def _changed(brand: Brand) -> None:
    Brand.objects.filter(pk=brand.pk).update(hours_changed_at=timezone.now())


def reckon_changed() -> int:
    """Reckon anew what is open in brands whose hours changed, and once more a minute later; how many brands."""
    now = timezone.now()
    fresh = Q(reckoned_at=None) | Q(reckoned_at__lt=F("hours_changed_at"))
    once_more = Q(reckoned_at__lt=F("hours_changed_at") + AGAIN, hours_changed_at__lt=now - AGAIN)
    due = list(Brand.objects.filter(fresh | once_more, hours_changed_at__isnull=False).values_list("pk", flat=True))
    for brand_id in due:
        waiting: tuple[int, int, str] | None = (0, 0, "")
        while waiting:
            waiting = reckon.waits(brand_id, waiting)
        case: int | None = 0
        while case is not None:
            case = clocks.reckon(brand_id, case)
        Brand.objects.filter(pk=brand_id).update(reckoned_at=now)
    return len(due)
