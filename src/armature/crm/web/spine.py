"""The spine: the six parts of a judgement as dots on a line, each with its why. The same order on every screen."""

from dataclasses import dataclass, field

from django.conf.locale import LANG_INFO
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from armature.arm import listen
from armature.arm.intent import Reading
from armature.arm.interaction import Interaction, Value
from armature.arm.listen import PAST
from armature.arm.process_map import Plan
from armature.arm.rule import FACTS
from armature.crm.act.models import Case
from armature.crm.act.queries import words_for
from armature.crm.decide import plans, snapshot
from armature.crm.decide.models import Judgement
from armature.crm.decide.waits import HUMAN
from armature.crm.identify import queries as identities
from armature.crm.learn.models import Outcome, Said
from armature.crm.understand import queries as readings
from armature.crm.web.shipped_words import in_their_language, label_of, said
from armature.crm.web.templatetags.moments import said_at
from armature.crm.web.templatetags.talks import called

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
    """What the spine of a case is drawn from: its last message, how it was read, how it was judged.

    ``said`` counts the messages of the conversation; ``team`` is the name of the one whose turn it is.
    """

    case: Case
    interaction: Interaction
    reading: Reading | None
    judgement: Judgement
    said: int
    team: str

    @property
    def facts(self) -> dict[str, Value]:
        """What was known when it was judged."""
        return snapshot.unpack(self.judgement.snapshot, self.judgement.catalogue)

    @property
    def judging(self) -> str:
        """How the one who judges is helped now: off, suggest or draft; empty when nobody is asked for the intent."""
        if self.case.form != "intent" or self.reading is None or self.reading.confirmed:
            return ""
        how = self.facts.get("judging")
        return str(how) if how in ("off", "suggest") else "draft"

    @property
    def plan(self) -> Plan:
        """The map it was judged on."""
        return plans.load([self.judgement.map_id])[self.judgement.map_id]


def spine(seen: Seen) -> list[Dot]:
    """The six dots of a case."""
    return [_said(seen), _where(seen), _intent(seen), _known(seen), _rule(seen), _action(seen)]


def _said(seen: Seen) -> Dot:
    count = seen.said
    many = ngettext("{n} message in this conversation.", "{n} messages in this conversation.", count)
    words = "" if count < 2 else many.format(n=count)
    by = [(_("To") if seen.interaction.ours else _("By"), called(seen.interaction.author), "")]
    if seen.interaction.call:
        by.append((label_of("call"), said("call", seen.interaction.call), ""))
    return Dot("said", _("Said"), DONE, said("kind", seen.interaction.kind), words, by)


def _where(seen: Seen) -> Dot:
    known = seen.facts.get("business_hours")
    hours = {True: _("in business hours"), False: _("outside business hours")}.get(known, "")  # type: ignore[call-overload]
    return Dot("where", _("Where"), DONE, said("channel", seen.interaction.channel), hours)


def _intent(seen: Seen) -> Dot:
    reading = seen.reading
    if reading is None:
        why = _("Set aside before it was read: no person wrote it.")
        if seen.interaction.automatic in PAST:
            why = _("Set aside: it was said before this channel was started.")
        if seen.interaction.ours:
            why = _("We started it: what we start is not judged by its words.")
        return Dot("intent", _("Intent"), DONE, _("not read"), why)
    if seen.judging == "off":
        why = _("A person says it first. What the reader thinks is shown afterwards.")
        return Dot("intent", _("Intent"), WAITS, _("not judged yet"), why, _their_word(seen))
    hint = _("by {who}").format(who=reading.by)
    if not reading.confirmed:
        hint = _("suggested, {share}").format(share=f"{reading.confidence:.0%}")
    state = WAITS if seen.case.form == "intent" else DONE
    because = [(_("Because of"), _("the words marked in the text"), "")] if reading.evidence else []
    lines = [
        *because,
        *_suggested(seen),
        (label_of("issue_type"), said("issue_type", reading.issue_type), ""),
        (_("Tone"), _tone(reading.sentiment), _("a hint")),
        (label_of("language"), language_name(reading.language), ""),
        *_their_word(seen),
    ]
    return Dot("intent", _("Intent"), state, hint, said("intent", reading.intent), lines)


def _suggested(seen: Seen) -> list[tuple[str, str, str]]:
    """What the reader had said, beside a person's word."""
    if seen.reading is None or not seen.reading.confirmed:
        return []
    before = readings.suggested(seen.judgement.interaction_id)
    return [(_("The reader said"), said("intent", one.intent), f"{one.confidence:.0%}") for one in before]


