"""Meta calls us: what it puts into one call is kept part by part, each known again in whatever call it comes."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from armature.crm.channels import brought, graph
from armature.crm.channels.port import Account, Answer, Envelope, Request
from armature.crm.channels.reading import clean, from_json, keyed

MEDIA = ("image", "document", "audio", "video", "sticker")
Part = tuple[str, dict[str, Any]]


def receive(account: Account, request: Request) -> Answer:
    """Verify, then cut; what cannot be cut is kept whole, and parked where it is opened."""
    if request.method == "GET":
        return graph.handshake(account, request)
    graph.check_signed(account, request)
    try:
        phone_id = str(account.settings.get("phone_id", ""))
        parts = [(clean(key), part) for key, part in _parts(from_json(request.body), phone_id)]
    except (ValueError, KeyError, TypeError, AttributeError):
        return Answer((keyed(request.body, request.received_at),))
    kept = [_envelope(key, part, request.received_at) for key, part in parts]
    return Answer(
        tuple(one for one in kept if not one.event_key.startswith(brought.FIRST)),
        tuple(one for one in kept if one.event_key.startswith(brought.FIRST)),
    )


def media_of(message: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What names the file of a message."""
    kind = message.get("type")
    found = message.get(str(kind)) if kind in MEDIA else None
    return found if isinstance(found, Mapping) and found.get("id") else None


def _envelope(key: str, part: dict[str, Any], at: datetime) -> Envelope:
    if "message" in part and media_of(part["message"]):
        return brought.pointed_at(key, part, at)
    return Envelope(key, brought.as_bytes(part), "application/json", at)


def _parts(call: Mapping[str, Any], phone_id: str) -> Iterator[Part]:
    """Each message, each word of a delivery, of our number; Meta tells one address of all numbers."""
    for entry in call["entry"]:
        for change in entry.get("changes", ()):
            value = change["value"]
            if str(value.get("metadata", {}).get("phone_number_id")) != phone_id:
                continue
            names = {one.get("wa_id"): one for one in value.get("contacts", ())}
            for message in value.get("messages", ()):
                found = names.get(message.get("from"))
                yield f"message:{message['id']}", {"message": message, "contact": found}
            for message in value.get("message_echoes", ()):
                yield f"message:{message['id']}", {"echo": message}
            for status in value.get("statuses", ()):
                yield f"status:{status['id']}:{status['status']}", {"status": status}
