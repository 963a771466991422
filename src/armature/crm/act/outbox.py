"""Sending that can be trusted: `sending` is committed before the first byte leaves; what is unclear becomes `unknown`.

A delivery that is `sending` and whose worker died is never sent again by a machine.
"""

import logging
import secrets
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import cast

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from armature.crm import rows
from armature.crm.accounts import audit
from armature.crm.act import amended, approvals, caps, doubts, forbidden, leaving, queries, queueing
from armature.crm.act.digest import digest_of
from armature.crm.act.models import Delivery, Printout, Response
from armature.crm.channels import registry
from armature.crm.channels.port import (
    LOGIN,
    Account,
    Attachment,
    ByHand,
    Failed,
    Finds,
    Kind,
    Outcome,
    Outgoing,
    Sent,
    Unknown,
    Unreachable,
)
from armature.crm.channels.rates import OverBudget
from armature.crm.channels.settings import BadSettings
from armature.crm.decide import snapshot, waits
from armature.crm.listen import commands as listen
from armature.crm.listen import files
from armature.crm.listen import queries as channels

logger = logging.getLogger(__name__)
LONGEST = timedelta(minutes=5)
TRIES = 5
NO_FILE = gettext_noop("A file of this response cannot be read: ")
WITH = "response__case__conversation__channel", "response__case__identity", "channel", "wait"
PAUSES = (0.5, 0.5, 1.0, 1.0, 2.0, 2.0, 5.0, 5.0, 5.0)
"""Seconds between tries to write down what came of a delivery."""


def channels_due() -> list[int]:
    """The channels on which something is to leave now."""
    found = rows.fetch(
        """
        SELECT c.id FROM listen_channel c
        WHERE c.paused_at IS NULL AND EXISTS (
            SELECT FROM act_delivery d
            WHERE d.channel_id = c.id AND d.state = 'queued' AND d.not_before <= statement_timestamp())
        """,
        [],
    )
    return [number for (number,) in found]


def channels_in_doubt() -> list[int]:
    """The channels on which sending was cut off: see ``expire``."""
    stuck = Delivery.objects.filter(state=Delivery.State.SENDING, claimed_at__lt=timezone.now() - LONGEST)
    return list(stuck.order_by().values_list("channel", flat=True).distinct())


def claim(limit: int, channel: int | None = None) -> list[int]:
    """Mark deliveries (of one channel) as being sent, committed, before anything leaves; their numbers."""
    token = secrets.randbits(62)
    taken = rows.fetch(
        """
        WITH due AS MATERIALIZED (
            SELECT id FROM act_delivery WHERE state = 'queued' AND not_before <= statement_timestamp()
              AND channel_id NOT IN (SELECT id FROM listen_channel WHERE paused_at IS NOT NULL)
              AND (%s::bigint IS NULL OR channel_id = %s)
            ORDER BY not_before, id LIMIT %s FOR UPDATE SKIP LOCKED)
        UPDATE act_delivery d
        SET state = 'sending', attempt = attempt + 1, token = %s, claimed_at = statement_timestamp()
        FROM due WHERE d.id = due.id RETURNING d.id
        """,
        [channel, channel, limit, token],
    )
    return sorted(number for (number,) in taken)


def send(number: int) -> int | None:
    """Hand one claimed delivery over, once, and settle what came of it; the number of its case."""
    delivery = Delivery.objects.select_related(*WITH).get(pk=number)
    if delivery.state != Delivery.State.SENDING:  # we slept too long: somebody may have decided about it
        return None
    refusal = _refusal(delivery)
    try:
        outcome: Outcome = Failed(refusal) if refusal else _hand_over(delivery)
    except OverBudget as later:
        _wait_for_budget(delivery, later.after)
        return None
    if isinstance(outcome, Failed) and outcome.cause == LOGIN:
        _pause(delivery, outcome)
    else:
        _settle_at_last(delivery, outcome)
    return delivery.response.case_id


