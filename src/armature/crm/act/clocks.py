"""The clocks of a case run, stand still and stop as the case does; `turn` says whose turn it is.

Ours: somebody owes the customer something. Theirs: they were answered and have not written since. Over: the case ended.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from armature.crm import rows
from armature.crm.accounts.models import Promise
from armature.crm.act.models import Clock, ClockName
from armature.crm.decide import plans
from armature.crm.decide.plans import Hours, Plans

CHUNK = 1000
FIRST, NEXT, RESOLUTION = ClockName.FIRST, ClockName.NEXT, ClockName.RESOLUTION
OURS, THEIRS, OVER = "ours", "theirs", "over"


@dataclass(slots=True)
class Running:
    """A clock that has not been stopped. ``id`` is 0 while it is not stored."""

    name: str
    minutes: int
    calendar_id: int | None
    since: datetime | None
    spent: float = 0.0
    due_at: datetime | None = None
    stopped_at: datetime | None = None
    id: int = 0

    def pause(self, now: datetime, hours: Hours) -> None:
        """Stand still: what has run is kept."""
        if self.since is not None:
            self.spent += passed(hours, self.since, now, self.calendar_id is None)
            self.since = self.due_at = None

    def run(self, now: datetime, hours: Hours) -> None:
        """Go on: what is left runs from now. What had run out before stays overdue."""
        if self.since is None:
            self.since = now
            self.reckon(hours)

    def reckon(self, hours: Hours) -> None:
        """Say when it runs out, in these hours."""
        if self.since is not None:
            left = max(0, round(self.minutes - self.spent))
            self.due_at = plans.due(hours, self.since, left, self.calendar_id is None)


@dataclass(slots=True)
class Promised:
    """What a case's clocks follow: whose turn it is, whether it was ever answered, the clocks there are.

    ``theirs_waits``: something that they said waits, not only what we started; for that no answer is promised.
    """

    case_id: int
    brand_id: int
    team: str
    turn: str
    answered: bool
    first_kept: bool
    theirs_waits: bool
    running: dict[str, Running] = field(default_factory=dict)

    def due_at(self) -> datetime | None:
        """When the first of its clocks runs out."""
        due = [clock.due_at for clock in self.running.values() if clock.due_at and not clock.stopped_at]
        return min(due, default=None)


def passed(hours: Hours, begin: datetime, end: datetime, round_the_clock: bool) -> float:
    """Minutes between two times, in these hours or round the clock."""
    return (end - begin).total_seconds() / 60 if round_the_clock else hours.calendar.minutes_between(begin, end)


def follow(case_ids: Iterable[int], now: datetime) -> None:
    """Start, stop and hold the clocks of these cases: five statements, one where nothing is promised."""
    promises = _promises()
    if not promises:
        return
    opening = Plans({}, plans.opening_hours())
    found = _load(sorted(set(case_ids)))
    for case in found:
        promise = promises.get((case.brand_id, case.team)) or promises.get((case.brand_id, ""))
        move(case, promise, opening.hours_of(case.brand_id, case.team), now)
    _keep(found, now)


def move(case: Promised, promise: Promise | None, hours: Hours, now: datetime) -> None:
    """Bring the clocks of one case to where it is now."""
    if case.turn == OURS:
        if case.theirs_waits and not case.answered and not case.first_kept:
            _start(case, FIRST, promise, hours, now)
        elif case.theirs_waits and case.answered:
            _start(case, NEXT, promise, hours, now)
        _start(case, RESOLUTION, promise, hours, now)
        case.running[RESOLUTION].run(now, hours) if RESOLUTION in case.running else None
    if case.answered or case.turn == OVER:
        _stop(case, FIRST, now)
    if case.turn in (THEIRS, OVER):
        _stop(case, NEXT, now)
    if case.turn == OVER:
        _stop(case, RESOLUTION, now)
    elif case.turn == THEIRS and RESOLUTION in case.running:
        case.running[RESOLUTION].pause(now, hours)


def _start(case: Promised, name: str, promise: Promise | None, hours: Hours, now: datetime) -> None:
    minutes = getattr(promise, name) if promise else None
    if promise is None or minutes is None or name in case.running:
        return
    clock = Running(name, minutes, None if promise.round_the_clock else hours.id, None)
    clock.run(now, hours)
    case.running[name] = clock


def _stop(case: Promised, name: str, now: datetime) -> None:
    if name in case.running:
        case.running[name].stopped_at = now


def _promises() -> dict[tuple[int, str], Promise]:
    found = Promise.objects.select_related("team")
    return {(one.brand_id, one.team.key if one.team else ""): one for one in found}


CASES = """
    SELECT c.id, ch.brand_id, c.team,
        CASE WHEN c.form = '' THEN 'over' WHEN c.form = 'feedback' THEN 'theirs' ELSE 'ours' END,
        EXISTS (SELECT FROM act_response r JOIN act_delivery d ON d.response_id = r.id
                WHERE r.case_id = c.id AND d.state = 'sent'),
        EXISTS (SELECT FROM act_clock k WHERE k.case_id = c.id AND k.name = 'first' AND k.stopped_at IS NOT NULL),
        EXISTS (SELECT FROM decide_wait w JOIN decide_waititem n ON n.wait_id = w.id
                JOIN decide_judgement j ON j.id = n.judgement_id JOIN listen_interaction i ON i.id = j.interaction_id
                WHERE w.conversation_id = c.conversation_id AND w.identity_id = c.identity_id
                  AND w.state IN ('open', 'answered') AND i.direction = 'in'),
        (SELECT coalesce(json_agg(json_build_array(k.name, k.minutes, k.calendar_id, k.since, k.spent, k.due_at, k.id)),
                         '[]')::text
         FROM act_clock k WHERE k.case_id = c.id AND k.stopped_at IS NULL)
    FROM act_case c JOIN listen_conversation v ON v.id = c.conversation_id
    JOIN listen_channel ch ON ch.id = v.channel_id
