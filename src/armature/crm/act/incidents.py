"""An incident is opened, cases join and leave it, and it is closed again. Its words are in ``statements``."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm import live, rows
from armature.crm.accounts import audit
from armature.crm.accounts.models import Brand, Role, Team, User
from armature.crm.act import notices
from armature.crm.act.incident_sight import must, team_must
from armature.crm.act.marking import PRIORITIES
from armature.crm.act.models import Case, Incident, Joined, Notice, Statement
from armature.crm.act.work import Refused, allowed

LONGEST_TITLE, LONGEST_ABOUT = 120, 4000
FURTHEST = timedelta(days=365)


def begin(
    user: User, *, title: str, team: Team, brand: Brand, about: str = "", priority: int = 2, due: datetime | None = None
) -> Incident:
    """Open an incident: what it is about, whose business it is, how urgent, and by when its statement should be out."""
    team_must(user, team, brand, Role.AGENT)
    title = " ".join(title.split())
    if not title:
        raise Refused(_("Say in a few words what it is about."))
    if len(title) > LONGEST_TITLE or len(about) > LONGEST_ABOUT:
        raise Refused(_("A title has at most %s letters, what is said about it at most %s.")
                      % (LONGEST_TITLE, LONGEST_ABOUT))  # fmt: skip
    if priority not in PRIORITIES:
        raise Refused(_("Choose a priority from 1 (first) to 5 (last)."))
    if due and not timezone.now() < due < timezone.now() + FURTHEST:
        raise Refused(_("Choose a time for the statement that is ahead, within a year."))
    with transaction.atomic():
        one = Incident.objects.create(
            title=title, about=about.strip(), team=team, brand=brand, priority=priority, due_at=due, opened_by=user
        )
        audit.log(user, "opened an incident", f"incident {one.pk}", {"title": title, "team": team.key, "due": due})
    return one


STILL_OPEN = "SELECT FROM act_incident WHERE id = %s AND closed_at IS NULL FOR KEY SHARE"


def join(user: User, case: Case, incident: Incident) -> None:
    """A case is part of an incident from now on; raises ``Refused`` where it cannot be."""
    allowed(user, case, Role.AGENT)
    with transaction.atomic():
        refused = join_all(user, [case], incident)
        if case.pk in refused:
            raise Refused(refused[case.pk])
        live.tell([case.pk])


def join_all(user: User, chosen: Sequence[Case], incident: Incident) -> dict[int, str]:
    """The same for many cases that their user may work on, in a fixed number of statements; who could not, and why."""
    # Only closing waits for this lock: whoever joins holds conversations, and must wait for nobody who waits for those.
    open_now = bool(rows.fetch(STILL_OPEN, [incident.pk]))
    refused = {case.pk: words for case in chosen if (words := _cannot_join(case, incident, open_now))}
    fit = [case.pk for case in chosen if case.pk not in refused]
    found = rows.fetch(
        """
        INSERT INTO act_joined (incident_id, case_id, user_id)
        SELECT %s, c, %s FROM unnest(%s::bigint[]) AS c ORDER BY c ON CONFLICT DO NOTHING RETURNING case_id
        """,
        [incident.pk, user.pk, fit],
    )
    new = {number for (number,) in found}
    here = set(Joined.objects.filter(incident=incident, case__in=fit).values_list("case", flat=True))
    elsewhere = _("It waits for the statement of another incident. Take it out there first.")
    refused |= {number: elsewhere for number in fit if number not in here}
    Case.objects.filter(pk__in=new).update(changed_at=timezone.now())
    audit.log_many(user, "joined an incident", {f"case {number}": {"incident": incident.pk} for number in new})
    return refused


def _cannot_join(case: Case, incident: Incident, open_now: bool) -> str:
    if not open_now:
        return _("This incident is closed.")
    if case.merged_into_id:
        return _("It was merged into another case: that one can join.")
    if case.settled:
        return _("It ended long ago.")
    if case.conversation.channel.brand_id != incident.brand_id:
        return _("It is about another brand than the incident.")
    return ""


def leave(user: User, case: Case, incident: Incident) -> None:
    """A case is no longer part of an incident: only while nothing was sent to its customer for it."""
    allowed(user, case, Role.AGENT)
    with transaction.atomic():
        if case.pk not in leave_all(user, [case.pk], incident.pk):
            raise Refused(_("It cannot leave any more: its customer has the statement, or it left already."))
        live.tell([case.pk])


def leave_all(user: User, case_ids: Collection[int], incident_id: int) -> set[int]:
    """The same for many; which of them left."""
    found = rows.fetch(
        "DELETE FROM act_joined WHERE incident_id = %s AND case_id = ANY(%s) AND response_id IS NULL RETURNING case_id",
        [incident_id, list(case_ids)],
    )
    left = {number for (number,) in found}
    Case.objects.filter(pk__in=left).update(changed_at=timezone.now())
    audit.log_many(user, "left an incident", {f"case {number}": {"incident": incident_id} for number in left})
    return left


def close(user: User, incident: Incident) -> None:
    """Nobody joins it any more. Who got no statement is part of it no longer, and is answered as anybody is."""
    must(user, incident, Role.AGENT)
    with transaction.atomic():
        locked = Incident.objects.select_for_update().get(pk=incident.pk)
        if locked.closed_at:
            raise Refused(_("This incident is closed already."))
        if locked.joined.filter(wanted=True).exists():
            raise Refused(_("Its statement is being sent. Wait until it is out, then close it."))
        if Statement.objects.filter(incident=locked, state=Statement.State.APPROVAL).exists():
            raise Refused(_("Its statement waits for approval. Let it be decided first."))
        waiting = locked.joined.filter(response=None).values_list("case", flat=True)
        left = leave_all(user, list(waiting), locked.pk)
        Incident.objects.filter(pk=locked.pk).update(closed_at=timezone.now())
        audit.log(user, "closed an incident", f"incident {locked.pk}", {"left": len(left)})
        live.tell(left)


TELL_LATE = """
    UPDATE act_incident i SET told_at = now() WHERE due_at <= statement_timestamp() AND told_at IS NULL
        AND closed_at IS NULL AND NOT EXISTS (
            SELECT FROM act_statement s WHERE s.incident_id = i.id AND s.released_by_id IS NOT NULL)
    RETURNING id, title, team_id, brand_id
"""
LEADS = """
    SELECT DISTINCT m.user_id FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id AND u.is_active
    WHERE m.role IN ('lead', 'executive', 'admin') AND (m.team_id IS NULL OR m.team_id = %s)
      AND (m.brand_id IS NULL OR m.brand_id = %s)
"""


@transaction.atomic
def tell_late() -> int:
    """The leads of incidents whose statement should be out by now hear of it, once; how many incidents."""
    late = rows.fetch(TELL_LATE, [])
    for number, title, team, brand in late:  # as rare as incidents
        notices.tell(leads_of(team, brand), None, Notice.Kind.INCIDENT, title)
        audit.log("the process", "told of a late statement", f"incident {number}", {})
    return len(late)


def leads_of(team_id: int, brand_id: int) -> list[int]:
    """Who may release words of this team for this brand."""
    return [number for (number,) in rows.fetch(LEADS, [team_id, brand_id])]
