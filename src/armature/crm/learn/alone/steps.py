"""Each step alone over a sample: its comparisons, with a fixed number of statements however large the sample is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from armature.arm import alone, listen
from armature.arm.alone import Pair
from armature.arm.course import Moment
from armature.arm.identify import Memory
from armature.arm.intent import Reader
from armature.arm.interaction import Interaction, Value
from armature.arm.person import NOBODY, Known
from armature.arm.rule import CompiledTable, Unfit, compile_table, read_table
from armature.crm.accounts.access import Refused
from armature.crm.decide import company_facts, plans, rule_lists
from armature.crm.decide.drawn import Draft
from armature.crm.identify import queries as identities
from armature.crm.learn.alone import did, persons
from armature.crm.learn.alone.sample import Sample
from armature.crm.learn.replays.work import MEMORY
from armature.crm.understand import queries as readings
from armature.crm.understand import versions

STEPS = ("where", "intent", "known", "rules")
"""In the order of the process."""


@dataclass(slots=True)
class Looked:
    """What one step came to: its comparisons, and the sentences of the rows that are classes of them."""

    pairs: list[Pair]
    sentences: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is tried in place of what was recorded: another reader, a draft of a table; both may be none."""

    reader: Reader | None = None
    draft: CompiledTable | None = None


def chosen(reader: int | None, draft: Draft | None) -> Chosen:
    """A reader by its number (0 the starter reader), a draft of a table. Raises ``Refused`` where it cannot run."""
    try:
        read = versions.numbered(reader) if reader is not None else None
    except LookupError:
        raise Refused(_("The reader: this version is not kept any more. Choose another one.")) from None
    return Chosen(read, _compiled(draft) if draft else None)


def _compiled(draft: Draft) -> CompiledTable:
    table, findings = read_table(rule_lists.filled(draft.body).encode())
    try:
        if table is None:
            raise Unfit(findings)
        return compile_table(table, company_facts.for_running())
    except Unfit as unfit:
        words = unfit.findings[0].words if unfit.findings else ""
        raise Refused(_("This draft cannot run yet: {words}").format(words=words)) from unfit


def where(sample: Sample, _tried: Chosen) -> Looked:
    """Channel and hours as they were found then, beside those of today's channels and hours."""
    now, hours, pairs = timezone.now(), plans.Plans({}, plans.opening_hours()).hours, list[Pair]()
    for one, _channel, moments in sample.found():
        then = alone.found(moments, "where")
        if then is not None:
            today = listen.where(one, hours.get(one.brand) or hours.get(0), now)
            pairs += alone.facts(one.id, alone.WHERE, then, today)
    return Looked(pairs)


def intent(sample: Sample, tried: Chosen) -> Looked:
    """The suggestion, or what the chosen reader suggests, beside a person's word."""
    words = did.readings(sample.numbers)
    suggested = {number: one.suggested for number, one in words.items()}
    if tried.reader is not None:
        said = [one for one, _channel, _moments in sample.found() if one.id in words]
        read = tried.reader.read([one.text for one in said], [one.language for one in said]) if said else []
        suggested = {one.id: reading.intent for one, reading in zip(said, read, strict=True)}
    return Looked([
        Pair(number, "intent", suggested[number], suggested[number], words[number].meant)
        for number in sample.numbers if number in suggested
    ])  # fmt: skip


def known(sample: Sample, _tried: Chosen) -> Looked:
    """What was known then beside what is known of that time today; and who was found to be whom by people since."""
    found, now = sample.found(), timezone.now()
    knowledge, who = _knowledge(found), persons.decided(sample.numbers)
    memories: dict[int, Memory] = {}
    pairs: list[Pair] = []
    for one, _channel, moments in found:
        then, plan = alone.found(moments, "known"), moments[0].plan
        if then is None:
            continue
        memory = memories.get(id(plan)) or memories.setdefault(id(plan), Memory(knowledge, plan.catalogue))
        pairs += alone.facts(one.id, alone.KNOWN, then, memory.facts(one, now))
        if one.id in who:
            pairs.append(Pair(one.id, alone.PERSON, "", persons.SAME, who[one.id]))
    return Looked(pairs)


def _knowledge(found: Sequence[tuple[Interaction, int, list[Moment]]]) -> Mapping[int, Known]:
    """Facts and past of everybody in the sample, as far back as the oldest of it counts complaints."""
    if not found:
        return {}
    whose: list[int] = sorted({one.identity for one, _channel, _moments in found})
    since: datetime = min(one.occurred_at for one, _channel, _moments in found) - MEMORY
    facts, past = identities.facts(whose), readings.past(whose, since)
    return {number: Known(facts.get(number, NOBODY.facts), past.get(number, ())) for number in whose}


def rules(sample: Sample, tried: Chosen) -> Looked:
    """What the rows that fired said, or those of a draft, beside what people did."""
    acted = did.did(sample.numbers)
    looked = Looked([])
    for one, _channel, moments in sample.found():
        if one.id not in acted:
            continue
        stood = alone.answers(one, moments)
        done: dict[str, Value] = dict(acted[one.id])
        if tried.draft is not None:
            done.pop(alone.WHOLE, None)  # that was said of the decision as it was
        said = alone.answers(one, moments, tried.draft) if tried.draft is not None else stood
        pairs = list(alone.rules(one.id, said, stood, done))
        looked.pairs += pairs
        _sentences(looked.sentences, pairs, moments[-1], tried.draft)
    return looked


def _sentences(found: dict[str, str], pairs: Sequence[Pair], last: Moment, draft: CompiledTable | None) -> None:
    """Those of the rows that are new; of an interaction's own version, the newest first."""
    for key in {pair.key for pair in pairs} - found.keys():
        table, _colon, row = key.partition(":")
        compiled = draft if draft is not None and draft.table.key == table else last.plan.tables.get(table)
        if compiled is not None:
            found[key] = compiled.sentence(row)


LOOKS: Mapping[str, Callable[[Sample, Chosen], Looked]] = {
    "where": where, "intent": intent, "known": known, "rules": rules,
}  # fmt: skip
