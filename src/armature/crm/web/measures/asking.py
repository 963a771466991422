"""Which days and which part of the company: the form over the measures, as it stands in the address."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.crm.accounts.models import Brand, Team, User
from armature.crm.learn.figures import Scope
from armature.crm.listen.models import Channel
from armature.crm.web.measures.figure import Asked

SPANS = (1, 7, 28, 90)
USUAL = 7
LONGEST = 366 * 2
EARLIEST = 1970
"""The year from which on something can have been brought in."""
PERIODS = [("1", gettext_lazy("Today")), ("7", gettext_lazy("7 days")), ("28", gettext_lazy("28 days")),
           ("90", gettext_lazy("90 days")), ("own", gettext_lazy("From, to"))]  # fmt: skip


class ScopeForm(forms.Form):
    """The days of a period, and what the figures are narrowed to; nothing chosen is everything one may see."""

    days = forms.ChoiceField(label=gettext_lazy("Period"), choices=PERIODS, required=False)
    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("To"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    brand = forms.ModelChoiceField(Brand.objects.order_by("name"), label=gettext_lazy("Brand"), required=False,
                                   empty_label=gettext_lazy("Every brand"))  # fmt: skip
    team = forms.ModelChoiceField(Team.objects.order_by("name"), label=gettext_lazy("Team"), required=False,
                                  to_field_name="key", empty_label=gettext_lazy("Every team"))  # fmt: skip
    channel = forms.ModelChoiceField(Channel.objects.order_by("name"), label=gettext_lazy("Channel"), required=False,
                                     empty_label=gettext_lazy("Every channel"))  # fmt: skip
    past = forms.ChoiceField(
        label=gettext_lazy("Brought in from before"), required=False,
        choices=[("", gettext_lazy("counted as volume")), ("no", gettext_lazy("left out"))],
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Own days need both ends, in order, and not too many between them."""
        given = super().clean() or {}
        if given.get("days") == "own" and not self.errors:
            since, until = given.get("since"), given.get("until")
            if since is None or until is None:
                self.add_error("since" if since is None else "until", _("Say which day, or choose another period."))
            elif since > until:
                self.add_error("until", _("This day is before the first one: choose a later one."))
            elif since.year < EARLIEST:
                self.add_error("since", _("Nothing was kept on such a day: choose a later first day."))
            elif (until - since).days >= LONGEST:
                self.add_error("since", _("At most two years are counted at once: choose a later first day."))
        return given


def asked(request: HttpRequest, user: User) -> tuple[Asked, ScopeForm]:
    """What the address asks for; where that makes no sense the last seven days, and the form says why."""
    form = ScopeForm(request.GET if request.GET else {"days": str(USUAL)})
    given = form.cleaned_data if form.is_valid() else {}
    days = given.get("days") or str(USUAL)
    today = timezone.localdate()
    since, until = _own(given) if days == "own" else (today - timedelta(days=int(days) - 1), today)
    brand, team, channel = given.get("brand"), given.get("team"), given.get("channel")
    scope = Scope(
        user, since, until, brand.pk if brand else None, team.key if team else "", channel.pk if channel else None,
        given.get("past") != "no",
    )  # fmt: skip
    form.initial = {"days": days}
    return Asked(scope, urlencode(_query(days, scope))), form


def _own(given: dict[str, Any]) -> tuple[date, date]:
    return given["since"], given["until"]


def _query(days: str, scope: Scope) -> dict[str, str]:
    found = {"days": days}
    if days == "own":
        found |= {"since": scope.since.isoformat(), "until": scope.until.isoformat()}
    part = {"brand": scope.brand, "team": scope.team, "channel": scope.channel, "past": "" if scope.past else "no"}
    return found | {name: str(value) for name, value in part.items() if value}
