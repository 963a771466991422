"""A proposal is accepted into a draft, or put away; publishing stays as it is."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.arm.assessment import Proposal
from armature.arm.assessment.watching import having_a_person_look
from armature.arm.process_map import edit, parse
from armature.arm.process_map.edit import Drawing
from armature.arm.rule import rewriting
from armature.arm.rule.finding import errors
from armature.arm.rule.table import DecisionTable
from armature.arm.rule.table_check import check
from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import Team, User
from armature.crm.decide import company_facts, drafts, drawing, publishing, tables, versions
from armature.crm.decide.drawn import Draft
from armature.crm.learn.assessments import commands, ruled
from armature.crm.learn.assessments.drawing import same_row, with_row
from armature.crm.learn.assessments.models import Assessment
from armature.crm.learn.assessments.queries import assessment_for

ACCEPTED, DISMISSED = "accepted", "dismissed"


def accept(user: User, job: Assessment, number: int, *, team: str = "", note: str = "") -> Mapping[str, Any]:
    """Write what is proposed into the draft of its map or table, which is begun where there is none.

    ``team`` is who takes what a desk without a team answered, ``note`` the evidence in words. Gives back where it
    stands: {"what", "draft": kind, "key", "row" or "lane"}; what was accepted, or stands there already, is not
    written again. Raises ``Refused``, ``NotAllowed``.
    """
    drafts.must_draw(user)
    with transaction.atomic():
        held, one, before = _held(user, job, number)
        if before and before["what"] == ACCEPTED:
            return before
        at = _lane(user, held, one, team) if one.kind == "lane" else _row(user, held, one, team, note)
        return _answered(user, held, number, ACCEPTED, {**at, "evidence": note})


def put_away(user: User, job: Assessment, number: int) -> None:
    """It is no more among what is proposed here; what was accepted stays accepted."""
    drafts.must_draw(user)
    with transaction.atomic():
        held, _one, before = _held(user, job, number)
        if not before:
            _answered(user, held, number, DISMISSED, {})


def _held(user: User, job: Assessment, number: int) -> tuple[Assessment, Proposal, Mapping[str, Any] | None]:
    Assessment.objects.select_for_update().filter(pk=job.pk).first()
    held = assessment_for(user, job.pk)
    if held is None or not commands.may(user):
        raise NotAllowed(_("Its proposals are for whoever assessed, and for administrators of the company."))
    if not 0 <= number < len(held.proposals):
        raise Refused(_("This is none of its proposals. Open them again."))
    return held, Proposal(**held.proposals[number]), held.answers.get(str(number))


def _answered(user: User, held: Assessment, number: int, what: str, more: Mapping[str, Any]) -> Mapping[str, Any]:
    found = {"what": what, "by": user.name, "at": timezone.now().isoformat(), **more}
    held.answers = {**held.answers, str(number): found}
    held.save(update_fields=["answers"])
    verb = "accepted a proposal" if what == ACCEPTED else "put a proposal away"
    audit.log(user, verb, f"assessment {held.pk}", {"proposal": number, **more})
    return found


def _team(one: Proposal, chosen: str) -> Team:
    """Whose lane or row it becomes: the team that answered, else the one that was chosen for a desk."""
    found = Team.objects.filter(key__in=[one.side, chosen])
    by_key = {team.key: team for team in found}
    if one.side in by_key:
        return by_key[one.side]
    if not chosen:
        raise Refused(_("Choose the team that this belongs to; one that is missing must be made first."))
    if chosen not in by_key:
        raise Refused(_("The team: this one is not there any more. Choose another one."))
    return by_key[chosen]


def _draft(user: User, kind: str, key: str) -> Draft:
    """The draft of a map or a table as it stands, else a new one of the newest version."""
    if (found := drafts.draft_for(user, kind, key)) is not None:
        return found
    newest = versions.newest(kind, key)
    if newest is None:
        raise Refused(_("What this is drawn in was never published, and there is no draft of it."))
    name = publishing.name_of(kind, newest.body)
    return drafts.begin(user, kind, key, name=name, body=newest.body)


def _lane(user: User, held: Assessment, one: Proposal, chosen: str) -> dict[str, Any]:
    if held.map is None:
        raise Refused(_("No map was in force when this was assessed: begin another assessment."))
    team, draft = _team(one, chosen), _draft(user, versions.MAP, held.map.key)
    there = next((lane.id for lane in parse(draft.body.encode())[0].lanes if lane.team == team.key), "")
    if not there:
        _kept, there = drawing.change(user, draft, draft.revision, lambda drawn: _drawn(drawn, team))
    return {"draft": versions.MAP, "key": held.map.key, "lane": there, "team": team.key}


def _drawn(drawn: Drawing, team: Team) -> str:
    return edit.add_lane(drawn, team.name, team=team.key)


def _row(user: User, held: Assessment, one: Proposal, chosen: str, note: str) -> dict[str, Any]:
    key = _table_of(held, one)
    draft = _draft(user, versions.TABLE, key)
    table = tables.drawn(draft)
    then = _says(one, table, chosen)
    if row := same_row(table, one.when, then):
        return {"draft": versions.TABLE, "key": key, "row": row}
    made, row = _fitting(table, one, then, note)
    tables.keep(user, draft, made, revision=draft.revision)
    return {"draft": versions.TABLE, "key": key, "row": row}


def _table_of(held: Assessment, one: Proposal) -> str:
    rules = ruled.of_map(held.map_id)
    found = rules.routing if one.kind == "routing" else rules.judging
    if found is None:
        raise Refused(_("The map that was in force has no such table: begin another assessment."))
    return found.table.key


def _says(one: Proposal, table: DecisionTable, chosen: str) -> dict[str, Any]:
    if one.kind == "routing":
        return {"team": _team(one, chosen).key, **one.then}
    then = having_a_person_look(table.outputs, one.then)
    if then is None:
        raise Refused(_("The table does not say any more whether a person judges."))
    return then


def _fitting(table: DecisionTable, one: Proposal, then: Mapping[str, Any], note: str) -> tuple[DecisionTable, str]:
    """The table with the row; refused when the draft has faults, before or because of it."""
    facts = company_facts.for_drawing()
    if faults := errors(check(table, facts)):
        raise Refused(_("Mend the draft of this table first: {words}").format(words=faults[0].words))
    try:
        made, row = with_row(table, one.above, one.when, then, note)
    except rewriting.NoSuchRow:
        words = _("The row {row}, above which it belongs, is not in the draft any more: draw it by hand.")
        raise Refused(words.format(row=one.above)) from None
    except rewriting.TooMany:
        raise Refused(_("A table has at most {most} rows.").format(most="1,000")) from None
    if faults := errors(check(made, facts)):
        raise Refused(_("This row does not fit into the draft: {words}").format(words=faults[0].words))
    return made, row
