"""What customers say on their page: whether we understood them, and how good the answer was."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.arm.intent import INTENTS
from armature.crm.accounts import audit
from armature.crm.act import surveys, visitors
from armature.crm.act.models import RatingLink
from armature.crm.act.visitors import Talk, Understood
from armature.crm.channels import lines
from armature.crm.channels.survey import Who, survey_line
from armature.crm.learn.coming_back import Came, came_back
from armature.crm.learn.models import Feedback, Said
from armature.crm.listen import commands as listen

SATISFIED = 4
"""Stars, of five, from which on somebody is satisfied."""
COMMENTS = timedelta(days=7)
"""So long after a rating words can be added to it."""


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
    """Rate the last answer of a talk, once."""
    with transaction.atomic():
        response = to_rate(talk)
        return response is not None and rate_answer(response, stars)


def rating_of(response: int) -> int | None:
    """The stars an answer has; None as long as nobody rated it."""
    return Feedback.objects.filter(response=response, kind="rating").values_list("stars", flat=True).first()


def rate_answer(response: int, stars: int) -> bool:
    """Rate an answer, once; the process goes on with it as the map says."""
    if not 1 <= stars <= 5:
        return False
    verdict = "satisfied" if stars >= SATISFIED else "not_satisfied"
    return came_back(Came(response, "rating", verdict, "rated"), stars=stars)


def comment(link: RatingLink, text: str) -> bool:
    """What they say to their rating, once and for some days: said by them in the conversation of the answer, and
    judged like anything else.
    """
    with transaction.atomic():
        held = RatingLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
        rated = Feedback.objects.filter(response=held.response_id, kind="rating").first()
        now = timezone.now()
        if rated is None or held.commented_at or now > rated.at + COMMENTS or not text.strip():
            return False
        RatingLink.objects.filter(pk=link.pk).update(commented_at=now)
        case, one = link.response.case, link.identity
        channel = surveys.channel_of(case.conversation.channel.brand)
        line = survey_line("created", comment_id(link), Who(one.network, one.address, one.name), text, now)
        about = {"subject": _("On our answer in case %s") % case.pk, "thread": str(case.conversation_id)}
        listen.accept(channel, [lines.envelope({**line, **about}, now)])
        audit.log("the customer", "commented on an answer", f"case {case.pk}", {"response": link.response_id})
    return True


def may_comment(link: RatingLink) -> bool:
    """Whether they can still add words to their rating."""
    recent = Feedback.objects.filter(response=link.response_id, kind="rating", at__gt=timezone.now() - COMMENTS)
    return link.commented_at is None and recent.exists()


def comment_id(link: RatingLink) -> str:
    """The name of the interaction that has the words added to a rating."""
    return f"rating-{link.key}"
