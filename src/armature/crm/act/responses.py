"""A response is handed in, taken back while that is certain, or sent sooner than was said."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import Role, User
from armature.crm.act import amended, caps, drafts, queries, rating_links
from armature.crm.act.digest import digest_of
from armature.crm.act.drafts import AS_SUGGESTED, WHATEVER, Base, Terms
from armature.crm.act.models import Audience, Case, Delivery, Response, Wording
from armature.crm.act.reach import reach
from armature.crm.act.recipients import parsed
from armature.crm.act.work import DRAFTING, WRITING, Refused, allowed, at_work
from armature.crm.decide import waits
from armature.crm.decide.models import Wait
from armature.crm.decide.queries import Item
from armature.crm.listen.models import Interaction

UNFILLED = re.compile(r"\{\{[^{}]*\}\}")
FURTHEST = timedelta(days=365)


class Overtaken(Refused):
    """Somebody said something meanwhile: the customer wrote again, or a colleague answered. The words are kept."""


def write(
    user: User, case: Case, *, text: str, seen: int, terms: Terms = AS_SUGGESTED, base: Base = WHATEVER
) -> Response:
    """Finish a response: it goes to approval or leaves, as the map says.

    ``seen`` is the last interaction its writer had before them; refused when the customer wrote meanwhile
    (then the text is kept as a draft).
    """
    held = allowed(user, case, Role.DRAFT_ONLY)
    complete(text, terms)
    with at_work(case) as (wait, items):
        problem = _overtaken(case, wait, seen, base)
        if problem and wait.form not in DRAFTING and not drafts.of(user, case).exists():
            raise problem
        response = drafts.put(user, case, (wait, items), text, terms, base)
        if problem is None:
            _hand_in(response, wait, items, held)
    if problem:  # said only now, or the draft would go with it
        raise problem
    return response


def complete(text: str, terms: Terms) -> None:
    """Refused when something is missing that no one but its writer can add."""
    both = terms.audience == Audience.BOTH
    if not text.strip() or (both and not terms.private_text.strip()):
        raise Refused(_("The response is empty. Write a few words, or close the case without an answer."))
    if left := UNFILLED.findall(text + (terms.private_text if both else "")):
        raise Refused(_("Not filled in yet: %s. Write the words, then send.") % ", ".join(dict.fromkeys(left)))
    if terms.send_at and not timezone.now() < terms.send_at < timezone.now() + FURTHEST:
        raise Refused(_("Choose a time to send that is ahead, within a year."))


def _overtaken(case: Case, wait: Wait, seen: int, base: Base) -> Refused | None:
    if queries.last_said(case) != seen:
        return Overtaken(_("They wrote again while you were writing. Read it, then send. Your text is kept."))
    if base.changes is not None and amended.changes_in(case) != base.changes:
        return Overtaken(_("They edited or deleted what they said meanwhile. Read it, then send. Your text is kept."))
    if wait.form not in WRITING:
        return Overtaken(_("Nobody waits for a response here: %s.") % queries.words_for(wait.form))
    if other := queries.on_its_way(case):
        words = _("A response by %s is on its way in this case. Wait until it is out, or take it back first.")
        return Overtaken(words % other.author.name)
    return None


def _hand_in(response: Response, wait: Wait, items: Sequence[Item], held: str) -> None:
    case, user = response.case, response.author
    fits(response, items)
    if words := caps.refusal(case, [*response.recipients, *response.copies]):
        raise Refused(words)
    rule = any(item.facts.get("approval") is True for item in items)
    response.asked_by = "rule" if rule else "role" if held == Role.DRAFT_ONLY else ""
    response.state, response.why = Response.State.WRITTEN, ""
    response.seen_id = Interaction.objects.filter(pk=queries.last_said(case)).values_list("pk", flat=True).first()
    response.written_at = timezone.now()
    rating_links.ask_with(response)
    keep_wording(response)
    given: dict[str, Any] = {"answer": "written", "written_at": wait.element, "decision": "answer"}
    waits.answer(wait.pk, given | ({"approval": True} if response.asked_by else {}), user=user)
    Case.objects.filter(pk=case.pk, assignee=None).update(assignee=user)
    audit.log(user, "wrote a response", f"case {case.pk}", {"response": response.pk, "digest": response.digest})


def keep_wording(response: Response) -> None:
    """Save a response under the digest of what stands in it now, and its words for good."""
    response.digest = digest_of(response)
    response.save()
    Wording.objects.create(
        response=response, author=response.author, text=response.text, private_text=response.private_text,
        digest=response.digest,
    )  # fmt: skip


def fits(response: Response, items: Sequence[Item]) -> None:
    """Refused when its channel or its recipients cannot be as they stand there."""
    here = reach(response.case, drafts.facts_of(items))
    texts = (response.text, response.private_text) if response.audience == Audience.BOTH else (response.text,)
    if words := here.refusal(response.audience, *texts):
        raise Refused(words)
    usual = queries.where_to(response.case)[1]
    if here.can.copies:
        parsed(", ".join([*response.recipients, *response.copies]))
    elif response.copies or response.recipients != usual:
        raise Refused(_("An answer on this channel goes to %s and nobody else.") % ", ".join(usual))
    if not response.recipients:
        raise Refused(_("There is no recipient: add an address."))
    if response.files.exists() and not here.can.attachments:
        raise Refused(_("This channel takes no files: remove them, then send."))


def take_back(user: User, response: Response) -> None:
    """Back to its writer, before it has begun to leave: certain, or refused."""
    if allowed(user, response.case, Role.DRAFT_ONLY) == Role.DRAFT_ONLY and response.author_id != user.pk:
        raise NotAllowed(_("You can take back what you wrote yourself."))
    with at_work(response.case, "approval") as (wait, _items):
        if wait.form == "approval" and Response.objects.filter(pk=response.pk, state="approval").exists():
            _out_of_approval(user, response, wait)
        else:
            _out_of_the_outbox(user, response)
        audit.log(user, "took back", f"case {response.case_id}", {"response": response.pk})


def _out_of_approval(user: User, response: Response, wait: Wait) -> None:
    Response.objects.filter(pk=response.pk).update(why=_back_by(user))
    waits.answer(wait.pk, {"approved": False}, user=user)


def _out_of_the_outbox(user: User, response: Response) -> None:
    """Compare and set: whoever commits first has it, this or the outbox."""
    queued = Delivery.objects.select_for_update().filter(response=response.pk, state=Delivery.State.QUEUED).first()
    if queued is None:
        raise Refused(_("It has begun to leave: it can no longer be taken back."))
    Delivery.objects.filter(pk=queued.pk).update(
        state=Delivery.State.WITHDRAWN, reason=_back_by(user), settled_at=timezone.now()
    )
    Response.objects.filter(pk=response.pk).update(state=Response.State.FAILED, why=_back_by(user), send_at=None)
    waits.answer(queued.wait_id, {"delivery": "failed"}, user=user)


def _back_by(user: User) -> str:
    return _("%s took it back before it left.") % user.name


def send_now(user: User, response: Response) -> None:
    """What was to leave later leaves at once."""
    if allowed(user, response.case, Role.DRAFT_ONLY) == Role.DRAFT_ONLY and response.author_id != user.pk:
        raise NotAllowed(_("You can send sooner what you wrote yourself."))
    with at_work(response.case):
        queued = Delivery.objects.filter(response=response.pk, state=Delivery.State.QUEUED)
        if not queued.update(not_before=timezone.now()):
            raise Refused(_("It is no longer waiting to leave: look again."))
        audit.log(user, "sent sooner", f"case {response.case_id}", {"response": response.pk})
