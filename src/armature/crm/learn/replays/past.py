"""What was recorded of interactions, as the core replays it: a fixed number of statements for a chunk of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from armature.arm.course import Moment, Stop
from armature.arm.interaction import Interaction
from armature.crm import rows
from armature.crm.decide import plans, queries, snapshot
from armature.crm.listen.models import Direction

Segment = Mapping[str, Any]
JUDGED = "EXISTS (SELECT FROM decide_judgement j WHERE j.interaction_id = i.id AND j.current)"
PARTS = {
    "channel": "i.channel_id = %s",
    "brand": "i.channel_id IN (SELECT id FROM listen_channel WHERE brand_id = %s)",
    "intent": "EXISTS (SELECT FROM understand_reading r WHERE r.interaction_id = i.id AND r.current"
    " AND r.intent_id = %s)",
    "team": "EXISTS (SELECT FROM act_case k JOIN identify_recognition g ON g.identity_id = k.identity_id AND g.current"
    " WHERE g.interaction_id = i.id AND k.conversation_id = i.conversation_id AND k.team = %s)",
    "since": "i.occurred_at >= %s::timestamptz",
    "until": "i.occurred_at < %s::timestamptz",
}
"""What of the past is looked at, by the name it has in a replay's ``over``; of what they said to us, or we started."""
COLUMNS = "interaction_id, id, map_id, path_id, rows, snapshot, catalogue, stop, element, outcome, reason, judged_at"


def _where(over: Segment) -> tuple[str, list[Any]]:
    asked = {name: over[name] for name in PARTS if over.get(name) not in (None, "")}
    started = over.get("direction") == Direction.OUT
    parts = ["i.direction = 'out'" if started else "i.direction = 'in'", JUDGED, *(PARTS[name] for name in asked)]
    return " AND ".join(parts), list(asked.values())


def bounds(over: Segment) -> tuple[int, int, int]:
    """How many interactions there are, the number of the first and of the last; with ``last`` only the newest."""
    where, values = _where(over)
    found = rows.fetch(
        f"""
        SELECT count(*), coalesce(min(id), 0), coalesce(max(id), 0) FROM (
            SELECT i.id FROM listen_interaction i WHERE {where} ORDER BY i.id DESC LIMIT %s) AS them
        """,  # noqa: S608  the parts are ours
        [*values, over.get("last")],
    )
    return found[0]


def numbers(over: Segment, first: int, place: int, upto: int, most: int) -> list[int]:
    """The next of them behind ``place``, in the order in which they came in."""
    where, values = _where(over)
    found = rows.fetch(
        f"""
        SELECT i.id FROM listen_interaction i WHERE {where} AND i.id >= %s AND i.id > %s AND i.id <= %s
        ORDER BY i.id LIMIT %s
        """,  # noqa: S608
        [*values, first, place, upto, most],
    )
    return [number for (number,) in found]


def newest(over: Segment, upto: int, most: int) -> list[int]:
    """The newest of them up to the number ``upto``, newest first."""
    where, values = _where(over)
    found = rows.fetch(
        f"SELECT i.id FROM listen_interaction i WHERE {where} AND i.id <= %s ORDER BY i.id DESC LIMIT %s",  # noqa: S608
        [*values, upto, most],
    )
    return [number for (number,) in found]


@dataclass(slots=True)
class Past:
    """Reads chunks; what few values there are (ways, fired rows, channels) is remembered between them."""

    words: bool = True
    _paths: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _fired: dict[tuple[str, ...], dict[str, str]] = field(default_factory=dict)

    def of(self, interactions: Sequence[int]) -> list[tuple[Interaction, int, list[Moment]]]:
        """Each interaction with its channel's number and all its judgements, in order."""
        judged = self._judgements(interactions)
        said = queries.interactions(interactions)
        before = wordings(interactions) if self.words else {}
        channels = dict(
            rows.fetch("SELECT id, channel_id FROM listen_interaction WHERE id = ANY(%s)", [list(interactions)])
        )
        found = []
        for number in interactions:
            if number not in said or number not in judged:
                continue
            began, moments = judged[number]
            one, wording = said[number], before.get(number)
            if wording and wording[1] > began:
                one = replace(one, text=wording[0])
            found.append((one, channels[number], moments))
        return found

    def _judgements(self, interactions: Sequence[int]) -> dict[int, tuple[datetime, list[Moment]]]:
        wanted = "FROM decide_judgement WHERE interaction_id = ANY(%s)"
        found = rows.fetch(
            f"SELECT {COLUMNS} {wanted} AND current UNION ALL SELECT {COLUMNS} {wanted} AND NOT current ORDER BY 1, 2",
            [list(interactions), list(interactions)],
        )
        running = plans.load({row[2] for row in found})
        self._learn({row[3] for row in found})
        judged: dict[int, tuple[datetime, list[Moment]]] = {}
        for interaction, _id, map_id, path_id, fired, line, version, stop, element, outcome, reason, at in found:
            kept = self._rows(tuple(fired))
            facts = snapshot.unpack(line, version)
            moment = Moment(running[map_id], self._paths[path_id], kept, facts, Stop(stop, element, outcome, reason))
            judged.setdefault(interaction, (at, []))[1].append(moment)
        return judged

    def _learn(self, wanted: Iterable[int]) -> None:
        new = [number for number in wanted if number not in self._paths]
        if new:
            found = rows.fetch("SELECT id, elements FROM decide_path WHERE id = ANY(%s)", [new])
            self._paths.update({number: tuple(elements) for number, elements in found})

    def _rows(self, fired: tuple[str, ...]) -> dict[str, str]:
        if fired not in self._fired:
            self._fired[fired] = dict(one.split(":", 1) for one in fired)
        return self._fired[fired]


def wordings(interactions: Sequence[int]) -> dict[int, tuple[str, datetime]]:
    """Of what was changed or deleted: how it read first, and when word of the first change came."""
    found = rows.fetch(
        """
        SELECT interaction_id, max(text) FILTER (WHERE kind = 'original'),
            min(heard_at) FILTER (WHERE kind <> 'original')
        FROM listen_revision WHERE interaction_id = ANY(%s) GROUP BY 1
        """,
        [list(interactions)],
    )
    return {number: (text, at) for number, text, at in found if text is not None and at is not None}


def by_identity(found: Iterable[tuple[Interaction, int, list[Moment]]]) -> dict[int, list[Interaction]]:
    """The interactions of each identity."""
    whose: dict[int, list[Interaction]] = defaultdict(list)
    for one, _channel, _moments in found:
        whose[one.identity].append(one)
    return whose
