"""The list behind a figure: who was never answered, who waits, whose first response was slowest."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from armature.crm.accounts.models import User
from armature.crm.learn.assessments import queries
from armature.crm.learn.assessments.models import Assessment, AssessmentExchange
from armature.crm.web.assessments import names
from armature.crm.web.assessments.access import assessment_or_404, for_leads
from armature.crm.web.assessments.counts import Counts
from armature.crm.web.assessments.names import Names
from armature.crm.web.desk_parts import user_of
from armature.crm.web.measures.figure import length

SHOWN = 240
TITLES: dict[str, Any] = {
    "never": gettext_lazy("Never answered"), "again": gettext_lazy("Answered before, and wait again"),
    "waiting": gettext_lazy("They wait"), "first": gettext_lazy("The slowest first responses"),
}  # fmt: skip


@require_safe
@for_leads
def listed(request: HttpRequest, number: int) -> HttpResponse:
    """The exchanges that a number counts, the longest wait first, as far as they may see a case of each."""
    job, user = assessment_or_404(request, number), user_of(request)
    kind, part = request.GET.get("kind", "never"), _part(request)
    if kind not in TITLES:
        raise Http404
    every = queries.kept(job, kind, part).count()
    found = queries.exchanges_for(user, job, kind, part)
    page, seen = queries.page(found, _after(request, job)), found.count()
    shown, known = page[: queries.PAGE], names.known()
    context = {
        "at": "assessment", "job": job, "title": TITLES[kind], "kind": kind, "part": part, "seen": seen,
        "hidden": every - seen, "beyond": max(0, _counted(job, known, kind, part) - every) if kind != "first" else 0,
        "lines": lines(user, known, shown), "more": shown[-1].pk if len(page) > queries.PAGE else "",
        "chips": _chips(known, part),
    }  # fmt: skip
    return render(request, "web/assessments/exchanges.html", context)


def _part(request: HttpRequest) -> dict[str, str]:
    found = {}
    channel, intent = request.GET.get("channel", ""), request.GET.get("intent")
    if channel:
        if not (channel.isdecimal() and channel.isascii() and len(channel) < 10):
            raise Http404
        found["channel"] = channel
    if intent is not None:
        found["intent"] = intent.replace("\x00", "")[:50]
    return found


def _chips(known: Names, part: dict[str, str]) -> list[str]:
    found = [known.channel(part["channel"])] if "channel" in part else []
    return found + ([known.intent(part["intent"])] if "intent" in part else [])


def _after(request: HttpRequest, job: Assessment) -> AssessmentExchange | None:
    asked = request.GET.get("after", "")
    if not asked:
        return None
    if not (asked.isdecimal() and asked.isascii() and len(asked) < 19):
        raise Http404
    found = AssessmentExchange.objects.filter(assessment=job, pk=int(asked)).first()
    if found is None:
        raise Http404
    return found


def _counted(job: Assessment, known: Names, kind: str, part: dict[str, str]) -> int:
    """What the report says of the same."""
    counts, total = Counts(job, known), 0
    groups = [(rest[1:], n) for rest, n in counts.by("exchange").items() if rest[0] == "never" and kind != "again"]
    groups += [(rest, n) for rest, n in counts.by("again").items() if kind != "never"]
    for (channel, intent), count in groups:
        if part.get("channel", channel) == channel and part.get("intent", intent) == intent:
            total += count
    return total


def lines(user: User, known: Names, them: Sequence[AssessmentExchange]) -> list[dict[str, Any]]:
    """Each exchange with its words, its case and how long it waited."""
    cases = queries.cases_of(user, them)
    return [
        {
            "exchange": one, "text": _text(one), "case": cases.get((one.conversation_id, one.identity_id)),
            "who": one.identity.name or one.identity.address, "waited": length(one.minutes).text,
            "channel": known.channel(str(one.channel)), "intent": known.intent(one.intent),
        }
        for one in them
    ]  # fmt: skip


def _text(one: AssessmentExchange) -> str:
    said = one.interaction
    text = "" if said.deleted_at else " ".join(said.text.split())
    return (text[:SHOWN] + ("…" if len(text) > SHOWN else "")) or _("(no words)")
