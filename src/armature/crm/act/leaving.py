"""What is to leave, put together from its rows just before it does."""

from django.utils import timezone

from armature.crm.act import queueing
from armature.crm.act.models import Audience, Delivery
from armature.crm.channels import survey
from armature.crm.channels.port import Attachment, Outgoing
from armature.crm.listen import files
from armature.crm.listen.models import Interaction


def outgoing(delivery: Delivery) -> Outgoing:
    """What is to leave, as it stands in its rows; raises ``OSError`` when a file is not there as it was."""
    response = delivery.response
    said = list(
        Interaction.objects.filter(conversation=response.case.conversation_id, occurred_at__lte=timezone.now())
        .exclude(pk=delivery.interaction_id)
        .exclude(kind=survey.KIND)  # words added to a rating: no message there is called by their name
        .exclude(delivery__state__in=[Delivery.State.WITHDRAWN, Delivery.State.FAILED])
        .order_by("-occurred_at", "-id")
        .values_list("external_id", "direction", "author", "public", "occurred_at")[:20]
    )
    heard = [one for one in said if one[1] == "in"]
    theirs = [one for one in heard if one[2] == response.case.identity.address]
    same = [one for one in theirs if one[3] == (delivery.part == Audience.PUBLIC)]
    answered = next(iter([*same, *theirs, *heard]), None)
    attached = response.files.order_by("id") if queueing.carries_files(response, delivery.part) else []
    return Outgoing(
        external_id=delivery.interaction.external_id,
        recipients=tuple(response.recipients),
        text=dict(queueing.parts_of(response))[delivery.part],
        public=delivery.part == Audience.PUBLIC,
        copies=tuple(response.copies) if delivery.part == Audience.PRIVATE else (),
        subject=response.subject,
        thread=str(response.case.conversation_id),
        in_reply_to=answered[0] if answered else "",
        references=tuple(name for name, *_ in reversed(said)),
        attachments=tuple(Attachment(one.name, one.content_type, files.read(one.digest)) for one in attached),
        author_name=response.sender,
        heard_at=answered[4] if answered else None,
    )
