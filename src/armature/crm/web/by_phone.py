"""A phone rings: its system opens the page of whoever calls, by their number alone."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from armature.crm.accounts.access import NotAllowed, rights_of
from armature.crm.accounts.models import Role
from armature.crm.act import by_phone
from armature.crm.channels.numbers import NoNumber
from armature.crm.identify.models import Identity, Person
from armature.crm.web.desk_parts import user_of
from armature.crm.web.given import words


@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest, number: str) -> HttpResponse:
    """The page of somebody; one to add them on where nobody is known whom the user may know."""
    user = user_of(request)
    try:
        if request.method == "POST":
            return _added(request, number)
        known = by_phone.known_for(user, number)
    except Identity.DoesNotExist:
        shown = {"at": "people", "number": number, "may": rights_of(user).anywhere(Role.AGENT)}
        return render(request, "web/persons/nobody.html", shown, status=404)
    except NoNumber:
        return render(request, "web/persons/nobody.html", {"at": "people", "number": number, "odd": True}, status=404)
    if known.person_id:
        return redirect("person", number=known.person_id)
    return redirect("identity", number=known.pk)


def _added(request: HttpRequest, number: str) -> HttpResponse:
    try:
        person: Person = by_phone.add(user_of(request), number, words(request, "name", 200))
    except NotAllowed:
        raise Http404 from None
    messages.success(request, _("Kept as a person."))
    return redirect("person", number=person.pk)
