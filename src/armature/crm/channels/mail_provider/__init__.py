"""E-mail through a provider: it calls us with each mail, and takes ours over SMTP; all else is as with a mailbox."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

from django.utils.translation.trans_null import gettext_noop as _

from armature.crm.channels.email import Email, normalise, sending
from armature.crm.channels.email.settings import SETTINGS as MAILBOX
from armature.crm.channels.email.settings import MailSettings, address_problems, outgoing_server
from armature.crm.channels.mail_provider import calls
from armature.crm.channels.port import Account, Answer, Cursor, Envelope, Event, Outcome, Outgoing, Request
from armature.crm.channels.settings import BadSettings, Setting, read

SENDING = tuple(
    replace(one, required=True, help="") if one.name == "smtp_host" else one
    for one in MAILBOX
    if one.name.startswith("smtp_") or one.name == "timeout"
)
SETTINGS = (
    Setting("provider", _("Provider"), "choice", default="postmark", choices=tuple(calls.PROVIDERS)),
    Setting(
        "hook_secret", _("What proves its calls"), "secret", required=True,
        help=_("the signing key or secret that it shows you; for providers that sign nothing user:password, as in the address you give them"),  # noqa: E501
    ),
    *SENDING,
)  # fmt: skip


class ProviderMail(Email):
    """An address of ours whose mails a provider takes in and sends."""

    key: ClassVar[str] = "mail_provider"
    label: ClassVar[str] = _("E-mail through a provider")
    settings: ClassVar[tuple[Setting, ...]] = SETTINGS
    polls: ClassVar[bool] = False
    most_bytes: ClassVar[int] = 40_000_000

    def check(self, account: Account) -> None:
        """See ``Kind.check``."""
        _settings(account)

    def probe(self, account: Account) -> str:
        """Log in where mails are sent; whether the provider calls us shows when it does."""
        settings = _settings(account)
        greeting = sending.logged_in(settings)
        return f"Sends as {account.address} through {greeting}. Its calls are taken at {account.hook}."

    def fetch(self, account: Account, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
        """Nothing to fetch: the provider calls."""
        return iter(())

    def wait(self, account: Account, cursor: Cursor, seconds: float) -> bool:
        """Nothing ever comes by itself."""
        return False

    def receive(self, account: Account, request: Request) -> Answer:
        """See ``Hooked.receive``; the call is kept as it came, with its type, and taken apart later."""
        _settings(account)
        if request.method != "POST":
            return Answer()
        given, name = calls.verified(_provider(account), account.secrets["hook_secret"], request)
        return Answer((Envelope(f"call:{name}", request.body, given, request.received_at),))

    def normalise(self, account: Account, envelope: Envelope) -> list[Event]:
        """See ``Kind.normalise``: the mails of one call, each as from a mailbox."""
        mails = calls.mails(_provider(account), envelope.body, envelope.content_type)
        return [
            event
            for mail in mails
            for event in normalise.normalise(
                account, Envelope(envelope.event_key, mail, "message/rfc822", envelope.received_at)
            )
        ]

    def send(self, account: Account, outgoing: Outgoing) -> Outcome:
        """See ``Kind.send``."""
        return sending.send(account, _settings(account), outgoing)


def _provider(account: Account) -> str:
    return str(account.settings.get("provider") or "postmark")


def _settings(account: Account) -> MailSettings:
    """How to send; raises ``BadSettings`` naming each bad field."""
    problems, values = address_problems(account), dict[str, Any]()
    try:
        values = read(SETTINGS, {**account.settings, **account.secrets})
    except BadSettings as bad:
        problems |= bad.problems
    secret = account.secrets.get("hook_secret", "")
    if secret and _provider(account) in calls.PROVIDERS:
        problems |= calls.problems(_provider(account), secret)
    if problems:
        raise BadSettings(problems)
    login = (values["smtp_user"] or account.address, values["smtp_password"]) if values["smtp_login"] else ("", "")
    server = outgoing_server(values, *login)
    return MailSettings(server, server, (), 0, values["timeout"])
