"""What is rare, so that the demo company has it too: an answer in doubt, a confidential case, a survey."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from armature.crm import jobs
from armature.crm.accounts.models import Brand, User
from armature.crm.act import (
    approvals,
    assigning,
    endings,
    marking,
    outbox,
    queries,
    responses,
    restricted,
    samples,
    surveys,
)
from armature.crm.act.models import Case, Delivery, Response, Status
from armature.crm.channels.survey.wording import CHOICE, NPS, TEXT, Filled, Question, Wording
from armature.crm.demo import carrier, staff
from armature.crm.demo.plot import Somebody
from armature.crm.listen.surveys import answers
from armature.crm.listen.surveys.models import Survey

NAME = "After a purchase"
ASKED = Wording(
    NPS, "How likely is it that you recommend Fjord Outdoor to a friend?",
    (Question("what", CHOICE, "What was it mostly about?", ("Advice", "Delivery", "Quality", "Repair")),
     Question("why", TEXT, "What should we do better?")),
    thanks="Thank you. Somebody of ours reads every word.",
)  # fmt: skip
ANSWERS = 64
SAMPLED = 0.2
"""Of what the machine decided alone, so much waits to be looked over: more than usual, so that there is some."""
SCORES, LIKELY = range(11), (3, 1, 1, 2, 2, 4, 5, 11, 18, 21, 24)
SOON = "Hello,\n\nthank you for your patience. We look into it today and write to you by tomorrow noon.\n\nMona"
BETTER = {
    "low": (
        "Nobody answers the phone.",
        "Delivery took three weeks.",
        "The zip broke and I had to ask twice.",
        "The invoice was wrong, and so was the second one.",
        "Nobody in the shop had time.",
        "I was promised a call and never got one.",
        "The size table does not fit the boots.",
    ),
    "high": (
        "Nothing, keep it up!",
        "More colours.",
        "A shop in our town would be great.",
        "",
        "",
        "Longer opening hours on Thursdays.",
        "Your repair corner is wonderful. More of it!",
    ),
}


def make(folk: list[Somebody], now: datetime, chance: random.Random) -> None:
    """All of it; done once."""
    carrier.make(folk, now)
    samples.draw_from_all(SAMPLED, 0.2026)
    _in_doubt(staff.named("mona"))
    _kept_apart(staff.named("leo"), staff.named("mona"))
    _survey(staff.named("leo"), folk, now, chance)
    _read_them(staff.named("leo"), now)


def made() -> bool:
    """Whether it was: the survey is the last of the demo's past."""
    return Survey.objects.filter(name=NAME).exists()


@transaction.atomic
def _in_doubt(mona: User) -> None:
    """A worker died while it handed an answer over: nobody knows whether it went out until a person looks."""
    case = _open_case("response", ("email", "web", "phone"))
    if case is None:
        return
    responses.write(mona, case, text=SOON, seen=queries.last_said(case))
    jobs.go_on(case.conversation_id)
    waiting = case.responses.select_related("case__conversation__channel", "case__identity")
    for response in waiting.filter(state=Response.State.APPROVAL):  # at most one
        approvals.approve(staff.named("leo"), response, digest=response.digest)
        jobs.go_on(case.conversation_id)
    long_ago = timezone.now() - timedelta(hours=1)
    Delivery.objects.filter(response__case=case, state="queued").update(state="sending", token=1, claimed_at=long_ago)
    outbox.expire(case.conversation.channel_id)


@transaction.atomic
def _kept_apart(leo: User, mona: User) -> None:
    """One case that only named people see, one that sleeps for some days, one that somebody has taken."""
    deeds: tuple[Callable[[Case], object], ...] = (
        lambda case: restricted.restrict(leo, case, reason="About a colleague's family."),
        lambda case: marking.snooze(mona, case, until=timezone.now() + timedelta(days=3)),
        lambda case: assigning.claim(mona, case),
    )
    for deed in deeds:
        if case := _open_case("response") or _open_case("intent"):
            deed(case)


def _open_case(form: str, places: tuple[str, ...] = ()) -> Case | None:
    """The newest case of the past that asks for that, and that nobody has."""
    found = Case.objects.filter(
        form=form, assignee=None, status__in=(Status.NEW, Status.OPEN), conversation__restriction=None,
        conversation__interaction__external_id__startswith="past-",
    )  # fmt: skip
    return (found.filter(conversation__channel__place__in=places) if places else found).order_by("-pk").first()


@transaction.atomic
def _survey(leo: User, folk: list[Somebody], now: datetime, chance: random.Random) -> None:
    brand = Brand.objects.order_by("id")[0]
    survey = surveys.keep(leo, Survey(), ASKED, name=NAME, brand=brand, asks_name=True, asks_email=True)
    surveys.set_state(leo, survey, "open")
    survey, asked = surveys.survey_for(leo, survey.pk), surveys.latest(survey)
    for n, who in enumerate(chance.sample(folk, ANSWERS)):
        score = chance.choices(SCORES, LIKELY)[0]
        words = chance.choice(BETTER["low" if score < 7 else "high"])
        given = {"what": chance.choice(ASKED.questions[0].options)} | ({"why": words} if words else {})
        filled = Filled(score, given, who.name, who.address("email"))
        at = now - timedelta(days=chance.randint(0, 60), minutes=chance.randint(0, 600))
        answers.take_in(survey, asked, f"past-{n}", answers.somebody(survey, str(n), filled), filled, at)


def _read_them(leo: User, now: datetime) -> None:
    """Somebody has read what the older answers say."""
    while jobs.inside():
        pass
    answered = Case.objects.filter(conversation__channel__kind="survey", status__in=(Status.NEW, Status.OPEN))
    for case in answered.filter(last_in_at__lt=now - timedelta(days=1)).select_related("conversation__channel"):
        endings.end(leo, case, how="no_response", reason="Read, and told to the shop.")
