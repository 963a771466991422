"""Sending that can be trusted: `sending` is committed before the first byte leaves; what is unclear becomes `unknown`.

A delivery that is `sending` and whose worker died is never sent again by a machine.
"""

import logging
import secrets
import time
from collections.abc import Sequence
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from armature.crm import rows
from armature.crm.accounts import audit
from armature.crm.act.commands import digest_of
from armature.crm.act.models import Approval, Delivery, Response
from armature.crm.channels import registry
from armature.crm.channels.port import Failed, Outcome, Outgoing, Sent, Unknown
from armature.crm.channels.settings import BadSettings
from armature.crm.decide import snapshot, waits
from armature.crm.listen import commands as listen
from armature.crm.listen import queries as channels
from armature.crm.listen.models import Interaction

logger = logging.getLogger(__name__)
LONGEST = timedelta(minutes=5)
TRIES = 5
PAUSES = (0.5, 0.5, 1.0, 1.0, 2.0, 2.0, 5.0, 5.0, 5.0)
"""Seconds between tries to write down what came of a delivery."""


def claim(limit: int) -> list[int]:
    """Mark deliveries as being sent, committed, before anything leaves; their numbers and the token with them."""
    token = secrets.randbits(62)
    taken = rows.fetch(
        """
        WITH due AS MATERIALIZED (
            SELECT id FROM act_delivery WHERE state = 'queued' AND not_before <= statement_timestamp()
            ORDER BY not_before, id LIMIT %s FOR UPDATE SKIP LOCKED)
        UPDATE act_delivery d
        SET state = 'sending', attempt = attempt + 1, token = %s, claimed_at = statement_timestamp()
        FROM due WHERE d.id = due.id RETURNING d.id
        """,
        [limit, token],
    )
    return sorted(number for (number,) in taken)


def send(number: int) -> None:
    """Hand one claimed delivery over, once, and settle what came of it."""
    delivery = Delivery.objects.select_related("response__case__conversation", "channel").get(pk=number)
    if delivery.state != Delivery.State.SENDING:  # we slept too long: somebody may have decided about it
        return
    refusal = _refusal(delivery)
    outcome: Outcome = Failed(refusal) if refusal else _hand_over(delivery)
    _settle_at_last(delivery, outcome)


def _refusal(delivery: Delivery) -> str:
    """Why this must not leave: the last check before the door, whatever the way here was."""
    response = delivery.response
    now = digest_of(response.subject, response.recipients, response.text)
    if not now == response.digest == delivery.digest:
        return "The text was changed after it was released."
    required = _approval_required(delivery)
    released = Approval.objects.filter(response=response, approved=True, digest=delivery.digest)
    if required and not released.exclude(user=response.author_id).exists():
        return "Nobody has approved this text."
    return ""


def _approval_required(delivery: Delivery) -> bool:
    items = delivery.wait.items.select_related("judgement")
    return any(
        snapshot.unpack(item.judgement.snapshot, item.judgement.catalogue).get("approval") is True for item in items
    )


def _hand_over(delivery: Delivery) -> Outcome:
    response, channel = delivery.response, delivery.channel
    said = list(
        Interaction.objects.filter(conversation=response.case.conversation_id, occurred_at__lte=timezone.now())
        .exclude(pk=delivery.interaction_id)
        .order_by("-occurred_at", "-id")
        .values_list("external_id", "direction")[:20]
    )
    incoming = [external for external, direction in said if direction == "in"]
    outgoing = Outgoing(
        external_id=delivery.interaction.external_id,
        recipients=tuple(response.recipients),
        text=response.text,
        subject=response.subject,
        thread=str(response.case.conversation_id),
        in_reply_to=incoming[0] if incoming else "",
        references=tuple(external for external, _ in reversed(said)),
        author_name=response.author.name,
    )
    try:
        kind, account = registry.kind(channel.kind), channels.account(channel)
    except LookupError as missing:
        return Failed(str(missing))
    try:
        return kind.send(account, outgoing)
    except BadSettings as wrong:
        return Failed(str(wrong))
    except Exception as problem:  # whatever foreign code raises says nothing about what the other side has
        logger.exception("sending %s failed", delivery.key)
        return Unknown(f"{type(problem).__name__}: {problem}"[:300])


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
        Response.objects.filter(pk=delivery.response_id).update(state=state, why=reason[:300])
        audit.log(
            "the outbox", f"settled as {state}", f"case {delivery.response.case_id}",
            {"response": delivery.response_id, "delivery": str(delivery.key), "digest": delivery.digest,
             "reason": reason},
        )  # fmt: skip
        waits.answer_if_open([delivery.wait_id], {"delivery": state})
    return True


def _words(outcome: Outcome) -> tuple[str, str, str]:
    if isinstance(outcome, Sent):
        return Delivery.State.SENT, "", outcome.provider_id[:300]
    if isinstance(outcome, Unknown):
        return Delivery.State.UNKNOWN, outcome.reason, ""
    return Delivery.State.FAILED, outcome.reason, ""


def _later(delivery: Delivery, outcome: Failed) -> bool:
    wait = max(outcome.after, 30 * 2**delivery.attempt)
    return bool(
        Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.SENDING, token=delivery.token).update(
            state=Delivery.State.QUEUED, reason=outcome.reason, not_before=timezone.now() + timedelta(seconds=wait)
        )
    )


def expire() -> int:
    """Deliveries whose worker died while sending: nobody knows whether they went out, so a person decides."""
    stuck = Delivery.objects.filter(state=Delivery.State.SENDING, claimed_at__lt=timezone.now() - LONGEST)
    found: Sequence[Delivery] = list(stuck.select_related("response__case")[:100])
    return sum(settle(delivery, Unknown("The worker stopped while it was sending.")) for delivery in found)
