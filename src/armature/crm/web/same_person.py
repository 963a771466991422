"""Are these two one person? Both side by side, then one click; and what was joined can be parted again."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import User
from armature.crm.act import persons, same_person
from armature.crm.identify.models import Fact, Identity, Merge, Person
from armature.crm.web.desk_parts import user_of
from armature.crm.web.given import number as number_in
from armature.crm.web.local_time import in_company_time

MOST = 10


@require_safe
@in_company_time
def shown(request: HttpRequest, number: int) -> HttpResponse:
    """Look for the other one; when chosen, both side by side."""
    user, asked = user_of(request), request.GET.get("q", "")[:200]
    person, other = _person(user, number), _other(user, request.GET.get("with", ""))
    found = [one for one in persons.search(user, asked) if one.person_id not in (None, number)] if asked.strip() else []
    listed = {one.person_id: one for one in reversed(found)}
    sides = [_side(user, one) for one in (person, other) if one]
    context = {"at": "people", "person": person, "other": other, "sides": sides, "q": asked,
               "found": list(reversed(listed.values()))[:MOST]}  # fmt: skip
    return render(request, "web/persons/same.html", context)


def _side(user: User, person: Person) -> dict[str, Any]:
    identities = list(Identity.objects.filter(person=person).order_by("pk")[:MOST])
    numbers = [one.pk for one in identities]
    return {
        "person": person, "identities": identities, "cases": persons.cases_of(user, numbers)[:MOST],
        "facts": Fact.objects.filter(identity__in=numbers, current=True).order_by("-verified", "kind")[:MOST],
    }  # fmt: skip


def _person(user: User, number: int) -> Person:
    try:
        return persons.person_for(user, number)
    except ObjectDoesNotExist:
        raise Http404 from None


def _other(user: User, given: str) -> Person | None:
    return _person(user, int(given)) if given.isdecimal() and len(given) < 16 else None


@require_POST
def join(request: HttpRequest, number: int) -> HttpResponse:
    """They are one."""
    user = user_of(request)
    kept, gone = _person(user, number), _person(user, number_in(request, "with") or 0)
    try:
        same_person.join(user, kept, gone)
        messages.success(request, _("They are one person now. For 30 days this can be undone here."))
    except (NotAllowed, Refused) as refused:
        messages.error(request, str(refused))
    return redirect("person", number=number)


@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """They are two after all."""
    user, merge = user_of(request), Merge.objects.select_related("kept", "gone").filter(pk=number).first()
    if merge is None:
        raise Http404
    person = _person(user, merge.kept_id)
    try:
        other = same_person.undo(user, merge)
        messages.success(request, _("They are two persons again."))
        return redirect("person", number=other.pk)
    except (NotAllowed, Refused) as refused:
        messages.error(request, str(refused))
    return redirect("person", number=person.pk)


@require_POST
def split(request: HttpRequest, number: int) -> HttpResponse:
    """One address is somebody else's."""
    user, person = user_of(request), _person(user_of(request), number)
    identity = Identity.objects.filter(pk=number_in(request, "identity") or 0, person=person).first()
    if identity is None:
        raise Http404
    try:
        other = same_person.split(user, person, identity)
        messages.success(request, _("This address is a person of its own now."))
        return redirect("person", number=other.pk)
    except (NotAllowed, Refused) as refused:
        messages.error(request, str(refused))
    return redirect("person", number=number)
