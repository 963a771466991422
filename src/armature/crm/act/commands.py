"""What people do about a case: judge its intent. Permission, change, log together."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from armature.arm.intent import Reading
from armature.crm.accounts import audit
from armature.crm.accounts.models import Role, User
from armature.crm.act import queries
from armature.crm.act.models import Case
from armature.crm.act.work import WRITING, Refused, allowed, at_work
from armature.crm.decide import waits
from armature.crm.decide.queries import Item
from armature.crm.understand import commands as understand
from armature.crm.understand import queries as readings


def judge_intent(user: User, case: Case, *, intent: str, issue_type: str = "") -> None:
    """Confirm or correct why they wrote; the process goes on with a person's word for it.

    The word holds for all that they said and that waits in the case: two messages of one person can wait at two
    places. What we started is not judged by its words, and waits on.
    """
    allowed(user, case, Role.DRAFT_ONLY)
    with at_work(case) as (wait, _items):
        if wait.form != "intent" and wait.form not in WRITING:
            raise Refused(_("The intent can be corrected until a response is written."))
        theirs = [one for one in queries.unwritten(case) if not all(item.interaction.ours for item in one.items)]
        if not theirs:
            raise Refused(_("Only what they said is judged: here waits only what we started."))
        for one in theirs:  # one or two
            _correct(user, case, [item for item in one.items if not item.interaction.ours], intent, issue_type)
            after = queries.intent_element(one.map_id) if one.form != "intent" else None
            waits.answer(one.id, {"intent": intent, "judged_by_person": True}, user=user, after=after)
        audit.log(user, "judged the intent", f"case {case.pk}", {"intent": intent, "issue_type": issue_type})


def _correct(user: User, case: Case, items: Sequence[Item], intent: str, issue_type: str) -> None:
    before = readings.current(item.interaction.id for item in items)
    for item in items:
        said, was = item.interaction, before[item.interaction.id]
        read = Reading(
            intent, issue_type or was.issue_type, was.sentiment, was.language, 1.0, was.evidence, user.name, True
        )
        understand.correct(understand.Read(said.id, case.identity_id, said.occurred_at, read), user)
