"""What stands in the middle of the desk: the messages in order, notes between them, evidence marked where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from armature.arm.intent import Evidence, Reading
from armature.crm.act.models import Case, Delivery, Note
from armature.crm.identify.models import Identity
from armature.crm.listen.models import File, Interaction
from armature.crm.understand import queries as readings

MOST = 200
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


def entries(case: Case) -> list[Entry]:
    """Messages and notes of a case in order of time, in a fixed number of queries."""
    said = list(
        Interaction.objects.filter(conversation=case.conversation_id)
        .prefetch_related("files")
        .order_by("-occurred_at", "-id")[:MOST]
    )
    read = readings.current(one.pk for one in said if one.direction == "in")
    names = dict(Identity.objects.filter(address__in={one.author for one in said}).values_list("address", "name"))
    sent = {
        d.interaction_id: d for d in Delivery.objects.filter(interaction__in=said).select_related("response__author")
    }
    place = case.conversation.channel.name
    found = [_entry(one, names, read.get(one.pk), sent.get(one.pk), place) for one in said]
    found += [Entry("note", note.author.name, note.at, [(note.text, False)]) for note in _notes(case)]
    return sorted(found, key=lambda entry: entry.at)


def _notes(case: Case) -> Sequence[Note]:
    return case.notes.select_related("author").order_by("at")


def _entry(
    one: Interaction, names: dict[str, str], reading: Reading | None, delivery: Delivery | None, place: str
) -> Entry:
    if one.direction == "out":
        who = delivery.response.author.name if delivery else "We"
        state = delivery.get_state_display() if delivery else ""
        return Entry("out", who, one.occurred_at, [(one.text, False)], one.pk, one.public, state, place=place)
    parts = marked(one.text, reading.evidence if reading else ())
    return Entry(
        "in", names.get(one.author) or one.author, one.occurred_at, parts, one.pk, one.public, "", one.warning,
        one.automatic, place, list(one.files.all()), place != "" and one.envelope_id is not None,
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
