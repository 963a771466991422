"""When we work and what we promise: opening hours, holidays and promises of each brand and team."""

from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from armature.crm.accounts.access import NotAllowed, rights_of
from armature.crm.accounts.free_days import countries, names
from armature.crm.accounts.models import Brand, BusinessHours, Promise, Role, Team, User
from armature.crm.accounts.week import DAYS, read_day, read_minutes, say_day, say_minutes
from armature.crm.act import hours as deeds
from armature.crm.web.desk_parts import user_of


class HoursForm(forms.Form):
    """A week, its time zone and the days off."""

    zone = forms.CharField(label=gettext_lazy("Time zone"), widget=forms.TextInput(attrs={"list": "zones"}))
    country = forms.CharField(
        label=gettext_lazy("Public holidays of (two letters, like DE)"), required=False,
        widget=forms.TextInput(attrs={"list": "countries", "maxlength": 2, "class": "narrow"}),
    )  # fmt: skip
    part = forms.CharField(
        label=gettext_lazy("Part of the country"), required=False,
        widget=forms.TextInput(attrs={"list": "parts", "class": "narrow"}),
    )  # fmt: skip
    own_days = forms.CharField(
        label=gettext_lazy("Our own days off, one a line, like 2026-12-24"), required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        week = {f"day{n}": forms.CharField(label=day, required=False) for n, day in enumerate(DAYS)}
        self.fields = {"zone": self.fields["zone"], **week, **{k: f for k, f in self.fields.items() if k != "zone"}}

    def clean(self) -> dict[str, Any]:
        """Every wrong field is named, all at once."""
        for number in range(7):
            self._read(f"day{number}", read_day)
        self._read("own_days", _read_days)
        self.cleaned_data["country"] = self.cleaned_data.get("country", "").strip().upper()
        self.cleaned_data["part"] = self.cleaned_data.get("part", "").strip().upper()
        return self.cleaned_data

    def _read(self, name: str, reader: Any) -> None:
        try:
            self.cleaned_data[name] = reader(self.cleaned_data.get(name, ""))
        except ValueError as wrong:
            self.add_error(name, str(wrong))

    def week(self) -> list[list[list[int]]]:
        """The seven days that were read."""
        return [self.cleaned_data[f"day{number}"] for number in range(7)]


class PromiseForm(forms.Form):
    """How soon."""

    first = forms.CharField(label=gettext_lazy("First answer within"), required=False)
    next = forms.CharField(label=gettext_lazy("Each further answer within"), required=False)
    resolution = forms.CharField(label=gettext_lazy("Resolved within"), required=False)
    round_the_clock = forms.BooleanField(label=gettext_lazy("Count nights and weekends too"), required=False)

    def clean(self) -> dict[str, Any]:
        """Lengths of time become minutes."""
        for name in ("first", "next", "resolution"):
            try:
                self.cleaned_data[name] = read_minutes(self.cleaned_data.get(name, ""))
            except ValueError as wrong:
                self.add_error(name, str(wrong))
        return self.cleaned_data


def _read_days(text: str) -> list[date]:
    days = []
    for line in text.split():
        try:
            days.append(date.fromisoformat(line.strip(",;")))
        except ValueError:
            words = _("“{typed}” is no day; write it like 2026-12-24.")
            raise ValueError(words.format(typed=line[:20])) from None
    return days


@require_http_methods(["GET", "HEAD", "POST"])
def shown(request: HttpRequest) -> HttpResponse:
    """The hours and promises of a brand or of one of its teams; administrators change them."""
    user = user_of(request)
    if not rights_of(user).anywhere(Role.ADMIN):
        return render(request, "403.html", status=403)
    brand = get_object_or_404(_brands(user), pk=_number(request.GET.get("brand"), _first_brand(user)))
    team = get_object_or_404(Team, key=request.GET["team"]) if request.GET.get("team") else None
    stored = BusinessHours.objects.filter(brand=brand, team=team).first()
    promised = Promise.objects.filter(brand=brand, team=team).first()
    forms_shown = {"hours": HoursForm(initial=_hours_as_typed(stored or _of_brand(brand)), prefix="hours"),
                   "promise": PromiseForm(initial=_promise_as_typed(promised), prefix="promise")}  # fmt: skip
    status = 200
    if request.method == "POST":
        try:
            if _save(request, user, brand, team, forms_shown):
                messages.success(request, _("Saved. What is open is reckoned anew within a minute."))
                return redirect(f"{reverse('hours')}?{request.GET.urlencode()}")
            status = 422
        except NotAllowed as refused:
            messages.error(request, str(refused))
            status = 403
    return render(request, "web/hours.html", _context(user, brand, team, stored, forms_shown), status=status)


def _save(request: HttpRequest, user: User, brand: Brand, team: Team | None, shown: dict[str, Any]) -> bool:
    what = request.POST.get("what", "")
    if what == "brand" and team:
        deeds.follow_the_brand(user, brand, team)
        return True
    kind = {"hours": HoursForm, "promise": PromiseForm}.get(what)
    if kind is None:
        raise Http404
    form = shown[what] = kind(request.POST, prefix=what)
    if not form.is_valid():
        return False
    given = form.cleaned_data
    try:
        if isinstance(form, HoursForm):
            deeds.set_hours(
                user, brand, team, zone=given["zone"], week=form.week(), country=given["country"],
                part=given["part"], own_days=given["own_days"],
            )  # fmt: skip
        else:
            always = given.pop("round_the_clock")
            deeds.promise(user, brand, team, given, always)
    except deeds.BadHours as wrong:
        form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong))
        return False
    return True


def _brands(user: User) -> Any:
    held = [brand for _team, brand, role in rights_of(user).roles if role == Role.ADMIN]
    return Brand.objects.all() if None in held else Brand.objects.filter(pk__in=[b for b in held if b is not None])


def _first_brand(user: User) -> int:
    first = _brands(user).order_by("pk").first()
    return first.pk if first else 0


def _number(text: str | None, other: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else other


def _of_brand(brand: Brand) -> BusinessHours | None:
    return BusinessHours.objects.filter(brand=brand, team=None).first()


def _hours_as_typed(hours: BusinessHours | None) -> dict[str, str]:
    if hours is None:
        return {"zone": timezone.get_default_timezone_name()}
    week = {f"day{number}": say_day(day) for number, day in enumerate(hours.week)}
    own = "\n".join(day.isoformat() for day in sorted(hours.holidays))
    return {"zone": hours.timezone, "country": hours.country, "part": hours.part_of_country, "own_days": own, **week}


def _promise_as_typed(promise: Promise | None) -> dict[str, Any]:
    if promise is None:
        return {}
    return {"first": say_minutes(promise.first), "next": say_minutes(promise.next),
            "resolution": say_minutes(promise.resolution), "round_the_clock": promise.round_the_clock}  # fmt: skip


def _context(
    user: User, brand: Brand, team: Team | None, stored: BusinessHours | None, shown: dict[str, Any]
) -> dict[str, Any]:
    country, part = (stored.country, stored.part_of_country) if stored else ("", "")
    return {
        "brand": brand, "team": team, "brands": _brands(user).order_by("name"), "teams": Team.objects.order_by("name"),
        "own": stored is not None, "form": shown["hours"], "promise": shown["promise"],
        "zones": sorted(available_timezones()), "countries": countries(), "parts": countries().get(country, ()),
        "free": [one for one in names(country, part, timezone.localdate().year) if one[0] >= timezone.localdate()][:6],
    }  # fmt: skip
