"""An update as it came, to what was said: pure."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.utils.translation.trans_null import gettext_noop as _

from armature.crm.channels.brought import files_in
from armature.crm.channels.port import Account, Consent, Created, Edited, Envelope, Event
from armature.crm.channels.reading import clean, from_json
from armature.crm.channels.telegram.contents import Given, file_of, is_to, words
from armature.crm.channels.telegram.settings import EVERYTHING, bot_of

NETWORK = "telegram"
TOPIC = _("messages by Telegram")
ASIDE = _("said to others in this group")
BEGUN = _("the button that begins a talk with a bot")
HANDED_ON = _("a post of a channel, handed on by Telegram")
BY_MACHINE = _("said by another bot")
SWITCHED = _("the bot was blocked or taken back")


def normalise(account: Account, envelope: Envelope) -> list[Event]:
    """One update; raises ``ValueError`` for what cannot be read."""
    update = from_json(envelope.body)
    if not isinstance(update, Mapping):
        raise ValueError("this is no update of Telegram: it is no object")
    try:
        if isinstance(update.get("my_chat_member"), Mapping):
            return _switched(update["my_chat_member"], int(update["update_id"]))
        for name in ("message", "channel_post", "edited_message", "edited_channel_post"):
            if isinstance(update.get(name), Mapping):
                return _said(account, update, update[name], edited=name.startswith("edited"))
    except (KeyError, TypeError, AttributeError, OverflowError, OSError) as odd:
        raise ValueError(f"this update of Telegram cannot be read: {type(odd).__name__} {odd}") from odd
    return []


def external_id(chat: object, number: object) -> str:
    """What we call a message: its number counts in its chat only."""
    return f"{int(str(chat))}/{int(str(number))}"


def place_of(external: str) -> tuple[str, str]:
    """Chat and number of such a name; both empty when it is none."""
    chat, slash, number = external.partition("/")
    honest = chat.removeprefix("-").isdecimal() and number.isdecimal() and slash and external.isascii()
    return (chat, number) if honest else ("", "")


def is_carried(update: Given) -> bool:
    """Whether a file is to be fetched before this is opened: only with what is said for the first time."""
    message = update.get("message")
    return isinstance(message, Mapping) and file_of(message) is not None


def _said(account: Account, update: Given, message: Given, *, edited: bool) -> list[Event]:
    text, private = words(message), message["chat"]["type"] == "private"
    if not text:  # somebody came, went, pinned: nobody said anything
        return []
    direct = private or message["chat"]["type"] == "channel" or is_to(message, account.address, bot_of(account))
    heard = direct or account.settings.get("hears") == EVERYTHING
    if edited and (private or not heard):
        number = external_id(message["chat"]["id"], message["message_id"])
        return [Edited(number, _moment(message["edit_date"]), text, author=_author(message)[0])]
    if not heard and not message.get("reply_to_message"):
        return []
    return [_created(account, update, message, text, aside=not heard, edited=edited)]


def _created(account: Account, update: Given, message: Given, text: str, *, aside: bool, edited: bool) -> Created:
    chat, (author, name) = message["chat"], _author(message)
    private, own = chat["type"] == "private", chat["type"] == "channel" or author == str(bot_of(account))
    files, warning = files_in(update)
    return Created(
        external_id=external_id(chat["id"], message["message_id"]),
        author=author,
        author_name=name,
        occurred_at=_moment(message["date"]),
        text=text,
        network=NETWORK,
        public=not private,
        subject="" if private else clean(chat.get("title"))[:300],
        references=_above(message),
        attachments=files,
        automatic="" if own else ASIDE if aside else _automatic(message, text),
        warning=warning,
        language=clean((message.get("from") or {}).get("language_code"))[:2],
        edited_at=_moment(message["edit_date"]) if edited else None,
        own=own,
        talk=f"private:{int(chat['id'])}" if private else "",
    )


def _above(message: Given) -> tuple[str, ...]:
    """What it answers, and what its thread began with; a topic of a forum holds many talks, so it joins none."""
    chat, above, thread = message["chat"]["id"], message.get("reply_to_message"), message.get("message_thread_id")
    numbers = [above["message_id"]] if isinstance(above, Mapping) else []
    numbers += [thread] if thread and not message.get("is_topic_message") else []
    return tuple(dict.fromkeys(external_id(chat, one) for one in numbers))


def _author(message: Given) -> tuple[str, str]:
    """Number and name of who says it: a person, or a chat that speaks for itself."""
    chat = message.get("sender_chat") or (message["chat"] if "from" not in message else None)
    if isinstance(chat, Mapping):
        return str(int(chat["id"])), clean(chat.get("title") or chat.get("username"))[:200]
    person = message["from"]
    name = " ".join(part for part in (clean(person.get("first_name")), clean(person.get("last_name"))) if part)
    called = clean(person.get("username"))
    return str(int(person["id"])), f"{name} (@{called})"[:200] if called else name[:200]


def _automatic(message: Given, text: str) -> str:
    if message.get("is_automatic_forward"):
        return HANDED_ON
    person = message.get("from")
    if isinstance(person, Mapping) and person.get("is_bot") and not message.get("sender_chat"):
        return BY_MACHINE
    return BEGUN if text.split(" ")[0] == "/start" and message["chat"]["type"] == "private" else ""


def _switched(change: Given, number: int) -> list[Event]:
    """Somebody blocked the bot, and so forbade us to write; or took that back."""
    chat, person, status = change["chat"], change["from"], change["new_chat_member"]["status"]
    if chat["type"] != "private" or status not in ("kicked", "member"):
        return []
    author, name = _author({"from": person, "chat": chat})
    text = "[blocked the bot]" if status == "kicked" else "[started the bot]"
    said = Created(
        external_id=f"{int(chat['id'])}/switched-{number}", author=author, author_name=name,
        occurred_at=_moment(change["date"]), text=text, network=NETWORK, automatic=SWITCHED,
        talk=f"private:{int(chat['id'])}", consent=Consent(TOPIC, status == "member"),
    )  # fmt: skip
    return [said]


def _moment(seconds: object) -> datetime:
    return datetime.fromtimestamp(int(str(seconds)), UTC)
