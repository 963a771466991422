"""What stands in the middle of the desk: the messages in order, notes between them, evidence marked where it stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from armature.arm.call import Call
from armature.arm.intent import Evidence, Reading
from armature.crm.accounts.models import User
from armature.crm.act import queries
from armature.crm.act.glance import Glance
from armature.crm.act.models import Case, Delivery, Note, Restriction
from armature.crm.identify.models import Recognition
from armature.crm.listen.calls import calls
from armature.crm.listen.models import EnvelopeBody, File, Interaction, Revision
from armature.crm.understand import queries as readings
from armature.crm.web.templatetags.talks import called

MOST = 50
"""A conversation shows its latest so many messages; earlier ones are counted."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the conversation. ``parts`` are its words, each with whether they are evidence."""

    kind: str
    who: str
    at: datetime
    parts: Sequence[tuple[str, bool]]
    interaction: int = 0
    public: bool = False
    state: str = ""
    warning: str = ""
    automatic: str = ""
    place: str = ""
    files: Sequence[File] = field(default_factory=list)
    has_original: bool = False
    key: str = ""
    splits: bool = False
    wordings: Sequence[Revision] = ()
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    call: Call | None = None

    @property
    def first_words(self) -> str:
        """Its beginning, to tell it from the others."""
        return Truncator(" ".join("".join(words for words, _evidence in self.parts).split())).chars(60)


@dataclass(frozen=True, slots=True)
class Conversation:
    """The latest messages and notes in order; how many earlier ones are not shown, and how to ask for them.

    ``readings`` are those of their messages, by number.
    """

    entries: Sequence[Entry]
    earlier: int
    shown: int
    readings: Mapping[int, Reading]

    @property
    def can_split(self) -> bool:
        """Whether there is more than one message of theirs."""
        return sum(entry.splits for entry in self.entries) > 1


def entries(user: User, case: Case, there: Glance, more: int = 0) -> Conversation:
    """Messages and notes of a case in order of time, in a fixed number of queries; ``more`` than usual when asked."""
    merged = list(_merged(user, case)) if there.merged else []
    messages = Interaction.objects.filter(_told_in(case, merged))
    most = min(MOST + more, 5000)
    messages = messages.exclude(delivery__state=Delivery.State.WITHDRAWN)
    said = list(messages.order_by("-occurred_at", "-id")[:most])
    files = _files(said) if there.files or merged else {}
    read = readings.current(one.pk for one in said if one.direction == "in")
    names = _names(one.pk for one in said if one.direction == "in")
    sent = _sent(said) if there.answered or merged else {}
    looks = _looks(said)
    found = [
        _entry(case, one, names, read.get(one.pk), sent.get(one.pk), files.get(one.pk, []), one.envelope_id in looks)
        for one in said
    ]
    found = _as_calls(_as_amended(found, said), said)
    found += [
        Entry("note", note.author.name, note.at, [(note.text, False)], key=f"note-{note.pk}")
        for note in (_notes(case, merged) if there.notes or merged else ())
    ]
    left = messages.count() - len(said) if len(said) == most else 0
    return Conversation(sorted(found, key=lambda entry: (entry.at, entry.interaction)), left, more + MOST, read)


def _as_amended(entries: Sequence[Entry], said: Sequence[Interaction]) -> list[Entry]:
    """What was edited with its earlier wordings, what was deleted without words or files; mostly there is neither."""
    amended = {one.pk: one for one in said if one.edited_at or one.deleted_at}
    if not amended:
        return list(entries)
    before: dict[int, list[Revision]] = {}
    edited = [number for number, one in amended.items() if one.deleted_at is None]
    wordings = Revision.objects.filter(interaction__in=edited).exclude(kind=Revision.Kind.DELETED)
    for wording in wordings.annotate(later=Q(kind=Revision.Kind.EDITED)).order_by("later", "at", "digest"):
        before.setdefault(wording.interaction_id or 0, []).append(wording)
    return [_amended(entry, amended.get(entry.interaction), before.get(entry.interaction, [])) for entry in entries]


