"""A part of a call as it was kept, to what was said or what became of our words: pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation.trans_null import gettext_noop as _

from armature.crm.channels.brought import files_in
from armature.crm.channels.numbers import NETWORK, NoNumber, e164
from armature.crm.channels.port import Account, Created, Deleted, DeliveryChanged, Edited, Envelope, Event
from armature.crm.channels.reading import clean, from_json

Given = Mapping[str, Any]
REACTED = _("a reaction without words")
BY_WHATSAPP = _("told by WhatsApp, not by a person")
UNREADABLE = _("WhatsApp does not hand this kind of message on. Ask them to say it in another way.")
NEWS = {"sent": "accepted", "delivered": "accepted", "read": "accepted", "played": "accepted", "failed": "failed"}


def normalise(account: Account, envelope: Envelope) -> list[Event]:
    """One message or one report; raises ``ValueError`` for what cannot be read."""
    found = from_json(envelope.body)
    try:
        if "status" in found:
            return _news(found["status"])
        if "echo" in found:
            return _said(found, found["echo"], account.address)
        return _said(found, found["message"], "")
    except (KeyError, TypeError, AttributeError, OverflowError, OSError) as odd:
        raise ValueError(f"this call of WhatsApp cannot be read: {type(odd).__name__} {odd}") from odd


def _news(status: Given) -> list[Event]:
    """Under the name that WhatsApp gave it and under ours: a report may be quicker than the answer to our call."""
    state = NEWS.get(str(status["status"]))
    if state is None:
        return []
    reason = _reason(status) if state == "failed" else ""
    names = (clean(status["id"]), clean(status.get("biz_opaque_callback_data")))
    return [DeliveryChanged(name, state, reason) for name in names if name]


def _reason(status: Given) -> str:
    """Why it did not arrive, with the number under which Meta explains it."""
    errors = [one for one in status.get("errors") or () if isinstance(one, Mapping)]
    words = []
    for one in errors:
        data = one.get("error_data")
        details = data.get("details") if isinstance(data, Mapping) else ""
        words.append(clean(f"{one.get('code', '')} {details or one.get('message') or one.get('title') or ''}").strip())
    return "; ".join(words)[:300] or "WhatsApp does not say why"


def _said(found: Given, message: Given, own: str) -> list[Event]:
    kind, at, other = clean(message["type"]), _moment(message["timestamp"]), message["to"] if own else message["from"]
    author = own or _number(other)
    if kind == "revoke":
        return [Deleted(clean(message["revoke"]["original_message_id"]), at, author)]
    if kind == "edit":
        new = message["edit"]["message"]
        return [Edited(clean(message["edit"]["original_message_id"]), at, _words(new), author)]
    text = _words(message)
    if not text:  # a reaction that was taken back
        return []
    files, warning = files_in(found)
    context = message.get("context")
    above = clean(context.get("id")) if isinstance(context, Mapping) else ""
    above = clean(message["reaction"]["message_id"]) if kind == "reaction" else above
    return [
        Created(
            external_id=clean(message["id"]), author=author, author_name="" if own else _name(found.get("contact")),
            occurred_at=at, text=text, network=NETWORK, references=(above,) if above else (), attachments=files,
            automatic="" if own else {"reaction": REACTED, "system": BY_WHATSAPP}.get(kind, ""),
            warning=UNREADABLE if kind in ("unsupported", "unknown") else warning, own=bool(own),
            talk=_number(other),
        )
    ]  # fmt: skip


def _words(message: Given) -> str:
    """All it says, with what is no text named in brackets."""
    kind = clean(message["type"])
    part = message.get(kind)
    given: Given = part if isinstance(part, Mapping) else {}
    if kind == "text":
        return clean(given["body"])
    if kind == "reaction":
        return f"[reaction: {clean(given['emoji'])}]" if given.get("emoji") else ""
    if kind == "button":
        return clean(given.get("text"))
    if kind == "interactive":
        chosen = given.get(str(given.get("type")))
        return _joined(chosen, "title", "description", "body") if isinstance(chosen, Mapping) else "[a choice]"
    if kind == "contacts" and isinstance(part, list):
        return f"[contacts: {'; '.join(map(_contact, part))}]"
    if kind == "location":
        return f"[location: {_joined(given, 'latitude', 'longitude', 'name', 'address')}]"
    if kind == "system":
        return f"[{clean(given.get('body'))}]"
    if kind == "order":
        return f"[order] {clean(given.get('text'))}".strip()
    named = f"{kind}: {clean(given['filename'])}" if given.get("filename") else kind
    return f"[{named}] {clean(given.get('caption'))}".strip()


def _joined(given: Given, *names: str) -> str:
    return " ".join(clean(given[name]) for name in names if given.get(name) not in (None, ""))


def _contact(one: Given) -> str:
    numbers = [clean(phone.get("phone")) for phone in one.get("phones") or ()]
    return " ".join([clean((one.get("name") or {}).get("formatted_name")), *numbers]).strip()


def _name(contact: object) -> str:
    profile = contact.get("profile") if isinstance(contact, Mapping) else None
    return clean(profile.get("name"))[:200] if isinstance(profile, Mapping) else ""


def _number(given: object) -> str:
    """The number as all our channels keep it; who has none there stays what WhatsApp calls them."""
    try:
        return e164(f"+{given}")
    except NoNumber:
        return clean(given)


def _moment(seconds: object) -> datetime:
    return datetime.fromtimestamp(int(str(seconds)), UTC)