def _refusal(delivery: Delivery) -> str:
    """Why this must not leave: the last check before the door, whatever the way here was."""
    response = delivery.response
    if not digest_of(response) == response.digest == delivery.digest:
        return gettext_noop("The text was changed after it was released.")
    if _approval_required(delivery) and not approvals.holds(response):
        given = response.approvals.filter(approved=True, digest=delivery.digest)
        over, never = (
            gettext_noop("The approval no longer holds: ask again."),
            gettext_noop("Nobody has approved this text."),
        )
        return over if given.exists() else never
    if response.send_at and response.seen_id and queries.last_said(response.case) > response.seen_id:
        return gettext_noop("They wrote again before it was due to leave: read it, then send.")
    if amended.changed_since_written(response):
        return gettext_noop("They edited or deleted what they said before this left: read it, then send.")
    recipients = [*response.recipients, *response.copies]
    topic = queueing.topic_of(delivery.channel)
    return forbidden.refusal(response.case, topic, recipients) or caps.refusal(
        response.case, recipients, but=delivery.pk
    )


def _approval_required(delivery: Delivery) -> bool:
    items = delivery.wait.items.select_related("judgement")
    return bool(delivery.response.asked_by) or any(
        snapshot.unpack(item.judgement.snapshot, item.judgement.catalogue).get("approval") is True for item in items
    )


def _hand_over(delivery: Delivery) -> Outcome:
    channel = delivery.channel
    try:
        outgoing = leaving.outgoing(delivery)
    except OSError as missing:
        return Failed(f"{NO_FILE}{missing}")
    try:
        kind, account = registry.kind(channel.kind), channels.account(channel)
    except LookupError as missing:
        return Failed(str(missing))
    try:
        outcome = kind.send(account, outgoing)
        return _looked_up(delivery, kind, account, outgoing) or outcome if isinstance(outcome, Unknown) else outcome
    except BadSettings as wrong:
        return Failed(str(wrong))
    except OverBudget:  # nothing of it was asked for yet
        raise
    except Exception as problem:  # whatever foreign code raises says nothing about what the other side has
        logger.exception("sending %s failed", delivery.key)
        return Unknown(f"{type(problem).__name__}: {problem}"[:300])


def _looked_up(delivery: Delivery, kind: Kind, account: Account, outgoing: Outgoing) -> Sent | ByHand | None:
    """Whether what may have gone out is there, where the other side lets us look; else a person is asked.

    Where only the words tell, an earlier answer in the same words is no proof: it has its own name already.
    """
    if not hasattr(kind, "find"):  # asked of the kind itself: what a protocol says of a class it remembers for ever
        return None
    try:
        found = cast(Finds, kind).find(account, outgoing)
    except (Unreachable, OverBudget) as problem:
        logger.warning("looking for what may have gone out: %s", problem)
        return None
    name = found.external_id if isinstance(found, Sent) else ""
    named = Delivery.objects.filter(interaction__channel=delivery.channel_id, interaction__external_id=name)
    return None if name and named.exclude(pk=delivery.pk).exists() else found


def _wait_for_budget(delivery: Delivery, seconds: float) -> None:
    """The other side allows no more calls now: this and all that waits behind it there waits, and holds no worker."""
    until = timezone.now() + timedelta(seconds=seconds)
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.SENDING, token=delivery.token).update(
            state=Delivery.State.QUEUED, not_before=until, attempt=F("attempt") - 1
        )
        behind = Delivery.objects.filter(channel=delivery.channel_id, state=Delivery.State.QUEUED)
        behind.filter(not_before__lt=until).update(not_before=until)


def _pause(delivery: Delivery, outcome: Failed) -> None:
    """The account's key is no longer taken: it pauses, and what waits is kept as it is."""
    with transaction.atomic():
        mine = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.SENDING, token=delivery.token)
        mine.update(state=Delivery.State.QUEUED, reason=outcome.reason, attempt=F("attempt") - 1)
        listen.pause(delivery.channel_id, outcome.reason)


def _settle_at_last(delivery: Delivery, outcome: Outcome) -> bool:
    """We know what came of it: a database that is away for a moment must not make that unknown."""
    for pause in PAUSES:
        try:
            return settle(delivery, outcome)
        except (OperationalError, InterfaceError) as problem:
            logger.warning("delivery %s is %s, kept as soon as possible: %s", delivery.key, outcome, problem)
            connection.close()
            time.sleep(pause)
    return settle(delivery, outcome)


