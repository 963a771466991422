"""What follows from judgements: responses move on, deliveries are queued, colleagues are told, cases show it."""

from collections.abc import Container, Iterable, Sequence
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext_noop

from armature.arm.action import Ask, End
from armature.crm import rows
from armature.crm.act import cases, drafts, notices, past, queueing
from armature.crm.act.models import Audience, Case, Delivery, InternalAction, Response
from armature.crm.decide import waits
from armature.crm.decide.commands import Judged
from armature.crm.decide.queries import OpenWait

HANDED_IN = [Response.State.WRITTEN, Response.State.APPROVAL]
WROTE_AGAIN = gettext_noop("The customer wrote again: read it before you ask for approval once more.")


def carry_out(
    judged: Sequence[Judged], changes: waits.Changes, now: datetime, ticks: Sequence[Judged]
) -> Iterable[int]:
    """Do what a batch of judgements asks for; the numbers of the cases that show it.

    ``ticks`` are timers that fired beside a wait, which may be more urgent now, or another team's turn.
    """
    _internal(judged)
    _void(changes.voided)
    people = [asked for asked in changes.asked if asked.ask.form not in ("intent", "response", "executive", "feedback")]
    back = [asked for asked in changes.asked if asked.ask.form in ("response", "executive")]
    sent_back = {wait.whose for wait in changes.finished if wait.form == "approval"}
    _give_back([asked.whose for asked in back if not asked.new_words], sent_back)
    for asked in people:  # one for each answer a person gave, never for what just arrived
        _move_on(asked, now)
    past.keep(one for one in judged if one.interaction.historic)
    raised = [_ticked(one) for one in ticks]
    shown = cases.project([*raised, *_touched(one for one in judged if not one.interaction.historic)])
    notices.wrote_again(number for number, new_words in shown.items() if new_words)
    notices.raised({one.whose for one in (*judged, *ticks) if any(do.step == "raise" for do in one.judgement.actions)})
    return shown


def _internal(judged: Sequence[Judged]) -> None:
    teams = dict(rows.fetch("SELECT key, id FROM accounts_team", []))
    rows.copy(
        InternalAction,
        ["judgement_id", "step", "element", "team_id", "values"],
        [
            (
                one.id,
                do.step,
                do.element,
                teams.get(str(do.values.get("team", ""))),
                dict(do.values),
            )
            for one in judged
            for do in one.judgement.actions
            if do.step != "record"
        ],
    )


def _void(voided: Iterable[OpenWait]) -> None:
    for wait in voided:
        Response.objects.filter(
            case__conversation=wait.conversation_id, case__identity=wait.identity_id, state=Response.State.APPROVAL
        ).update(state=Response.State.DRAFT, why=WROTE_AGAIN, version=F("version") + 1)


def _give_back(whose: Iterable[waits.Whose], sent_back: Container[waits.Whose]) -> None:
    """What failed goes back to its writer, and what waited for approval where that was refused; nothing else."""
    for conversation, identity in whose:  # one for each response that failed or was sent back
        mine = Response.objects.filter(case__conversation=conversation, case__identity=identity)
        for half in mine.filter(state=Response.State.FAILED, deliveries__state=Delivery.State.SENT):
            _give_back_the_rest(half)
        refused = [Response.State.APPROVAL] if (conversation, identity) in sent_back else []
        back = mine.filter(state__in=[Response.State.FAILED, *refused])
        back.update(state=Response.State.DRAFT, version=F("version") + 1, send_at=None, kind="micro")


def _give_back_the_rest(half: Response) -> None:
    """Its public part stands outside already: only the private one goes back to its writer."""
    rest = Response.objects.create(
        case_id=half.case_id, judgement_id=half.judgement_id, author_id=half.author_id, sender=half.sender,
        subject=half.subject, text=half.private_text, recipients=half.recipients, copies=half.copies, digest="",
        element=half.element, state=Response.State.DRAFT, audience=Audience.PRIVATE, why=half.why,
    )  # fmt: skip
    drafts.copy_files(half, rest)
    Response.objects.filter(pk=half.pk).update(state=Response.State.SENT)


def _move_on(asked: waits.Asked, now: datetime) -> None:
    conversation, identity = asked.whose
    case = Case.objects.select_related("conversation__channel").get(
        conversation=conversation, identity=identity, settled=False
    )
    response = case.responses.filter(state__in=HANDED_IN).first()
    if response and asked.ask.form == "approval":
        Response.objects.filter(pk=response.pk).update(state=Response.State.APPROVAL)
    elif response and asked.ask.form == "send":
        queueing.queue(case, response, asked.wait_id, now)


def _ticked(one: Judged) -> cases.Touched:
    return cases.Touched(*one.whose, one.interaction.occurred_at, "", "", ours=one.interaction.ours)


def _touched(judged: Iterable[Judged]) -> Iterable[cases.Touched]:
    for one in judged:
        stop = one.judgement.stop
        outcome = stop.outcome if isinstance(stop, End) else ""
        facts = one.judgement.facts
        team = str(facts.get("team") or (stop.team if isinstance(stop, Ask) else ""))
        yield cases.Touched(
            *one.whose, one.interaction.occurred_at, outcome, team, str(facts.get("intent") or ""),
            new_words=one.wait is None and not one.interaction.ours,
            started=one.wait is None and one.interaction.ours, ours=one.interaction.ours,
        )  # fmt: skip
