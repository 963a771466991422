"""Times as people say them: how long ago or how long still, and the exact moment beside it."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from armature.arm.rule import FACTS
from armature.crm.act.models import Delivery
from armature.crm.identify.models import Fact
from armature.crm.web.shipped_words import label_of, said

register = template.Library()


@register.filter
def said_at(at: datetime) -> str:
    """The day in words and the time: "today 10:26", "2 Nov 09:14"."""
    local, today = timezone.localtime(at), timezone.localdate()
    if local.date() == today:
        return _("today {time}").format(time=f"{local:%H:%M}")
    if local.date() == today - timedelta(days=1):
        return _("yesterday {time}").format(time=f"{local:%H:%M}")
    return f"{_day(local.date(), local.year == today.year, get_language())} {local:%H:%M}"


@lru_cache(maxsize=1000)
def _day(day: date, this_year: bool, language: str | None) -> str:
    """The words for a day in that language; a page has fifty of them, mostly the same."""
    return date_format(day, "j M" if this_year else "j M Y")


@register.filter
def clock(seconds: int) -> str:
    """A length of a call: "3:07", "1:02:30"."""
    minutes, left = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


@register.filter
def exact(at: datetime) -> str:
    """Day, time and zone in full."""
    return date_format(timezone.localtime(at), "j F Y, H:i T")


@register.filter
def long_since(at: datetime) -> str:
    """How long ago (or until then), in at most two figures: "18 min", "1 h 40", "5 d"."""
    return span(timezone.now() - at)


def span(delta: timedelta) -> str:
    """A length of time without its direction."""
    minutes = int(abs(delta).total_seconds() // 60)
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    hours, rest = divmod(minutes, 60)
    if hours < 10 and rest:
        return _("{hours} h {minutes}").format(hours=hours, minutes=f"{rest:02}")
    return _("{n} h").format(n=hours) if hours < 48 else _("{n} d").format(n=hours // 24)


@register.filter
def is_late(at: datetime) -> bool:
    """Whether that moment has passed."""
    return at < timezone.now()


@register.filter
def is_close(at: datetime) -> bool:
    """Whether less than half an hour is left, or none."""
    return at < timezone.now() + timedelta(minutes=30)


@register.filter
def delivery_state(state: str) -> str:
    """How far a delivery is, in words."""
    return str(dict(Delivery.State.choices).get(state, state))


@register.filter
def what_it_says(fact: Fact) -> str:
    """The value of a fact in words: yes for true, the name for a key."""
    return said(fact.kind, fact.value) if fact.kind in FACTS else str(fact.value)


@register.filter
def in_words(key: str) -> str:
    """The key of a fact as words; one that does not ship as it is written: "shoe_size" is "shoe size"."""
    return label_of(key) if key in FACTS else key.replace("_", " ")


@register.filter
def place(network: str) -> str:
    """Where an address belongs, in words."""
    return said("channel", "web_form" if network == "web" else network)
