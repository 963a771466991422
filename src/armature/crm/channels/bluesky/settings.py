"""Where our account is, read from its settings."""

import re
from dataclasses import dataclass, field

from django.utils.translation.trans_null import gettext_noop as _

from armature.crm.channels import addresses
from armature.crm.channels.api import Api
from armature.crm.channels.port import Account
from armature.crm.channels.settings import BadSettings, Setting, read

SERVER = "https://bsky.social"
SETTINGS = (
    Setting(
        "app_password", _("App password"), "secret", required=True,
        help=_("one made for this alone, like abcd-efgh-ijkl-mnop; not the password of the account"),
    ),
    Setting("server", _("Address of the server"), default=SERVER, help=_("another one when yours hosts the account")),
    Setting("poll_seconds", _("Seconds between two looks"), "number", lowest=5, highest=600, default=15),
)  # fmt: skip
HANDLE = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
"""A name there is a name of the internet."""
_HANDLE = re.compile(HANDLE, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BlueskySettings:
    """An account that can be used. ``api`` carries no key: that comes of a log-in, see ``sessions``."""

    api: Api
    me: str
    poll_seconds: int
    password: str = field(repr=False)


def bluesky_settings(account: Account) -> BlueskySettings:
    """The account's settings with every default filled in; raises ``BadSettings`` naming each bad field."""
    problems = {}
    if len(account.address) > 253 or not _HANDLE.fullmatch(account.address):
        problems["address"] = f"“{account.address}” is no handle: give it like shop.bsky.social, without @"
    try:
        values = read(SETTINGS, {**account.settings, **account.secrets})
    except BadSettings as bad:
        raise BadSettings(problems | bad.problems) from None
    server = values["server"].rstrip("/")
    if fault := addresses.server_fault(server, SERVER):
        problems["server"] = fault
    if problems:
        raise BadSettings(problems)
    api = Api(account, server, seconds=20.0)
    return BlueskySettings(api, account.address.casefold(), values["poll_seconds"], values["app_password"])
