"""Views that people saved: their place in the rail, keeping one, removing one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import Team
from armature.crm.act import saved
from armature.crm.act.filters import Filters, read
from armature.crm.act.models import SavedView
from armature.crm.act.work import Refused
from armature.crm.web import filters
from armature.crm.web.desk_parts import user_of, view_or_404
from armature.crm.web.given import words
from armature.crm.web.views_of_cases import VIEWS, View


@dataclass(frozen=True, slots=True)
class Entry:
    """One saved view in the rail; ``team`` says whose it is, empty for one's own."""

    kept: SavedView
    address: str
    count: int | str | None
    current: bool

    @property
    def team(self) -> str:
        """The team that shares it."""
        return self.kept.team.name if self.kept.team else ""


def rail(kept: Sequence[SavedView], numbers: Mapping[str, int | str], view: View, chosen: Filters) -> list[Entry]:
    """The saved views with their counts."""
    return [
        Entry(one, _address(one), numbers.get(f"saved_{one.pk}"), one.view == view.key and one.filters == chosen.values)
        for one in kept
        if one.view in VIEWS
    ]


def _address(view: SavedView) -> str:
    return f"{reverse('cases', args=[view.view])}?{filters.query(read(view.filters))}"


@require_POST
def keep(request: HttpRequest, view: str) -> HttpResponse:
    """Keep what is shown under a name."""
    chosen, team = read(request.POST.dict()), Team.objects.filter(key=words(request, "share")).first()
    try:
        saved.keep(user_of(request), name=words(request, "name"), view=view_or_404(view).key, filters=chosen, team=team)
        messages.success(request, _("Saved. It stands at the left."))
    except (Refused, NotAllowed) as problem:
        messages.error(request, str(problem))
    return redirect(f"{reverse('cases', args=[view])}?{filters.query(chosen)}")


@require_POST
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """A saved view goes."""
    user = user_of(request)
    found = saved.views_for(user).filter(pk=number).first()
    if found is None:
        raise Http404
    try:
        saved.remove(user, found)
        messages.success(request, _("The view is removed. The cases in it are untouched."))
    except NotAllowed as problem:
        messages.error(request, str(problem))
    return redirect("cases", view=found.view if found.view in VIEWS else "open")
