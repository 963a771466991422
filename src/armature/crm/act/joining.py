"""Two cases become one, or one becomes two. Both sides remember it, and a merge can be undone."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm import rows
from armature.crm.accounts import audit
from armature.crm.accounts.models import Role, User
from armature.crm.act import cases, restricted
from armature.crm.act.endings import cannot_end, work_of
from armature.crm.act.models import Case, CaseLink, Mention, Response
from armature.crm.act.work import Refused, allowed
from armature.crm.decide import by_hand
from armature.crm.decide.queries import OpenWait
from armature.crm.listen import commands as listen
from armature.crm.listen.models import Interaction

UNDO_DAYS = 30
TO_ANSWER = ("intent", "response", "executive")


def merge(user: User, case: Case, *, into: Case) -> CaseLink:
    """One case goes into another of the same matter: its words are read there, what waited in it is answered there."""
    allowed(user, case, Role.AGENT)
    allowed(user, into, Role.AGENT)
    with _both(case, into) as (earlier, later):
        _can_merge(earlier, later)
        work = work_of([earlier])[earlier.pk]
        if problem := cannot_end(work):
            raise Refused(problem)
        now, words = timezone.now(), _("Merged into case %(number)s.") % {"number": later.pk}
        waited, due = [wait.id for wait in work], earlier.due_at
        Response.objects.filter(case=earlier, state__in=["draft", "written", "approval"]).update(
            state=Response.State.VOID, why=words
        )
        by_hand.end(work, outcome="merged", reason=words, user=user, now=now)
        cases.project([cases.Touched(earlier.conversation_id, earlier.identity_id, earlier.last_in_at, "closed", "")])
        Case.objects.filter(pk=earlier.pk).update(
            status="closed", reason=words, settled=True, merged_into=later, snoozed_until=None, changed_at=now
        )
        by_hand.hurry(later.conversation_id, later.identity_id, due)
        _carry_over(earlier, later)
        link = CaseLink.objects.create(kind="merged", earlier=earlier, later=later, waits=waited, user=user)
        for number in (earlier.pk, later.pk):
            audit.log(user, "merged", f"case {number}", {"earlier": earlier.pk, "later": later.pk})
    return link


@contextmanager
def _both(*chosen: Case) -> Iterator[list[Case]]:
    with transaction.atomic():
        listen.hold(case.conversation_id for case in chosen)
        found = Case.objects.select_related("conversation__channel", "identity").in_bulk([case.pk for case in chosen])
        yield [found[case.pk] for case in chosen]


def _can_merge(earlier: Case, later: Case) -> None:
    if earlier.pk == later.pk:
        raise Refused(_("This is the same case. Choose another one."))
    if earlier.merged_into_id or later.merged_into_id:
        raise Refused(_("One of them was merged already. Look again."))
    if (restricted.of(earlier) is None) != (restricted.of(later) is None):
        raise Refused(_("One of them is restricted and the other is not. Restrict both, then merge them."))
    if later.ended_at is not None and earlier.ended_at is None:
        words = _("Case %(number)s has ended. Reopen it first, or merge it into this one.")
        raise Refused(words % {"number": later.pk})


CARRY = (
    "INSERT INTO act_tagging (case_id, tag_id, user_id) SELECT %(later)s, tag_id, user_id FROM act_tagging "
    "WHERE case_id = %(earlier)s ON CONFLICT DO NOTHING",
    "INSERT INTO act_follower (case_id, user_id) SELECT %(later)s, user_id FROM act_follower "
    "WHERE case_id = %(earlier)s ON CONFLICT DO NOTHING",
)


def _carry_over(earlier: Case, later: Case) -> None:
    for statement in CARRY:
        rows.run(statement, {"earlier": earlier.pk, "later": later.pk})
    Mention.objects.filter(case=earlier, done_at=None).update(case=later)
    Case.objects.filter(merged_into=earlier).update(merged_into=later)
    if later.ended_at is None:
        cases.project([cases.Touched(later.conversation_id, later.identity_id, earlier.last_in_at, "", "")])


def undo(user: User, link: CaseLink) -> None:
    """A merge was a mistake: the earlier case stands on its own again, and waits for what it waited for."""
    allowed(user, link.later, Role.AGENT)
    with _both(link.earlier, link.later) as (earlier, later):
        link = CaseLink.objects.select_for_update().get(pk=link.pk)
        if link.undone_at or link.kind != "merged" or earlier.merged_into_id != later.pk:
            raise Refused(_("This was undone already, or the cases have gone on since."))
        if link.at < timezone.now() - timedelta(days=UNDO_DAYS):
            words = _("A merge can be undone for %(days)s days. Split the messages off instead.")
            raise Refused(words % {"days": UNDO_DAYS})
        _stand_alone(earlier, link.waits)
        Mention.objects.filter(note__case=earlier, done_at=None).update(case=earlier)
        CaseLink.objects.filter(pk=link.pk).update(undone_at=timezone.now())
        for number in (earlier.pk, later.pk):
            audit.log(user, "undid a merge", f"case {number}", {"earlier": earlier.pk, "later": later.pk})


def _stand_alone(earlier: Case, waited: Sequence[int]) -> None:
    same = Q(conversation=earlier.conversation_id, identity=earlier.identity_id, settled=False)
    if Case.objects.filter(same).exists():
        raise Refused(_("They wrote again in that conversation since: it has a new case. Go on there."))
    Case.objects.filter(pk=earlier.pk).update(settled=False, merged_into=None, reason="")
    if waited:
        by_hand.restore(waited, timezone.now())
        cases.project([cases.Touched(earlier.conversation_id, earlier.identity_id, earlier.last_in_at, "", "")])


def split(user: User, case: Case, *, said: Iterable[int]) -> Case:
    """Some of a customer's messages become a case of their own, with the same question that they waited for."""
    allowed(user, case, Role.AGENT)
    with _both(case) as (old,):
        theirs = Interaction.objects.filter(
            conversation=old.conversation_id, direction="in", author=old.identity.address
        ).order_by("occurred_at", "id")
        chosen = list(theirs.filter(pk__in=list(said)))
        left = theirs.exclude(pk__in=[one.pk for one in chosen]).last()
        if not chosen or left is None:
            raise Refused(_("Choose some of their messages, not all of them."))
        work = work_of([old])[old.pk]
        _can_split(work, {one.pk for one in chosen})
        moved = listen.split_off(chosen, old.conversation)
        restricted.carry(old.conversation_id, moved.pk)
        now = timezone.now()
        waited = by_hand.move(work, {one.pk for one in chosen}, moved.pk, now)
        if not waited:
            by_hand.take_up([chosen[-1].pk], team=old.team or "triage", now=now)
        new = _both_written(old, moved.pk, chosen[-1], left)
        CaseLink.objects.create(kind="split", earlier=old, later=new, user=user)
        for number in (old.pk, new.pk):
            audit.log(user, "split", f"case {number}", {"from": old.pk, "into": new.pk, "said": [s.pk for s in chosen]})
    return new


def _can_split(work: Sequence[OpenWait], chosen: set[int]) -> None:
    if any(wait.state == "answered" for wait in work):
        raise Refused(_("The case is moving on at this moment. Look again."))
    held = (w for w in work if w.form not in TO_ANSWER and {item.interaction.id for item in w.items} & chosen)
    if any(wait.form != "feedback" for wait in held):
        raise Refused(_("A response to these messages is being approved or sent. Wait for it, or take it back."))


def _both_written(old: Case, conversation: int, last: Interaction, left: Interaction) -> Case:
    cases.project(
        [
            cases.Touched(conversation, old.identity_id, last.occurred_at, "", old.team, old.intent, new_words=True),
            cases.Touched(old.conversation_id, old.identity_id, left.occurred_at, "", ""),
        ]
    )
    Case.objects.filter(pk=old.pk).update(last_in_at=left.occurred_at)
    new = Case.objects.get(conversation=conversation, identity=old.identity_id)
    Case.objects.filter(pk=new.pk).update(assignee=old.assignee_id)
    return new
