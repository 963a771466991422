"""Open work: one wait per conversation, identity and element; what comes later joins it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.arm.action import Ask
from armature.crm import rows
from armature.crm.accounts.models import User
from armature.crm.decide import todo
from armature.crm.decide.models import Wait, WaitItem
from armature.crm.decide.queries import OpenWait

HUMAN = ("intent", "response", "executive", "approval", "delivery")
"""Forms that people answer; send and feedback are answered by the outbox and the customer."""

Whose = tuple[int, int]
"""The conversation and the identity that a wait belongs to."""


class AlreadyAnswered(Exception):
    """Somebody or something else was quicker; the words say who and when."""


@dataclass(slots=True)
class Asked:
    """Interactions of one person that come to wait at one element together.

    ``new_words``: something among it is new; ``wrote``: they said it, it is no call of ours.
    """

    whose: Whose
    map_id: int
    ask: Ask
    judgement_ids: list[int]
    minutes: int | None = None
    due_at: datetime | None = None
    next_timer_at: datetime | None = None
    calendar_id: int | None = None
    timers: list[list[Any]] = field(default_factory=list)
    new_words: bool = False
    wrote: bool = False
    wait_id: int = 0
    joined: OpenWait | None = None


@dataclass(slots=True)
class Changes:
    """What a batch did to the open work, for the steps that follow."""

    asked: list[Asked] = field(default_factory=list)
    voided: list[OpenWait] = field(default_factory=list)
    finished: list[OpenWait] = field(default_factory=list)


def open_or_join(asked: Sequence[Asked], before: Mapping[Whose, Sequence[OpenWait]], now: datetime) -> list[OpenWait]:
    """Open new waits and join open ones; a draft waiting for approval is voided when its customer wrote again.

    Gives the voided waits: their items wait where the new words wait.
    """
    still_open = {whose: [w for w in some if w.state == "open"] for whose, some in before.items()}
    for one in asked:
        found = (w for w in still_open.get(one.whose, ()) if w.element == one.ask.element and w.map_id == one.map_id)
        one.joined = next(found, None)
    voided = _void(asked, still_open)
    _open([one for one in asked if one.joined is None], now)
    _join([one for one in asked if one.joined is not None], now)
    rows.copy(WaitItem, ["wait_id", "judgement_id"], [(a.wait_id, j) for a in asked for j in a.judgement_ids])
    return voided


def _void(asked: Sequence[Asked], still_open: Mapping[Whose, Sequence[OpenWait]]) -> list[OpenWait]:
    """Approvals whose customer wrote again; one that was given in this very moment stands, and goes its way."""
    rewritten = {one.whose: one for one in asked if one.wrote and one.ask.form in ("intent", "response", "executive")}
    wanted = [w for whose in rewritten for w in still_open.get(whose, ()) if w.form == "approval"]
    closed = set(close([wait.id for wait in wanted], "void", only_from="open"))
    voided = [wait for wait in wanted if wait.id in closed]
    for wait in voided:
        rewritten[wait.whose].judgement_ids.extend(item.judgement_id for item in wait.items)
    return voided


def _open(asked: Sequence[Asked], now: datetime) -> None:
    for one, number in zip(asked, rows.next_ids(Wait, len(asked)), strict=True):
        one.wait_id = number
    rows.copy(
        Wait,
        "id, conversation_id, identity_id, map_id, element, form, team, priority, opened_at, minutes, calendar_id, "
        "due_at, next_timer_at, timers".split(", "),
        [_wait_row(one, now) for one in asked],
    )


def _wait_row(one: Asked, now: datetime) -> tuple[Any, ...]:
    ask = one.ask
    return (
        one.wait_id, *one.whose, one.map_id, ask.element, ask.form, ask.team, ask.priority, now, one.minutes,
        one.calendar_id, one.due_at, one.next_timer_at, one.timers,
    )  # fmt: skip


def _join(asked: Sequence[Asked], now: datetime) -> None:
    """The earliest due time wins, with the timers that go with it, and so does the most urgent priority."""
    for one in asked:
        one.wait_id = one.joined.id if one.joined else 0
    if asked:
        rows.run(
            """
            UPDATE decide_wait w SET priority = least(w.priority, n.prio),
                due_at = CASE WHEN n.sooner THEN n.due ELSE w.due_at END,
                minutes = CASE WHEN n.sooner THEN n.minutes ELSE w.minutes END,
                counts_from = CASE WHEN n.sooner THEN %(now)s ELSE w.counts_from END,
                calendar_id = CASE WHEN n.sooner THEN n.calendar ELSE w.calendar_id END,
                next_timer_at = CASE WHEN n.sooner THEN n.timer ELSE w.next_timer_at END,
                timers = CASE WHEN n.sooner THEN n.timers ELSE w.timers END
            FROM (SELECT n.*, n.due IS NOT NULL AND (o.due_at IS NULL OR n.due < o.due_at) AS sooner
                  FROM jsonb_to_recordset(%(joined)s) AS n(id bigint, due timestamptz, minutes int, prio smallint,
                      calendar bigint, timer timestamptz, timers jsonb) JOIN decide_wait o ON o.id = n.id) AS n
            WHERE w.id = n.id
            """,
            {"joined": rows.as_json([_urgency(one) for one in asked]), "now": now},
        )


def _urgency(one: Asked) -> dict[str, Any]:
    return {"id": one.wait_id, "due": one.due_at, "minutes": one.minutes, "prio": one.ask.priority,
            "calendar": one.calendar_id, "timer": one.next_timer_at, "timers": one.timers}  # fmt: skip


def close(wait_ids: Sequence[int], state: str, only_from: str | None = None) -> list[int]:
    """End waits: ``done`` when the process has gone on, ``void`` when their question fell away; which were ended.

    ``only_from`` leaves alone what is in another state by now.
    """
    if not wait_ids:
        return []
    ended = rows.fetch(
        "UPDATE decide_wait SET state = %s WHERE id = ANY(%s) AND state = coalesce(%s, state) RETURNING id",
        [state, list(wait_ids), only_from],
    )
    return [number for (number,) in ended]


def answer(wait_id: int, answer: Mapping[str, Any], *, user: User | None = None, after: str | None = None) -> None:
    """Answer a wait; the process goes on with it, behind ``after`` (its own element when not given).

    Of two answers the first wins; the other raises ``AlreadyAnswered``.
    """
    if not answer_if_open([wait_id], answer, user=user, after=after):
        raise AlreadyAnswered(_who_answered(wait_id))


def answer_if_open(
    wait_ids: Sequence[int], answer: Mapping[str, Any], *, user: User | None = None, after: str | None = None
) -> int:
    """The same for an answer that may come too late without harm; how many waits it answered."""
    with transaction.atomic():
        found = rows.fetch(
            """
            UPDATE decide_wait SET state = 'answered', answer = %s, answered_after = %s, answered_at = now(),
                answered_by_id = %s
            WHERE id = ANY(%s) AND state = 'open' RETURNING conversation_id
            """,
            [json.dumps(dict(answer)), after, user.pk if user else None, list(wait_ids)],
        )
        if found:
            todo.add(conversation for (conversation,) in found)
    return len(found)


def _who_answered(wait_id: int) -> str:
    wait = Wait.objects.select_related("answered_by").filter(pk=wait_id).first()
    if wait is None or wait.answered_at is None:
        return _("This is no longer open: something new came in. Look again before you go on.")
    at = f"{timezone.localtime(wait.answered_at):%H:%M}"
    if wait.answered_by is None:
        return _("The process was quicker, at {at}.").format(at=at)
    return _("{who} was quicker, at {at}.").format(who=wait.answered_by.name, at=at)


@dataclass(frozen=True, slots=True)
class Heard:
    """Something a customer said that answers a wait: the wait, the judgement of what was said, the answer."""

    wait_id: int
    judgement_id: int
    answer: Mapping[str, Any]


def answer_feedback(heard: Sequence[Heard]) -> None:
    """The customer answered these waits in this very batch; what they said goes on together with what waited."""
    if not heard:
        return
    answers = [{"id": one.wait_id, "a": dict(one.answer)} for one in heard]
    rows.copy(WaitItem, ["wait_id", "judgement_id"], [(one.wait_id, one.judgement_id) for one in heard])
    open_again = rows.fetch(
        """
        UPDATE decide_wait w SET state = 'answered', answer = n.a, answered_at = now()
        FROM jsonb_to_recordset(%s) AS n(id bigint, a jsonb) WHERE w.id = n.id AND w.state = 'open'
        RETURNING w.conversation_id
        """,
        [rows.as_json(answers)],
    )
    todo.add(conversation for (conversation,) in open_again)
