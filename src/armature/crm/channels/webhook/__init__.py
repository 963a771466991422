"""Anything else: signed calls in and out by the Standard Webhooks scheme, so that another program can be a channel.

In come the lines of the kind ``lines``, and news of our answers (``event`` is ``accepted`` or ``failed``). Out goes
each answer as JSON, under a ``webhook-id`` that stays the same however often it is tried.
"""

from datetime import UTC, datetime
from typing import ClassVar

from django.utils.translation.trans_null import gettext_noop as _

from armature.arm.channel import Capabilities
from armature.crm.channels.addresses import Barred, check
from armature.crm.channels.api import Api
from armature.crm.channels.lines import Lines, read_line, text_of
from armature.crm.channels.port import (
    Account,
    Conversation,
    DeliveryChanged,
    Envelope,
    Event,
    Failed,
    NotGenuine,
    Outcome,
    Outgoing,
)
from armature.crm.channels.settings import BadSettings, Setting, read
from armature.crm.channels.signatures import webhook_keys
from armature.crm.channels.webhook import sending

SHORTEST = 24
"""Bytes of a key, as the scheme asks."""
NEWS = ("accepted", "failed")


class Webhook(Lines):
    """Another program that speaks for a channel of its own."""

    key: ClassVar[str] = "webhook"
    label: ClassVar[str] = _("Signed webhook")
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting(
            "hook_secret", _("Secret of calls to us"), "secret", required=True,
            help=_("whsec_… (Standard Webhooks); while you change it both, with a space between"),
        ),
        Setting("url", _("Where our answers go"), help=_("empty: nothing is answered here")),
        Setting(
            "send_secret", _("Secret of our calls"), "secret",
            help=_("whsec_…; while you change it both, with a space between"),
        ),
        Setting("network", _("Network of its people"), default="webhook", help=_("email, phone or your own word")),
        Setting("public", _("Answers can be public"), "yes_no"),
        Setting("most_characters", _("Characters of an answer at most"), "number", lowest=0, highest=1_000_000),
    )  # fmt: skip
    polls: ClassVar[bool] = False

    def check(self, account: Account) -> None:
        """See ``Kind.check``."""
        given = read(self.settings, {**account.settings, **account.secrets})
        problems = {}
        for name in ("hook_secret", "send_secret"):
            if given[name] and (wrong := _bad_secret(given[name])):
                problems[name] = wrong
        if given["url"]:
            problems |= {} if given["send_secret"] else {"send_secret": "is missing: our answers are signed with it"}
            try:
                check(given["url"])
            except Barred as odd:
                problems["url"] = str(odd)
        if problems:
            raise BadSettings(problems)

    def capabilities(self, account: Account, conversation: Conversation | None, now: datetime) -> Capabilities:
        """Words both ways; only reading where no address for answers is given."""
        if not account.settings.get("url"):
            return Capabilities(reads=True, blocked=_("This channel has no address to which answers could go."))
        public = str(account.settings.get("public", "")).lower() in ("true", "yes", "on", "1")
        return Capabilities(
            reads=True, private_reply=True, public_reply=public, can_start=True, receipts=True, idempotent=True,
            max_length=_most(account),
        )  # fmt: skip

    def probe(self, account: Account) -> str:
        """A signed call of type ``probe``, which the other side may leave alone but must answer with 2xx."""
        self.check(account)
        if not account.settings.get("url"):
            return f"Calls to us are taken at {account.hook}; no answers go out."
        return sending.probe(_api(account), account.secrets["send_secret"])

    def normalise(self, account: Account, envelope: Envelope) -> list[Event]:
        """See ``Kind.normalise``."""
        line = read_line(envelope.body)
        if line.get("event") in NEWS:
            return [DeliveryChanged(text_of(line, "external_id", needed=True), line["event"], text_of(line, "reason"))]
        return super().normalise(account, envelope)

    def send(self, account: Account, outgoing: Outgoing) -> Outcome:
        """See ``Kind.send``."""
        self.check(account)
        if 0 < _most(account) < len(outgoing.text):
            return Failed(f"It has {len(outgoing.text)} characters, and {_most(account)} are taken there: shorten it.")
        return sending.send(_api(account), account.secrets["send_secret"], outgoing, datetime.now(UTC))


def _most(account: Account) -> int:
    """Characters of an answer; 0 is as many as you like."""
    return int(account.settings.get("most_characters") or 0)


def _api(account: Account) -> Api:
    url = str(account.settings.get("url", ""))
    if not url:
        raise BadSettings({"url": "is missing: say where our answers go"})
    return Api(account, url, seconds=20.0)


def _bad_secret(secret: str) -> str:
    try:
        keys = webhook_keys(secret)
    except NotGenuine:
        return "is no base64: it looks like whsec_ and 32 or more letters"
    return "" if all(len(key) >= SHORTEST for key in keys) else f"is too short: a key has {SHORTEST} bytes or more"
