"""The desk: views at the left, cases, the conversation with its composer, the spine at the right."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from armature.arm.intent import INTENTS
from armature.crm.accounts.models import User
from armature.crm.act import queries
from armature.crm.act.models import Case, Response
from armature.crm.channels import registry
from armature.crm.decide import queries as decisions
from armature.crm.decide.models import Wait
from armature.crm.decide.plans import load
from armature.crm.listen import queries as channels
from armature.crm.listen.models import Interaction
from armature.crm.understand import queries as readings
from armature.crm.web import conversation, views_of_cases
from armature.crm.web.spine import Seen, spine
from armature.crm.web.views_of_cases import PAGE, VIEWS, View


def user_of(request: HttpRequest) -> User:
    """Who is logged in; pages are only reached by somebody who is."""
    assert not isinstance(request.user, AnonymousUser)
    return request.user


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The view with work in it."""
    numbers = views_of_cases.counts(user_of(request))
    first = next((key for key in ("mine", "approve", "intent", "open") if numbers[key]), "open")
    return redirect("cases", view=first)


@require_safe
def cases(request: HttpRequest, view: str) -> HttpResponse:
    """One view; the list alone when only the list is asked for."""
    chosen = _view(view)
    context = _list(user_of(request), chosen, request)
    return render(request, "web/_list.html" if _part(request) == "list" else "web/desk.html", context)


@require_safe
def case(request: HttpRequest, view: str, number: int) -> HttpResponse:
    """One case opened in a view; its parts alone when something changed."""
    user, chosen = user_of(request), _view(view)
    try:
        opened = queries.case_for(user, number)
    except Case.DoesNotExist:
        raise Http404 from None
    context = {"view": chosen, **shown(user, opened)}
    if _part(request) == "list":
        return render(request, "web/_list.html", context | _list(user, chosen, request))
    if _part(request) == "case":
        return render(request, "web/_case.html", context)
    if _part(request) == "live":
        return (
            render(request, "web/_live.html", context)
            if request.GET.get("seen") != context["stamp"]
            else HttpResponse(status=204)
        )
    return render(request, "web/desk.html", context | _list(user, chosen, request))


def _part(request: HttpRequest) -> str:
    return request.GET.get("part", "") if request.headers.get("HX-Request") else ""


def _view(key: str) -> View:
    if key not in VIEWS:
        raise Http404
    return VIEWS[key]


def _list(user: User, view: View, request: HttpRequest) -> dict[str, object]:
    numbers = views_of_cases.counts(user)
    after = request.GET.get("after", "")
    page = views_of_cases.page(views_of_cases.listed(user, view), after)
    return {
        "view": view, "groups": views_of_cases.rail(numbers), "cases": page[:PAGE], "more": len(page) > PAGE,
        "total": numbers[view.key], "now": timezone.now(),
    }  # fmt: skip


def shown(user: User, opened: Case) -> dict[str, object]:
    """Everything the middle and the right of the desk need for one case."""
    last = Interaction.objects.filter(
        conversation=opened.conversation_id, direction="in", author=opened.identity.address
    ).order_by("-id")[:1]
    response = opened.responses.select_related("author").order_by("-id").first()
    seen = _seen(opened, last[0].pk)
    wait = Wait.objects.filter(
        conversation=opened.conversation_id, identity=opened.identity_id, state="open", form=opened.form
    ).first()
    channel = opened.conversation.channel
    can = registry.kind(channel.kind).capabilities(channels.account(channel), timezone.now())
    return {
        "case": opened, "entries": conversation.entries(opened), "spine": spine(seen) if seen else [],
        "reading": seen.reading if seen else None, "intents": INTENTS, "response": response, "wait": wait,
        "at_work": response if response and response.state in ("draft", "written", "approval") else None,
        "seen": last[0].pk, "can": can, "stamp": _stamp(opened, response), "States": Response.State,
        "mine_to_approve": response is not None and response.author_id != user.pk, "now": timezone.now(),
        "needs_approval": bool(seen and seen.facts.get("approval")), "template": seen and seen.facts.get("template"),
    }  # fmt: skip


def _seen(opened: Case, interaction_id: int) -> Seen | None:
    judgement = decisions.latest([interaction_id]).get(interaction_id)
    if judgement is None:
        return None
    load([judgement.map_id])
    interaction = decisions.interaction(interaction_id)
    return Seen(opened, interaction, readings.current([interaction_id]).get(interaction_id), judgement)


def _stamp(opened: Case, response: Response | None) -> str:
    state = f"{response.pk}{response.state}" if response else ""
    return f"{opened.changed_at.timestamp():.6f}-{opened.assignee_id}-{opened.notes.count()}-{state}"
