"""Telegram: what people write to a bot of ours, or to it in a group, is heard and answered there."""

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, ClassVar
from uuid import UUID

from armature.arm.channel import Capabilities
from armature.crm.channels import brought
from armature.crm.channels.lines import with_files
from armature.crm.channels.port import (
    Account,
    Answer,
    Attachment,
    Conversation,
    Cursor,
    Envelope,
    Event,
    NotGenuine,
    Outcome,
    Outgoing,
    Request,
)
from armature.crm.channels.reading import from_json, keyed
from armature.crm.channels.settings import Setting
from armature.crm.channels.signatures import check_equal
from armature.crm.channels.telegram import bot, normalise, sending
from armature.crm.channels.telegram.contents import file_of
from armature.crm.channels.telegram.settings import SETTINGS, TelegramSettings, says_yes, telegram_settings

PROOF = "x-telegram-bot-api-secret-token"
UPDATES = ("message", "edited_message", "channel_post", "edited_channel_post", "my_chat_member")
LOOK_SECONDS = 3.0


class Telegram:
    """A bot of ours."""

    key: ClassVar[str] = "telegram"
    label: ClassVar[str] = "Telegram"
    settings: ClassVar[tuple[Setting, ...]] = SETTINGS
    polls: ClassVar[bool] = False
    rate: ClassVar[tuple[int, int]] = (1500, 60)

    def check(self, account: Account) -> None:
        """See ``Kind.check``."""
        telegram_settings(account)

    def capabilities(self, account: Account, conversation: Conversation | None, now: datetime) -> Capabilities:
        """Where it was said; from a group in private too, where the account allows it."""
        public = conversation is None or conversation.public
        return Capabilities(
            reads=True, public_reply=public, max_length=sending.MOST, attachments=True, topic=normalise.TOPIC,
            private_reply=conversation is None or not public or says_yes(account, "private_from_groups"),
            attachment_bytes=brought.MOST,
        )  # fmt: skip

    def probe(self, account: Account) -> str:
        """Who the bot is, and whether Telegram calls us."""
        settings = telegram_settings(account)
        name = f"@{(bot.ask(settings, 'getMe') or {}).get('username', '')}"
        said = [f"The token is that of {name}."]
        if name.casefold() != settings.me.casefold():
            said.append(f"The account is set up for {settings.me}: correct one of the two.")
        return " ".join([*said, *_calls(settings, bot.ask(settings, "getWebhookInfo") or {})])

    def announce(self, account: Account) -> None:
        """See ``Announces.announce``."""
        settings = telegram_settings(account)
        wanted = {"url": settings.hook, "secret_token": settings.hook_secret, "allowed_updates": UPDATES}
        bot.ask(settings, "setWebhook", wanted)

    def fetch(self, account: Account, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
        """Nothing to fetch: Telegram calls."""
        return iter(())

    def wait(self, account: Account, cursor: Cursor, seconds: float) -> bool:
        """Until the next look for files."""
        time.sleep(min(seconds, LOOK_SECONDS))
        return False

    def receive(self, account: Account, request: Request) -> Answer:
        """One update, as it came; one with a file waits until that was fetched."""
        if request.method != "POST":
            raise NotGenuine("Telegram calls with POST")
        check_equal(request.headers.get(PROOF, ""), account.secrets.get("hook_secret", ""))
        try:
            update = from_json(request.body)
            key, has_file = _key(update), normalise.is_carried(update)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError):  # kept, and parked where it is opened
            return Answer((keyed(request.body, request.received_at),))
        if has_file:
            return Answer(asked=(brought.pointed_at(key, update, request.received_at),))
        return Answer((Envelope(key, request.body, "application/json", request.received_at),))

    def look(self, account: Account, cursor: Cursor, asked: Envelope) -> tuple[list[Envelope], Cursor]:
        """See ``Looks.look``: the file of a message."""
        settings = telegram_settings(account)
        return [brought.bring(asked, lambda update: with_files(update, _files(settings, update)))], cursor

    def normalise(self, account: Account, envelope: Envelope) -> list[Event]:
        """See ``Kind.normalise``."""
        return normalise.normalise(account, envelope)

    def external_id(self, account: Account, key: UUID) -> str:
        """The key itself, until Telegram gives a number."""
        return str(key)

    def send(self, account: Account, outgoing: Outgoing) -> Outcome:
        """See ``Kind.send``."""
        return sending.send(telegram_settings(account), outgoing)


def _key(update: Mapping[str, Any]) -> str:
    """The number of an update, and a mark of what is in it: numbers begin anew after a week without any."""
    mark = blake2b(brought.as_bytes(dict(sorted(update.items()))), digest_size=8).hexdigest()
    return f"update:{int(update['update_id'])}:{mark}"


def _files(settings: TelegramSettings, update: Mapping[str, Any]) -> Sequence[Attachment]:
    named = file_of(update["message"])
    if named is None:
        return ()
    if named.size > brought.MOST:
        raise brought.NotThere(f"it has {named.size} bytes, more than a bot is given")
    found = bot.ask(settings, "getFile", {"file_id": named.number})
    path = str((found or {}).get("file_path", ""))
    if not path:
        raise brought.NotThere("Telegram does not say where it is")
    return (Attachment(named.name, named.content_type, bot.fetched(settings, path, brought.MOST, brought.SECONDS)),)


def _calls(settings: TelegramSettings, info: Mapping[str, Any]) -> Iterator[str]:
    """What Telegram says of its calls."""
    if info.get("url") != settings.hook:
        yield f"Telegram does not call {settings.hook} yet: starting the channel tells it to."
    if info.get("last_error_message"):
        at = datetime.fromtimestamp(int(info.get("last_error_date") or 0), UTC)
        yield f"Its last call that failed ({at:%Y-%m-%d %H:%M} UTC): {str(info['last_error_message'])[:200]}."
    if info.get("pending_update_count"):
        yield f"{info['pending_update_count']} updates wait there."
