"""Messages of Messenger and Instagram, to what was said or what became of our words: pure."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation.trans_null import gettext_noop as _

from armature.crm.channels.brought import files_in
from armature.crm.channels.meta.looking import is_file
from armature.crm.channels.meta.receiving import moment
from armature.crm.channels.port import Account, Created, Deleted, DeliveryChanged, Edited, Event
from armature.crm.channels.reading import clean

Given = Mapping[str, Any]
REACTED = _("a reaction without words")
PRESSED = _("a button that was pressed")
UNREADABLE = _("Meta does not hand this kind of message on. Read it in the app, or ask them to say it in another way.")


def said(account: Account, found: Given) -> list[Event]:
    """One event of a talk."""
    one = found["messaging"]
    if "message" in one:
        return _message(account, found, one, one["message"])
    if "message_edit" in one:
        edit = one["message_edit"]
        return [Edited(clean(edit["mid"]), moment(one["timestamp"]), clean(edit["text"]), clean(one["sender"]["id"]))]
    if "delivery" in one:
        return [DeliveryChanged(clean(mid), "accepted") for mid in one["delivery"].get("mids") or ()]
    if "read" in one:
        return [DeliveryChanged(clean(mid), "accepted")] if (mid := one["read"].get("mid")) else []
    return list(_signs(account, one))


def _message(account: Account, found: Given, one: Given, message: Given) -> list[Event]:
    sender, mid = clean(one["sender"]["id"]), clean(message["mid"])
    own = bool(message.get("is_echo")) or sender == account.address
    if message.get("is_deleted"):
        return [Deleted(mid, moment(one["timestamp"]), sender)]
    if own and (key := _key(message.get("metadata"))):
        return [DeliveryChanged(key, "accepted")]
    above = message.get("reply_to")
    above = clean(above.get("mid")) if isinstance(above, Mapping) else ""
    files, warning = files_in(found)
    odd = bool(message.get("is_unsupported"))
    event = Created(
        external_id=mid, author=account.address if own else sender, author_name=clean(found.get("name")),
        occurred_at=moment(one["timestamp"]), text=_words(message), network=account.kind,
        references=(above,) if above else (), attachments=files, warning=UNREADABLE if odd else warning, own=own,
        talk=_talk(clean(one["recipient"]["id"]) if own else sender),
    )  # fmt: skip
    return [event]


def _words(message: Given) -> str:
    """All it says, with what is no text named in brackets."""
    named = []
    for one in message.get("attachments") or ():
        payload = one.get("payload")
        given: Given = payload if isinstance(payload, Mapping) else {}
        link = "" if is_file(one) else clean(given.get("url") or one.get("url"))
        kind, title = clean(one.get("type")), clean(given.get("title") or one.get("title"))
        named.append(f"[{' '.join(part for part in (kind, title, link) if part)}]")
    if message.get("is_unsupported") and not named:
        named.append("[unsupported]")
    story = message.get("reply_to")
    if isinstance(story, Mapping) and isinstance(story.get("story"), Mapping):
        named.append(f"[answers our story {clean(story['story'].get('url'))}]".replace(" ]", "]"))
    return " ".join([*named, clean(message.get("text"))]).strip() or "[nothing]"


def _signs(account: Account, one: Given) -> Iterator[Event]:
    """A reaction, or a button: nobody wrote anything, and it may still mean something."""
    sender, at = clean(one["sender"]["id"]), moment(one["timestamp"])
    above: tuple[str, ...] = ()
    if sender == account.address:
        return
    if "reaction" in one:
        sign = one["reaction"]
        if sign.get("action") == "unreact":
            return
        mid, what = clean(sign["mid"]), clean(sign.get("emoji") or sign.get("reaction"))
        name, text, above, why = f"reaction:{mid}:{sender}:{one['timestamp']}", f"[reaction: {what}]", (mid,), REACTED
    else:
        button = one["postback"]
        name = clean(button.get("mid")) or f"postback:{sender}:{one['timestamp']}"
        text, why = f"[button] {clean(button.get('title'))}".strip(), PRESSED
    yield Created(
        external_id=name, author=sender, author_name="", occurred_at=at, text=text, network=account.kind,
        references=above, automatic=why, talk=_talk(sender),
    )  # fmt: skip


def _talk(other: str) -> str:
    return f"messages:{other}"


def _key(metadata: object) -> str:
    """Our own key, as an echo brings it back; empty where another program wrote it."""
    try:
        return str(UUID(str(metadata))) if metadata else ""
    except ValueError:
        return ""
