"""Listening: the queries, what each of them found, and the page on which it is made and tried."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import User
from armature.crm.act import aside, heard, listening, spikes
from armature.crm.act.work import Refused
from armature.crm.listen import back_search
from armature.crm.listen.wanted import BackSearch, Hit, ListeningQuery
from armature.crm.web import charts, given
from armature.crm.web.desk_parts import user_of
from armature.crm.web.local_time import in_company_time
from armature.crm.web.query_form import PickerForm, QueryForm, faults

SPANS = (7, 30, 90)
LISTED = 200
VOICES = ("brand", "competitor")
MOODS = {
    "unhappy": gettext_lazy("Unhappy"), "calm": gettext_lazy("Calm"), "happy": gettext_lazy("Happy"),
    "unread": gettext_lazy("Not read"),
}  # fmt: skip


def query_or_404(user: User, number: int) -> ListeningQuery:
    """A query this user may see."""
    found = listening.queries_for(user).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def today_and(days: int) -> tuple[date, date, str]:
    """The first of so many days, today, and the zone in which they are days."""
    today = timezone.localdate()
    return today - timedelta(days=days - 1), today, timezone.get_current_timezone_name()


@require_safe
@in_company_time
def listed(request: HttpRequest) -> HttpResponse:
    """All queries, each with what it found in the last seven days."""
    user = user_of(request)
    found = list(listening.queries_for(user)[: LISTED + 1])
    shown = found[:LISTED]
    volumes = heard.volumes(user, [one.pk for one in shown], *today_and(7))
    lines = [(one, charts.days(volumes[one.pk].days, small=True)) for one in shown]
    return render(
        request, "web/listening/queries.html",
        {"at": "listening", "lines": lines, "whole": len(found) == len(shown), "may": _may_some(user)},
    )  # fmt: skip


def _may_some(user: User) -> bool:
    return listening.may(user, None) or listening.brands_for(user).exists()


@require_safe
@in_company_time
def query(request: HttpRequest, number: int) -> HttpResponse:
    """What one query found: over time, how it was meant, where, beside the others, and every hit."""
    user = user_of(request)
    one = query_or_404(user, number)
    span = given.span(request, SPANS)
    since, today, zone = today_and(span)
    volume = heard.volumes(user, [one.pk], since, today, zone)[one.pk]
    began = timezone.make_aware(datetime.combine(since, time.min))
    report = heard.report(user, one.pk, began)
    noise = "aside" in request.GET
    context = {
        "at": "listening", "one": one, "span": span, "spans": SPANS, "may": listening.may(user, one.brand_id),
        "volume": charts.days(volume.days), "followed": one.followers.filter(user=user).exists(),
        "moods": charts.shares([(str(MOODS[key]), count) for key, count in report.moods.items()]),
        "sources": charts.shares(report.sources), "voices": _voices(user, one, since, today, zone),
        "aside": noise, "looking": _looking(user, one), **_spikes(user, one),
        **_page(heard.hits(user, one.pk, given.place(request), aside=noise)),
    }  # fmt: skip
    return render(request, "web/listening/query.html", context)


def _page(found: list[heard.HitLine]) -> dict[str, Any]:
    hits = found[: heard.PAGE]
    return {"hits": hits, "more": str(hits[-1].stands) if len(found) > len(hits) else ""}


def _looking(user: User, one: ListeningQuery) -> BackSearch | None:
    return BackSearch.objects.filter(query=one, user=user, state=BackSearch.State.RUNNING).first()


def _spikes(user: User, one: ListeningQuery) -> dict[str, Any]:
    """When it was suddenly much more lately, and what is likely behind it, as far as this user may see it."""
    last = one.spikes.filter(hour__gte=timezone.now() - timedelta(days=7)).order_by("-hour").first()
    behind = spikes.cause(user, one, last) if last else None
    return {"spike": last, "cause": behind, "in_hour": heard.in_hour(user, one.pk, last.hour) if last else 0}


def _voices(user: User, one: ListeningQuery, since: date, today: date, zone: str) -> list[charts.Part]:
    """Share of voice: what the queries for our brands and for competitors found, this one marked."""
    if one.purpose not in VOICES:
        return []
    others = list(listening.queries_for(user).filter(purpose__in=VOICES, active=True)[:LISTED])
    volumes = heard.volumes(user, [each.pk for each in others], since, today, zone)
    ordered = sorted(others, key=lambda each: (-volumes[each.pk].total, each.name))
    current = next((number for number, each in enumerate(ordered) if each.pk == one.pk), -1)
    return charts.shares([(each.name, volumes[each.pk].total) for each in ordered], current=current)


@require_http_methods(["GET", "HEAD", "POST"])
@in_company_time
def edit(request: HttpRequest, number: int = 0) -> HttpResponse:
    """Make or change a query; build its words from pickers, or try it on what is kept, before it is kept."""
    user = user_of(request)
    one = query_or_404(user, number) if number else ListeningQuery(text=request.GET.get("text", "")[:4000])
    if number and "text" in request.GET:
        one.text = request.GET["text"][:4000]
    form, picker = QueryForm(user, request.POST or None, instance=one), PickerForm(request.POST or None)
    asked = request.POST.get("do", "keep")
    if request.method != "POST":
        form, picker = QueryForm(user, instance=one), PickerForm()
    elif asked == "build" and picker.is_valid():
        typed = request.POST.copy()
        typed["text"] = picker.built()
        form = QueryForm(user, instance=one, initial=typed.dict())
    elif asked == "try" and (search := _tried(request, user, form)):
        return redirect(f"{reverse('listening-search', args=[search.pk])}?{urlencode({'of': number})}")
    elif asked == "keep" and form.is_valid() and _kept(request, user, one, form):
        return redirect("listening-query", number=one.pk or form.instance.pk)
    return _edited(request, user, one, form, picker)


def _edited(request: HttpRequest, user: User, one: ListeningQuery, form: QueryForm, picker: PickerForm) -> HttpResponse:
    typed = str(form["text"].value() or "")
    wrong = faults(typed) if typed else []
    context = {
        "at": "listening", "one": one, "form": form, "picker": picker, "faults": wrong,
        "may": listening.may(user, one.brand_id) if one.pk else _may_some(user),
        "days": request.POST.get("days", "30"),
    }  # fmt: skip
    return render(request, "web/listening/edit.html", context, status=409 if form.errors else 200)


def _kept(request: HttpRequest, user: User, one: ListeningQuery, form: QueryForm) -> bool:
    fresh = ListeningQuery.objects.get(pk=one.pk) if one.pk else ListeningQuery()
    try:
        kept = listening.keep(user, fresh, **form.cleaned_data)
    except (Refused, NotAllowed) as refused:
        form.add_error(None, str(refused))
        return False
    one.pk = kept.pk
    messages.success(request, _("Kept. It listens from now on.") if kept.active else _("Kept. It does not listen."))
    return True


def _tried(request: HttpRequest, user: User, form: QueryForm) -> BackSearch | None:
    """The search for what was typed, or none and the reason in the form."""
    form.is_valid()
    brand = form.cleaned_data.get("brand")
    try:
        if not _may_some(user):
            raise NotAllowed(_("Queries are tried by those who may make them."))
        return listening.look_back(user, given.words(request, "text", 4000).strip(), given.number(request, "days"),
                                   brand.pk if brand else None)  # fmt: skip
    except (Refused, NotAllowed) as refused:
        form.errors.clear()  # a name is wanted when it is kept, not when it is tried
        form.add_error(None, str(refused))
        return None


@require_safe
@in_company_time
def search(request: HttpRequest, number: int) -> HttpResponse:
    """How far a search is, and what it found so far."""
    user = user_of(request)
    one = search_or_404(user, number)
    by_day = heard.found_back_by_day(user, one.pk, timezone.get_current_timezone_name())
    first, last = timezone.localdate(one.since), timezone.localdate(one.until)
    days = {first + timedelta(days=n): 0 for n in range((last - first).days + 1)}
    of = request.GET.get("of", "")
    context = {
        "at": "listening", "one": one, "volume": charts.days({day: by_day.get(day, 0) for day in days}),
        "most": one.kept >= back_search.MOST, "of": int(of) if of.isdecimal() and 0 < len(of) < 10 and int(of) else 0,
        **_page(heard.found_back(user, one.pk, given.place(request))),
    }  # fmt: skip
    part = request.headers.get("HX-Request") and request.GET.get("part")
    return render(request, "web/listening/_search.html" if part else "web/listening/search.html", context)


def search_or_404(user: User, number: int) -> BackSearch:
    """A search of their own."""
    try:
        return listening.search_for(user, number)
    except BackSearch.DoesNotExist:
        raise Http404 from None


@require_POST
def stop(request: HttpRequest, number: int) -> HttpResponse:
    """Look no further."""
    one = search_or_404(user_of(request), number)
    back_search.stop(one)
    return redirect("listening-query", one.query_id) if one.query_id else redirect("listening-search", one.pk)


@require_POST
def look_back(request: HttpRequest, number: int) -> HttpResponse:
    """Let a query hear what is kept from before it was made."""
    user = user_of(request)
    one = query_or_404(user, number)
    try:
        listening.look_back(user, one.text, given.number(request, "days"), one.brand_id, one)
        messages.success(request, _("It looks through what is kept. What it finds appears here."))
    except (Refused, NotAllowed) as refused:
        messages.error(request, str(refused))
    return redirect("listening-query", one.pk)


@require_POST
def follow(request: HttpRequest, number: int) -> HttpResponse:
    """Be told, or no longer, when it suddenly finds much more."""
    user = user_of(request)
    one = query_or_404(user, number)
    listening.follow(user, one, request.POST.get("follow") == "yes")
    return redirect("listening-query", one.pk)


@require_POST
def set_aside(request: HttpRequest, number: int) -> HttpResponse:
    """What a hit points at is noise; or no longer."""
    user = user_of(request)
    one, hit = query_or_404(user, number), given.number(request, "hit")
    back = request.POST.get("back") == "yes"
    try:
        if back:
            aside.take_back(user, one, hit)
            messages.success(request, _("It is listed and counted again."))
        else:
            ended = aside.set_aside(user, one, hit, given.words(request, "reason"))
            told = _("Set aside. It is kept among the noise of this query.")
            messages.success(request, f"{told} {_('Its case needs no response.')}" if ended else told)
    except Hit.DoesNotExist:
        raise Http404 from None
    except (Refused, NotAllowed) as refused:
        messages.error(request, str(refused))
    return redirect(f"{reverse('listening-query', args=[one.pk])}{'?aside=1' if back else ''}")
