"""Reads of the work: cases a user may see, what is open in one, and what was said."""

from django.db.models import Max, Q, QuerySet

from armature.crm.accounts.access import rights_of
from armature.crm.accounts.models import User
from armature.crm.act.models import Case, Response
from armature.crm.decide import plans
from armature.crm.decide import queries as decisions
from armature.crm.decide.models import Wait
from armature.crm.decide.waits import HUMAN
from armature.crm.listen.models import Interaction

WAITS_FOR = {
    "intent": "it waits for somebody to judge the intent",
    "response": "it waits for a response",
    "executive": "it waits for the executive desk",
    "approval": "it waits for approval",
    "delivery": "it waits for somebody to look whether the response went out",
    "send": "the response is on its way out",
    "feedback": "it waits for what they say to our response",
    "": "nothing is open",
}


def words_for(form: str) -> str:
    """What a case waits for, as a half sentence."""
    return WAITS_FOR[form]


def cases_for(user: User) -> QuerySet[Case]:
    """The cases this user may see, and no others."""
    rights, brand = rights_of(user), "conversation__channel__brand_id"
    return Case.objects.filter(rights.reach("team", brand) | rights.reach("asks", brand)).select_related(
        "identity", "person", "assignee", "conversation__channel__brand"
    )


def case_for(user: User, number: int) -> Case:
    """One case this user may see; raises ``Case.DoesNotExist``, whether it exists or not."""
    return cases_for(user).get(pk=number)


def response_for(user: User, number: int) -> Response:
    """One response in a case this user may see."""
    response = Response.objects.select_related("author").get(pk=number)
    response.case = case_for(user, response.case_id)
    return response


def open_work(case: Case) -> tuple[Wait, list[decisions.Item]]:
    """The wait a case shows, with what waits in it; people's work before the machine's."""
    found = decisions.open_waits([case.conversation_id])
    mine = [w for w in found if w.identity_id == case.identity_id and w.state == "open"]
    mine.sort(key=lambda w: (w.form not in HUMAN, w.due_at is None, w.due_at, w.id))
    if not mine:
        raise Wait.DoesNotExist("Nothing is open in this case.")
    return Wait.objects.get(pk=mine[0].id), mine[0].items


def intent_element(map_id: int) -> str:
    """The element of that map where a person judges the intent."""
    nodes = plans.load([map_id])[map_id].nodes
    return next(node.id for node in nodes.values() if node.form == "intent")


def last_said(case: Case) -> int:
    """The number of the last interaction of this customer in this case."""
    said = Interaction.objects.filter(conversation=case.conversation_id, direction="in", author=case.identity.address)
    return said.aggregate(last=Max("id"))["last"] or 0


def where_to(case: Case) -> tuple[str, list[str]]:
    """Subject and recipients of an answer in this case."""
    subject = case.conversation.subject
    if subject and not subject.lower().startswith("re:"):
        subject = f"Re: {subject}"
    return subject[:300], [case.identity.address]


def to_approve(user: User) -> Q:
    """Cases whose response waits for somebody other than its author."""
    return Q(form="approval") & ~Q(responses__state=Response.State.APPROVAL, responses__author=user)