def settle(delivery: Delivery, outcome: Outcome) -> bool:
    """Write what came of it; False when the lease was lost meanwhile (then nothing is written)."""
    if isinstance(outcome, Failed) and outcome.retryable and delivery.attempt < TRIES:
        return _later(delivery, outcome)
    with transaction.atomic():
        listen.hold([delivery.response.case.conversation_id])
        if isinstance(outcome, Unknown) and Delivery.objects.filter(pk=delivery.pk, proof_at__isnull=False).exists():
            outcome = Sent("")
        state, reason, provider_id = _words(outcome)
        mine = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.SENDING, token=delivery.token)
        if not mine.update(state=state, reason=reason, provider_id=provider_id, settled_at=timezone.now()):
            return False
        audit.log(
            "the outbox", f"settled as {state}", f"case {delivery.response.case_id}",
            {"response": delivery.response_id, "delivery": str(delivery.key), "digest": delivery.digest,
             "reason": reason},
        )  # fmt: skip
        if isinstance(outcome, ByHand):
            _keep(delivery, outcome.document)
        if isinstance(outcome, Sent) and outcome.external_id:
            listen.call_it(delivery.interaction_id, outcome.external_id)
        _go_on(delivery, state, reason)
    return True


def _keep(delivery: Delivery, document: Attachment) -> None:
    """The document stays as it was made: what is posted later is what was approved."""
    kept = {"digest": files.write(document.body), "name": document.name[:255], "size": len(document.body)}
    Printout.objects.get_or_create(delivery=delivery, defaults=kept)


def _go_on(delivery: Delivery, state: str, reason: str) -> None:
    if state == Delivery.State.SENT:
        queueing.went_out(delivery, [delivery.wait_id])
        return
    Response.objects.filter(pk=delivery.response_id).update(state=state, why=reason[:300])
    asked = delivery.wait.form == "delivery"  # sent again by a person: unknown once more leaves their question open
    told = Delivery.State.UNKNOWN if state in doubts.ASKED else state  # a map knows one question about both
    if not (asked and told == Delivery.State.UNKNOWN):
        waits.answer_if_open([delivery.wait_id], {"delivery": told})


def _words(outcome: Outcome) -> tuple[str, str, str]:
    if isinstance(outcome, Sent):
        return Delivery.State.SENT, "", outcome.provider_id[:300]
    if isinstance(outcome, Unknown):
        return Delivery.State.UNKNOWN, outcome.reason, ""
    if isinstance(outcome, ByHand):
        return Delivery.State.BY_HAND, "", ""
    return Delivery.State.FAILED, outcome.reason, ""


def _later(delivery: Delivery, outcome: Failed) -> bool:
    wait = max(outcome.after, 30 * 2**delivery.attempt)
    return bool(
        Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.SENDING, token=delivery.token).update(
            state=Delivery.State.QUEUED, reason=outcome.reason, not_before=timezone.now() + timedelta(seconds=wait)
        )
    )


def expire(channel: int | None = None) -> int:
    """Deliveries whose worker died while sending: nobody knows whether they went out, so a person decides."""
    stuck = Delivery.objects.filter(state=Delivery.State.SENDING, claimed_at__lt=timezone.now() - LONGEST)
    stuck = stuck if channel is None else stuck.filter(channel=channel)
    found: Sequence[Delivery] = list(stuck.select_related(*WITH)[:20])
    return sum(map(_expired, found))


def _expired(delivery: Delivery) -> bool:
    """Whatever goes wrong while we look for one, a person is asked about it, and it holds up nothing else."""
    stopped = Unknown(gettext_noop("The worker stopped while it was sending."))
    try:
        return settle(delivery, _found(delivery) or stopped)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("looking for delivery %s failed", delivery.key)
        return settle(delivery, stopped)


def _found(delivery: Delivery) -> Sent | ByHand | None:
    """What a worker may have sent before it stopped, where its kind can look."""
    kind = registry.installed().kinds.get(delivery.channel.kind)
    if kind is None:
        return None
    return _looked_up(delivery, kind, channels.account(delivery.channel), leaving.outgoing(delivery))
