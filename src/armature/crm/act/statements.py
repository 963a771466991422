"""The words of an incident: written once, handed in, released by somebody else; then they leave for all who joined.

A macro response always takes two people: it says the same to many at once, and cannot be taken back from many.
"""

import hashlib
import json

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm import live
from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import Role, User
from armature.crm.act import incidents, notices
from armature.crm.act.approvals import HOLDS
from armature.crm.act.incident_sight import may, may_release, must
from armature.crm.act.models import Incident, Notice, Statement
from armature.crm.act.responses import UNFILLED
from armature.crm.act.work import Refused

LONGEST = 20_000


def of(incident: Incident) -> Statement | None:
    """Its words, when somebody wrote any."""
    return Statement.objects.select_related("author", "released_by").filter(incident=incident).first()


def digest_of(statement: Statement) -> str:
    """Stands for the words and the name they are sent under."""
    words = json.dumps([statement.incident_id, statement.sender, statement.text])
    return hashlib.sha256(words.encode()).hexdigest()


def keep(user: User, incident: Incident, *, text: str, version: int, hand_in: bool = False) -> Statement:
    """Keep the words; with ``hand_in`` they wait for somebody to release them.

    ``version`` is the one that its writer went on from, 0 when there was none: refused when a colleague was quicker.
    """
    must(user, incident, Role.DRAFT_ONLY)
    _check(text, hand_in)
    with transaction.atomic():
        _held(incident)
        now = Statement.objects.select_for_update().filter(incident=incident).first()
        if (now.version if now else 0) != version:
            raise Refused(_("A colleague changed the statement meanwhile. Look at theirs; yours stands below."))
        if now and now.state == Statement.State.APPROVAL:
            raise Refused(_("It waits for approval. Take it back first, then change it."))
        one = now or Statement(incident=incident)
        one.author, one.sender, one.text, one.version = user, user.name, text, version + 1
        one.state = Statement.State.APPROVAL if hand_in else Statement.State.DRAFT
        one.why, one.digest, one.holds_until = "", digest_of(one), None
        one.written_at = timezone.now() if hand_in else one.written_at
        one.save()
        verb = "handed in a statement" if hand_in else "drafted a statement"
        audit.log(user, verb, f"incident {incident.pk}", {"digest": one.digest, "text": text})
        if hand_in:
            leads = incidents.leads_of(incident.team_id, incident.brand_id)
            notices.tell(leads, None, Notice.Kind.STATEMENT, incident.title, by=user)
            live.tell()
    return one


def _check(text: str, hand_in: bool) -> None:
    if len(text) > LONGEST:
        raise Refused(_("A statement has at most %s letters.") % LONGEST)
    if hand_in and not text.strip():
        raise Refused(_("The statement is empty. Write a few words, then hand it in."))
    if left := UNFILLED.findall(text) if hand_in else []:
        raise Refused(_("Not filled in yet: %s. Write the words, then send.") % ", ".join(dict.fromkeys(left)))


def _held(incident: Incident) -> Incident:
    locked = Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
    if locked.closed_at:
        raise Refused(_("This incident is closed."))
    return locked


def release(user: User, incident: Incident, *, digest: str) -> int:
    """Release exactly these words: they leave for all who joined by now. For how many."""
    with transaction.atomic():
        one = _to_decide(user, incident, digest)
        one.state, one.released_by, one.holds_until, one.why = "released", user, timezone.now() + HOLDS, ""
        one.save()
        wanted = _want(incident)
        values = {"digest": digest, "cases": wanted}
        audit.log(user, "released a statement", f"incident {incident.pk}", values)
        notices.tell([one.author_id], None, Notice.Kind.INCIDENT, incident.title, by=user)
        live.tell()
    return wanted


def send_back(user: User, incident: Incident, *, digest: str, reason: str) -> None:
    """Give the words back to their writer, with a reason; their writer takes them back without one."""
    with transaction.atomic():
        one = _at_decision(incident, digest)
        if one.author_id != user.pk:
            if not may(user, incident, Role.LEAD):
                raise NotAllowed(_("A lead decides about it, or whoever wrote it takes it back."))
            if not reason.strip():
                raise Refused(_("Say in a few words what should change, so that the writer knows."))
        one.state, one.why = Statement.State.DRAFT, f"{user.name}: {reason.strip()}"[:300] if reason.strip() else ""
        one.version += 1
        one.save()
        audit.log(user, "sent back a statement", f"incident {incident.pk}", {"digest": digest, "reason": reason})
        notices.tell([one.author_id], None, Notice.Kind.INCIDENT, incident.title, by=user)
        live.tell()


def send_to_rest(user: User, incident: Incident) -> int:
    """The words that were released go to those as well who joined since, or could not get them then. To how many."""
    must(user, incident, Role.AGENT)
    with transaction.atomic():
        _held(incident)
        one = Statement.objects.select_for_update().filter(incident=incident).first()
        if one is None or one.state != Statement.State.RELEASED:
            raise Refused(_("Nobody has released the statement. Hand it in first."))
        if not holds(one, incident):
            raise Refused(_("The approval no longer holds: hand the statement in again."))
        wanted = _want(incident)
        if not wanted:
            raise Refused(_("Everybody who joined has it, or it is on its way."))
        audit.log(user, "sent a statement on", f"incident {incident.pk}", {"digest": one.digest, "cases": wanted})
        live.tell()
    return wanted


def holds(one: Statement, incident: Incident) -> bool:
    """Whether somebody released exactly this, may still do so, and not too long ago."""
    if one.released_by is None or one.holds_until is None or one.holds_until <= timezone.now():
        return False
    return one.digest == digest_of(one) and may_release(one.released_by, one.author_id, incident)


def _want(incident: Incident) -> int:
    return incident.joined.filter(response=None, wanted=False).update(wanted=True, why="")


def _to_decide(user: User, incident: Incident, digest: str) -> Statement:
    one = _at_decision(incident, digest)
    if one.author_id == user.pk:
        raise NotAllowed(_("Somebody else must approve what you wrote."))
    must(user, incident, Role.LEAD)
    return one


def _at_decision(incident: Incident, digest: str) -> Statement:
    _held(incident)
    one = Statement.objects.select_for_update().filter(incident=incident).first()
    if one is None or one.state != Statement.State.APPROVAL:
        raise Refused(_("This statement is no longer waiting for approval. Somebody was quicker: look again."))
    if not one.digest == digest == digest_of(one):
        raise Refused(_("The text was changed after you opened it. Read it again, then decide."))
    return one