"""


def _load(case_ids: Sequence[int]) -> list[Promised]:
    return [_promised(*row) for row in rows.fetch(f"{CASES} WHERE c.id = ANY(%s) ORDER BY c.id", [list(case_ids)])]


def _promised(
    number: int, brand: int, team: str, turn: str, answered: bool, kept: bool, theirs: bool, clocks: str
) -> Promised:
    running = {}
    for name, minutes, calendar, since, spent, due, clock in json.loads(clocks):
        running[name] = Running(name, minutes, calendar, _time(since), spent, _time(due), None, clock)
    return Promised(number, brand, team, turn, answered, kept, theirs, running)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


COLUMNS = "case_id, name, minutes, calendar_id, since, spent, due_at, started_at, stopped_at".split(", ")


def _keep(cases: Sequence[Promised], now: datetime) -> None:
    """Write clocks that are new, change those that were there, and tell each case when its first one runs out."""
    clocks = [(case.case_id, clock) for case in cases for clock in case.running.values()]
    rows.copy(
        Clock,
        COLUMNS,
        [
            (number, c.name, c.minutes, c.calendar_id, c.since, c.spent, c.due_at, now, c.stopped_at)
            for number, c in clocks
            if not c.id
        ],
    )
    rows.run(
        """
        UPDATE act_clock k SET calendar_id = n.calendar_id, since = n.since, spent = n.spent, due_at = n.due_at,
            stopped_at = n.stopped_at
        FROM jsonb_to_recordset(%s) AS n(id bigint, calendar_id bigint, since timestamptz, spent float,
                                         due_at timestamptz, stopped_at timestamptz)
        WHERE k.id = n.id
        """,
        [rows.as_json([_row(clock) for _, clock in clocks if clock.id])],
    )
    rows.run(
        """
        UPDATE act_case c SET promised_at = n.due FROM jsonb_to_recordset(%s) AS n(id bigint, due timestamptz)
        WHERE c.id = n.id AND c.promised_at IS DISTINCT FROM n.due
        """,
        [rows.as_json([{"id": case.case_id, "due": case.due_at()} for case in cases])],
    )


def _row(clock: Running) -> Mapping[str, Any]:
    return {"id": clock.id, "calendar_id": clock.calendar_id, "since": clock.since, "spent": clock.spent,
            "due_at": clock.due_at, "stopped_at": clock.stopped_at}  # fmt: skip


def reckon(brand_id: int, after: int = 0) -> int | None:
    """Reckon the running clocks of up to 1,000 cases of a brand in today's hours; where to go on, None when all are."""
    opening = Plans({}, plans.opening_hours())
    numbers = rows.fetch(
        "SELECT DISTINCT case_id FROM act_clock WHERE stopped_at IS NULL AND case_id > %s ORDER BY case_id LIMIT %s",
        [after, CHUNK],
    )
    found = [case for case in _load([number for (number,) in numbers]) if case.brand_id == brand_id]
    for case in found:
        hours = opening.hours_of(case.brand_id, case.team)
        for clock in case.running.values():
            clock.calendar_id = clock.calendar_id and hours.id
            clock.reckon(hours)
    _keep(found, timezone.now())
    return numbers[-1][0] if len(numbers) == CHUNK else None
