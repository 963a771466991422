"""Nobody knows whether it went out: a person looks, and there are three ways on. A machine never sends it again.

What is printed here and posted by hand waits for the same person: did you post it?
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.models import Role, User
from armature.crm.act import queries, queueing
from armature.crm.act.models import Case, Delivery, Printout, Response
from armature.crm.act.work import Refused, allowed, at_work
from armature.crm.decide import waits
from armature.crm.decide.models import Wait

VERB = "decided an unknown outcome"
ASKED = (Delivery.State.UNKNOWN, Delivery.State.BY_HAND)
"""States in which a person says what became of it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a hand-over that nobody saw the end of."""

    at: datetime | None
    attempt: int
    words: str
    proof: datetime | None
    name: str
    text: str
    again: bool
    printout: Printout | None


def known(response: Response, delivery: Delivery) -> Known:
    """For the pane that asks what came of it."""
    again = delivery.state in (Delivery.State.QUEUED, Delivery.State.SENDING)
    text = dict(queueing.parts_of(response)).get(delivery.part, response.text)
    name = delivery.interaction.external_id
    printout = Printout.objects.filter(delivery=delivery, delivery__state=Delivery.State.BY_HAND).first()
    return Known(delivery.claimed_at, delivery.attempt, delivery.reason, delivery.proof_at, name, text, again, printout)


def printout_for(user: User, number: int) -> Printout:
    """The document of a delivery in a case this user may see; raises ``ObjectDoesNotExist``."""
    found = Printout.objects.select_related("delivery__response").get(delivery=number)
    queries.case_for(user, found.delivery.response.case_id)
    return found


def it_is_there(user: User, case: Case) -> None:
    """Somebody looked: it went out."""
    allowed(user, case, Role.AGENT)
    with at_work(case, "delivery") as (wait, _items):
        doubtful = _doubtful(case, wait)
        posted = doubtful.state == Delivery.State.BY_HAND
        words = _("%s printed and posted it.") if posted else _("%s found it there.")
        _settle(user, doubtful, Delivery.State.SENT, words % user.name)
        queueing.went_out(doubtful, [wait.pk], user=user)


def it_is_not_there(user: User, case: Case) -> None:
    """Somebody looked: it did not go out. It goes back to its writer."""
    allowed(user, case, Role.AGENT)
    with at_work(case, "delivery") as (wait, _items):
        doubtful = _doubtful(case, wait)
        by_hand = doubtful.state == Delivery.State.BY_HAND
        words = (_("%s did not post it.") if by_hand else _("%s found that it did not go out.")) % user.name
        _settle(user, doubtful, Delivery.State.FAILED, words)
        Response.objects.filter(pk=doubtful.response_id).update(state=Response.State.FAILED, why=words)
        waits.answer(wait.pk, {"delivery": "failed"}, user=user)


def send_again(user: User, case: Case) -> None:
    """Somebody looked: it did not go out. The same words leave once more, under a new key."""
    allowed(user, case, Role.AGENT)
    with at_work(case, "delivery") as (wait, _items):
        doubtful = _really_doubtful(case, wait)
        if queries.on_its_way(case):
            raise Refused(_("Another response of this case is on its way. Wait until it is out, then look again."))
        _settle(user, doubtful, Delivery.State.FAILED, _("%s found that it did not go out.") % user.name)
        queueing.queue(case, doubtful.response, wait.pk, timezone.now(), part=doubtful.part)


def leave(user: User, case: Case, *, reason: str) -> None:
    """Nobody can know it, and it is not sent again: the case goes on as if it had gone out, and says so."""
    allowed(user, case, Role.AGENT)
    if not reason.strip():
        raise Refused(_("Say in a few words why it is left like this."))
    with at_work(case, "delivery") as (wait, _items):
        doubtful = _really_doubtful(case, wait)
        _settle(user, doubtful, Delivery.State.UNKNOWN, f"{doubtful.reason} {user.name}: {reason}".strip())
        why = _("Left as unknown by %(name)s: %(reason)s") % {"name": user.name, "reason": reason}
        Response.objects.filter(pk=doubtful.response_id).update(why=why[:300])
        waits.answer(wait.pk, {"delivery": "sent"}, user=user)


def _really_doubtful(case: Case, wait: Wait) -> Delivery:
    doubtful = _doubtful(case, wait)
    if doubtful.state == Delivery.State.BY_HAND:
        raise Refused(_("It is printed and posted by hand: print it again, or give it back to its writer."))
    return doubtful


def _doubtful(case: Case, wait: Wait) -> Delivery:
    if wait.form != "delivery":
        raise Refused(_("Nobody asked whether a response of this case went out."))
    under_way = [Delivery.State.QUEUED, Delivery.State.SENDING]
    found = Delivery.objects.select_related("response__author", "response__case__conversation__channel")
    delivery = found.filter(response__case=case, state__in=ASKED).order_by("-id").first()
    if delivery is None or Delivery.objects.filter(wait=wait.pk, state__in=under_way).exists():
        raise Refused(_("It is being sent again. Wait for what comes of it."))
    return delivery


def _settle(user: User, delivery: Delivery, state: str, reason: str) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(state=state, reason=reason, settled_at=timezone.now())
    values = {"delivery": str(delivery.key), "response": delivery.response_id, "outcome": state, "reason": reason}
    audit.log(user, VERB, f"case {delivery.response.case_id}", values)
