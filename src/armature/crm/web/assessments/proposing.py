"""What an assessment proposes: each with its evidence, to accept into a draft or to put away, one by one."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from armature.arm.assessment import Proposal
from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.decide.drafts import DrawnMeanwhile
from armature.crm.learn.assessments import taking
from armature.crm.learn.assessments.models import Assessment
from armature.crm.web.assessments import names, words
from armature.crm.web.assessments.access import assessment_or_404, for_leads
from armature.crm.web.assessments.names import Names
from armature.crm.web.desk_parts import user_of
from armature.crm.web.given import words as given

KINDS: dict[str, Any] = {
    "lane": gettext_lazy("Lanes of the map"), "routing": gettext_lazy("Rows that say which team"),
    "judging": gettext_lazy("Rows that say where a person looks"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """One proposal as it stands on the page. ``desk``: a team must be chosen for it."""

    number: int
    title: str
    evidence: str
    desk: bool
    answer: dict[str, Any]
    link: str = ""


@require_safe
@for_leads
def listed(request: HttpRequest, number: int) -> HttpResponse:
    """What is proposed, by kind; then what was accepted and what was put away."""
    job, known = assessment_or_404(request, number), names.known()
    shown = [_shown(job, known, n) for n in range(len(job.proposals))]
    groups = [
        (key, title, [one for one in shown if not one.answer and job.proposals[one.number]["kind"] == key])
        for key, title in KINDS.items()
    ]
    context = {
        "at": "assessment", "job": job, "groups": groups, "teams": sorted(known.teams.items(), key=lambda one: one[1]),
        "accepted": [one for one in shown if one.answer.get("what") == taking.ACCEPTED],
        "away": [one for one in shown if one.answer.get("what") == taking.DISMISSED], "none": not job.proposals,
    }  # fmt: skip
    return render(request, "web/assessments/proposals.html", context)


def _shown(job: Assessment, known: Names, number: int) -> Shown:
    one, answer = Proposal(**job.proposals[number]), job.answers.get(str(number), {})
    desk = one.kind != "judging" and one.side not in known.teams
    return Shown(number, words.title(known, one), words.evidence(known, one), desk, answer, _link(answer))


def _link(answer: dict[str, Any]) -> str:
    """Where an accepted one stands."""
    if answer.get("what") != taking.ACCEPTED:
        return ""
    return reverse("map-draft" if answer["draft"] == "map" else "table-draft", args=[answer["key"]])


@require_POST
@for_leads
def answer(request: HttpRequest, number: int, proposal: int) -> HttpResponse:
    """Accept one, or put it away."""
    job, user = assessment_or_404(request, number), user_of(request)
    if proposal >= len(job.proposals):
        raise Http404
    known = names.known()
    try:
        if given(request, "do", 20) == "accept":
            note = words.evidence(known, Proposal(**job.proposals[proposal]))
            taking.accept(user, job, proposal, team=given(request, "team", 50), note=note)
            messages.success(request, _("It stands in the draft now. Nothing is in force before it is published."))
        else:
            taking.put_away(user, job, proposal)
            messages.success(request, _("Put away."))
    except (Refused, NotAllowed, DrawnMeanwhile) as refused:
        messages.error(request, str(refused))
    return redirect("assessment-proposals", number=number)
