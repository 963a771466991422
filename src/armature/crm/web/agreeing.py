"""How often people agree with the reader, what is behind each number, and the versions of the reader."""

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from armature.crm.accounts.access import rights_of
from armature.crm.accounts.models import Role
from armature.crm.learn import agreement, retraining
from armature.crm.learn.agreement import Asked, Share
from armature.crm.listen.models import Channel
from armature.crm.understand import model_file, versions
from armature.crm.understand.models import ReaderVersion, Retraining
from armature.crm.web import given
from armature.crm.web.desk_parts import user_of
from armature.crm.web.local_time import in_company_time
from armature.crm.web.shipped_words import short_intent
from armature.crm.web.spine import language_name

SPANS = (30, 90, 365)
LISTED = 30
TITLES = {
    "intent": gettext_lazy("By intent, as it was suggested"), "channel": gettext_lazy("By channel"),
    "language": gettext_lazy("By language"),
}  # fmt: skip


def _since(span: int) -> datetime:
    return timezone.make_aware(datetime.combine(timezone.localdate() - timedelta(days=span - 1), time.min))


def _names(by: str, keys: list[str]) -> dict[str, str]:
    """The words for what is told apart."""
    if by == "intent":
        return {key: short_intent(key) or key for key in keys}
    if by == "language":
        return {key: language_name(key) for key in keys}
    numbers = [key for key in keys if key.isdecimal() and key.isascii() and len(key) < 19]
    return {str(pk): name for pk, name in Channel.objects.filter(pk__in=numbers).values_list("pk", "name")}


@require_safe
@in_company_time
def shown(request: HttpRequest) -> HttpResponse:
    """Agreement over some days, and the versions."""
    user, span = user_of(request), given.span(request, SPANS)
    report = agreement.report(user, _since(span))
    tables = [(by, str(TITLES[by]), _lines(by, shares)) for by, shares in report.by.items()]
    found = agreement.versions()
    context = {
        "at": "reader", "span": span, "spans": SPANS, "report": report, "tables": tables, "versions": found,
        "starter_reads": not any(one.in_use for one in found), "may": rights_of(user).of_all,
        "learning": Retraining.objects.first(), "fewest": retraining.FEWEST,
        "leads": rights_of(user).anywhere(Role.LEAD),
    }  # fmt: skip
    return render(request, "web/reader/agreement.html", context)


def _lines(by: str, shares: Any) -> list[tuple[str, Share]]:
    listed = list(shares[:LISTED])
    names = _names(by, [one.key for one in listed])
    return [(names.get(one.key, one.key), one) for one in listed]


@require_safe
@in_company_time
def behind(request: HttpRequest) -> HttpResponse:
    """The messages behind one number."""
    user, span, asked = user_of(request), given.span(request, SPANS), _asked(request)
    found = agreement.behind(user, _since(span), asked, given.place(request))
    lines = found[: agreement.PAGE]
    more = request.GET.copy()
    if len(found) > len(lines):
        more["after"] = str(lines[-1].stands)
    count = agreement.count(user, _since(span), asked)
    context = {
        "at": "reader", "span": span, "asked": asked, "lines": lines, "count": count,
        "name": _names(asked.by, [asked.key]).get(asked.key, asked.key) if asked.by else "",
        "more": more.urlencode() if len(found) > len(lines) else "",
    }  # fmt: skip
    return render(request, "web/reader/behind.html", context)


def _asked(request: HttpRequest) -> Asked:
    """Which number was followed; one that is none is no page."""
    by, key, agrees = (request.GET.get(name, "")[:80] for name in ("by", "key", "agrees"))
    if by not in ("", *agreement.BY) or agrees not in agreement.AGREES:
        raise Http404
    return Asked(by, key, agrees, "chance" in request.GET)


@require_POST
def learn_now(request: HttpRequest) -> HttpResponse:
    """Let the reader learn now."""
    user = user_of(request)
    if not rights_of(user).of_all:
        raise Http404
    new = retraining.ask(user)
    messages.success(request, _("It learns in a moment.") if new else _("It is to learn already."))
    return redirect("reader")


@require_POST
def use(request: HttpRequest, number: int) -> HttpResponse:
    """Let another version read: an earlier one, or (0) the starter reader."""
    user = user_of(request)
    if not rights_of(user).of_all:
        raise Http404
    try:
        version = versions.go_back(user, number)
        name = version.name if version else _("the starter reader")
        messages.success(request, _("From now on {name} reads.").format(name=name))
    except ReaderVersion.DoesNotExist:
        raise Http404 from None
    except model_file.Unfit as problem:
        messages.error(request, _("This version cannot be used: {why}").format(why=problem))
    return redirect("reader")
