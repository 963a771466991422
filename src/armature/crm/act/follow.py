"""What follows from judgements: responses move on, deliveries are queued, colleagues are told, cases show it."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from armature.arm.action import Ask, End
from armature.crm import rows
from armature.crm.accounts import audit
from armature.crm.act import cases
from armature.crm.act.models import Case, Delivery, InternalAction, Response
from armature.crm.channels import registry
from armature.crm.decide import waits
from armature.crm.decide.commands import Judged
from armature.crm.decide.queries import OpenWait
from armature.crm.identify.commands import person_of
from armature.crm.listen import commands as listen
from armature.crm.listen import queries as channels

AT_WORK = [Response.State.DRAFT, Response.State.WRITTEN, Response.State.APPROVAL]
WROTE_AGAIN = "The customer wrote again: read it before you ask for approval once more."


def carry_out(judged: Sequence[Judged], changes: waits.Changes, now: datetime) -> None:
    """Do what a batch of judgements asks for."""
    _internal(judged)
    _void(changes.voided)
    people = [asked for asked in changes.asked if asked.ask.form not in ("intent", "response", "executive", "feedback")]
    back = [asked for asked in changes.asked if asked.ask.form in ("response", "executive")]
    _give_back([asked.whose for asked in back if not asked.new_words])
    for asked in people:  # one for each answer a person gave, never for what just arrived
        _move_on(asked, now)
    cases.project(_touched(judged))


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
        ).update(state=Response.State.DRAFT, why=WROTE_AGAIN)


def _give_back(whose: Iterable[waits.Whose]) -> None:
    for conversation, identity in whose:
        Response.objects.filter(
            case__conversation=conversation, case__identity=identity, state__in=[*AT_WORK, Response.State.FAILED]
        ).update(state=Response.State.DRAFT)


def _move_on(asked: waits.Asked, now: datetime) -> None:
    conversation, identity = asked.whose
    case = Case.objects.select_related("conversation__channel").get(
        conversation=conversation, identity=identity, settled=False
    )
    response = case.responses.filter(state__in=AT_WORK).first()
    if response and asked.ask.form == "approval":
        Response.objects.filter(pk=response.pk).update(state=Response.State.APPROVAL)
    elif response and asked.ask.form == "send":
        queue(case, response, asked.wait_id, now)


def queue(case: Case, response: Response, wait_id: int, now: datetime) -> Delivery:
    """Hand a response to the outbox, under the id it will carry outside."""
    person_of(case.identity_id)
    channel = case.conversation.channel
    key = uuid.uuid4()
    interaction = listen.record_outgoing(
        channel_id=channel.pk,
        conversation_id=case.conversation_id,
        external_id=registry.kind(channel.kind).external_id(channels.account(channel), key),
        subject=response.subject,
        text=response.text,
        public=response.public,
        at=now.replace(microsecond=0),  # as mails count time: a quick answer must not seem to come before it
    )
    Response.objects.filter(pk=response.pk).update(state=Response.State.QUEUED)
    audit.log("the process", "queued", f"case {case.pk}", {"response": response.pk, "digest": response.digest})
    return Delivery.objects.create(
        key=key, response=response, wait_id=wait_id, channel=channel, interaction_id=interaction,
        digest=response.digest,
    )  # fmt: skip


def _touched(judged: Sequence[Judged]) -> Iterable[cases.Touched]:
    for one in judged:
        stop = one.judgement.stop
        outcome = stop.outcome if isinstance(stop, End) else ""
        facts = one.judgement.facts
        team = str(facts.get("team") or (stop.team if isinstance(stop, Ask) else ""))
        yield cases.Touched(
            *one.whose, one.interaction.occurred_at, outcome, team, str(facts.get("intent") or ""),
            new_words=one.wait is None,
        )  # fmt: skip
