"""Released words of an incident go into the outbox: one response for each who joined, where they spoke, in private.

A worker takes a chunk at a time, in one transaction and a fixed number of statements. That somebody has the words is
written beside who joined in the transaction that puts them into the outbox, so nobody gets them twice, whoever dies.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from armature.crm import live
from armature.crm.accounts import audit
from armature.crm.act import cases, notices, queries, reached, statements
from armature.crm.act.digest import Leaving
from armature.crm.act.models import (
    Approval,
    Audience,
    Delivery,
    Incident,
    Joined,
    Notice,
    Response,
    Statement,
    Wording,
)
from armature.crm.act.reached import Going
from armature.crm.channels import registry
from armature.crm.decide import by_one
from armature.crm.decide.by_one import Sending
from armature.crm.identify import commands as identify
from armature.crm.listen import commands as listen

logger = logging.getLogger(__name__)
CHUNK = 200


FAULT = gettext_noop("A fault of ours kept it from going out. Send to the rest; if it stays, tell an administrator.")


def spread() -> int:
    """The next chunk of what was released goes into the outbox; how many of those who joined were gone through.

    A fault in it is written beside those it is about: it holds up nothing else, and nobody waits for ever.
    """
    taken: list[int] = []
    try:
        with transaction.atomic():
            _next(taken)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("the words of an incident could not go out")
        Joined.objects.filter(pk__in=taken, response=None).update(wanted=False, why=FAULT)
    return len(taken)


def _next(taken: list[int]) -> None:
    released = Statement.objects.filter(
        state=Statement.State.RELEASED, incident__in=Joined.objects.filter(wanted=True).values("incident")
    )
    statement = released.order_by("id").select_for_update(skip_locked=True, of=("self",)).first()
    if statement is None:
        return
    wanted = Joined.objects.filter(incident=statement.incident_id, wanted=True).order_by("id")
    next_ones = dict(wanted.values_list("pk", "case__conversation")[:CHUNK])
    taken.extend(next_ones)
    listen.hold(next_ones.values())
    with_case = [f"case__{name}" for name in queries.SHOWN_WITH]
    chunk = list(wanted.filter(pk__in=next_ones).select_for_update(of=("self",)).select_related(*with_case))
    _spread(statement, chunk)
    live.tell([one.case_id for one in chunk])


def _spread(statement: Statement, chunk: Sequence[Joined]) -> None:
    incident, now = Incident.objects.select_related("team").get(pk=statement.incident_id), timezone.now()
    if not statements.holds(statement, incident):
        why = gettext_noop("The approval no longer holds: hand the statement in again.")
        Joined.objects.filter(pk__in=[one.pk for one in chunk]).update(wanted=False, why=why)
        return
    going, refused = reached.sort(statement.text, chunk, now)
    sends = by_one.answer_by_one(
        {one.whose: (one.waits, one.last) for one in going}, statement.released_by_id or 0, incident.team.key, now
    )
    if left := [one for one in going if one.whose in sends]:
        _answer(statement, left, sends, now)
    refused |= {
        one.joined.pk: gettext_noop("Its process map sends nothing.") for one in going if one.whose not in sends
    }
    for one in chunk:
        one.wanted, one.why = False, refused.get(one.pk, "")
    Joined.objects.bulk_update(chunk, ["wanted", "why", "response"])


def _answer(
    statement: Statement, going: Sequence[Going], sends: Mapping[tuple[int, int], Sending], now: datetime
) -> None:
    """The rows of one response each: its words and its approval, its place in the outbox, and what the case shows."""
    identify.people_of([one.joined.case.identity_id for one in going])
    made = Response.objects.bulk_create(
        [_response(statement, one, sends[one.whose].judgement_id, now) for one in going]
    )
    for one, response in zip(going, made, strict=True):
        one.joined.response = response
    Wording.objects.bulk_create(
        [Wording(response=one, author_id=one.author_id, text=one.text, digest=one.digest) for one in made]
    )
    by, until = statement.released_by, statement.holds_until
    assert by is not None  # or nothing would hold
    Approval.objects.bulk_create(
        [Approval(response=one, user=by, approved=True, digest=one.digest, holds_until=until) for one in made]
    )
    _into_the_outbox(going, made, sends, now)
    _log(statement, made)
    touched = [one.joined.case for one in going]
    cases.project(cases.Touched(case.conversation_id, case.identity_id, case.last_in_at, "", "") for case in touched)
    notices.tell_all([case.pk for case in touched], Notice.Kind.INCIDENT, by=statement.author)


def _response(statement: Statement, one: Going, judgement_id: int, now: datetime) -> Response:
    case = one.joined.case
    subject, recipients = queries.where_to(case)
    channel = case.conversation.channel
    leaving = Leaving(
        (channel.pk, channel.address), statement.sender, Audience.PRIVATE, subject, tuple(recipients), (),
        statement.text, "", (),
    )  # fmt: skip
    return Response(
        case=case, judgement_id=judgement_id, kind="macro", audience=Audience.PRIVATE, author_id=statement.author_id,
        sender=statement.sender, subject=subject, text=statement.text, recipients=recipients, copies=[],
        digest=leaving.digest, element="", state=Response.State.QUEUED, asked_by="rule", seen_id=one.last,
        written_at=now,
    )  # fmt: skip


def _into_the_outbox(
    going: Sequence[Going], made: Sequence[Response], sends: Mapping[tuple[int, int], Sending], now: datetime
) -> None:
    said = listen.record_all_outgoing(
        [
            listen.Leaving(
                one.account.id, one.whose[0],
                registry.kind(one.account.kind).external_id(one.account, one.key), response.subject, response.text,
            )
            for one, response in zip(going, made, strict=True)
        ],
        now.replace(microsecond=0),
    )  # fmt: skip
    leaves = now + timedelta(seconds=settings.UNDO_SECONDS)
    Delivery.objects.bulk_create(
        Delivery(
            key=one.key, response=response, wait_id=sends[one.whose].wait_id, channel_id=one.account.id,
            interaction_id=number, part=Audience.PRIVATE, digest=response.digest, not_before=leaves,
        )
        for one, response, number in zip(going, made, said, strict=True)
    )  # fmt: skip


def _log(statement: Statement, made: Sequence[Response]) -> None:
    values = {
        f"case {one.case_id}": {"response": one.pk, "digest": one.digest, "incident": statement.incident_id}
        for one in made
    }
    audit.log_many(statement.author, "wrote a response", values)
    if statement.released_by:
        audit.log_many(statement.released_by, "approved", values)
    audit.log_many("the process", "queued", values)
