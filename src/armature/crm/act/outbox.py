"""Sending that can be trusted: `sending` is committed before the first byte leaves; what is unclear becomes `unknown`.

A delivery that is `sending` and whose worker died is never sent again by a machine.
"""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from armature.crm import rows
from armature.crm.accounts import audit
from armature.crm.act.models import Approval, Delivery, Response
from armature.crm.channels import registry
from armature.crm.channels.port import Failed, Outcome, Outgoing, Sent, Unknown
from armature.crm.decide import snapshot, waits
from armature.crm.listen import queries as channels
from armature.crm.listen.models import Interaction

LONGEST = timedelta(minutes=5)
TRIES = 5


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
    refusal = _refusal(delivery)
    outcome: Outcome = Failed(refusal) if refusal else _hand_over(delivery)
    settle(delivery, outcome)


def _refusal(delivery: Delivery) -> str:
    """Why this must not leave: the last check before the door, whatever the way here was."""
    response = delivery.response
    if delivery.digest != response.digest:
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
    return registry.kind(channel.kind).send(channels.account(channel), outgoing)


def settle(delivery: Delivery, outcome: Outcome) -> bool:
    """Write what came of it; False when the lease was lost meanwhile (then nothing is written)."""
    if isinstance(outcome, Failed) and outcome.retryable and delivery.attempt < TRIES:
        return _later(delivery, outcome)
    state, reason, provider_id = _words(outcome)
    with transaction.atomic():
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
    found: Sequence[Delivery] = list(stuck.select_related("response")[:100])
    return sum(settle(delivery, Unknown("The worker stopped while it was sending.")) for delivery in found)
