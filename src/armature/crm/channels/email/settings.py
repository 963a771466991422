"""Where the mailbox is and how to log in, read from an account's settings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation.trans_null import gettext_noop as _

from armature.crm.channels.port import Account
from armature.crm.channels.settings import BadSettings, Setting, read

SECURITY = ("tls", "starttls", "none")
SETTINGS = (
    Setting("imap_host", _("Incoming mail server (IMAP)"), required=True, help=_("for example imap.example.com")),
    Setting("imap_security", _("Encryption of incoming mail"), "choice", default="tls", choices=SECURITY),
    Setting("imap_port", _("Port of the incoming server"), "number", lowest=1, highest=65535, default=0),
    Setting("imap_user", _("User name"), help=_("empty: the e-mail address")),
    Setting("imap_password", _("Password"), "secret", required=True),
    Setting("folders", _("Folders to read"), default="INBOX", help=_("separated by commas")),
    Setting("history_days", _("Days of older mail to read at first"), "number", lowest=0, highest=3650, default=0),
    Setting("smtp_host", _("Outgoing mail server (SMTP)"), help=_("empty: the incoming server")),
    Setting("smtp_security", _("Encryption of outgoing mail"), "choice", default="starttls", choices=SECURITY),
    Setting("smtp_port", _("Port of the outgoing server"), "number", lowest=1, highest=65535, default=0),
    Setting("smtp_login", _("The outgoing server asks for a login"), "yes_no", default=True),
    Setting("smtp_user", _("User name for sending"), help=_("empty: as for reading")),
    Setting("smtp_password", _("Password for sending"), "secret", help=_("empty: as for reading")),
    Setting("timeout", _("Seconds until a server counts as silent"), "number", lowest=1, highest=300, default=30),
)
_IMAP_PORTS = {"tls": 993, "starttls": 143, "none": 143}
_SMTP_PORTS = {"tls": 465, "starttls": 587, "none": 25}
_ADDRESS = re.compile(r"[a-z0-9.!#$%&'*/=?^_`{|}~-]{1,30}@[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Server:
    """One server and the login there; an empty ``user`` means that it asks for none."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MailSettings:
    """An account that can be used. ``timeout`` is in seconds, ``history_days`` how far back a first reading goes."""

    incoming: Server
    outgoing: Server
    folders: tuple[str, ...]
    history_days: int
    timeout: int


def mail_settings(account: Account) -> MailSettings:
    """The account's settings with every default filled in; raises ``BadSettings`` naming each bad field."""
    given = {**account.settings, **account.secrets}
    problems = address_problems(account)
    try:
        values = read(SETTINGS, given)
    except BadSettings as bad:
        raise BadSettings(problems | bad.problems) from None
    folders = tuple(dict.fromkeys(name.strip() for name in values["folders"].split(",") if name.strip()))
    if not folders:
        problems["folders"] = "names no folder: give at least one, for example INBOX"
    if problems:
        raise BadSettings(problems)
    user, password = values["imap_user"] or account.address, values["imap_password"]
    sending = (values["smtp_user"] or user, values["smtp_password"] or password) if values["smtp_login"] else ("", "")
    inward = values["imap_security"]
    return MailSettings(
        Server(values["imap_host"], values["imap_port"] or _IMAP_PORTS[inward], inward, user, password),
        outgoing_server({**values, "smtp_host": values["smtp_host"] or values["imap_host"]}, *sending),
        folders,
        values["history_days"],
        values["timeout"],
    )


def outgoing_server(values: Mapping[str, Any], user: str, password: str) -> Server:
    """Where mails are handed over, with the usual port where none is given; ``values`` are those of ``SETTINGS``."""
    security = values["smtp_security"]
    return Server(values["smtp_host"], values["smtp_port"] or _SMTP_PORTS[security], security, user, password)


def address_problems(account: Account) -> dict[str, str]:
    """What is wrong with our own address and key, by field."""
    problems = {}
    if not _ADDRESS.fullmatch(account.address):
        problems["address"] = (
            f"“{account.address}” cannot carry our answer marks: give a plain address like support@example.com, "
            "without “+”, at most 30 characters before the @"
        )
    if len(account.signing_key) < 16:
        problems["signing_key"] = "is missing or shorter than 16 bytes: make the account's key anew"
    return problems
