"""Labelling: somebody checks how messages were read, one after the other, beside the work on their cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.arm.intent import Reading as Value
from armature.crm import rows
from armature.crm.accounts import audit
from armature.crm.accounts.models import Role, User
from armature.crm.act import queries
from armature.crm.act.models import Case
from armature.crm.act.work import Refused, allowed
from armature.crm.learn import drawing
from armature.crm.learn.models import Label
from armature.crm.understand import commands as understand
from armature.crm.understand import queries as readings
from armature.crm.understand.models import Intent, Reading

UNKNOWN = "unknown"
SHOWN = 1_500
"""Characters of a message that are shown."""


@dataclass(frozen=True, slots=True)
class Question:
    """One message to be labelled, with what the reader says of it."""

    interaction: int
    suggestion: int
    drawn: str
    text: str
    channel: str
    author: str
    at: datetime
    reading: Value
    case: int

    @property
    def sure(self) -> str:
        """How sure the reader is, in words."""
        return f"{self.reading.confidence:.0%}"

    @property
    def by_chance(self) -> bool:
        """Whether it was drawn by chance."""
        return self.drawn == Label.Drawn.RANDOM


def questions(user: User, many: int, but: Sequence[int] = (), ahead: int = 0) -> list[Question]:
    """The next messages for this user; ``ahead`` of them are on the screen already."""
    _today, ever = drawing.counted(user)
    asked = drawing.to_ask(user, many, ever + ahead, but)
    said = _said([one.interaction for one in asked])
    read = Reading.objects.select_related("reader", "user").in_bulk([one.suggestion for one in asked])
    return [
        Question(one.interaction, one.suggestion, one.drawn, *said[one.interaction][:4],
                 readings.as_value(read[one.suggestion]), said[one.interaction][4])
        for one in asked if one.interaction in said and one.suggestion in read
    ]  # fmt: skip


def again(user: User, interaction: int) -> list[Question]:
    """One message once more, after its label was taken back; none where it is not theirs to see."""
    read = Reading.objects.filter(interaction=interaction, current=True, user=None).first()
    try:
        case_of(user, interaction)
    except Case.DoesNotExist:
        read = None
    if read is None:
        return []
    drawn = Label.objects.filter(pk=interaction).values_list("drawn", flat=True).first() or Label.Drawn.UNSURE
    said = _said([interaction]).get(interaction)
    return [Question(interaction, read.pk, drawn, *said[:4], readings.as_value(read), said[4])] if said else []


def _said(numbers: Sequence[int]) -> dict[int, tuple[str, str, str, datetime, int]]:
    found = rows.fetch(
        """
        SELECT i.id, left(i.text, %s), c.name, coalesce(nullif(d.name, ''), d.address), i.occurred_at,
            (SELECT max(k.id) FROM act_case k
             WHERE k.conversation_id = i.conversation_id AND k.identity_id = g.identity_id)
        FROM listen_interaction i JOIN listen_channel c ON c.id = i.channel_id
        JOIN identify_recognition g ON g.interaction_id = i.id AND g.current
        JOIN identify_identity d ON d.id = g.identity_id WHERE i.id = ANY(%s)
        """,
        [SHOWN, list(numbers)],
    )
    return {number: rest for number, *rest in found}  # type: ignore[misc]


def case_of(user: User, interaction: int) -> Case:
    """The case in which this user may see a message; raises ``DoesNotExist``."""
    found = rows.fetch(
        """
        SELECT i.conversation_id, g.identity_id FROM listen_interaction i
        JOIN identify_recognition g ON g.interaction_id = i.id AND g.current WHERE i.id = %s
        """,
        [interaction],
    )
    if not found:
        raise Case.DoesNotExist
    conversation, identity = found[0]
    seen = queries.cases_for(user).filter(conversation=conversation, identity=identity).order_by("-id").first()
    if seen is None:
        raise Case.DoesNotExist
    return seen


def label(user: User, interaction: int, suggestion: int, intent: str) -> None:
    """A person's word on one reading: an intent, or that they cannot say either.

    It becomes the reading that holds, beside the suggestion. Work on the case, open or ended, is as it was.
    """
    case = case_of(user, interaction)
    allowed(user, case, Role.DRAFT_ONLY)
    if intent != UNKNOWN and not Intent.objects.filter(pk=intent).exists():
        raise Refused(_("There is no such intent."))
    with transaction.atomic():
        was = Reading.objects.select_for_update(of=["self"]).filter(interaction=interaction, current=True).first()
        read = Reading.objects.filter(pk=suggestion, interaction=interaction, user=None).first()
        if was is None or read is None:
            raise Refused(_("This message was read again meanwhile. It comes back later."))
        if was.user_id is not None:
            raise Refused(_("Somebody said already what this message is."))
        verdict = None if intent == UNKNOWN else _verdict(user, was, intent)
        Label.objects.update_or_create(
            interaction_id=interaction,
            defaults={
                "suggestion": read, "verdict_id": verdict, "unknown": verdict is None, "user": user,
                "at": timezone.now(),
            },
            create_defaults={
                "suggestion": read, "verdict_id": verdict, "unknown": verdict is None, "user": user,
                "at": timezone.now(), "drawn": Label.Drawn.UNSURE,
            },
        )  # fmt: skip
        values = {"intent": intent, "suggested": read.intent_id, "case": case.pk}
        audit.log(user, "labelled a message", f"interaction {interaction}", values)


def _verdict(user: User, was: Reading, intent: str) -> int:
    """The number of the reading that a person's word becomes."""
    held = readings.as_value(was)
    read = Value(intent, held.issue_type, held.sentiment, held.language, 1.0, held.evidence, user.name, True)
    understand.correct(understand.Read(was.interaction_id, was.identity_id, was.occurred_at, read), user)
    return Reading.objects.values_list("pk", flat=True).get(interaction=was.interaction_id, current=True)


def take_back(user: User, interaction: int) -> None:
    """Undo one's own label: what was read before holds again, and the message is asked again."""
    case_of(user, interaction)
    with transaction.atomic():
        given = Label.objects.select_for_update(of=["self"]).filter(pk=interaction, user=user).first()
        if given is None or given.at is None:
            raise Refused(_("There is nothing of yours to take back."))
        if given.verdict_id and not understand.take_back(given.verdict_id, given.suggestion_id):
            raise Refused(_("Somebody judged this message again meanwhile; that holds."))
        if given.drawn == Label.Drawn.RANDOM:
            Label.objects.filter(pk=interaction).update(verdict=None, unknown=False, user=None, at=None)
        else:
            given.delete()
        audit.log(user, "took a label back", f"interaction {interaction}", {"verdict": given.verdict_id})
