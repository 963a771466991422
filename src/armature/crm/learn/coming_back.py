"""Feedback that names the answer it is about: a rating, an answer to a survey. It counts once, and the process goes on.

The map says what happens: the wait for feedback is answered. Where it waits no longer (silence, a kind reply) and the
feedback is bad, it waits once more and goes on at once, so that bad news never ends in a drawer.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from armature.crm.accounts import audit
from armature.crm.act import cases, queries
from armature.crm.act.models import Case, Response, SurveyLink
from armature.crm.channels.survey.wording import SCALES, from_json, is_high, is_low
from armature.crm.decide import by_hand, waits
from armature.crm.decide.models import Wait
from armature.crm.learn.models import Feedback
from armature.crm.listen import commands as listen
from armature.crm.listen.surveys.models import SurveyAnswer
from armature.crm.listen.surveys.tokens import personal_token


@dataclass(frozen=True, slots=True)
class Came:
    """What came back to a response: its kind, what it says (empty: neither good nor bad), the word for the log."""

    response: int
    kind: str
    verdict: str
    verb: str


def came_back(came: Came, **figures: Any) -> bool:
    """Keep it, unless something of its kind was said about this response before; the first word stands."""
    with transaction.atomic():
        response = Response.objects.select_related("case").get(pk=came.response)
        listen.hold([response.case.conversation_id])
        if Feedback.objects.filter(response=response, kind=came.kind).exists():
            return False
        Feedback.objects.create(response=response, kind=came.kind, verdict=came.verdict, **figures)
        if came.verdict and _is_last(response):
            _go_on(_at_work(response.case), came.verdict)
        audit.log("the customer", came.verb, f"case {response.case_id}", {"response": response.pk, **figures})
    return True


def _is_last(response: Response) -> bool:
    """What is said about an earlier answer counts for that one; the process waits for what comes to the last."""
    later = Response.objects.filter(state=Response.State.SENT, pk__gt=response.pk)
    case = response.case
    return not later.filter(case__conversation=case.conversation_id, case__identity=case.identity_id).exists()


def _at_work(case: Case) -> Case:
    """The case as it is now; where new words made another that follows it, that one."""
    same = Case.objects.filter(conversation=case.conversation_id, identity=case.identity_id)
    return same.filter(settled=False).first() or same.get(pk=case.pk)


def _go_on(case: Case, verdict: str) -> None:
    answer = {"feedback": verdict, "rated": True}
    if waits.answer_if_open(_waiting(case), answer) or verdict != "not_satisfied":
        return
    if case.ended_at is None or case.merged_into_id:
        return  # somebody is at it already
    said = queries.last_words([case.pk]).get(case.pk)
    if said is None:
        return
    Case.objects.filter(pk=case.pk).update(settled=False)
    by_hand.ask_what_came([said.interaction_id], timezone.now())
    cases.project([cases.Touched(case.conversation_id, case.identity_id, case.last_in_at, "", case.team or "triage")])
    waits.answer_if_open(_waiting(case), answer)


def _waiting(case: Case) -> list[int]:
    same = Wait.objects.filter(conversation=case.conversation_id, identity=case.identity_id)
    return list(same.filter(form="feedback", state="open").values_list("pk", flat=True))


def survey_answered(answer: SurveyAnswer, link: SurveyLink) -> bool:
    """What was answered by a personal link is joined to the response it is about; False where there is none."""
    response = _about(link)
    if response is None or answer.score is None:
        return False
    kind = from_json(answer.wording.body).kind
    low, high = is_low(kind, answer.score), is_high(kind, answer.score)
    verdict = "not_satisfied" if low else "satisfied" if high else ""
    came = Came(response, "survey", verdict, "answered a survey about")
    return came_back(came, score=answer.score, most=SCALES[kind][1])


def _about(link: SurveyLink) -> int | None:
    """The response that carries the link; else the last that was out when the link was made."""
    sent = Response.objects.filter(case=link.case_id, state=Response.State.SENT).order_by("-pk")
    token, words = personal_token(link.pk), list(sent.values_list("pk", "text", "private_text"))
    with_it = next((number for number, *texts in words if any(token in text for text in texts)), None)
    out = sent.filter(deliveries__settled_at__lte=link.made_at).values_list("pk", flat=True)
    return with_it or out.first()
