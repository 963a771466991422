"""What there is to measure in the work of some people, asked of the rows themselves: one statement for each kind."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from armature.crm import rows
from armature.crm.act.clocks import passed
from armature.crm.act.heard import MOOD
from armature.crm.decide import plans
from armature.crm.decide.plans import Plans
from armature.crm.learn.cells import APPROVAL, DELIVERY, FIRST, HEARD, OUTCOME, PROMISE, RESOLUTION, STAY, WAY, Thing

Whose = tuple[int, int]
"""A conversation and an identity."""
WHOSE = "WITH t AS MATERIALIZED (SELECT * FROM unnest(%(c)s::bigint[], %(i)s::bigint[]) AS t(c, i))"
CASES = "JOIN act_case k ON k.identity_id = t.i AND k.conversation_id = t.c"
PLACE = """
    JOIN listen_conversation v ON v.id = t.c JOIN listen_channel h ON h.id = v.channel_id
    LEFT JOIN act_restriction x ON x.conversation_id = t.c
"""
IN_CASE = "t.c, t.i, k.id, h.brand_id, h.id, k.team, k.intent, x.id IS NOT NULL"
"""Where it belongs; `_Where` in SQL."""
RULES = "ARRAY(SELECT fired FROM unnest(j.rows) AS fired WHERE fired LIKE 'business_rules:%%')"
ANSWERED = """
    EXISTS (SELECT FROM act_response ar JOIN act_delivery ad ON ad.response_id = ar.id
            WHERE ar.case_id = k.id AND ad.state = 'sent')
"""
OVERRIDDEN = f"""
    (k.team_fixed OR k.priority_fixed
     OR EXISTS (SELECT FROM act_sample s WHERE s.judgement_id = j.id AND NOT s.right)
     OR (j.stop = 'end' AND j.outcome <> 'merged' AND p.elements[2] IS NULL AND NOT {ANSWERED}))
"""
"""A person decided otherwise than the rows said: another team or urgency, a wrong one of the machine, an end without an
answer (`by_hand` writes such an end as a way of one element)."""

BEGUN_IN_CASE = f"""{PLACE}
    JOIN identify_recognition g ON g.identity_id = t.i AND g.current
    JOIN listen_interaction i ON i.id = g.interaction_id AND i.conversation_id = t.c
        AND (i.automatic = '' OR i.historic)
    CROSS JOIN LATERAL (
        SELECT * FROM act_case k WHERE k.identity_id = t.i AND k.conversation_id = t.c
        ORDER BY k.settled AND k.ended_at < i.recorded_at, CASE WHEN k.settled AND k.ended_at < i.recorded_at
            THEN -k.id ELSE k.id END LIMIT 1) AS k
    LEFT JOIN understand_reading r ON r.interaction_id = i.id AND r.current
"""  # noqa: S608
"""Each message, and what we started, stands in the first case that had not been over for good when it came."""
SAID_IN_CASE = BEGUN_IN_CASE.replace("i.conversation_id = t.c", "i.conversation_id = t.c AND i.direction = 'in'")
READ_IN_CASE = IN_CASE.replace("k.intent", "coalesce(r.intent_id, '')")
HEARD_SQL = f"""{WHOSE}
    SELECT {READ_IN_CASE}, i.id, i.occurred_at, {MOOD},
        coalesce(j.rows, ARRAY[]::text[]), coalesce(j.rows <> '{{}}' AND {OVERRIDDEN}, false), i.historic
    FROM t {SAID_IN_CASE}
    LEFT JOIN decide_judgement j ON j.interaction_id = i.id AND j.current
    LEFT JOIN decide_path p ON p.id = j.path_id
"""  # noqa: S608  the parts are ours
"""What was brought in from before is volume, never work."""
WAYS_SQL = f"""{WHOSE}
    SELECT {READ_IN_CASE}, j.id, j.judged_at, j.path_id::text,
        CASE j.stop WHEN 'end' THEN j.outcome ELSE j.stop END, i.historic
    FROM t {BEGUN_IN_CASE}
    CROSS JOIN LATERAL (
        SELECT id, judged_at, path_id, stop, outcome FROM decide_judgement WHERE interaction_id = i.id AND current
        UNION ALL
        SELECT id, judged_at, path_id, stop, outcome FROM decide_judgement WHERE interaction_id = i.id AND NOT current
    ) AS j
