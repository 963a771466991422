"""What people do about a case: judge its intent, write, approve, send back. Permission, change, log together."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from armature.arm.intent import Reading
from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import Role, User
from armature.crm.act import cases, queries
from armature.crm.act.models import Approval, Case, Response
from armature.crm.act.work import DRAFTING, WRITING, Refused, allowed, at_work
from armature.crm.decide import waits
from armature.crm.decide.models import Wait
from armature.crm.decide.queries import Item
from armature.crm.understand import commands as understand
from armature.crm.understand import queries as readings


def judge_intent(user: User, case: Case, *, intent: str, issue_type: str = "") -> None:
    """Confirm or correct why they wrote; the process goes on with a person's word for it.

    The word holds for all that waits in the case: two messages of one person can wait at two places.
    """
    allowed(user, case, Role.DRAFT_ONLY)
    with at_work(case) as (wait, _):
        if wait.form != "intent" and wait.form not in WRITING:
            raise Refused("The intent can be corrected until a response is written.")
        for one in queries.unwritten(case):  # one or two
            _correct(user, case, one.items, intent, issue_type)
            after = queries.intent_element(one.map_id) if one.form != "intent" else None
            waits.answer(one.id, {"intent": intent, "judged_by_person": True}, user=user, after=after)
        audit.log(user, "judged the intent", f"case {case.pk}", {"intent": intent, "issue_type": issue_type})


def _correct(user: User, case: Case, items: Sequence[Item], intent: str, issue_type: str) -> None:
    before = readings.current(item.interaction.id for item in items)
    for item in items:
        said, was = item.interaction, before[item.interaction.id]
        read = Reading(
            intent, issue_type or was.issue_type, was.sentiment, was.language, 1.0, was.evidence, user.name, True
        )
        understand.correct(understand.Read(said.id, case.identity_id, said.occurred_at, read), user)


def save_draft(user: User, case: Case, *, text: str) -> Response:
    """Keep what is being written, on the server."""
    allowed(user, case, Role.DRAFT_ONLY)
    with at_work(case) as (wait, items):
        if wait.form not in DRAFTING:
            raise Refused(f"Nothing can be drafted here now: {queries.words_for(wait.form)}.")
        return _put(user, case, wait, items, text, Response.State.DRAFT)


def write(user: User, case: Case, *, text: str, seen: int) -> Response:
    """Finish a response: it goes to approval or leaves, as the map says.

    ``seen`` is the last interaction its writer had before them; refused when the customer wrote meanwhile
    (then the text is kept as a draft).
    """
    held = allowed(user, case, Role.DRAFT_ONLY)
    if not text.strip():
        raise Refused("The response is empty. Write a few words, or close the case without an answer.")
    with at_work(case) as (wait, items):
        if stale := queries.last_said(case) != seen:
            if wait.form in DRAFTING:
                _put(user, case, wait, items, text, Response.State.DRAFT)
        elif wait.form not in WRITING:
            raise Refused(f"Nobody waits for a response here: {queries.words_for(wait.form)}.")
        else:
            response = _put(user, case, wait, items, text, Response.State.WRITTEN)
            _hand_in(user, case, response, wait, approval=held == Role.DRAFT_ONLY)
    if stale:  # said only now, or the draft would go with it
        raise Refused("They wrote again while you were writing. Read it, then send. Your text is kept.")
    return response


def _hand_in(user: User, case: Case, response: Response, wait: Wait, *, approval: bool) -> None:
    given: dict[str, Any] = {"answer": "written", "written_at": wait.element, "decision": "answer"}
    waits.answer(wait.pk, given | ({"approval": True} if approval else {}), user=user)
    Case.objects.filter(pk=case.pk, assignee=None).update(assignee=user)
    audit.log(user, "wrote a response", f"case {case.pk}", {"response": response.pk, "digest": response.digest})


def approve(user: User, response: Response, *, digest: str) -> None:
    """Release exactly the words whose digest the approver had before them."""
    with at_work(response.case) as (wait, _):
        locked = _to_decide(user, response, wait)
        if locked.digest != digest:
            raise Refused("The text was changed after you opened it. Read it again, then decide.")
        Approval.objects.create(response=locked, user=user, approved=True, digest=digest)
        waits.answer(wait.pk, {"approved": True}, user=user)
        audit.log(user, "approved", f"case {response.case_id}", {"response": response.pk, "digest": digest})


def send_back(user: User, response: Response, *, reason: str) -> None:
    """Give a response back to whoever wrote it, with a reason."""
    if not reason.strip():
        raise Refused("Say in a few words what should change, so that the writer knows.")
    with at_work(response.case) as (wait, _):
        locked = _to_decide(user, response, wait)
        Approval.objects.create(response=locked, user=user, approved=False, reason=reason, digest=locked.digest)
        Response.objects.filter(pk=response.pk).update(why=f"{user.name}: {reason}"[:300])
        waits.answer(wait.pk, {"approved": False}, user=user)
        audit.log(user, "sent back", f"case {response.case_id}", {"response": response.pk, "reason": reason})


def settle_unknown(user: User, case: Case, *, delivery: str) -> None:
    """A person looked: it is there (``sent``), or it is not and goes back to its writer (``failed``)."""
    allowed(user, case, Role.AGENT)
    with at_work(case) as (wait, _):
        if wait.form != "delivery" or delivery not in ("sent", "failed"):
            raise Refused("Nobody asked whether a response of this case went out.")
        cases.settle_by_person(case, delivery)
        waits.answer(wait.pk, {"delivery": delivery}, user=user)
        audit.log(user, "decided an unknown outcome", f"case {case.pk}", {"delivery": delivery})


def _to_decide(user: User, response: Response, wait: Wait) -> Response:
    """The response as it stands now, when it waits for this user's word."""
    allowed(user, response.case, Role.LEAD)
    locked = Response.objects.select_for_update().get(pk=response.pk)
    if locked.author_id == user.pk:
        raise NotAllowed("Somebody else must approve what you wrote.")
    if wait.form != "approval" or locked.state != Response.State.APPROVAL:
        raise Refused(f"This is no longer waiting for approval{_who_decided(locked)}.")
    return locked


def _who_decided(response: Response) -> str:
    last = response.approvals.select_related("user").order_by("-id").first()
    if last is None:
        return ""
    did = "approved it" if last.approved else "sent it back"
    return f": {last.user.name} {did} at {timezone.localtime(last.at):%H:%M}"


def _put(user: User, case: Case, wait: Wait, items: Sequence[Any], text: str, state: str) -> Response:
    subject, recipients = queries.where_to(case)
    fields: Mapping[str, Any] = {
        "author": user, "text": text, "subject": subject, "recipients": recipients, "element": wait.element,
        "state": state, "digest": digest_of(subject, recipients, text), "judgement_id": items[-1].judgement_id,
        "public": bool(case.conversation.channel.settings.get("public")),
    }  # fmt: skip
    response, _ = Response.objects.update_or_create(
        case=case, state__in=["draft", "written", "approval"], defaults=dict(fields), create_defaults=dict(fields)
    )
    return response


def digest_of(subject: str, recipients: Sequence[str], text: str) -> str:
    """What an approval holds for: any change of words, subject or recipients makes another digest."""
    return hashlib.sha256(json.dumps([subject, list(recipients), text]).encode()).hexdigest()
