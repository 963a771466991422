"""What stands in the middle of the desk: the messages in order, notes between them, evidence marked where it stands."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

from django.db.models import Q
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from armature.arm.call import Call
from armature.arm.intent import Evidence, Reading
from armature.arm.listen import PAST
from armature.crm.accounts.models import User
from armature.crm.act import queries, quoting, surveys
from armature.crm.act.glance import Glance
from armature.crm.act.models import Case, Delivery, Note, Restriction
from armature.crm.channels.survey.wording import Filled, Wording, read_out
from armature.crm.identify.models import Recognition
from armature.crm.learn.came import CameOfIt, came_of
from armature.crm.listen import hits
from armature.crm.listen.calls import calls
from armature.crm.listen.hits import OnCase
from armature.crm.listen.models import EnvelopeBody, File, Interaction, Revision
from armature.crm.listen.surveys.models import SurveyAnswer
from armature.crm.understand import queries as readings
from armature.crm.web.templatetags.talks import called

MOST = 50
"""A conversation shows its latest so many messages; earlier ones are counted."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the conversation. ``parts`` are its words, each with what they are: evidence, heard, or nothing."""

    kind: str
    who: str
    at: datetime
    parts: Sequence[tuple[str, str]]
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
    heard: Sequence[OnCase] = ()
    address: str = ""
    call: Call | None = None
    told: Sequence[tuple[str, str]] = ()
    came: Sequence[CameOfIt] = ()
    typist: str = ""
    reporter: str = ""

    @property
    def is_history(self) -> bool:
        """Whether it was said before the channel was started."""
        return self.automatic in PAST

    @property
    def first_words(self) -> str:
        """Its beginning, to tell it from the others."""
        return Truncator(" ".join("".join(words for words, _what in self.parts).split())).chars(60)


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
    said = list(messages.select_related("typed_by").order_by("-occurred_at", "-id")[:most])
    beside = _beside(case, said, files=bool(there.files or merged), sent=bool(there.answered or merged))
    found = [_theirs(case, one, beside) if one.direction == "in" else _ours(case, one, beside) for one in said]
    found = _with_what_came(user, _as_surveys(_as_calls(_as_amended(found, said), said), said), beside.sent)
    found += [
        Entry("note", note.author.name, note.at, [(note.text, "")], key=f"note-{note.pk}")
        for note in (_notes(case, merged) if there.notes or merged else ())
    ]
    left = messages.count() - len(said) if len(said) == most else 0
    return Conversation(sorted(found, key=lambda entry: (entry.at, entry.interaction)), left, more + MOST, beside.read)


def without_evidence(talk: Conversation) -> Conversation:
    """The same with no word marked as what the reader went by; what queries heard stays marked."""
    return replace(talk, entries=[replace(one, parts=_unmarked(one.parts)) for one in talk.entries])


def _unmarked(parts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(words, "heard" if "heard" in what else "") for words, what in parts]


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


def _as_surveys(entries: Sequence[Entry], said: Sequence[Interaction]) -> list[Entry]:
    """Answers of surveys with each question as it was worded then; most conversations have none."""
    found = surveys.answered_under([one.pk for one in said if one.kind == "survey" and one.deleted_at is None])
    return [replace(entry, told=_told(*found[entry.interaction])) if entry.interaction in found else entry
            for entry in entries]  # fmt: skip


def _with_what_came(user: User, entries: Sequence[Entry], sent: Mapping[int, Delivery]) -> list[Entry]:
    """Our answers with what came of each."""
    found = came_of(user, sent)
    return [replace(one, came=found[one.interaction]) if one.interaction in found else one for one in entries]


def _told(answer: SurveyAnswer, wording: Wording) -> list[tuple[str, str]]:
    words = {"yes": _("Yes"), "no": _("No")}
    yes_no = {one.label for one in wording.questions if one.form == "yes_no"}
    told = read_out(wording, Filled(answer.score, answer.given))
    return [(asked, words.get(said, said) if asked in yes_no else said) for asked, said in told]


def _amended(entry: Entry, one: Interaction | None, wordings: Sequence[Revision]) -> Entry:
    if one is None:
        return entry
    if one.deleted_at:
        return replace(entry, parts=[], files=[], has_original=False, deleted_at=one.deleted_at, splits=False)
    return replace(entry, parts=[(one.text, "")], wordings=wordings[:-1], edited_at=one.edited_at)


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


@dataclass(frozen=True, slots=True)
class _Beside:
    """What is known about the messages of a conversation, by number."""

    names: Mapping[int, str]
    read: Mapping[int, Reading]
    heard: Mapping[int, Sequence[OnCase]]
    sent: Mapping[int, Delivery]
    files: Mapping[int, Sequence[File]]
    looks: Collection[int]
    addresses: Mapping[str, str]


def _beside(case: Case, said: Sequence[Interaction], *, files: bool, sent: bool) -> _Beside:
    theirs = [one.pk for one in said if one.direction == "in"]
    return _Beside(
        _names(theirs), readings.current(theirs), hits.on_case(theirs), _sent(said) if sent else {},
        _files(said) if files else {}, _looks(said),
        quoting.addresses(case.conversation.channel, [one.external_id for one in said]),
    )  # fmt: skip


def _ours(case: Case, one: Interaction, beside: _Beside) -> Entry:
    delivery = beside.sent.get(one.pk)
    who = delivery.response.author.name if delivery else _("We")
    state = delivery.get_state_display() if delivery else ""
    return Entry(
        "out", who, one.occurred_at, [(one.text, "")], one.pk, one.public, state,
        place=case.conversation.channel.name, files=beside.files.get(one.pk, []), key=f"said-{one.pk}",
    )  # fmt: skip


def _theirs(case: Case, one: Interaction, beside: _Beside) -> Entry:
    reading, by_queries = beside.read.get(one.pk), beside.heard.get(one.pk, ())
    words = marked(one.text, reading.evidence if reading else (), [place for by in by_queries for place in by.places])
    who = called(beside.names.get(one.pk) or one.author)
    return Entry(
        "in", who, one.occurred_at, words, one.pk, one.public, "", one.warning,
        one.automatic, case.conversation.channel.name, beside.files.get(one.pk, []), one.envelope_id in beside.looks,
        f"said-{one.pk}", splits=one.author == case.identity.address and one.conversation_id == case.conversation_id,
        heard=by_queries, address=beside.addresses.get(one.external_id, ""),
        typist=one.typed_by.name if one.typed_by else "", reporter=one.reporter,
    )  # fmt: skip


def marked(text: str, evidence: Sequence[Evidence], places: Sequence[int] = ()) -> list[tuple[str, str]]:
    """The text in pieces: those that led to the intent are "evidence", those that a query heard "heard", or both."""
    kinds = {"evidence": [(one.start, one.end) for one in evidence],
             "heard": list(zip(places[::2], places[1::2], strict=True))}  # fmt: skip
    cuts = {0, len(text)}.union(min(at, len(text)) for spans in kinds.values() for span in spans for at in span)
    pieces: list[tuple[str, str]] = []
    for start, end in pairwise(sorted(cuts)):
        what = " ".join(kind for kind, spans in kinds.items() if any(s <= start and end <= e for s, e in spans))
        if pieces and pieces[-1][1] == what:
            start -= len(pieces.pop()[0])
        pieces.append((text[start:end], what))
    return pieces
