"""Mastodon, and every server that speaks its API: mentions are heard, answered in public or to their author alone."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from armature.arm.channel import Capabilities
from armature.crm.channels.api import Api
from armature.crm.channels.mastodon import normalise, reading, sending, waiting
from armature.crm.channels.mastodon.settings import SETTINGS, mastodon_settings
from armature.crm.channels.mastodon.statuses import handle
from armature.crm.channels.port import Account, Conversation, Cursor, Envelope, Event, Outcome, Outgoing, Sent
from armature.crm.channels.settings import Setting

MOST_ATTACHED = 8_000_000
"""Bytes of files of one post: what most servers take of a picture."""
SCOPES = ("read", "write")


class Mastodon:
    """An account of ours in the Fediverse."""

    key: ClassVar[str] = "mastodon"
    label: ClassVar[str] = "Mastodon"
    settings: ClassVar[tuple[Setting, ...]] = SETTINGS
    polls: ClassVar[bool] = True
    rate: ClassVar[tuple[int, int]] = (300, 300)

    def check(self, account: Account) -> None:
        """See ``Kind.check``."""
        mastodon_settings(account)

    def capabilities(self, account: Account, conversation: Conversation | None, now: datetime) -> Capabilities:
        """Both audiences. The author is named before our words, so that much less room is left for them."""
        most = int(account.settings.get("most_characters") or 500)
        named = len(f"@{conversation.author} ") if conversation else 0
        return Capabilities(
            reads=True,
            public_reply=str(account.settings.get("public", True)).lower() not in ("false", "no", "off", "0"),
            private_reply=True,
            max_length=max(1, most - named),
            attachments=True,
            attachment_bytes=MOST_ATTACHED,
            attachment_types=("image/", "video/", "audio/"),
        )

    def probe(self, account: Account) -> str:
        """Who we are there, what the server takes, what our key may not do."""
        settings = mastodon_settings(account)
        me = reading.me_of(settings.api)
        name, said = handle({"acct": me["acct"], "url": me["url"]}), []
        if name != account.address.casefold():
            said.append(f"The key belongs to {name}, not to {account.address}: correct one of the two.")
        most = _most_characters(settings.api)
        if most and most != settings.most_characters:
            said.append(f"The server takes {most} characters; the account is set to {settings.most_characters}.")
        if missing := _missing_scopes(settings.api):
            said.append(f"The key lacks the scopes {', '.join(missing)}: make one that has them.")
        return " ".join([f"Logged in to {settings.api.base} as {name}.", *said])

    def fetch(self, account: Account, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
        """See ``Kind.fetch``; it begins with what is said from now on."""
        return reading.batches(mastodon_settings(account), cursor, limit)

    def wait(self, account: Account, cursor: Cursor, seconds: float) -> bool:
        """See ``Kind.wait``."""
        return waiting.wait(mastodon_settings(account), seconds)

    def normalise(self, account: Account, envelope: Envelope) -> list[Event]:
        """See ``Kind.normalise``."""
        return normalise.normalise(account, envelope)

    def external_id(self, account: Account, key: UUID) -> str:
        """The key itself, until the server gives a name of its own."""
        return str(key)

    def send(self, account: Account, outgoing: Outgoing) -> Outcome:
        """See ``Kind.send``."""
        return sending.send(mastodon_settings(account), outgoing)

    def find(self, account: Account, outgoing: Outgoing) -> Sent | None:
        """See ``Finds.find``."""
        return sending.find(mastodon_settings(account), outgoing)


def _most_characters(api: Api) -> int:
    """What the server takes in one post; 0 when it does not say."""
    found: Any = api.read("/api/v2/instance", gone=(404,)) or api.read("/api/v1/instance", gone=(404,))
    for name in ("configuration", "statuses", "max_characters"):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, int) else 0


def _missing_scopes(api: Api) -> list[str]:
    """Scopes that our key lacks, where the server tells which it has."""
    found = api.read("/api/v1/apps/verify_credentials", gone=(404, 405))
    has = found.get("scopes") if isinstance(found, Mapping) else None
    return [scope for scope in SCOPES if scope not in has] if isinstance(has, list) else []
