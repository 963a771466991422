"""Saying something there: words, or one file with its words."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation.trans_null import gettext_noop as _

from armature.crm.channels.api import as_json, with_file
from armature.crm.channels.graph import uploaded
from armature.crm.channels.numbers import NoNumber, e164
from armature.crm.channels.port import WINDOW, Attachment, Failed, Outcome, Outgoing, Sent, Unknown
from armature.crm.channels.whatsapp.settings import WhatsAppSettings

MOST, MOST_WITH_FILE = 4096, 1024
WINDOW_OPEN = timedelta(hours=24)
WINDOW_OVER = _(
    "WhatsApp takes free words for 24 hours after somebody wrote, and that time is over. Wait until they write, or "
    "answer in another way: approved templates are not sent from here."
)
PICTURES = ("image/jpeg", "image/png")
TYPES = (
    *PICTURES, "application/pdf", "text/plain", "application/msword", "application/vnd.ms-",
    "application/vnd.openxmlformats-officedocument.",
)  # fmt: skip
MOST_ATTACHED = 5_000_000


def send(settings: WhatsAppSettings, outgoing: Outgoing, now: datetime) -> Outcome:
    """Hand it over once; see ``Kind.send``."""
    if is_over(outgoing.heard_at, now):
        return Failed(WINDOW_OVER, cause=WINDOW)
    if fault := _fault(outgoing):
        return Failed(fault)
    fields: dict[str, Any] = {
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": outgoing.recipients[0],
        "biz_opaque_callback_data": outgoing.external_id,
    }  # fmt: skip
    if outgoing.in_reply_to.startswith("wamid."):
        fields["context"] = {"message_id": outgoing.in_reply_to}
    if outgoing.attachments:
        found = _file(settings, outgoing.attachments[0], outgoing.text)
        if isinstance(found, Failed):
            return found
        fields |= found
    else:
        fields |= {"type": "text", "text": {"preview_url": False, "body": outgoing.text}}
    taken = settings.graph.say(f"{settings.phone_id}/messages", as_json(fields))
    if isinstance(taken, Failed | Unknown):
        return taken
    try:
        name = str(taken["messages"][0]["id"])
    except (KeyError, IndexError, TypeError):
        return Unknown("WhatsApp took it, but did not say under which name: it may have gone out.")
    return Sent(name, name)


def is_over(heard_at: datetime | None, now: datetime) -> bool:
    """Whether the time for free words has ended; where nobody knows when they wrote, WhatsApp decides."""
    return heard_at is not None and now - heard_at >= WINDOW_OPEN


def _fault(outgoing: Outgoing) -> str:
    most = MOST_WITH_FILE if outgoing.attachments else MOST
    if len(outgoing.text) > most:
        return f"WhatsApp takes {most} characters{' with a file' if outgoing.attachments else ''}: shorten it."
    if len(outgoing.attachments) > 1:
        return "WhatsApp takes one file with an answer: remove the others."
    if len(outgoing.recipients) != 1 or outgoing.public:
        return "WhatsApp takes answers to one number, in private."
    try:
        e164(outgoing.recipients[0])
    except NoNumber as odd:
        return str(odd)
    return ""


def _file(settings: WhatsAppSettings, file: Attachment, text: str) -> dict[str, Any] | Failed:
    """A file, ready to be sent with its words."""
    body = with_file("file", file, {"messaging_product": "whatsapp", "type": file.content_type})
    number = uploaded(settings.graph, f"{settings.phone_id}/media", body, file)
    if isinstance(number, Failed):
        return number
    if file.content_type in PICTURES:
        return {"type": "image", "image": {"id": number, "caption": text}}
    return {"type": "document", "document": {"id": number, "caption": text, "filename": file.name}}