"""  # noqa: S608
"""Every judgement took a way: a message that waited took one up to the wait and another behind it.
What we started took ways of its own map."""
STAYS_SQL = f"""{WHOSE}
    SELECT {IN_CASE}, w.id, w.opened_at, w.over_at, w.map_id || ':' || w.element,
        CASE WHEN w.answered_at IS NULL THEN 'timer' WHEN w.answer::jsonb ? 'by_hand' THEN 'by_hand'
             WHEN w.answered_by_id IS NOT NULL THEN 'person' ELSE 'process' END
        || CASE WHEN w.due_at < w.over_at THEN ' late' ELSE '' END
    FROM t {PLACE}
    CROSS JOIN LATERAL (
        SELECT w.*, coalesce(w.answered_at, (SELECT min((at ->> 0)::timestamptz) FROM jsonb_array_elements(w.timers) at
                                             WHERE (at ->> 2)::boolean)) AS over_at
        FROM decide_wait w WHERE w.conversation_id = t.c AND w.identity_id = t.i AND w.state = 'done' OFFSET 0) AS w
    CROSS JOIN LATERAL (
        SELECT * FROM act_case k WHERE k.identity_id = t.i AND k.conversation_id = t.c
        ORDER BY k.opened_at > w.opened_at, abs(extract(epoch FROM k.opened_at - w.opened_at)), k.id LIMIT 1) AS k
    WHERE w.over_at IS NOT NULL
"""  # noqa: S608
"""A wait that is over stands in the case that was open when it began. A wait that fell away is no stay."""
ANSWERS_SQL = f"""{WHOSE}
    SELECT {IN_CASE}, k.opened_at, k.ended_at, k.status IN ('resolved', 'closed'),
        (SELECT min(d.settled_at) FROM act_response r JOIN act_delivery d ON d.response_id = r.id
         WHERE r.case_id = k.id AND r.kind <> 'notice' AND d.state = 'sent')
    FROM t {CASES} {PLACE} WHERE k.merged_into_id IS NULL
"""  # noqa: S608
APPROVALS_SQL = f"""{WHOSE}
    SELECT {IN_CASE}, a.id, a.at,
        coalesce((SELECT max(w.at) FROM act_wording w
                  WHERE w.response_id = r.id AND w.at <= a.at AND w.author_id <> a.user_id), r.written_at),
        CASE WHEN NOT a.approved THEN 'rejected'
             WHEN EXISTS (SELECT FROM act_wording w WHERE w.response_id = r.id AND w.digest = a.digest
                          AND w.author_id <> (SELECT f.author_id FROM act_wording f WHERE f.response_id = r.id
                                              ORDER BY f.id LIMIT 1)) THEN 'edited'
             ELSE 'approved' END
    FROM t {CASES} {PLACE}
    JOIN act_response r ON r.case_id = k.id JOIN act_approval a ON a.response_id = r.id
"""  # noqa: S608
OUTCOMES_SQL = f"""{WHOSE}
    SELECT DISTINCT ON (r.id) {IN_CASE}, r.id, f.at, f.verdict, r.kind, {RULES}
    FROM t {CASES} {PLACE} JOIN act_response r ON r.case_id = k.id
    JOIN learn_feedback f ON f.response_id = r.id AND f.verdict <> '' JOIN decide_judgement j ON j.id = r.judgement_id
    ORDER BY r.id, f.at DESC, f.id DESC
"""  # noqa: S608
"""What came back last is what a response came to."""
DELIVERIES_SQL = f"""{WHOSE}
    SELECT {IN_CASE.replace("h.id", "d.channel_id")}, d.id, coalesce(d.settled_at, d.claimed_at, d.queued_at), d.state
    FROM t {CASES} {PLACE} JOIN act_response r ON r.case_id = k.id
    JOIN act_delivery d ON d.response_id = r.id AND d.state IN ('sent', 'failed', 'unknown')
