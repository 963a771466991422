"""Words leave when two people stand behind exactly these words, and one of them may release (see decision 0003)."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import Role, User
from armature.crm.act import incident_sight, queries
from armature.crm.act.digest import digest_of
from armature.crm.act.drafts import Terms
from armature.crm.act.models import Approval, Response
from armature.crm.act.responses import complete, fits, keep_wording
from armature.crm.act.work import Refused, allowed, at_work
from armature.crm.decide import waits
from armature.crm.decide.models import Wait

HOLDS = timedelta(hours=24)
"""An approval holds so long, counted from the time it was to leave when that is later."""
WAITS = timedelta(hours=72)
"""A response that nobody decided about goes back to its writer after so long."""
LAPSED = gettext_noop("Nobody approved it within 72 hours. Look whether it is still right.")


def approve(user: User, response: Response, *, digest: str) -> None:
    """Release exactly the words whose digest the approver had before them."""
    with at_work(response.case, "approval") as (wait, _items):
        locked = _to_decide(user, response, wait, digest)
        if not may_release(user, locked):
            raise NotAllowed(_("Somebody else must approve what you wrote."))
        _release(user, locked, wait)


def change(user: User, response: Response, *, digest: str, text: str, private_text: str = "") -> bool:
    """Other words, before they are released: whoever changed them is their author now.

    Where only the role of the first writer asked for approval they leave at once; where a rule did, somebody else
    releases them, and that may be the first writer. Whether they leave.
    """
    if not text.strip():
        raise Refused(_("The response is empty. Write a few words, or send it back."))
    with at_work(response.case, "approval") as (wait, items):
        locked = _to_decide(user, response, wait, digest)
        allowed(user, response.case, Role.LEAD)
        locked.case = response.case
        locked.text, locked.private_text = text, private_text
        if digest_of(locked) == locked.digest:
            raise Refused(_("Nothing was changed. Approve it as it stands."))
        complete(text, Terms(locked.audience, private_text))
        fits(locked, items)
        locked.author, locked.sender, locked.version = user, user.name, locked.version + 1
        keep_wording(locked)
        values = {"response": locked.pk, "digest": locked.digest}
        audit.log(user, "changed before approving", f"case {response.case_id}", values)
        leaves = may_release(user, locked)
        if leaves:
            _release(user, locked, wait)
    return leaves


def _release(user: User, response: Response, wait: Wait) -> None:
    Approval.objects.create(
        response=response, user=user, approved=True, digest=response.digest, holds_until=_until(response)
    )
    waits.answer(wait.pk, {"approved": True}, user=user)
    values = {"response": response.pk, "digest": response.digest}
    audit.log(user, "approved", f"case {response.case_id}", values)


def _until(response: Response) -> datetime:
    return max(timezone.now(), response.send_at or timezone.now()) + HOLDS


def send_back(user: User, response: Response, *, reason: str) -> None:
    """Give a response back to whoever wrote it, with a reason."""
    if not reason.strip():
        raise Refused(_("Say in a few words what should change, so that the writer knows."))
    with at_work(response.case, "approval") as (wait, _items):
        locked = _to_decide(user, response, wait, response.digest)
        if not may_release(user, locked):
            raise NotAllowed(_("Somebody else must decide about what you wrote. You can take it back."))
        Approval.objects.create(response=locked, user=user, approved=False, reason=reason, digest=locked.digest)
        Response.objects.filter(pk=response.pk).update(why=f"{user.name}: {reason}"[:300])
        waits.answer(wait.pk, {"approved": False}, user=user)
        audit.log(user, "sent back", f"case {response.case_id}", {"response": response.pk, "reason": reason})


def may_release(user: User, response: Response) -> bool:
    """Whether this user's word is what these words still need."""
    if incident := incident_sight.of_response(response):
        return incident_sight.may_release(user, response.author_id, incident)
    leads = queries.may(user, response.case, Role.LEAD)
    if response.author_id == user.pk:
        return leads and response.asked_by == "role"
    return leads or _agrees(user, response)


def _agrees(user: User, response: Response) -> bool:
    """They wrote an earlier wording, and somebody who may release wrote this one."""
    wrote = response.wordings.filter(author=user).exists()
    return wrote and queries.may(response.author, response.case, Role.LEAD)


def holds(response: Response) -> bool:
    """Whether somebody released exactly this, may still do so, and not too long ago."""
    given = response.approvals.filter(approved=True, digest=response.digest, holds_until__gt=timezone.now())
    return any(may_release(one.user, response) for one in given.select_related("user"))


def expire() -> int:
    """Responses that nobody decided about in time go back to their writers."""
    late = Response.objects.filter(state=Response.State.APPROVAL, written_at__lt=timezone.now() - WAITS)
    return sum(_lapse(response) for response in late.select_related("case__conversation")[:100])


def _lapse(response: Response) -> bool:
    try:
        with at_work(response.case, "approval") as (wait, _items):
            if wait.form != "approval":
                return False
            Response.objects.filter(pk=response.pk, state=Response.State.APPROVAL).update(why=LAPSED)
            waits.answer(wait.pk, {"approved": False})
            audit.log("the process", "let lapse", f"case {response.case_id}", {"response": response.pk})
    except (Refused, waits.AlreadyAnswered):  # decided in this very moment
        return False
    return True


def _to_decide(user: User, response: Response, wait: Wait, digest: str) -> Response:
    """The response as it stands now, when it waits for a word and is what this user had before them."""
    allowed(user, response.case, Role.DRAFT_ONLY)
    locked = Response.objects.select_for_update().get(pk=response.pk)
    locked.case = response.case
    if locked.author_id != user.pk and not may_release(user, locked):
        allowed(user, response.case, Role.LEAD)
    if wait.form != "approval" or locked.state != Response.State.APPROVAL:
        raise Refused(_who_decided(locked))
    if not locked.digest == digest == digest_of(locked):
        raise Refused(_("The text was changed after you opened it. Read it again, then decide."))
    return locked


def _who_decided(response: Response) -> str:
    last = response.approvals.select_related("user").order_by("-id").first()
    if last is None:
        return _("This is no longer waiting for approval.")
    words = _("This is no longer waiting for approval: {who} sent it back at {at}.")
    if last.approved:
        words = _("This is no longer waiting for approval: {who} approved it at {at}.")
    return words.format(who=last.user.name, at=f"{timezone.localtime(last.at):%H:%M}")
