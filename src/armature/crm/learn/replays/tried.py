"""The plans that a replay runs: for each interaction the one it would enter now, with the drafts in their places."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from armature.arm.process_map import Plan, compile_plan
from armature.arm.process_map.bpmn import parse
from armature.arm.rule.finding import Finding, Unfit
from armature.crm.decide import company_facts, plans, rule_lists, versions
from armature.crm.decide.drawn import Draft
from armature.crm.listen.models import Direction

EVERYWHERE = "*"
"""The key of a map that is tried on everything: a file, or a map that is in force nowhere."""


def of_drafts(drafts: Sequence[Draft]) -> dict[str, Any]:
    """Drafts as they read now, as a replay keeps them."""
    return {
        "names": [draft.name or draft.key for draft in drafts],
        "maps": {one.key: one.body for one in drafts if one.kind == versions.MAP},
        "tables": {one.key: rule_lists.filled(one.body) for one in drafts if one.kind == versions.TABLE},
    }


class Tried:
    """Plans by channel and brand. Raises ``Unfit`` with all errors where a draft cannot be run.

    ``direction`` is of what it is tried on: a map that is tried says by its start what it is for.
    """

    def __init__(self, tried: Mapping[str, Any]) -> None:
        self._maps: dict[str, str] = dict(tried.get("maps") or {})
        self._tables: dict[str, bytes] = {key: body.encode() for key, body in (tried.get("tables") or {}).items()}
        self.direction = _direction(self._maps.values())
        self._assigned = {(one.brand_id, one.channel_id): one.map for one in versions.assigned(self.direction)}
        in_force = {one.key for one in self._assigned.values()}
        self._everywhere = next((key for key in self._maps if key == EVERYWHERE or key not in in_force), None)
        self._newest = {one.key: one.body.encode() for one in versions.newest_tables().values()} | self._tables
        self._compiled: dict[str, Plan] = {}
        if self._everywhere is not None:
            self._compiled[self._everywhere] = self._compile(self._maps[self._everywhere])
        self._running = plans.load({one.pk for one in self._assigned.values()})
        for one in self._assigned.values():
            self._plan(one.key, one.pk, one.body)

    def plan(self, brand: int, channel: int) -> Plan:
        """The plan for what comes in there. Raises ``LookupError`` when no map is in force for it."""
        if self._everywhere is not None:
            return self._compiled[self._everywhere]
        for key in ((brand, channel), (None, channel), (brand, None), (None, None)):
            if key in self._assigned:
                one = self._assigned[key]
                return self._plan(one.key, one.pk, one.body)
        raise LookupError(f"No process map is in force for channel {channel}")

    def _plan(self, key: str, number: int, body: str) -> Plan:
        """A draft in place of a map or of a table it uses, else the version in force, as it is."""
        if key not in self._compiled:
            if key in self._maps or _uses(body) & self._tables.keys():
                self._compiled[key] = self._compile(self._maps.get(key, body))
            else:
                self._compiled[key] = self._running[number]
        return self._compiled[key]

    def _compile(self, body: str) -> Plan:
        return compile_plan(body.encode(), self._newest, company_facts.for_running())


def _direction(bodies: Iterable[str]) -> Direction:
    found = {versions.direction_of(body) for body in bodies} or {Direction.IN}
    if len(found) > 1:
        words = _("One map is for what they say to us, another for what we start: try them one after the other.")
        raise Unfit([Finding("", "", words)])
    return found.pop()


def _uses(body: str) -> set[str]:
    elements = parse(body.encode())[0].elements.values()
    return {one.own.get("table", "") for one in elements if one.kind == "businessRuleTask"}