def _as_calls(entries: Sequence[Entry], said: Sequence[Interaction]) -> list[Entry]:
    """Calls with what is known of them; most conversations have none."""
    numbers = [one.pk for one in said if one.kind == "call"]
    found = calls(numbers) if numbers else {}
    return [replace(entry, call=found[entry.interaction]) if entry.interaction in found else entry for entry in entries]


def _amended(entry: Entry, one: Interaction | None, wordings: Sequence[Revision]) -> Entry:
    if one is None:
        return entry
    if one.deleted_at:
        return replace(entry, parts=[], files=[], has_original=False, deleted_at=one.deleted_at, splits=False)
    return replace(entry, parts=[(one.text, False)], wordings=wordings[:-1], edited_at=one.edited_at)


def _merged(user: User, case: Case) -> Iterable[tuple[int, int, datetime]]:
    """The cases merged into it, but for those that are restricted and not this user's to see."""
    open_to_all = ~Q(conversation__in=Restriction.objects.values("conversation"))
    found = case.merged.filter(open_to_all | queries.seen_by(user))
    return found.values_list("pk", "conversation", "changed_at")


def _files(said: Sequence[Interaction]) -> dict[int, list[File]]:
    found: dict[int, list[File]] = {}
    for file in File.objects.filter(interaction__in=said).order_by("pk"):
        found.setdefault(file.interaction_id, []).append(file)
    return found


def _sent(said: Sequence[Interaction]) -> dict[int, Delivery]:
    """How what we said went out."""
    ours = [one.pk for one in said if one.direction == "out"]
    found = Delivery.objects.filter(interaction__in=ours).select_related("response__author")
    return {delivery.interaction_id: delivery for delivery in found}


def _told_in(case: Case, merged: Iterable[tuple[int, int, datetime]]) -> Q:
    """What was said in the conversation of a case, and in those of cases merged into it up to then."""
    told = Q(conversation=case.conversation_id)
    for _case, conversation, until in merged:
        told |= Q(conversation=conversation, recorded_at__lte=until)
    return told


def _names(interactions: Iterable[int]) -> dict[int, str]:
    """The name of whoever said each of these."""
    found = Recognition.objects.filter(interaction__in=list(interactions), current=True)
    return dict(found.values_list("interaction", "identity__name"))


def _looks(said: Sequence[Interaction]) -> set[int]:
    """The envelopes that have more to show than their words: mails, not lines of JSON."""
    bodies = EnvelopeBody.objects.filter(envelope__in=[one.envelope_id for one in said if one.envelope_id])
    return set(bodies.filter(content_type__startswith="message/").values_list("envelope_id", flat=True))


def _notes(case: Case, merged: Iterable[tuple[int, int, datetime]]) -> Iterable[Note]:
    theirs = [case.pk, *(number for number, _conversation, _until in merged)]
    return Note.objects.filter(case__in=theirs).select_related("author").order_by("at")


def _entry(
    case: Case,
    one: Interaction,
    names: dict[int, str],
    reading: Reading | None,
    delivery: Delivery | None,
    files: Sequence[File],
    look: bool,
) -> Entry:
    key, place = f"said-{one.pk}", case.conversation.channel.name
    if one.direction == "out":
        who = delivery.response.author.name if delivery else _("We")
        state = delivery.get_state_display() if delivery else ""
        words = [(one.text, False)]
        return Entry(
            "out", who, one.occurred_at, words, one.pk, one.public, state,
            place=place, files=files, key=key,
        )  # fmt: skip
    words = marked(one.text, reading.evidence if reading else ())
    return Entry(
        "in", called(names.get(one.pk) or one.author), one.occurred_at, words, one.pk,
        one.public, "", one.warning, one.automatic, place, files, look, key,
        splits=one.author == case.identity.address and one.conversation_id == case.conversation_id,
    )  # fmt: skip


def marked(text: str, evidence: Sequence[Evidence]) -> list[tuple[str, bool]]:
    """The text in pieces, those that led to the intent marked; overlapping evidence is drawn together."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for one in sorted(evidence, key=lambda e: e.start):
        start, end = max(one.start, at), min(one.end, len(text))
        if start >= end:
            continue
        pieces += [(text[at:start], False)] if start > at else []
        pieces.append((text[start:end], True))
        at = end
    return pieces + ([(text[at:], False)] if at < len(text) else [])
