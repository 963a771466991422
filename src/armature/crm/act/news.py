"""News of what we sent, from the other side: our own copy came back, or the mail bounced."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from armature.crm.accounts import audit
from armature.crm.act import queueing
from armature.crm.act.models import Delivery, Response
from armature.crm.channels.port import DeliveryChanged
from armature.crm.decide import waits
from armature.crm.decide.models import Wait
from armature.crm.listen import commands as listen

BOUNCED = gettext_noop("It came back undelivered: ")


@transaction.atomic
def take_in(channel_id: int, news: Sequence[DeliveryChanged]) -> None:
    """Settle deliveries by what the other side says; news of something we never sent is left alone."""
    by_id = {one.external_id: one for one in news}
    named = Q(interaction__external_id__in=list(by_id)) | Q(key__in=[key for one in by_id if (key := _key(one))])
    found = Delivery.objects.filter(named, channel_id=channel_id)
    listen.hold(found.values_list("response__case__conversation", flat=True))
    for delivery in found.select_related(
        "interaction", "response__case__conversation__channel"
    ):  # as rare as mails that people wrote
        one = by_id.get(delivery.interaction.external_id) or by_id[str(delivery.key)]
        if one.state == "accepted":
            _accepted(delivery)
        else:
            _failed(delivery, one.reason)


def _key(external_id: str) -> UUID | None:
    """The key of a delivery, where the other side knows what we sent by it too."""
    try:
        return UUID(external_id) if len(external_id) == 36 else None
    except ValueError:
        return None


def _accepted(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk, proof_at=None).update(proof_at=timezone.now())
    unknown = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.UNKNOWN)
    if unknown.update(state=Delivery.State.SENT, settled_at=timezone.now()):
        _say(delivery, "found it sent", "our own copy arrived")
        queueing.went_out(delivery, _open_waits(delivery, "delivery"))


def _failed(delivery: Delivery, reason: str) -> None:
    after = Wait.objects.get(pk=delivery.wait_id).element
    settled = Delivery.objects.filter(pk=delivery.pk).exclude(state=Delivery.State.FAILED)
    if settled.update(state=Delivery.State.FAILED, reason=reason, settled_at=timezone.now()):
        Response.objects.filter(pk=delivery.response_id).update(
            state=Response.State.FAILED, why=(BOUNCED + reason)[:300]
        )
        _say(delivery, "bounced", reason)
        # It may come back before the outbox has settled it: then it still waits to be sent.
        open_waits = [delivery.wait_id, *_open_waits(delivery, "delivery"), *_open_waits(delivery, "feedback")]
        waits.answer_if_open(open_waits, {"delivery": "failed"}, after=after)


def _open_waits(delivery: Delivery, form: str) -> list[int]:
    case = delivery.response.case
    found = Wait.objects.filter(conversation=case.conversation_id, identity=case.identity_id, state="open", form=form)
    return list(found.values_list("id", flat=True))


def _say(delivery: Delivery, verb: str, reason: str) -> None:
    values = {"response": delivery.response_id, "delivery": str(delivery.key), "reason": reason}
    audit.log("the outbox", verb, f"case {delivery.response.case_id}", values)
