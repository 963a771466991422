"""Our own page where customers write to us: their words are lines of JSON with files; what we answer stands on the page
as soon as it is recorded, so nothing has to be sent.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.utils.translation.trans_null import gettext_noop as _

from armature.arm.channel import Capabilities
from armature.crm.channels import lines
from armature.crm.channels.port import (
    Account,
    Conversation,
    Created,
    Cursor,
    Envelope,
    Event,
    Outcome,
    Outgoing,
    Sent,
)
from armature.crm.channels.settings import BadSettings, Setting
from armature.crm.channels.talks import FILE_BYTES, LONGEST


class Web:
    """A page of ours that customers write on and read on."""

    key: ClassVar[str] = "web"
    label: ClassVar[str] = _("Page on the web")
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("title", _("Heading of the page"), required=True, default="Write to us"),
        Setting(
            "greeting", _("A sentence below it"), default="Tell us what it is about. You can come back to this page."
        ),
        Setting(
            "sites",
            _("Sites that may show it as a bubble"),
            help=_("addresses like https://shop.example, with spaces between them"),
        ),
    )
    polls: ClassVar[bool] = False

    def check(self, account: Account) -> None:
        """The sites that may show it."""
        try:
            sites_of(str(account.settings.get("sites", "")))
        except ValueError as problem:
            raise BadSettings({"sites": str(problem)}) from None

    def capabilities(self, account: Account, conversation: Conversation | None, now: datetime) -> Capabilities:
        """Private words and files, both ways."""
        return Capabilities(
            reads=True, private_reply=True, max_length=LONGEST, attachments=True, attachment_bytes=FILE_BYTES,
            idempotent=True,
        )  # fmt: skip

    def probe(self, account: Account) -> str:
        """Nothing to log in to."""
        return account.address

    def fetch(self, account: Account, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
        """Nothing to fetch: the page hands in what is written."""
        return iter(())

    def wait(self, account: Account, cursor: Cursor, seconds: float) -> bool:
        """Nothing ever comes by itself."""
        return False

    def normalise(self, account: Account, envelope: Envelope) -> list[Event]:
        """One message to one event; raises ``ValueError`` naming the field that is wrong."""
        line = lines.read_line(envelope.body)
        said = lines.created(line, "web", envelope.received_at)
        return [Created(**{name: getattr(said, name) for name in _KEPT}, attachments=lines.files_of(line))]

    def external_id(self, account: Account, key: UUID) -> str:
        """What an answer is called."""
        return str(key)

    def send(self, account: Account, outgoing: Outgoing) -> Outcome:
        """It stands on the visitor's page the moment this is recorded."""
        return Sent(f"page:{outgoing.external_id}")


def sites_of(typed: str) -> list[str]:
    """Origins of sites, as a browser names them; raises ``ValueError`` naming what is none."""
    sites = [one.rstrip("/") for one in re.split(r"[\s,]+", typed.strip().lower()) if one]
    for one in sites:
        if not _SITE.fullmatch(one):
            raise ValueError(f"“{one}” is no site: write it like https://shop.example, without anything behind it")
    return sites


_SITE = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?")
_KEPT = ("external_id", "author", "author_name", "occurred_at", "text", "network", "references")