"""  # noqa: S608
PROMISES_SQL = f"""{WHOSE}
    SELECT {IN_CASE}, c.id, c.stopped_at, c.name,
        CASE WHEN coalesce(c.stopped_at <= c.due_at, c.spent <= c.minutes) THEN 'kept' ELSE 'broken' END
    FROM t {CASES} {PLACE} JOIN act_clock c ON c.case_id = k.id AND c.stopped_at IS NOT NULL
"""  # noqa: S608


class _Where(NamedTuple):
    conversation: int
    identity: int
    case: int
    brand: int
    channel: int
    team: str
    intent: str
    restricted: bool


PLACES = len(_Where._fields)


class Truth:
    """All there is to measure in the work of these, as things; times of the day are those of ``zone``."""

    def __init__(self, whose: Sequence[Whose], zone: str) -> None:
        self.asked: dict[str, Any] = {"c": [c for c, _ in whose], "i": [i for _, i in whose]}
        self.zone, self.opening = ZoneInfo(zone), Plans({}, plans.opening_hours())
        self.begun: dict[int, datetime] = {}

    def things(self) -> Iterable[Thing]:
        """What was heard comes first: it says which cases are work, and since when."""
        for place, (number, at, mood, fired, overridden, past) in self._fetch(HEARD_SQL):
            if not past:
                self.begun[place.case] = min(at, self.begun.get(place.case, at))
            yield self._thing(
                HEARD, place, number, at, label=mood, rules=sorted(fired), overridden=overridden, past=past
            )
        yield from self._answers()
        for place, (number, at, since, label) in self._fetch(APPROVALS_SQL):
            yield self._timed(APPROVAL, place, number, min(since, at), at, label=label)
        for place, (number, at, verdict, kind, fired) in self._fetch(OUTCOMES_SQL):
            yield self._thing(OUTCOME, place, number, at, label=verdict, more=kind, rules=sorted(fired))
        for place, (number, at, state) in self._fetch(DELIVERIES_SQL):
            yield self._thing(DELIVERY, place, number, at, label=state)
        for place, (number, at, path, outcome, past) in self._fetch(WAYS_SQL):
            yield self._thing(WAY, place, number, at, label=path, more=outcome, past=past)
        for place, (number, since, at, where, how) in self._fetch(STAYS_SQL):
            yield self._timed(STAY, place, number, min(since, at), at, label=where, more=how)
        for place, (number, at, name, how) in self._fetch(PROMISES_SQL):
            yield self._thing(PROMISE, place, number, at, label=name, more=how)

    def _answers(self) -> Iterable[Thing]:
        """First answers and ends. A case that was brought in from before is no work until somebody writes anew."""
        for place, (opened, ended, done, first) in self._fetch(ANSWERS_SQL):
            if place.case not in self.begun:
                continue
            begun = max(opened, self.begun[place.case])
            if first:
                yield self._timed(FIRST, place, place.case, min(begun, first), first)
            if done and ended:
                yield self._timed(RESOLUTION, place, place.case, min(begun, ended), ended)

    def _fetch(self, sql: str) -> Iterable[tuple[_Where, tuple[Any, ...]]]:
        for row in rows.fetch(sql, self.asked):
            yield _Where(*row[:PLACES]), row[PLACES:]

    def _timed(self, kind: str, place: _Where, number: int, since: datetime, at: datetime, **told: str) -> Thing:
        hours = self.opening.hours_of(place.brand, place.team)
        taken = round((at - since) / timedelta(minutes=1), 3)
        return self._thing(
            kind, place, number, at, minutes=taken, open_minutes=round(passed(hours, since, at, False), 3), **told
        )

    def _thing(self, kind: str, place: _Where, number: int, at: datetime, **more: Any) -> Thing:
        there = at.astimezone(self.zone)
        given: Mapping[str, Any] = {
            "label": "", "more": "", "rules": [], "overridden": False, "minutes": None, "open_minutes": None,
            "past": False,
        }  # fmt: skip
        return Thing(
            kind=kind, source=number, conversation=place.conversation, identity=place.identity, case=place.case,
            brand=place.brand, channel=place.channel, team=place.team, intent=place.intent, restricted=place.restricted,
            at=at, day=there.date(), hour=there.hour, **{**given, **more},
        )  # fmt: skip
