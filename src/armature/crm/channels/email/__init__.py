"""E-mail: read over IMAP, answered over SMTP, answers brought home by signed plus-addresses."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.utils.translation.trans_null import gettext_noop as _

from armature.arm.channel import Capabilities
from armature.crm.channels.email import normalise, reading, sending, waiting
from armature.crm.channels.email.address import message_id
from armature.crm.channels.email.login import logged_in, opened
from armature.crm.channels.email.settings import SETTINGS, mail_settings
from armature.crm.channels.port import Account, Conversation, Cursor, Envelope, Event, Outcome, Outgoing
from armature.crm.channels.settings import Setting

__all__ = ["Email", "message_id"]

MOST_ATTACHED = 18_000_000
"""Bytes of files in one mail: 25 MB, which most servers take, less what transfer encoding adds."""


class Email:
    """A mailbox of ours."""

    key: ClassVar[str] = "email"
    label: ClassVar[str] = _("E-mail")
    settings: ClassVar[tuple[Setting, ...]] = SETTINGS
    polls: ClassVar[bool] = True
    knows_arrival: ClassVar[bool] = True

    def check(self, account: Account) -> None:
        """See ``Kind.check``."""
        mail_settings(account)

    def capabilities(self, account: Account, conversation: Conversation | None, now: datetime) -> Capabilities:
        """The same for every mailbox: private answers of any length, files, and the first word."""
        return Capabilities(
            reads=True,
            private_reply=True,
            attachments=True,
            attachment_bytes=MOST_ATTACHED,
            copies=True,
            can_start=True,
            receipts=True,
        )

    def probe(self, account: Account) -> str:
        """Log in to both servers and open every folder."""
        settings = mail_settings(account)
        with logged_in(settings) as box:
            folders = [opened(box, name) for name in settings.folders]
        greeting = sending.logged_in(settings)
        mails = ", ".join(f"{folder.name}" for folder in folders)
        return f"Reads {mails} as {settings.incoming.user}; sends as {account.address} through {greeting}."

    def fetch(self, account: Account, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
        """See ``Kind.fetch``; a batch also stays under ``reading.BATCH_BYTES`` unless one mail alone is larger."""
        return reading.batches(mail_settings(account), cursor, limit)

    def wait(self, account: Account, cursor: Cursor, seconds: float) -> bool:
        """See ``Kind.wait``."""
        return waiting.wait(mail_settings(account), cursor, seconds)

    def normalise(self, account: Account, envelope: Envelope) -> list[Event]:
        """See ``Kind.normalise``."""
        return normalise.normalise(account, envelope)

    def external_id(self, account: Account, key: UUID) -> str:
        """A Message-ID of our own domain."""
        return message_id(key, account.address.rpartition("@")[2])

    def send(self, account: Account, outgoing: Outgoing) -> Outcome:
        """See ``Kind.send``."""
        return sending.send(account, mail_settings(account), outgoing)
