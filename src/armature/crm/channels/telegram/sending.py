"""Saying something there: words, or files with their words, in one call, so that there is nothing half said."""

import json
from typing import Any

from armature.crm.channels.api import as_json, with_files
from armature.crm.channels.port import Failed, Outcome, Outgoing
from armature.crm.channels.telegram.bot import say
from armature.crm.channels.telegram.normalise import place_of
from armature.crm.channels.telegram.settings import TelegramSettings

MOST, MOST_WITH_FILES, MOST_FILES = 4096, 1024, 10
"""Characters of a message, of one that comes with files; files of one message."""


def send(settings: TelegramSettings, outgoing: Outgoing) -> Outcome:
    """Hand it over once; see ``Kind.send``."""
    heard_in, number = place_of(outgoing.in_reply_to)
    chat = heard_in if outgoing.public else next(iter(outgoing.recipients), "")
    if fault := _fault(outgoing, chat):
        return Failed(fault)
    fields: dict[str, Any] = {"chat_id": int(chat)}
    if chat == heard_in:  # in a group words that answer nothing would puzzle all who read them
        fields["reply_parameters"] = {"message_id": int(number), "allow_sending_without_reply": not outgoing.public}
    if not outgoing.attachments:
        return say(settings, "sendMessage", as_json({**fields, "text": outgoing.text}))
    return _with_files(settings, outgoing, fields)


def _fault(outgoing: Outgoing, chat: str) -> str:
    """Why this cannot leave; empty when it can."""
    most = MOST_WITH_FILES if outgoing.attachments else MOST
    if len(outgoing.text) > most:
        return f"Telegram takes {most} characters{' with files' if outgoing.attachments else ''}: shorten it."
    if len(outgoing.attachments) > MOST_FILES:
        return f"Telegram takes {MOST_FILES} files at once: remove some."
    if outgoing.public:
        return "" if chat else "The group in which this was said is not known any more."
    return "" if chat.isdecimal() and len(outgoing.recipients) == 1 else "In private a bot writes to one person."


def _with_files(settings: TelegramSettings, outgoing: Outgoing, fields: dict[str, Any]) -> Outcome:
    """One file with its words, or several of which the last has them."""
    as_text = {key: json.dumps(value) for key, value in fields.items()}
    if len(outgoing.attachments) == 1:
        body = with_files({"document": outgoing.attachments[0]}, {**as_text, "caption": outgoing.text})
        return say(settings, "sendDocument", body)
    files = {f"file{number}": one for number, one in enumerate(outgoing.attachments)}
    media: list[dict[str, str]] = [{"type": "document", "media": f"attach://{name}"} for name in files]
    media[-1]["caption"] = outgoing.text
    return say(settings, "sendMediaGroup", with_files(files, {**as_text, "media": json.dumps(media)}))
