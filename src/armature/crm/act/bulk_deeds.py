"""What can be done to many cases at once: each deed in a few statements, however many cases; and how it is undone.

A deed gets cases that its user may work on, in conversations that this transaction holds. It says for each one either
what it was before (so that it can be undone) or why it was refused.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm import rows
from armature.crm.accounts.access import rights_of
from armature.crm.accounts.models import User
from armature.crm.act import assigning, case_fields, cases, endings, incidents, notices, queries
from armature.crm.act.models import Case, CaseField, Incident, Tagging
from armature.crm.decide import by_hand

Values = Mapping[str, Any]
Before = dict[int, dict[str, Any]]


@dataclass(slots=True)
class Result:
    """What came of a chunk, by case."""

    done: Before = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)


def assign(user: User, chosen: Sequence[Case], values: Values) -> Result:
    """Give them to a colleague."""
    to, result = User.objects.get(pk=values["to"]), Result()
    rights = rights_of(to)
    seen = set(queries.cases_for(to).filter(pk__in=[case.pk for case in chosen]).values_list("pk", flat=True))
    for case in chosen:
        brand = case.conversation.channel.brand_id
        if not any(rights.role_in(team, brand) for team in (case.team, case.asks)):
            result.refused[case.pk] = _("%(name)s does not work in this team.") % {"name": to.name}
        elif words := assigning.cannot_take(to, sees=case.pk in seen):
            result.refused[case.pk] = words
        else:
            result.done[case.pk] = {"assignee": case.assignee_id}
    Case.objects.filter(pk__in=result.done).update(assignee=to, changed_at=timezone.now())
    return result


def unassign(user: User, before: Before, values: Values) -> set[int]:
    """Whoever had them has them again, where nobody gave them on since."""
    sql = """
        UPDATE act_case c SET assignee_id = b.a, changed_at = now() FROM jsonb_to_recordset(%s) AS b(c bigint, a bigint)
        WHERE c.id = b.c AND c.assignee_id = %s RETURNING c.id
    """
    was = [{"c": number, "a": one["assignee"]} for number, one in before.items()]
    return {number for (number,) in rows.fetch(sql, [rows.as_json(was), values["to"]])}


def tag(user: User, chosen: Sequence[Case], values: Values) -> Result:
    """Put a tag on them."""
    had = set(Tagging.objects.filter(tag=values["tag"], case__in=chosen).values_list("case", flat=True))
    Tagging.objects.bulk_create(
        [Tagging(case=case, tag_id=values["tag"], user=user) for case in chosen if case.pk not in had],
        ignore_conflicts=True,
    )
    Case.objects.filter(pk__in=[case.pk for case in chosen]).update(changed_at=timezone.now())
    return Result({case.pk: {"had": case.pk in had} for case in chosen})


def untag(user: User, before: Before, values: Values) -> set[int]:
    """Take it off those that did not carry it before."""
    new = [number for number, one in before.items() if not one["had"]]
    Tagging.objects.filter(tag=values["tag"], case__in=new).delete()
    Case.objects.filter(pk__in=new).update(changed_at=timezone.now())
    return set(before)


def prioritise(user: User, chosen: Sequence[Case], values: Values) -> Result:
    """Say how urgent they are."""
    Case.objects.filter(pk__in=[case.pk for case in chosen]).update(
        priority=values["priority"], priority_fixed=True, changed_at=timezone.now()
    )
    return Result({case.pk: {"priority": case.priority, "fixed": case.priority_fixed} for case in chosen})


def as_urgent_as_before(user: User, before: Before, values: Values) -> set[int]:
    """Their priority of before, where nobody changed it since."""
    sql = """
        UPDATE act_case c SET priority = b.p, priority_fixed = b.f, changed_at = now()
        FROM jsonb_to_recordset(%s) AS b(c bigint, p smallint, f boolean)
        WHERE c.id = b.c AND c.priority = %s AND c.priority_fixed RETURNING c.id
    """
    was = [{"c": number, "p": one["priority"], "f": one["fixed"]} for number, one in before.items()]
    return {number for (number,) in rows.fetch(sql, [rows.as_json(was), values["priority"]])}


def snooze(user: User, chosen: Sequence[Case], values: Values) -> Result:
    """Put them aside; each is back when it is due."""
    until, result = datetime.fromisoformat(values["until"]), Result()
    for case in chosen:
        if case.ended_at is not None:
            result.refused[case.pk] = _("It has ended.")
        elif until <= timezone.now():
            result.refused[case.pk] = _("That time has passed.")
        else:
            was = case.snoozed_until.isoformat() if case.snoozed_until else None
            result.done[case.pk] = {"status": case.status, "until": was}
    rows.run(
        """
        UPDATE act_case SET status = 'snoozed', changed_at = now(),
            snoozed_until = CASE WHEN due_at > now() THEN least(due_at, %s) ELSE %s END WHERE id = ANY(%s)
        """,
        [until, until, list(result.done)],
    )
    return result


def wake(user: User, before: Before, values: Values) -> set[int]:
    """They stand where they stood before, where they still sleep."""
    sql = """
        UPDATE act_case c SET status = b.s, snoozed_until = b.u, changed_at = now()
        FROM jsonb_to_recordset(%s) AS b(c bigint, s text, u timestamptz)
        WHERE c.id = b.c AND c.status = 'snoozed' RETURNING c.id
    """
    was = [{"c": number, "s": one["status"], "u": one["until"]} for number, one in before.items()]
    return {number for (number,) in rows.fetch(sql, [rows.as_json(was)])}


def end(user: User, chosen: Sequence[Case], values: Values) -> Result:
    """End them, but for those that cannot end now or lack a field that their team asks for."""
    fields, work, result = list(CaseField.objects.select_related("team")), endings.work_of(chosen), Result()
    for case in chosen:
        if problem := _cannot_end(case, values["how"], fields) or endings.cannot_end(work[case.pk]):
            result.refused[case.pk] = problem
        else:
            result.done[case.pk] = {"waits": [wait.id for wait in work[case.pk]], "how": values["how"]}
    ending = [case for case in chosen if case.pk in result.done]
    if ending:
        endings.end_held(user, ending, how=values["how"], reason=values["reason"])
        notices.tell_all(result.done, "ended", by=user)
    return result


def _cannot_end(case: Case, how: str, fields: Sequence[CaseField]) -> str:
    if case.ended_at is not None:
        return _("It has ended already.")
    mine = [one for one in fields if one.at_end and (one.team is None or one.team.key == case.team)]
    lacks = [one.label for one in mine if how in case_fields.ASKED and case.fields.get(one.key) in (None, "")]
    return _("It lacks: %(fields)s.") % {"fields": ", ".join(lacks)} if lacks else ""


def take_up(user: User, before: Before, values: Values) -> set[int]:
    """They wait for what they waited for, where they are still ended as they were."""
    still = Case.objects.filter(pk__in=before, settled=False, ended_at__isnull=False, status=values["how"])
    found = [case for case in still if before[case.pk]["waits"]]
    by_hand.restore([wait for case in found for wait in before[case.pk]["waits"]], timezone.now())
    cases.project(cases.Touched(case.conversation_id, case.identity_id, case.last_in_at, "", "") for case in found)
    return {case.pk for case in found}


def join_incident(user: User, chosen: Sequence[Case], values: Values) -> Result:
    """They are part of an incident from now on."""
    incident = Incident.objects.get(pk=values["incident"])
    refused = incidents.join_all(user, chosen, incident)
    return Result({case.pk: {} for case in chosen if case.pk not in refused}, refused)


def leave_incident(user: User, before: Before, values: Values) -> set[int]:
    """They are no longer, where its words were not sent to them."""
    return incidents.leave_all(user, list(before), values["incident"])


Doing = Callable[[User, Sequence[Case], Values], Result]
Undoing = Callable[[User, Before, Values], set[int]]
DEEDS: dict[str, tuple[Doing, Undoing]] = {
    "assign": (assign, unassign), "tag": (tag, untag), "priority": (prioritise, as_urgent_as_before),
    "snooze": (snooze, wake), "end": (end, take_up),
    "incident": (join_incident, leave_incident),
}  # fmt: skip
