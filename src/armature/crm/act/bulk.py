"""One deed for many cases: asked for once, with the exact count; done in the background, in chunks; undone alike.

Rights are looked at again for each chunk, when it is done. A job that dies goes on where it was: what is done is
committed together with the note that it is.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from armature.crm import live, rows
from armature.crm.accounts import audit
from armature.crm.accounts.access import Rights, rights_of
from armature.crm.accounts.models import Role, Team, User
from armature.crm.act import incident_sight, incidents, marking, notices, queries
from armature.crm.act.bulk_deeds import DEEDS, Before, Result
from armature.crm.act.models import ENDED, BulkItem, BulkJob, BulkTodo, Case
from armature.crm.act.work import Refused
from armature.crm.lease import Claim, LeaseLost
from armature.crm.listen import commands as listen

CHUNK = 200
MOST = 100_000
UNDO_HOURS = 24


def ask(user: User, *, deed: str, values: Mapping[str, Any], chosen: QuerySet[Case]) -> BulkJob:
    """Ask for a deed on all these cases; whoever asks sees them, or they are not among them."""
    if not chosen.exists():
        raise Refused(_("No case is chosen."))
    checked = _checked(user, deed, values, chosen)
    if not chosen.order_by().exists():
        raise Refused(_("No case is chosen."))
    with transaction.atomic():
        job = BulkJob.objects.create(user=user, deed=deed, values=checked, total=0)
        wanted, given = chosen.order_by().values("id")[:MOST].query.sql_with_params()
        insert = f"INSERT INTO act_bulkitem (job_id, case_id) SELECT %s, chosen.id FROM ({wanted}) AS chosen"  # noqa: S608
        job.total = rows.run(insert, [job.pk, *given])
        job.save(update_fields=["total"])
        BulkTodo.objects.create(job=job)
        audit.log(user, "asked for bulk work", f"bulk {job.pk}", {"deed": deed, "cases": job.total, **checked})
        live.tell()
    return job


def _checked(user: User, deed: str, values: Mapping[str, Any], chosen: QuerySet[Case]) -> dict[str, Any]:
    match deed:
        case "assign":
            if User.objects.filter(pk=values.get("to") or 0, is_active=True).exists():
                return {"to": values["to"]}
            raise Refused(_("Choose a colleague of the list."))
        case "tag":
            return {"tag": marking.tag_named(user, str(values.get("tag", ""))).pk}
        case "priority":
            if values.get("priority") in marking.PRIORITIES:
                return {"priority": values["priority"]}
            raise Refused(_("Choose a priority from 1 (first) to 5 (last)."))
        case "snooze":
            return {"until": _until(values.get("until"))}
        case "incident":
            return _incident(user, values, chosen)
        case "end":
            return _how(str(values.get("how", "")), str(values.get("reason", "")).strip()[:300])
    raise Refused(_("Choose what to do."))


def _incident(user: User, values: Mapping[str, Any], chosen: QuerySet[Case]) -> dict[str, Any]:
    """An open one that they may see, or, with a title, a new one: of the team and the brand of the first case."""
    title = str(values.get("title", "")).strip()
    found = incident_sight.open_for(user).filter(pk=values.get("incident") or 0).first()
    if found and not title:
        return {"incident": found.pk}
    if not title:
        raise Refused(_("Choose an open incident, or say what a new one is about."))
    first = chosen.order_by("id").first()
    team = Team.objects.filter(key=first.team if first else "").first()
    if first is None or team is None:
        raise Refused(_("These cases are no team's. Open the incident on the page of incidents, then let them join."))
    one = incidents.begin(user, title=title, team=team, brand=first.conversation.channel.brand)
    return {"incident": one.pk}


def _until(until: datetime | None) -> str:
    now = timezone.now()
    if until is None or not now < until <= now + marking.LONGEST_SNOOZE:
        raise Refused(_("Choose a time in the future, at most a year from now."))
    return until.isoformat()


def _how(how: str, reason: str) -> dict[str, Any]:
    if how not in ENDED:
        raise Refused(_("Choose how the cases end."))
    if how == "no_response" and not reason:
        raise Refused(_("Say in a few words why nobody answers."))
    return {"how": how, "reason": reason}


def go_on(held: Claim) -> int:
    """Do the next chunk of a job, or undo it; the last one ends the job. How many cases were gone through."""
    job = BulkJob.objects.select_related("user").get(pk=held.keys[0])
    # What is refused is kept in words: in those of whoever asked for it, and will read them.
    with translation.override(job.user.language or settings.LANGUAGE_CODE), transaction.atomic():
        undoing = job.state == BulkJob.State.UNDOING
        waiting = BulkItem.State.DONE if undoing else BulkItem.State.TODO
        items = list(job.items.filter(state=waiting, words="").order_by("case")[:CHUNK])
        if undoing:
            _undo(job, items)
        else:
            _do(job, items)
        if len(items) < CHUNK:
            _finish(job, held, undoing)
        else:
            _again(held)
        live.tell()
    return len(items)


def _do(job: BulkJob, items: Sequence[BulkItem]) -> None:
    mine, result = _mine(job.user, [item.case_id for item in items]), Result()
    may, rights = [], rights_of(job.user)
    for case in mine.values():
        if _may(rights, case):
            may.append(case)
        else:
            result.refused[case.pk] = _("You may see this case, but not change it.")
    if may:
        came = DEEDS[job.deed][0](job.user, may, job.values)
        result.done |= came.done
        result.refused |= came.refused
    for item in items:
        item.before = result.done.get(item.case_id)
        item.state = BulkItem.State.DONE if item.case_id in result.done else BulkItem.State.REFUSED
        item.words = "" if item.before is not None else _refusal(result, item.case_id)[:200]
    BulkItem.objects.bulk_update(items, ["state", "words", "before"])
    audit.log_many(job.user, f"bulk: {job.deed}", {f"case {n}": {**job.values, "bulk": job.pk} for n in result.done})


def _refusal(result: Result, number: int) -> str:
    return result.refused.get(number) or _("It is not yours to see any more.")


def _mine(user: User, numbers: Sequence[int]) -> dict[int, Case]:
    """The cases of these that their user may see, as they stand now, in conversations that nobody else changes."""
    listen.hold(queries.cases_for(user).filter(pk__in=numbers).values_list("conversation", flat=True))
    return {case.pk: case for case in queries.cases_for(user).filter(pk__in=numbers).order_by("pk")}


def _may(rights: Rights, case: Case) -> bool:
    brand = case.conversation.channel.brand_id
    return any(rights.at_least(Role.AGENT, team, brand) for team in (case.asks, case.team))


def _undo(job: BulkJob, items: Sequence[BulkItem]) -> None:
    mine, rights = _mine(job.user, [item.case_id for item in items]), rights_of(job.user)
    before: Before = {
        item.case_id: item.before or {} for item in items if item.case_id in mine and _may(rights, mine[item.case_id])
    }
    undone = DEEDS[job.deed][1](job.user, before, job.values) if before else set()
    for item in items:
        item.state = BulkItem.State.UNDONE if item.case_id in undone else BulkItem.State.DONE
        item.words = "" if item.case_id in undone else _("It has changed since, so it was left as it is.")
    BulkItem.objects.bulk_update(items, ["state", "words"])
    audit.log_many(job.user, f"undid bulk: {job.deed}", {f"case {number}": {"bulk": job.pk} for number in undone})


def _again(held: Claim) -> None:
    sql = "UPDATE act_bulktodo SET leased_until = NULL, token = NULL, attempts = 0 WHERE job_id = %s AND token = %s"
    if rows.run(sql, [held.keys[0], held.token]) != 1:
        raise LeaseLost("this bulk job is no longer ours")


def _finish(job: BulkJob, held: Claim, undoing: bool) -> None:
    if rows.run("DELETE FROM act_bulktodo WHERE job_id = %s AND token = %s", [job.pk, held.token]) != 1:
        raise LeaseLost("this bulk job is no longer ours")
    state = BulkJob.State.UNDONE if undoing else BulkJob.State.DONE
    BulkJob.objects.filter(pk=job.pk).update(state=state, finished_at=timezone.now())
    done = counts(job)[BulkItem.State.DONE]
    notices.tell([job.user_id], None, "bulk", _("Bulk work %(number)s is done.") % {"number": job.pk})
    if job.deed == "assign" and not undoing and done:
        words = ngettext("%(count)s case was given to you.", "%(count)s cases were given to you.", done) % {
            "count": done
        }
        notices.tell([job.values["to"]], None, "assigned", words % {"count": done}, by=job.user)


def give_up(number: int, words: str) -> None:
    """A job that fails again and again: what is left of it is refused, with the fault; what is done stays done."""
    BulkItem.objects.filter(job=number, state=BulkItem.State.TODO).update(
        state=BulkItem.State.REFUSED, words=(_("A fault of ours: %s") % words)[:200]
    )
    BulkJob.objects.filter(pk=number).update(state=BulkJob.State.DONE, finished_at=timezone.now())
    BulkTodo.objects.filter(pk=number).delete()


def undo(user: User, job: BulkJob) -> None:
    """Ask for a job to be undone, as far as nobody changed the cases since."""
    if job.user_id != user.pk:
        raise Refused(_("Whoever asked for it can undo it."))
    with transaction.atomic():
        fresh = timezone.now() - timedelta(hours=UNDO_HOURS)
        mine = BulkJob.objects.filter(pk=job.pk, state=BulkJob.State.DONE, finished_at__gt=fresh)
        if not mine.update(state=BulkJob.State.UNDOING, finished_at=None):
            words = _("This can be undone once, within %(hours)s hours after it was done.")
            raise Refused(words % {"hours": UNDO_HOURS})
        BulkTodo.objects.create(job=job)
        audit.log(user, "asked to undo bulk work", f"bulk {job.pk}", {"deed": job.deed})
        live.tell()


def counts(job: BulkJob) -> dict[str, int]:
    """How many cases of a job are in each state."""
    found = dict(job.items.values_list("state").annotate(Count("pk")))
    return {state: found.get(state, 0) for state in BulkItem.State.values}
