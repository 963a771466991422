"""People and companies: a list to search, a page for each, with one timeline over all channels."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import User
from armature.crm.act import persons, same_person, timeline
from armature.crm.identify.models import Fact, Identity, Purchase
from armature.crm.identify.queries import forbidden_topics
from armature.crm.learn.came import came_of
from armature.crm.web.desk_parts import user_of
from armature.crm.web.given import words
from armature.crm.web.local_time import in_company_time

MOST = 50
Page = Callable[..., HttpResponse]


def _or_404(page: Page) -> Page:
    """What they may not see is not there; what cannot be done is said on the page."""

    @wraps(page)
    def handle(request: HttpRequest, /, **named: Any) -> HttpResponse:
        try:
            return page(request, user_of(request), **named)
        except (ObjectDoesNotExist, timeline.NoSuchPlace):
            raise Http404 from None

    return in_company_time(handle)


@require_safe
@_or_404
def people(request: HttpRequest, user: User) -> HttpResponse:
    """All whom the user may know, or those whose name or address begins like the words."""
    asked, before = request.GET.get("q", "")[:200], request.GET.get("before", "")
    found = persons.search(user, asked, int(before) if before.isdecimal() and len(before) < 19 else None)
    listed: dict[object, list[Identity]] = {}
    for one in found[: persons.PAGE]:
        listed.setdefault(("person", one.person_id) if one.person_id else one.pk, []).append(one)
    more = found[persons.PAGE - 1].pk if len(found) > persons.PAGE else 0
    return render(
        request, "web/persons/people.html", {"at": "people", "q": asked, "listed": listed.values(), "more": more}
    )


@require_safe
@_or_404
def person(request: HttpRequest, user: User, number: int) -> HttpResponse:
    """One person; whoever was joined into another one leads there."""
    if (kept := same_person.now_part_of(number)) is not None:
        return redirect("person", number=persons.person_for(user, kept).pk)
    found = persons.person_for(user, number)
    identities = list(Identity.objects.filter(person=found).select_related("person").order_by("pk")[:MOST])
    return render(
        request,
        "web/persons/person.html",
        {"person": found, "merges": same_person.merges_of(found), **_about(request, user, identities)},
    )


@require_safe
@_or_404
def identity(request: HttpRequest, user: User, number: int) -> HttpResponse:
    """Somebody nobody has answered yet: an address, and what it said."""
    found = persons.identity_for(user, number)
    if found.person_id:
        return redirect("person", number=found.person_id)
    return render(request, "web/persons/person.html", {"person": None, **_about(request, user, [found])})


def _about(request: HttpRequest, user: User, identities: Sequence[Identity]) -> dict[str, Any]:
    numbers = [one.pk for one in identities]
    events, later = timeline.page(user, identities, request.GET.get("after", ""))
    came = came_of(user, [one.number for one in events if one.kind == "out"])
    cases = list(persons.cases_of(user, numbers)[: MOST + 1])
    forbidden = forbidden_topics(numbers)
    return {
        "at": "people", "identities": [(one, forbidden.get(one.pk, ())) for one in identities], "first": identities[0],
        "events": [(one, came.get(one.number, ()) if one.kind == "out" else ()) for one in events], "later": later,
        "facts": Fact.objects.filter(identity__in=numbers, current=True).order_by("-verified", "kind")[:100],
        "purchases": Purchase.objects.filter(identity__in=numbers).order_by("-at", "-pk")[:MOST],
        "cases": cases[:MOST], "more_cases": len(cases) > MOST, "may": persons.may_change(user, numbers),
        "first_page": "after" not in request.GET,
    }  # fmt: skip


@require_safe
@_or_404
def company(request: HttpRequest, user: User, number: int) -> HttpResponse:
    """One company: its people, their open cases."""
    found = persons.company_for(user, number)
    identities = list(persons.people_of(user, found)[:200])
    people = {one.person_id: one.person for one in identities}
    numbers = [one.pk for one in identities]
    context = {
        "at": "people", "company": found, "people": people.values(), "may": persons.may_change(user, numbers),
        "cases": persons.cases_of(user, numbers)[:MOST],
    }  # fmt: skip
    return render(request, "web/persons/company.html", context)


def _deed(act: Callable[[HttpRequest, User, int], tuple[str, str, int]]) -> Page:
    """Do it, say so, show the page again."""

    @require_POST
    @wraps(act)
    def handle(request: HttpRequest, number: int) -> HttpResponse:
        try:
            done, page, shown = act(request, user_of(request), number)
            messages.success(request, done)
        except ObjectDoesNotExist:
            raise Http404 from None
        except (NotAllowed, Refused) as refused:
            messages.error(request, str(refused))
            page, shown = request.resolver_match.url_name.split("-")[-1], number  # type: ignore[union-attr]
        return redirect(page, number=shown)

    return handle


@_deed
def note(request: HttpRequest, user: User, number: int) -> tuple[str, str, int]:
    """A note about a person."""
    text = words(request, "text", 20_000)
    persons.note(user, persons.person_for(user, number), text)
    return _("Note kept. Only colleagues see it."), "person", number


@_deed
def keep(request: HttpRequest, user: User, number: int) -> tuple[str, str, int]:
    """Name and company of a person."""
    found = persons.person_for(user, number)
    persons.change(user, found, name=words(request, "name"), company=words(request, "company"))
    return _("Kept."), "person", number


@_deed
def know(request: HttpRequest, user: User, number: int) -> tuple[str, str, int]:
    """Keep an address as a person."""
    return _("Kept as a person."), "person", persons.know(user, persons.identity_for(user, number)).pk


@_deed
def keep_company(request: HttpRequest, user: User, number: int) -> tuple[str, str, int]:
    """Name and website of a company."""
    found = persons.company_for(user, number)
    persons.change_company(user, found, name=words(request, "name"), website=words(request, "website"))
    return _("Kept."), "company", number
