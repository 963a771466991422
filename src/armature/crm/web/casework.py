"""What people do with a case beside answering it: take, give, put aside, mark, end, join. Each is one command."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from armature.crm import live
from armature.crm.accounts.models import Team, User
from armature.crm.act import assigning, endings, incident_sight, incidents, joining, marking, notes, queries, samples
from armature.crm.act.models import Case, CaseLink
from armature.crm.act.work import Refused
from armature.crm.web import snooze_times
from armature.crm.web.actions import CANNOT, doing, words
from armature.crm.web.desk import case_or_404
from armature.crm.web.desk_parts import user_of
from armature.crm.web.views_of_cases import VIEWS


def number_in(request: HttpRequest, name: str) -> int | None:
    """A number that a form gave; None when it gave none."""
    given = request.POST.get(name, "").strip().lstrip("#")
    return int(given) if given.isdecimal() and len(given) < 16 else None


@doing
def assign(request: HttpRequest, case: Case) -> str:
    """Give the case to a colleague."""
    to = User.objects.filter(pk=number_in(request, "to") or 0).first()
    if to is None:
        raise Refused(_("Choose a colleague of the list."))
    assigning.assign(user_of(request), case, to=to, seen=number_in(request, "seen"))
    return _("%(name)s has the case now.") % {"name": to.name}


@doing
def put_back(request: HttpRequest, case: Case) -> str:
    """Nobody has it any more."""
    assigning.put_back(user_of(request), case)
    return _("The case is nobody's now. It stands in Unassigned.")


@doing
def hand_over(request: HttpRequest, case: Case) -> str:
    """Another team goes on with it."""
    team = Team.objects.filter(key=words(request, "team")).first()
    if team is None:
        raise Refused(_("Choose a team of the list."))
    assigning.hand_over(user_of(request), case, team=team, note=words(request))
    return _("%(team)s goes on with it.") % {"team": team.name}


@doing
def snooze(request: HttpRequest, case: Case) -> str:
    """Put it aside for a while."""
    until = snooze_times.chosen(request.POST.get("until", ""), request.POST.get("at", ""))
    if until is None:
        raise Refused(_("Choose until when."))
    back = marking.snooze(user_of(request), case, until=until)
    return _("It comes back %(when)s, or as soon as they write.") % {"when": snooze_times.words(back)}


@doing
def wake(request: HttpRequest, case: Case) -> str:
    """Take it up before its time."""
    marking.wake(user_of(request), case)
    return _("The case is back.")


@doing
def prioritise(request: HttpRequest, case: Case) -> str:
    """Say how urgent it is."""
    marking.set_priority(user_of(request), case, priority=number_in(request, "priority") or 0)
    return _("Priority kept.")


@doing
def tag(request: HttpRequest, case: Case) -> str:
    """Put a tag on it."""
    return _("Tagged: %(tag)s.") % {"tag": marking.tag(user_of(request), case, name=words(request, "tag")).name}


@doing
def untag(request: HttpRequest, case: Case) -> str:
    """Take one off."""
    marking.untag(user_of(request), case, tag=number_in(request, "tag") or 0)
    return _("Tag taken off.")


@doing
def follow(request: HttpRequest, case: Case) -> str:
    """Hear of what happens in it, or no longer."""
    if request.POST.get("follow") == "no":
        marking.unfollow(user_of(request), case)
        return _("You hear of this case no longer.")
    marking.follow(user_of(request), case)
    return _("You hear of what happens in this case.")


@doing
def seen_to(request: HttpRequest, case: Case) -> str:
    """A mention is seen to."""
    notes.seen_to(user_of(request), case)
    return _("It is out of your mentions.")


@doing
def end(request: HttpRequest, case: Case) -> str:
    """End it, with what its team asks for."""
    fields = {key[6:]: words(request, key) for key in request.POST if key.startswith("field-")}
    how = words(request, "how")
    endings.end(user_of(request), case, how=how, reason=words(request, "reason"), fields=fields)
    return _("The case has ended. If they write again, it opens by itself.")


@doing
def reopen(request: HttpRequest, case: Case) -> str:
    """Take it up again."""
    endings.reopen(user_of(request), case)
    return _("The case is open again.")


@doing
def check(request: HttpRequest, case: Case) -> str:
    """Say whether the machine was right."""
    right = request.POST.get("right") == "yes"
    samples.check(user_of(request), case, right=right)
    return _("Noted: it was right.") if right else _("Noted: it was wrong. The case waits for an answer.")


@doing
def incident(request: HttpRequest, case: Case) -> str:
    """It is part of an incident that is open."""
    user = user_of(request)
    found = incident_sight.open_for(user).filter(pk=number_in(request, "incident") or 0).first()
    if found is None:
        raise Refused(_("Choose an open incident of the list."))
    incidents.join(user, case, found)
    return _("Part of the incident: %(title)s.") % {"title": found.title}


@doing
def split(request: HttpRequest, case: Case) -> str:
    """Some of its messages become a case of their own."""
    said = [int(one) for one in request.POST.getlist("said") if one.isdecimal() and len(one) < 16]
    new = joining.split(user_of(request), case, said=said)
    return _("Split off as case %(number)s.") % {"number": new.pk}


@require_POST
def merge(request: HttpRequest, number: int) -> HttpResponse:
    """It goes into another case, which is shown then."""
    user, view = user_of(request), _view(request)
    case, into = case_or_404(user, number), _other(user, number_in(request, "into"))
    try:
        if into is None:
            raise Refused(_("There is no such case, or it is not yours to see."))
        joining.merge(user, case, into=into)
    except CANNOT as refused:
        messages.error(request, str(refused))
        return redirect("case", view=view, number=number)
    live.tell([number, into.pk])
    messages.success(request, _("Case %(number)s is part of this one now.") % {"number": number})
    return redirect("case", view=view, number=into.pk)


def _view(request: HttpRequest) -> str:
    """The list it was done from; nonsense is the one of all that are open."""
    return VIEWS.get(request.POST.get("view", ""), VIEWS["open"]).key


def _other(user: User, number: int | None) -> Case | None:
    return queries.cases_for(user).filter(pk=number).first() if number else None


@require_POST
def undo_merge(request: HttpRequest, number: int) -> HttpResponse:
    """A merge was a mistake."""
    user, view = user_of(request), _view(request)
    link = get_object_or_404(CaseLink.objects.select_related("earlier", "later"), pk=number)
    try:
        link.later, link.earlier = (queries.case_for(user, one) for one in (link.later_id, link.earlier_id))
    except Case.DoesNotExist:
        raise Http404 from None
    try:
        joining.undo(user, link)
    except CANNOT as refused:
        messages.error(request, str(refused))
        return redirect("case", view=view, number=link.later_id)
    live.tell([link.earlier_id, link.later_id])
    messages.success(request, _("The merge is undone: this case stands on its own again."))
    return redirect("case", view=view, number=link.earlier_id)
