"""Clocks of open work: when something is due, which timers are still to fire, and what they do when they do."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from armature.arm.action import Ask, Do
from armature.crm import rows
from armature.crm.accounts import audit
from armature.crm.decide import plans
from armature.crm.decide.models import Wait

if TYPE_CHECKING:
    from armature.crm.decide.commands import Judged
    from armature.crm.decide.waits import Asked


class Clock:
    """Due times for one batch: the same minutes of the same team are reckoned once."""

    def __init__(self, opening: plans.Plans, now: datetime) -> None:
        self.opening, self.now = opening, now
        self._due: dict[tuple[int, str, int, bool], datetime] = {}

    def set(self, asked: "Asked", ask: Ask, brand_id: int) -> None:
        """Write due time, timers and calendar of a new wait; when it is asked for twice, the earlier time wins."""
        always = bool(ask.timers) and ask.timers[0].round_the_clock
        due = None if ask.minutes is None else self._at(brand_id, ask.team, ask.minutes, always)
        if asked.due_at and (due is None or due >= asked.due_at):
            return
        asked.due_at, asked.minutes = due, ask.minutes
        asked.calendar_id = None if always else self.opening.hours_of(brand_id, ask.team).id
        timers = [(self._at(brand_id, ask.team, t.minutes, t.round_the_clock), t) for t in ask.timers]
        asked.timers = [
            [at.isoformat(), timer.element, timer.interrupts, None if timer.round_the_clock else timer.minutes]
            for at, timer in timers
        ]
        asked.next_timer_at = min((at for at, _ in timers), default=None)

    def _at(self, brand_id: int, team: str, minutes: int, round_the_clock: bool) -> datetime:
        key = (brand_id, team, minutes, round_the_clock)
        if key not in self._due:
            hours = self.opening.hours_of(brand_id, team)
            self._due[key] = plans.due(hours, self.now, minutes, round_the_clock)
        return self._due[key]


def first_due(timers: Sequence[Sequence[object]], now: datetime) -> tuple[str, bool] | None:
    """The timer that fires first among those whose time has come: its element, and whether it ends the wait."""
    over = sorted((at, element, ends) for at, element, ends, *_ in timers if datetime.fromisoformat(str(at)) <= now)
    return (str(over[0][1]), bool(over[0][2])) if over else None


def record(ticks: "Sequence[Judged]") -> None:
    """Timers that fired beside a wait, which goes on: note them, do what they ask for, set the next."""
    for tick in ticks:  # few: each is work that somebody let pass
        wait = tick.wait
        assert wait is not None  # only what waits has timers
        left = [timer for timer in wait.timers if timer[1] != tick.timer]
        Wait.objects.filter(pk=wait.id, state="open").update(
            timers=json.loads(json.dumps(left)), next_timer_at=min((timer[0] for timer in left), default=None)
        )
        for action in tick.judgement.actions:
            _hurry(wait.id, action)
        audit.log("the process", "timer", f"wait {wait.id}", {"timer": tick.timer})


def _hurry(wait_id: int, action: Do) -> None:
    if action.step == "raise":
        rows.run("UPDATE decide_wait SET priority = greatest(1, priority - 1) WHERE id = %s", [wait_id])
    elif action.step == "offer":
        rows.run(
            """
            UPDATE decide_wait w SET team = next.key
            FROM accounts_team t JOIN accounts_team next ON next.id = t.next_team_id
            WHERE w.id = %s AND t.key = w.team
            """,
            [wait_id],
        )
