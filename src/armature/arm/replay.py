"""Replay: what would a plan have done with what was said before? Pure, and set beside what was recorded then.

The plan is walked anew: its gateways and tables are asked, nothing of the recorded way is copied. Taken from the record
is only what the plan cannot make: the facts as they were at each judgement, what people, timers, the outbox and
customers answered, and what people did beside the arrows. How each of these counts:

- **Answers** are taken in their order. Where the plan waits at the element where an answer was given it gets that
  answer, else the next one given to the same form. What it does not ask is passed over; the intent that a person gave
  there is then not known either. Where nobody was asked it stops as ``would_ask``.
- **Timers** that fired, fire where the plan has the same timer on the same wait. A timer of the plan never fires by
  itself: how long people would have taken is not guessed.
- **Endings by hand** hold where the plan waits at the same element. **Work taken up** again by hand is taken up where
  the plan has come to an end.
- **What joined** a wait for feedback joins it where the plan has such a wait; else it is walked from the start.
- **Set aside** (historic, automatic, deleted before it was read) comes before any map: it stays so.
- **Facts** that no recorded judgement found, and those added to the catalogue later, are not known. One that the plan
  asks for earlier than the record did is the first that was found afterwards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from armature.arm import act, listen
from armature.arm.action import Ask
from armature.arm.course import Course, Moment, Stop, course
from armature.arm.interaction import Interaction, Value
from armature.arm.process_map import FORMS, STEPS, Plan
from armature.arm.rule import FACTS
from armature.arm.walk import walk

SET_ASIDE = "set aside: "
WAITS = ("ask", "joined")
"""Where it goes on from: what joined a wait goes on with it."""
_FOUND = {step: tuple(key for key, field in FACTS.items() if field.step == step)
          for step in ("where", "intent", "known")}  # fmt: skip
_ALL_FOUND = tuple(key for keys in _FOUND.values() for key in keys)


def replayed(
    interaction: Interaction,
    moments: Sequence[Moment],
    plan: Plan,
    *,
    known: Mapping[str, Value] | None = None,
    read: Mapping[str, Value] | None = None,
) -> Course:
    """What ``plan`` would have done. ``moments`` are all recorded judgements of the interaction, in order.

    ``known`` are facts to take in place of those known then (today's), ``read`` those of another reader in place of
    what no person confirmed.
    """
    run = _Run(interaction, moments, plan, known, read)
    run.begin()
    while run.go_on():
        pass
    return course(run.done)


class Event(NamedTuple):
    """How a recorded judgement came after the one before: ``kind`` is answer, timer, end, taken or again.

    ``at`` is where it stood, ``behind`` where it went on, ``form`` what was asked there.
    """

    kind: str
    at: str
    behind: str
    form: str


def came(before: Moment, after: Moment) -> Event:
    """How the second of two recorded judgements came after the first."""
    nodes, head, stood = after.plan.nodes, after.path[0], before.stop.element
    node, at = nodes.get(head), nodes.get(stood)
    waited = before.stop.kind in WAITS
    alone = after.path == (head,) and node is not None and node.kind == "ask"
    if alone and waited and head == stood:
        return Event("end" if after.stop.kind == "end" else "again", stood, head, before.stop.outcome)
    if node is not None and node.kind == "timer":
        return Event("timer", stood, head, before.stop.outcome)
    if waited and at is not None and at.to == head:
        return Event("answer", stood, stood, at.form)
    asked = next((one for one in nodes.values() if one.kind == "ask" and one.to == head), None)
    if waited and asked is not None:
        return Event("answer", stood, asked.id, asked.form)
    return Event("taken", stood, head, node.form if node is not None else "")


class _Run:
    """One interaction on its way through the plan, with a finger on the recorded judgement it has come to."""

    def __init__(
        self, interaction: Interaction, moments: Sequence[Moment], plan: Plan, known: Mapping[str, Value] | None,
        read: Mapping[str, Value] | None,
    ) -> None:  # fmt: skip
        self.interaction, self.moments, self.plan, self.known, self.read = interaction, moments, plan, known, read
        self.events = [came(*pair) for pair in pairwise(moments)]
        self.plain = known is None and read is None
        self.at, self.done = 0, list[Moment]()
        self.intent_of: int | None = None
        self.facts: dict[str, Value] = dict.fromkeys(plan.catalogue)
        self.said = listen.said(interaction)

    def begin(self) -> None:
        """Up to where it first waits or ends."""
        first, start = self.moments[0], self.plan.start
        self.facts.update(self.said)
        if first.stop.kind == "end" and first.stop.reason.startswith(SET_ASIDE) and len(first.path) == 1:
            self._keep((start,), {}, Stop("end", start, "no_response", first.stop.reason))
        elif first.stop.kind == "joined" and self._feedback(first.stop.element):
            self._find_all()
            self._keep((start,), {}, Stop("joined", self._feedback(first.stop.element), "merged"))
        else:
            self._walk(start)

    def _feedback(self, element: str) -> str:
        return element if element in self.plan.listening else min(self.plan.listening, default="")

    def go_on(self) -> bool:
        """With the next thing recorded that fits where it stands; False when there is none."""
        here = self.done[-1].stop
        for fits in (self._there, self._same_form):
            for number in range(self.at, len(self.events)):
                if fits(self.events[number], here):
                    self._take(number)
                    return True
        last = self.moments[-1].stop
        if here.kind == "ask" and (last.kind != "ask" or last.element != here.element):
            self.done[-1] = replace(self.done[-1], stop=here._replace(kind="would_ask"))
        return False

    def _there(self, event: Event, here: Stop) -> bool:
        if here.kind not in WAITS:
            return event.kind == "taken" and bool(self._taken_at(event))
        if event.at != here.element or event.kind == "taken":
            return False
        timer = self.plan.nodes.get(event.behind) if event.kind == "timer" else None
        return event.kind != "timer" or (timer is not None and timer.host == here.element)

    def _same_form(self, event: Event, here: Stop) -> bool:
        return event.kind == "answer" and here.kind in WAITS and event.form == self.plan.nodes[here.element].form

    def _taken_at(self, event: Event) -> str:
        nodes = self.plan.nodes
        if event.behind in nodes and nodes[event.behind].kind == "ask":
            return event.behind
        return next((one.id for one in nodes.values() if event.form and one.form == event.form), "")

    def _take(self, number: int) -> None:
        """The event with this number leads to the recorded judgement behind it; those before it are passed over."""
        event, here = self.events[number], self.done[-1].stop
        if self.intent_of is None and any(one.form == "intent" for one in self.events[self.at : number]):
            self.intent_of = self.at
        if event.kind == "answer" and event.form == "intent":
            self.intent_of = None
        self.at = number + 1
        after = self.moments[self.at]
        if event.kind == "end":
            self._keep((here.element,), {}, after.stop)
        elif event.kind == "again":
            self._keep((here.element,), {}, here)
        elif event.kind == "taken":
            self._take_up(self._taken_at(event), after)
        else:
            self._resume(event, here)

    def _take_up(self, element: str, after: Moment) -> None:
        for key in ("team", "sla_minutes"):
            if self.facts.get(key) is None:
                self.facts[key] = after.facts.get(key)
        self._keep((element,), {}, Stop("ask", element, self.plan.nodes[element].form))

    def _resume(self, event: Event, here: Stop) -> None:
        """As the core does: facts are read again, what was answered is known, and on it goes."""
        if event.kind == "timer":
            node = self.plan.nodes[event.behind]
        else:
            behind = event.behind if event.at == here.element != event.behind else here.element
            node = self.plan.nodes.get(behind) or self.plan.nodes[here.element]
        self.facts.update(self.said)
        self._find_all()
        if event.kind == "answer":
            self.facts.update(act.answered(node, self._answer(event), self.plan.catalogue))
        self._walk(node.to if node.kind == "ask" else node.id)

    def _answer(self, event: Event) -> dict[str, Value]:
        """What was answered there, out of what was known right after."""
        then, before = self.moments[self.at].facts, self.moments[self.at - 1].facts
        provides = (FORMS.get(event.form) or STEPS[event.form]).provides
        keys = [key for key in provides if key in self.plan.catalogue and key != "written_at"]
        answer = {key: then[key] for key in keys if then.get(key) is not None}
        if event.form in ("response", "executive"):
            if then.get("decision") is not None:
                answer["decision"] = then["decision"]
            if then.get("approval") is True and not before.get("approval") and self._no_table():
                answer["approval"] = True  # who wrote needs it by their role
        return answer

    def _no_table(self) -> bool:
        passed = self.moments[self.at]
        return all(passed.plan.nodes[one].kind != "table" for one in passed.path)

    def _find_all(self) -> None:
        if self.plain and self.intent_of is None and self.at and self._looked(self.at, ""):
            facts = self.moments[self.at].facts
            self.facts.update({key: facts.get(key) for key in _ALL_FOUND})
            return
        for step in ("where", "intent", "known"):
            self.facts.update(self._found(step))

    def _found(self, step: str) -> Mapping[str, Value]:
        """What the step found at the recorded judgement it has come to, else at the first one that did."""
        if step == "known" and self.known is not None:
            return self.known
        begin = self.at if step != "intent" or self.intent_of is None else self.intent_of
        found = self._from(step, begin)
        if step == "intent" and self.read is not None and found.get("judged_by_person") is not True:
            return self.read
        return found

    def _from(self, step: str, begin: int) -> dict[str, Value]:
        for number in range(begin, len(self.moments)):
            if self._looked(number, step):
                facts = self.moments[number].facts
                if step == "intent" and number > begin and facts.get("judged_by_person") is True:
                    break  # what a person said later was not known here
                return {key: facts.get(key) for key in _FOUND[step]}
        if step != "where":
            return {}
        return {"channel": self.interaction.channel, "public": self.interaction.public}

    def _looked(self, number: int, step: str) -> bool:
        """Whether that judgement looked for the facts of the step: one that went on for all, the first on its way."""
        if number:
            return self.events[number - 1].kind in ("answer", "timer")
        first = self.moments[0]
        return first.stop.kind == "joined" or any(
            node.finds == step for element in first.path if (node := first.plan.nodes.get(element))
        )

    def _walk(self, element: str) -> None:
        way = walk(self.plan, element, self.facts, self._found)
        if isinstance(way.stop, Ask):
            stop = Stop("ask", way.stop.element, way.stop.form)
        else:
            stop = Stop("end", way.stop.element, way.stop.outcome, way.stop.reason[:200])
        self._keep(way.path, way.rows, stop)

    def _keep(self, path: tuple[str, ...], rows: Mapping[str, str], stop: Stop) -> None:
        before = self.done[-1].rows if self.done else {}
        self.done.append(Moment(self.plan, path, {**before, **rows}, dict(self.facts), stop))
