"""A person ends a case, or takes it up again. What waits is answered by it: nothing stays open behind it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.models import Role, User
from armature.crm.act import case_fields, cases, notices, queries
from armature.crm.act.models import ENDED, Case, Response
from armature.crm.act.work import Refused, allowed, held
from armature.crm.decide import by_hand
from armature.crm.decide import queries as decisions
from armature.crm.decide.queries import OpenWait

WITH_REASON = ("no_response",)
"""Not answering is a decision, and a decision has a reason."""
ON_ITS_WAY = {"send", "delivery"}


def end(user: User, case: Case, *, how: str, reason: str = "", fields: Mapping[str, str] | None = None) -> None:
    """End a case as resolved, closed, spam or no response needed, with the fields that its team asks for."""
    allowed(user, case, Role.AGENT)
    if how not in ENDED:
        raise Refused(_("Choose how the case ends."))
    if how in WITH_REASON and not reason.strip():
        raise Refused(_("Say in a few words why nobody answers."))
    with held(case) as now_it_is:
        if now_it_is.merged_into_id:
            raise Refused(_("This case was merged into another one. End that one."))
        values = case_fields.filled(now_it_is, how, fields or {})
        end_held(user, [now_it_is], how=how, reason=reason.strip()[:300])
        Case.objects.filter(pk=case.pk).update(fields=values)
        audit.log(user, "ended", f"case {case.pk}", {"how": how, "reason": reason, "fields": values})
        notices.tell_followers(case, user, "ended")


def end_held(user: User, chosen: Sequence[Case], *, how: str, reason: str) -> None:
    """End cases of conversations that this transaction holds; refused when one of them cannot end now."""
    found = work_of(chosen)
    if problem := next((words for case in chosen if (words := cannot_end(found[case.pk]))), ""):
        raise Refused(problem)
    now = timezone.now()
    Response.objects.filter(case__in=chosen, state__in=["draft", "written", "approval"]).update(
        state=Response.State.VOID, why=_("The case was ended.")
    )
    by_hand.end([wait for waits in found.values() for wait in waits], outcome=how, reason=reason, user=user, now=now)
    cases.project(
        cases.Touched(case.conversation_id, case.identity_id, case.last_in_at, how, "", reason=reason)
        for case in chosen
        if not case.settled
    )
    again = [case.pk for case in chosen if case.ended_at]
    Case.objects.filter(pk__in=again).update(status=how, reason=reason, changed_at=now)


def work_of(chosen: Sequence[Case]) -> dict[int, list[OpenWait]]:
    """What is open or just being answered in each of these cases."""
    found = decisions.open_waits([case.conversation_id for case in chosen])
    return {
        case.pk: [w for w in found if not case.settled and w.whose == (case.conversation_id, case.identity_id)]
        for case in chosen
    }


def cannot_end(waits: Sequence[OpenWait]) -> str:
    """Why work cannot be ended by hand at this moment; empty when it can."""
    if any(wait.form == "send" for wait in waits):
        return _("A response is on its way out. Take it back, or wait until it has left.")
    if any(wait.form == "delivery" for wait in waits):
        return _("Nobody knows yet whether a response went out. Say first what you found.")
    if any(wait.state == "answered" for wait in waits):
        return _("The case is moving on at this moment. Look again.")
    return ""


def reopen(user: User, case: Case) -> None:
    """Take a case up again that has ended: it waits for a response."""
    allowed(user, case, Role.DRAFT_ONLY)
    with held(case) as now_it_is:
        if now_it_is.ended_at is None:
            raise Refused(_("This case is open already."))
        if now_it_is.merged_into_id:
            words = _("This case was merged. Go on in case %(number)s, or undo the merge there.")
            raise Refused(words % {"number": now_it_is.merged_into_id})
        if now_it_is.settled and _succeeded(now_it_is):
            raise Refused(_("They have a newer case in this conversation. Go on there."))
        Case.objects.filter(pk=case.pk).update(settled=False)
        take_up(now_it_is)
        audit.log(user, "reopened", f"case {case.pk}", {"was": now_it_is.status})


def take_up(case: Case) -> None:
    """The last words of a case, or what we started last in it, wait for a response again."""
    said = queries.last_words([case.pk]).get(case.pk)
    number = said.interaction_id if said else queries.last_started(case)
    if number is None:
        raise Refused(_("Nobody said anything in this case."))
    now = timezone.now()
    team = case.team or "triage"
    if not by_hand.take_up([number], team=team, now=now):
        raise Refused(_("The map of this case has no step in which somebody answers: nothing can be taken up."))
    cases.project([cases.Touched(case.conversation_id, case.identity_id, case.last_in_at, "", team)])


def _succeeded(case: Case) -> bool:
    same: dict[str, Any] = {"conversation": case.conversation_id, "identity": case.identity_id}
    return Case.objects.filter(**same, settled=False).exists()
