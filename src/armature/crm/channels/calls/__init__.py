"""Calls: what any phone system says of them by signed webhook, and lists of calls that are brought in.

A call is heard of in steps, in any order: ``start``, ``answer``, ``end``, ``recording``, ``disposition``. The ``end``
says how it ended and makes it an interaction; the other steps tell more of it, before or behind.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation.trans_null import gettext_noop as _

from armature.arm.channel import Capabilities
from armature.crm.channels.calls import records, steps
from armature.crm.channels.lines import read_line
from armature.crm.channels.numbers import is_country
from armature.crm.channels.port import (
    Account,
    Answer,
    Conversation,
    Cursor,
    Envelope,
    Event,
    Failed,
    Outcome,
    Outgoing,
    Request,
)
from armature.crm.channels.settings import BadSettings, Setting, read
from armature.crm.channels.signatures import standard_webhook
from armature.crm.channels.tables import BadRow

SILENT = _("A call is answered by phone: call back, then write down what was said.")

LISTED = "record:"
"""How the keys of calls begin that were brought in by a list."""


class Calls:
    """A phone system of ours."""

    key: ClassVar[str] = "calls"
    label: ClassVar[str] = _("Phone calls")
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting(
            "hook_secret", _("Secret that the phone system's calls are signed with"), "secret",
            help=_("whsec_… (Standard Webhooks); empty: only lists of calls are brought in"),
        ),
        Setting("country", _("Country of numbers without one"), help=_("two letters, for example NO")),
        Setting("shortest_number", _("Figures of a number outside"), "number", lowest=3, highest=12, default=7),
    )  # fmt: skip
    polls: ClassVar[bool] = False
    reaches: ClassVar[bool] = True
    layouts: ClassVar[dict[str, str]] = {
        "header": _("A table whose first line names the columns"),
        "asterisk": _("Master.csv, as Asterisk writes it"),
    }

    def check(self, account: Account) -> None:
        """See ``Kind.check``."""
        given = read(self.settings, {**account.settings, **account.secrets})
        if given["country"] and not is_country(given["country"]):
            words = f"is “{given['country']}”: give the two letters of a country, like NO"
            raise BadSettings({"country": words})

    def capabilities(self, account: Account, conversation: Conversation | None, now: datetime) -> Capabilities:
        """Only hearing of them."""
        return Capabilities(reads=True, blocked=SILENT)

    def probe(self, account: Account) -> str:
        """Nothing to log in to."""
        return f"Calls to us are taken at {account.hook}."

    def fetch(self, account: Account, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
        """Nothing to fetch: the phone system calls."""
        return iter(())

    def wait(self, account: Account, cursor: Cursor, seconds: float) -> bool:
        """Nothing ever comes by itself."""
        return False

    def receive(self, account: Account, request: Request) -> Answer:
        """See ``Hooked.receive``."""
        secret = account.secrets.get("hook_secret", "")
        name = standard_webhook(secret, request.headers, request.body, request.received_at)
        return Answer((Envelope(f"hook:{name}", request.body, "application/json", request.received_at),))

    def normalise(self, account: Account, envelope: Envelope) -> list[Event]:
        """See ``Kind.normalise``."""
        listed = envelope.event_key.startswith(LISTED)
        return steps.events(account, read_line(envelope.body), envelope.received_at, listed=listed)

    def import_rows(
        self, account: Account, rows: Iterable[str], layout: str, zone: str, now: datetime
    ) -> Iterator[Envelope | BadRow]:
        """See ``Imports.import_rows``; a row that no call can be made of is told with its line."""
        for line, found in records.calls(rows, layout, zone, int(account.settings.get("shortest_number") or 7)):
            if isinstance(found, str):
                yield BadRow(line, found)
                continue
            try:
                steps.events(account, found, now)
            except ValueError as wrong:
                yield BadRow(line, str(wrong))
            else:
                yield _envelope(found, now)

    def external_id(self, account: Account, key: UUID) -> str:
        """What an answer would be called."""
        return str(key)

    def send(self, account: Account, outgoing: Outgoing) -> Outcome:
        """Refused."""
        return Failed(SILENT)


def _envelope(call: dict[str, Any], now: datetime) -> Envelope:
    body = json.dumps(call, ensure_ascii=False, sort_keys=True).encode()
    return Envelope(f"{LISTED}{call['call_id']}"[:300], body, "application/json", now)
