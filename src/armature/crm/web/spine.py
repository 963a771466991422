"""The spine: the six parts of a judgement as dots on a line, each with its why. The same order on every screen."""

from dataclasses import dataclass, field

from armature.arm import listen
from armature.arm.intent import Reading
from armature.arm.interaction import Interaction, Value
from armature.arm.process_map import Plan
from armature.arm.rule import FACTS
from armature.crm.act.models import Case
from armature.crm.act.queries import WAITS_FOR
from armature.crm.decide import plans, snapshot
from armature.crm.decide.models import Judgement
from armature.crm.decide.waits import HUMAN
from armature.crm.identify import queries as identities
from armature.crm.learn.models import Outcome
from armature.crm.web.templatetags.moments import said_at

DONE, WAITS, AHEAD = "done", "waits", "ahead"


@dataclass(slots=True)
class Dot:
    """One part: its state on the line, a hint beside its name, a sentence, and lines of label, value and source."""

    key: str
    label: str
    state: str
    hint: str = ""
    words: str = ""
    lines: list[tuple[str, str, str]] = field(default_factory=list)
    above: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the spine of a case is drawn from: its last message, how it was read, how it was judged."""

    case: Case
    interaction: Interaction
    reading: Reading | None
    judgement: Judgement

    @property
    def facts(self) -> dict[str, Value]:
        """What was known when it was judged."""
        return snapshot.unpack(self.judgement.snapshot, self.judgement.catalogue)

    @property
    def plan(self) -> Plan:
        """The map it was judged on."""
        return plans.load([self.judgement.map_id])[self.judgement.map_id]


def spine(seen: Seen) -> list[Dot]:
    """The six dots of a case."""
    return [_said(seen), _where(seen), _intent(seen), _known(seen), _rule(seen), _action(seen)]


def _said(seen: Seen) -> Dot:
    count = seen.case.conversation.interaction_set.filter(direction="in").count()
    words = "" if count == 1 else f"{count} messages in this conversation."
    return Dot("said", "Said", DONE, seen.interaction.kind, words, [("By", seen.interaction.author, "")])


def _where(seen: Seen) -> Dot:
    hours = {True: "in business hours", False: "outside business hours"}.get(seen.facts.get("business_hours"), "")  # type: ignore[call-overload]
    return Dot("where", "Where", DONE, FACTS["channel"].say(seen.interaction.channel), hours)


def _intent(seen: Seen) -> Dot:
    reading = seen.reading
    if reading is None:
        return Dot("intent", "Intent", DONE, "not read", "Set aside before it was read: no person wrote it.")
    hint = f"by {reading.by}" if reading.confirmed else f"suggested, {reading.confidence:.0%}"
    tone = "angry" if reading.sentiment < -0.5 else "unhappy" if reading.sentiment < -0.1 else ""
    tone = tone or ("happy" if reading.sentiment > 0.3 else "calm")
    state = WAITS if seen.case.form == "intent" else DONE
    because = [("Because of", "the words marked in the text", "")] if reading.evidence else []
    words = FACTS["intent"].say(reading.intent)
    lines = [
        *because,
        ("Kind of issue", FACTS["issue_type"].say(reading.issue_type), ""),
        ("Tone", tone, "a hint"),
        ("Language", reading.language, ""),
    ]
    return Dot("intent", "Intent", state, hint, words, lines)


def _known(seen: Seen) -> Dot:
    sources = identities.facts([seen.case.identity_id]).get(seen.case.identity_id, {})
    lines = []
    for key, spec in FACTS.items():
        value = seen.facts.get(key)
        if spec.step == "known" and value is not None and not key.endswith("_unconfirmed"):
            source = sources.get(key)
            words = f"{source.source}, {'verified' if source.verified else 'inferred'}" if source else "counted here"
            lines.append((spec.label, spec.say(value), words))
    at = seen.judgement.judged_at
    return Dot("known", "Known", DONE, f"as of {said_at(at)}", "" if lines else "Nobody we know yet.", lines)


def _rule(seen: Seen) -> Dot:
    rows = dict(row.split(":", 1) for row in seen.judgement.rows)
    table = "business_rules" if "business_rules" in rows else next(iter(rows), "")
    if not table:
        return Dot("rule", "Rule", AHEAD, "", "No rule was asked.")
    compiled, facts = seen.plan.tables[table], {**seen.facts, **listen.said(seen.interaction)}
    above = [
        (name, f"{FACTS[key].label} is {_found(key, found)}, not {cell}")
        for name, key, cell, found in compiled.why(facts)
    ]
    state = DONE if table == "business_rules" else AHEAD
    hint = f"{compiled.table.label}, version {seen.judgement.map.version}, row {rows[table]}"
    return Dot("rule", "Rule", state, hint, compiled.sentence(rows[table]), above=above)


def _found(key: str, found: Value) -> str:
    if key == "said":
        return "these words"
    return "not known" if found is None else FACTS[key].say(found)


def _action(seen: Seen) -> Dot:
    case = seen.case
    outcomes = _outcomes(case)
    if case.form:
        whose = f"{case.asks.replace('_', ' ').capitalize()}: " if case.asks else ""
        state = AHEAD if case.form == "intent" else WAITS if case.form in HUMAN else DONE
        return Dot("action", "Action", state, "", f"{whose}{WAITS_FOR[case.form]}.", outcomes)
    reason = f": {seen.judgement.reason}" if seen.judgement.reason else ""
    return Dot("action", "Action", DONE, "", f"{case.get_status_display()}{reason}.", outcomes)


def _outcomes(case: Case) -> list[tuple[str, str, str]]:
    found = Outcome.objects.filter(judgement__interaction__conversation=case.conversation_id).values_list(
        "verdict", "rule", "at"
    )
    lines: dict[str, tuple[str, str, str]] = {}
    for verdict, rule, at in found:
        lines[rule] = ("Outcome", FACTS["feedback"].say(verdict), f"of {rule.split(':')[1]}, {said_at(at)}")
    return list(lines.values())
