"""WhatsApp, by Meta's Cloud API: what people write to a number of ours is heard and answered there."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import quote
from uuid import UUID

from django.utils.translation.trans_null import gettext_noop as _

from armature.arm.channel import Capabilities
from armature.crm.channels import brought
from armature.crm.channels.lines import with_files
from armature.crm.channels.numbers import NoNumber, e164
from armature.crm.channels.port import (
    Account,
    Answer,
    Attachment,
    Conversation,
    Cursor,
    Envelope,
    Event,
    Outcome,
    Outgoing,
    Request,
)
from armature.crm.channels.reading import clean
from armature.crm.channels.settings import Setting
from armature.crm.channels.whatsapp import normalise, receiving, sending
from armature.crm.channels.whatsapp.settings import SETTINGS, WhatsAppSettings, whatsapp_settings

NO_NUMBER = _("They show no phone number, so nothing can be sent to them from here.")
LOOK_SECONDS = 3.0


class WhatsApp:
    """A number of ours."""

    key: ClassVar[str] = "whatsapp"
    label: ClassVar[str] = "WhatsApp"
    settings: ClassVar[tuple[Setting, ...]] = SETTINGS
    polls: ClassVar[bool] = False
    rate: ClassVar[tuple[int, int]] = (4000, 60)

    def check(self, account: Account) -> None:
        """See ``Kind.check``."""
        whatsapp_settings(account)

    def capabilities(self, account: Account, conversation: Conversation | None, now: datetime) -> Capabilities:
        """Private words, for 24 hours after theirs."""
        can = Capabilities(
            reads=True, private_reply=True, max_length=sending.MOST, attachments=True, receipts=True,
            attachment_bytes=sending.MOST_ATTACHED, attachment_types=sending.TYPES,
        )  # fmt: skip
        if conversation is None:
            return can
        if sending.is_over(conversation.last_heard, now):
            return replace(can, blocked=sending.WINDOW_OVER)
        return can if _is_number(conversation.author) else replace(can, blocked=NO_NUMBER)

    def probe(self, account: Account) -> str:
        """Which number the token speaks for."""
        settings = whatsapp_settings(account)
        found = settings.graph.read(
            settings.phone_id, {"fields": "display_phone_number,verified_name,quality_rating,throughput"}
        )
        number, name = clean(found.get("display_phone_number")), clean(found.get("verified_name"))
        said = [f"The token speaks for {number} ({name})."]
        if "".join(filter(str.isdecimal, number)) != settings.number.removeprefix("+"):
            said.append(f"The account is set up for {settings.number}: correct one of the two.")
        if found.get("quality_rating") in ("YELLOW", "RED"):
            said.append(f"Meta rates its quality {found['quality_rating']}: it may lower how many you may write to.")
        return " ".join(said)

    def fetch(self, account: Account, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
        """Nothing to fetch: Meta calls."""
        return iter(())

    def wait(self, account: Account, cursor: Cursor, seconds: float) -> bool:
        """Until the next look for files."""
        time.sleep(min(seconds, LOOK_SECONDS))
        return False

    def receive(self, account: Account, request: Request) -> Answer:
        """See ``Hooked.receive``."""
        return receiving.receive(account, request)

    def look(self, account: Account, cursor: Cursor, asked: Envelope) -> tuple[list[Envelope], Cursor]:
        """See ``Looks.look``: the file of a message."""
        settings = whatsapp_settings(account)
        return [brought.bring(asked, lambda part: with_files(part, _files(settings, part["message"])))], cursor

    def normalise(self, account: Account, envelope: Envelope) -> list[Event]:
        """See ``Kind.normalise``."""
        return normalise.normalise(account, envelope)

    def external_id(self, account: Account, key: UUID) -> str:
        """The key itself: reports come back with it."""
        return str(key)

    def send(self, account: Account, outgoing: Outgoing) -> Outcome:
        """See ``Kind.send``."""
        return sending.send(whatsapp_settings(account), outgoing, datetime.now(UTC))


def _files(settings: WhatsAppSettings, message: Mapping[str, Any]) -> Sequence[Attachment]:
    """In two steps: where it is, then the file."""
    media = receiving.media_of(message)
    if media is None:
        return ()
    found = settings.graph.read(quote(clean(media["id"]), safe=""), {"phone_number_id": settings.phone_id})
    size = found.get("file_size")
    if isinstance(size, int) and size > brought.MOST:
        raise brought.NotThere(f"it has {size} bytes, more than {brought.MOST}")
    reply = settings.graph.fetched(str(found.get("url", "")), brought.MOST, brought.SECONDS)
    kind = clean(media.get("mime_type") or found.get("mime_type")).partition(";")[0]
    name = clean(media.get("filename")) or f"{message['type']}.{kind.rpartition('/')[2] or 'bin'}"
    return (Attachment(name, kind, reply.body),)


def _is_number(author: str) -> bool:
    try:
        return e164(author) == author
    except NoNumber:
        return False
