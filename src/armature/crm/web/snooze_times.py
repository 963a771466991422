"""Until when: the times that people choose for putting something aside, in the company's zone."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

MORNING = time(9, 0)


@dataclass(frozen=True, slots=True)
class Choice:
    """A time with its name."""

    key: str
    label: str
    at: datetime


def choices() -> list[Choice]:
    """What is offered now."""
    now = timezone.localtime()
    monday = now + timedelta(days=7 - now.weekday())
    found = [
        Choice("hours", _("In 3 hours"), now + timedelta(hours=3)),
        Choice("tomorrow", _("Tomorrow morning"), _morning(now + timedelta(days=1))),
        Choice("days", _("In 3 days"), _morning(now + timedelta(days=3))),
        Choice("week", _("Next Monday"), _morning(monday)),
        Choice("month", _("In 30 days"), _morning(now + timedelta(days=30))),
    ]
    return [one for n, one in enumerate(found) if one.at not in {earlier.at for earlier in found[:n]}]


def _morning(day: datetime) -> datetime:
    return timezone.make_aware(datetime.combine(day.date(), MORNING))


def chosen(key: str, at: str) -> datetime | None:
    """The time that a form gave: one of the choices, or a moment of its own ("2026-03-02T09:00")."""
    if key != "at":
        return next((one.at for one in choices() if one.key == key), None)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def words(at: datetime) -> str:
    """Day and time."""
    return date_format(timezone.localtime(at), "l j F, H:i")
