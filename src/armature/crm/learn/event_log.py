"""Every step that was passed, in order of time, as events: out of what is measured, with the rights of figures.

A step at which nobody waits is passed when it was judged; a step that waits when its wait was over, by whoever ended
it. What a person ended beside the arrows is no step of its own: the stay says so.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from armature.arm.process_map import Plan
from armature.crm.accounts.models import User
from armature.crm.decide.models import Wait
from armature.crm.learn import figures, ways
from armature.crm.learn.cells import STAY, WAY
from armature.crm.learn.figures import Narrow, Scope
from armature.crm.learn.models import Measured
from armature.crm.listen.models import Channel

CHUNK = 2000
AUTOMATIC = "automatic"
"""Who did what no person did."""


class Event(NamedTuple):
    """One step that was passed: in which case, what, when, by whom, and what is known of it."""

    case: int
    activity: str
    at: datetime
    resource: str
    element: str
    version: int
    channel: str
    team: str
    intent: str
    outcome: str


def events(scope: Scope, maps: Mapping[int, int], plan: Plan, intent: str = "") -> Iterator[Event]:
    """The events of these versions of a map, oldest first; read in chunks, as they are taken."""
    channels = dict(Channel.objects.values_list("pk", "name"))
    narrowed = Narrow({"intent": intent} if intent else {})
    passed = _passed(_rows(scope, WAY, narrowed), maps, plan, channels)
    stayed = _stayed(_rows(scope, STAY, narrowed), maps, plan, channels)
    return heapq.merge(passed, stayed, key=lambda event: event.at)


def _rows(scope: Scope, kind: str, narrowed: Narrow) -> Iterator[list[Measured]]:
    """All rows of a kind from the oldest on, chunk by chunk."""
    found, last = figures.behind(scope, kind, narrowed).order_by("day", "at", "id"), None
    while True:
        rest = found if last is None else found.filter(
            Q(day__gt=last.day) | Q(day=last.day, at__gt=last.at) | Q(day=last.day, at=last.at, pk__gt=last.pk)
        )  # fmt: skip
        chunk = list(rest[:CHUNK])
        if chunk:
            yield chunk
            last = chunk[-1]
        if len(chunk) < CHUNK:
            return


def _event(
    one: Measured, element: str, version: int, plan: Plan, channels: Mapping[int, str], resource: str, outcome: str
) -> Event:
    node = plan.nodes.get(element)
    name = node.name if node and node.name else element
    return Event(
        one.case_id,
        name,
        one.at,
        resource,
        element,
        version,
        channels.get(one.channel_id, ""),
        one.team,
        one.intent,
        outcome,
    )


def _passed(
    chunks: Iterator[list[Measured]], maps: Mapping[int, int], plan: Plan, channels: Mapping[int, str]
) -> Iterator[Event]:
    known = ways.paths(maps)
    version_of = ways.versions_of_paths(maps)
    for chunk in chunks:
        for one in chunk:
            elements = known.get(one.label, ())
            if not elements or ways.is_by_hand(elements, one.more, plan):
                continue
            done: Sequence[str] = elements[:-1] if one.more == ways.ASK else elements
            for number, element in enumerate(done, 1):
                outcome = one.more if number == len(elements) else ""
                yield _event(one, element, version_of[one.label], plan, channels, AUTOMATIC, outcome)


def _stayed(
    chunks: Iterator[list[Measured]], maps: Mapping[int, int], plan: Plan, channels: Mapping[int, str]
) -> Iterator[Event]:
    for chunk in chunks:
        by = dict(Wait.objects.filter(pk__in=[one.source for one in chunk]).values_list("pk", "answered_by"))
        names = dict(User.objects.filter(pk__in={who for who in by.values() if who}).values_list("pk", "name"))
        for one in chunk:
            number, _, element = one.label.partition(":")
            if number.isdecimal() and int(number) in maps:
                who = names.get(by.get(one.source) or 0, AUTOMATIC)
                yield _event(one, element, maps[int(number)], plan, channels, who, one.more.partition(" ")[0])
