"""What was released goes into the outbox, part by part, under the id it will carry outside."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.models import User
from armature.crm.act import rating_links
from armature.crm.act.models import Audience, Case, Delivery, Response
from armature.crm.channels import registry
from armature.crm.decide import waits
from armature.crm.identify.commands import person_of
from armature.crm.listen import commands as listen
from armature.crm.listen import queries as channels
from armature.crm.listen.models import Channel


def parts_of(response: Response, line: str | None = None) -> list[tuple[str, str]]:
    """Its parts in the order they leave, each with its words: one, or the public one and then the private one."""
    if response.audience == Audience.BOTH:
        return [(Audience.PUBLIC, response.text), (Audience.PRIVATE, response.private_text)]
    line = rating_links.line_of(response) if line is None else line
    return [(response.audience, rating_links.under(response.text, line))]


def next_part(response: Response) -> str:
    """The part that is still to leave, when all before it went out; empty when none is."""
    gone = set(response.deliveries.filter(state=Delivery.State.SENT).values_list("part", flat=True))
    return next((part for part, _words in parts_of(response) if part not in gone), "")


def carries_files(response: Response, part: str) -> bool:
    """Files go with the last part: where there are two, with the one that only the customer reads."""
    return part == parts_of(response)[-1][0]


def topic_of(channel: Channel) -> str:
    """What people may have forbidden us there; empty where they cannot."""
    kind = registry.installed().kinds.get(channel.kind)
    return kind.capabilities(channels.account(channel), None, timezone.now()).topic if kind else ""


def queue(
    case: Case, response: Response, wait_id: int, now: datetime, *, part: str = "", settled: bool = False
) -> None:
    """Hand a part to the outbox. It stays there as long as it can be taken back for certain, or until its time."""
    person_of(case.identity_id)
    channel, parts = case.conversation.channel, dict(parts_of(response))
    part = part or next(iter(parts))
    key = uuid.uuid4()
    files = response.files.order_by("id").values_list("name", "content_type", "size", "digest")
    interaction = listen.record_outgoing(
        channel_id=channel.pk,
        conversation_id=case.conversation_id,
        external_id=registry.kind(channel.kind).external_id(channels.account(channel), key),
        subject=response.subject,
        text=parts[part],
        public=part == Audience.PUBLIC,
        at=now.replace(microsecond=0),  # as mails count time: a quick answer must not seem to come before it
        attached=files if carries_files(response, part) else (),
    )
    Response.objects.filter(pk=response.pk).update(state=Response.State.QUEUED)
    audit.log("the process", "queued", f"case {case.pk}", {"response": response.pk, "digest": response.digest})
    leaves = now if settled else max(now + timedelta(seconds=settings.UNDO_SECONDS), response.send_at or now)
    Delivery.objects.create(
        key=key, response=response, wait_id=wait_id, channel=channel, interaction_id=interaction, part=part,
        digest=response.digest, not_before=leaves,
    )  # fmt: skip


def went_out(delivery: Delivery, wait_ids: Sequence[int], *, user: User | None = None) -> None:
    """A part is out: the next one follows, or the response is sent and the process goes on."""
    response, case = delivery.response, delivery.response.case
    if part := next_part(response):
        queue(case, response, wait_ids[0], timezone.now(), part=part, settled=True)
        return
    Response.objects.filter(pk=response.pk).update(state=Response.State.SENT, why="")
    others = Response.objects.filter(case=case, state=Response.State.DRAFT)
    others.update(state=Response.State.VOID, why=_("%s has answered.") % response.sender)
    waits.answer_if_open(wait_ids, {"delivery": "sent"}, user=user)
