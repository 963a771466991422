"""What a list of cases can be narrowed to: values from an address, checked, as one condition."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from armature.arm.intent import INTENTS
from armature.crm.accounts.models import User
from armature.crm.act.models import Clock, ClockName, Status, Tagging

KEYS = ("status", "team", "form", "assignee", "tag", "brand", "channel", "intent", "priority", "due", "clock")
DUE = ("late", "hour", "today", "none")
CLOCKS = tuple(f"{name}-{when}" for name in ClockName.values for when in ("late", "today"))
"""Which promise runs out, and when: overdue, or until tonight."""
NUMBERS = ("tag", "brand", "channel", "priority")
FORMS = ("intent", "response", "executive", "approval", "delivery", "send", "feedback")


@dataclass(frozen=True, slots=True)
class Filters:
    """The chosen values by key; empty: everything."""

    values: Mapping[str, str] = field(default_factory=dict)

    def condition(self, user: User) -> Q:
        """Cases that fit all of them."""
        found = Q()
        for key, value in self.values.items():
            found &= _condition(key, value, user)
        return found

    def without(self, key: str) -> "Filters":
        """The others."""
        return Filters({name: value for name, value in self.values.items() if name != key})


def read(given: Mapping[str, str]) -> Filters:
    """The filters that an address names; what makes no sense is left out."""
    return Filters({key: given[key] for key in KEYS if key in given and _makes_sense(key, given[key])})


def _makes_sense(key: str, value: str) -> bool:
    if key == "assignee":
        return value in ("me", "none") or _is_number(value)
    if key in NUMBERS:
        return _is_number(value)
    known = {"status": Status.values, "intent": INTENTS, "due": DUE, "form": FORMS, "clock": CLOCKS}.get(key)
    return value in known if known is not None else 0 < len(value) <= 50 and "\x00" not in value


def _is_number(value: str) -> bool:
    return value.isdecimal() and len(value) < 10


def _condition(key: str, value: str, user: User) -> Q:
    match key:
        case "assignee":
            return Q(assignee=None) if value == "none" else Q(assignee=user.pk if value == "me" else int(value))
        case "tag":
            return Q(Exists(Tagging.objects.filter(case=OuterRef("pk"), tag=int(value))))
        case "brand":
            return Q(conversation__channel__brand=int(value))
        case "channel":
            return Q(conversation__channel=int(value))
        case "clock":
            name, _, when = value.partition("-")
            running = Clock.objects.filter(case=OuterRef("pk"), name=name, stopped_at=None, due_at__lt=_until(when))
            return Q(Exists(running))
        case "due":
            return _due(value)
        case "priority":
            return Q(priority=int(value))
    return Q(**{key: value})


def _due(value: str) -> Q:
    """By the work's due time or the promise, whichever is first."""
    if value == "none":
        return Q(due_at=None, promised_at=None)
    until = _until(value)
    return Q(due_at__lt=until) | Q(promised_at__lt=until)


def _until(when: str) -> datetime:
    now = timezone.now()
    return {"hour": now + timedelta(hours=1), "today": _midnight(now)}.get(when, now)


def _midnight(now: datetime) -> datetime:
    """When today ends, on the company's clock."""
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
