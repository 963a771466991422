"""What customers say on their page: whether we understood them, and how good the answer was."""

from django.db import transaction

from armature.arm.intent import INTENTS
from armature.crm.accounts import audit
from armature.crm.act import visitors
from armature.crm.act.models import Case, Response
from armature.crm.act.visitors import Talk, Understood
from armature.crm.decide import waits
from armature.crm.decide.models import Wait
from armature.crm.learn.models import Feedback, Said

SATISFIED = 4
"""Stars, of five, from which on somebody is satisfied."""


def answer_understood(talk: Talk, asked: Understood, meant: str) -> bool:
    """Keep what they say they meant; the first word counts. It informs our people and decides nothing."""
    if meant not in INTENTS:
        return False
    said, new = Said.objects.get_or_create(
        interaction_id=asked.interaction_id, defaults={"read_as_id": asked.intent, "meant_id": meant}
    )
    if new:
        audit.log("the customer", "said what they meant", f"interaction {said.pk}", {"meant": meant})
    return new


def asked(talk: Talk) -> Understood | None:
    """How we read their last words, unless they have said already whether that is right."""
    read = visitors.understood(talk)
    if read is None or Said.objects.filter(interaction=read.interaction_id).exists():
        return None
    return read


def to_rate(talk: Talk) -> int | None:
    """The last answer to them, unless they have rated it."""
    response = visitors.last_answer(talk)
    if response is None or Feedback.objects.filter(response=response, kind="rating").exists():
        return None
    return response


def rate(talk: Talk, stars: int) -> bool:
    """Rate the last answer, once; the process goes on with it where it waits for what they say."""
    if not 1 <= stars <= 5:
        return False
    with transaction.atomic():
        response_id = to_rate(talk)
        if response_id is None:
            return False
        response = Response.objects.select_for_update().get(pk=response_id)
        if to_rate(talk) != response_id:
            return False
        verdict = "satisfied" if stars >= SATISFIED else "not_satisfied"
        Feedback.objects.create(response=response, kind="rating", verdict=verdict, stars=stars)
        case = Case.objects.get(pk=response.case_id)
        waiting = Wait.objects.filter(
            conversation=case.conversation_id, identity=case.identity_id, form="feedback", state="open"
        )
        numbers = list(waiting.values_list("pk", flat=True))
        if numbers:
            waits.answer_if_open(numbers, {"feedback": verdict, "rated": True})
        audit.log("the customer", "rated", f"case {case.pk}", {"response": response.pk, "stars": stars})
    return True
