"""What waits for approval: the queue with the original, the words and what was changed, side by side; the decisions."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from armature.crm.accounts.access import rights_of
from armature.crm.accounts.models import Role, User
from armature.crm.act import approvals, incident_rows, queries, queueing, rating_links
from armature.crm.act.models import Case, Response, Wording
from armature.crm.web import composing
from armature.crm.web.actions import releasing, words
from armature.crm.web.desk_parts import user_of
from armature.crm.web.local_time import in_company_time

PAGE, MOST = 20, 200
"""So many are shown with all there is to see, of so many at most that are looked at."""


@require_safe
@in_company_time
def queue(request: HttpRequest) -> HttpResponse:
    """What this user may release, longest waiting first."""
    user = user_of(request)
    cases = {
        one.pk: one for one in queries.cases_for(user).filter(queries.to_approve(user)).order_by("last_in_at")[:200]
    }
    waiting = Response.objects.filter(case__in=list(cases), state=Response.State.APPROVAL)
    found = list(waiting.select_related("author").prefetch_related("files").order_by("written_at", "id")[:PAGE])
    context = {
        "at": "approvals",
        "waiting": _rows(user, found, cases),
        "more": len(cases) - len(found),
        "statements": incident_rows.to_release(user),
    }
    return render(request, "web/approvals.html", context)


def _rows(user: User, found: list[Response], cases: dict[int, Case]) -> list[dict[str, Any]]:
    last = queries.last_words([one.case_id for one in found])
    wordings: dict[int, list[Wording]] = {}
    for one in Wording.objects.filter(response__in=found).select_related("author").order_by("-id"):
        wordings.setdefault(one.response_id, []).append(one)
    said = queries.full_words([words.interaction_id for words in last.values()])
    rights, lines, rows = rights_of(user), rating_links.lines_of(found), list[dict[str, Any]]()
    for response in found:
        case = response.case = cases[response.case_id]
        brand = case.conversation.channel.brand_id
        lead = any(rights.at_least(Role.LEAD, team, brand) for team in (case.asks, case.team))
        versions = wordings.get(response.pk, [])[:2]
        words = last.get(response.case_id)
        rows.append({
            "response": response, "may_change": lead, "case": case,
            "said": said.get(words.interaction_id, "") if words else "",
            "parts": queueing.parts_of(response, lines.get(response.pk, "")), "changes": composing.changes(versions),
            "before": versions[1] if len(versions) > 1 else None,
        })  # fmt: skip
    return rows


@releasing
def approve(request: HttpRequest, response: Response) -> str:
    """Release a response."""
    approvals.approve(user_of(request), response, digest=request.POST.get("digest", ""))
    return _("Approved. It leaves now.")


@releasing
def change(request: HttpRequest, response: Response) -> str:
    """Other words before they are released."""
    leaves = approvals.change(
        user_of(request), response, digest=request.POST.get("digest", ""), text=words(request),
        private_text=words(request, "private_text"),
    )  # fmt: skip
    if leaves:
        return _("Changed and approved. It leaves now, under your name.")
    return _("Changed. The words are yours now, so the first writer or another lead releases them.")


@releasing
def send_back(request: HttpRequest, response: Response) -> str:
    """Give a response back to its writer."""
    approvals.send_back(user_of(request), response, reason=words(request, "reason")[:500])
    return _("Sent back with your reason.")