def _their_word(seen: Seen) -> list[tuple[str, str, str]]:
    """What they said they meant, where our page asked them: it decides nothing."""
    if seen.case.conversation.channel.kind != "web":
        return []
    found = Said.objects.filter(interaction_id=seen.judgement.interaction_id).values_list("meant_id", flat=True)
    return [(_("They say"), said("intent", meant), _("asked on our page")) for meant in found]


def _tone(sentiment: float) -> str:
    if sentiment < -0.1:
        return _("angry") if sentiment < -0.5 else _("unhappy")
    return _("happy") if sentiment > 0.3 else _("calm")


def language_name(code: str) -> str:
    """A language by its tag."""
    if code not in LANG_INFO:
        return _("not known")
    return str(get_language_info(code)["name_translated"])


def _known(seen: Seen) -> Dot:
    sources = identities.facts([seen.case.identity_id]).get(seen.case.identity_id, {})
    lines = []
    for key, spec in FACTS.items():
        value = seen.facts.get(key)
        if spec.step == "known" and value is not None and not key.endswith("_unconfirmed"):
            source = sources.get(key)
            words = _source(source.source, source.verified) if source else _("counted here")
            lines.append((label_of(key), said(key, value), words))
    hint = _("as of {at}").format(at=said_at(seen.judgement.judged_at))
    return Dot("known", _("Known"), DONE, hint, "" if lines else _("Nobody we know yet."), lines)


def _source(name: str, verified: bool) -> str:
    return (_("{source}, verified") if verified else _("{source}, inferred")).format(source=name)


def _rule(seen: Seen) -> Dot:
    rows = dict(row.split(":", 1) for row in seen.judgement.rows)
    table = "business_rules" if "business_rules" in rows else next(iter(rows), "")
    if not table:
        return Dot("rule", _("Rule"), AHEAD, "", _("No rule was asked."))
    compiled, facts = seen.plan.tables[table], {**seen.facts, **listen.said(seen.interaction)}
    hides = seen.judging == "off"
    above = [
        (name, why_not(key, cell, found)) for name, key, cell, found in compiled.why(facts)
        if not (hides and _is_read(key))
    ]  # fmt: skip
    state = DONE if table == "business_rules" else AHEAD
    hint = _("{table}, version {version}, row {row}").format(
        table=compiled.table.label, version=seen.judgement.map.version, row=rows[table]
    )
    if hides and any(_is_read(key) for key in compiled.tests(rows[table])):
        return Dot("rule", _("Rule"), state, hint, _("It was chosen by how it was read: shown once it is judged."))
    return Dot("rule", _("Rule"), state, hint, compiled.sentence(rows[table]), above=above)


def _is_read(key: str) -> bool:
    """Whether a fact is what the reader found."""
    return key in FACTS and FACTS[key].step == "intent"


def why_not(key: str, wanted: object, found: Value) -> str:
    """Why a row did not fire: what was found, and what it wanted."""
    here = _("these words") if key == "said" else said(key, found)
    return _("{fact} is {found}, not {wanted}").format(fact=label_of(key), found=here, wanted=wanted)


def _action(seen: Seen) -> Dot:
    case = seen.case
    outcomes = _outcomes(case)
    if case.form:
        state = AHEAD if case.form == "intent" else WAITS if case.form in HUMAN else DONE
        words = _("{team}: {waits}.") if seen.team else _("{waits}.")
        waits = capfirst(words.format(team=seen.team, waits=words_for(case.form)))
        return Dot("action", _("Action"), state, "", waits, outcomes)
    words = _("{status}: {reason}.") if seen.judgement.reason else _("{status}.")
    ended = words.format(status=case.get_status_display(), reason=in_their_language(seen.judgement.reason))
    return Dot("action", _("Action"), DONE, "", ended, outcomes)


def _outcomes(case: Case) -> list[tuple[str, str, str]]:
    if not case.person_id:  # nobody was answered, so nothing came of it
        return []
    found = Outcome.objects.filter(
        Q(person=case.person_id) | Q(person__joined_into__kept=case.person_id),
        judgement__interaction__conversation=case.conversation_id,
    ).values_list("verdict", "rule", "at")
    lines: dict[str, tuple[str, str, str]] = {}
    for verdict, rule, at in found:
        of = _("of {rule}, {at}").format(rule=rule.split(":")[1], at=said_at(at))
        lines[rule] = (_("Outcome"), said("feedback", verdict), of)
    return list(lines.values())
