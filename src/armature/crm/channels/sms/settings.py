"""Where the gateway is and how it reaches us, read from the account's settings."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings as site
from django.utils.translation.trans_null import gettext_noop as _

from armature.crm.channels import addresses
from armature.crm.channels.api import Api
from armature.crm.channels.numbers import NoNumber, e164, is_country
from armature.crm.channels.port import Account
from armature.crm.channels.settings import BadSettings, Setting, read

SETTINGS = (
    Setting("gateway", _("Address of the gateway's smsbox"), required=True, help="http://10.0.0.7:13013"),
    Setting("username", _("User name for sending"), required=True, help=_("of the group sendsms-user")),
    Setting("password", _("Password for sending"), "secret", required=True),
    Setting(
        "hook_secret",
        _("Secret that the gateway's calls carry"),
        "secret",
        required=True,
        help=_("16 or more random letters and figures; it stands in Kannel's get-url"),
    ),
    Setting(
        "reached_at",
        _("How the gateway reaches us"),
        help=_("for example http://10.0.0.5:8000; empty: the address of this installation"),
    ),
    Setting("country", _("Country of numbers without one"), help=_("two letters, for example NO")),
    Setting("most_parts", _("Parts of an answer at most"), "number", lowest=1, highest=20, default=4),
)
SHORTEST = 16
"""Letters of a secret that stands in an address, where Kannel reads % and & as signs of its own."""
_SECRET = re.compile(rf"[A-Za-z0-9_-]{{{SHORTEST},200}}")


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """An account that can be used. ``report_to`` is where delivery reports go, without its last fields."""

    api: Api
    sender: str
    username: str
    password: str = field(repr=False)
    report_to: str = field(repr=False)


def most_parts(account: Account) -> int:
    """So many parts may a message have."""
    return int(account.settings.get("most_parts") or 4)


def sms_settings(account: Account) -> SmsSettings:
    """The account's settings with every default filled in; raises ``BadSettings`` naming each bad field."""
    problems: dict[str, str] = {}
    try:
        values = read(SETTINGS, {**account.settings, **account.secrets})
    except BadSettings as bad:
        raise BadSettings(problems | bad.problems) from None
    problems |= _own_number(account, values["country"])
    problems |= _servers(values)
    if not _SECRET.fullmatch(values["hook_secret"]):
        problems["hook_secret"] = f"must be {SHORTEST} or more random letters and figures, and no other signs"
    if problems:
        raise BadSettings(problems)
    base = (values["reached_at"] or site.ADDRESS).rstrip("/")
    report_to = f"{base}{account.hook}?{urlencode({'secret': values['hook_secret']})}"
    api = Api(account, values["gateway"].rstrip("/"), seconds=20.0)
    return SmsSettings(api, account.address, values["username"], values["password"], report_to)


def _own_number(account: Account, country: str) -> dict[str, str]:
    """Our number, or the short code or name that stands as the sender."""
    if country and not is_country(country):
        return {"country": f"is “{country}”: give the two letters of a country, like NO"}
    if account.address.isdecimal() and len(account.address) <= 8:
        return {}
    if account.address.isalnum() and account.address.isascii() and not account.address.isdecimal():
        return {} if len(account.address) <= 11 else {"address": "a name as sender has 11 letters or figures at most"}
    try:
        e164(account.address, country)
    except NoNumber as odd:
        return {"address": str(odd)}
    return {}


def _servers(values: dict[str, Any]) -> dict[str, str]:
    """The gateway, and we as it sees us."""
    problems = {}
    try:
        if addresses.check(values["gateway"].rstrip("/")).path != "/":
            problems["gateway"] = f"is “{values['gateway']}”: give host and port alone, like http://10.0.0.7:13013"
    except addresses.Barred as odd:
        problems["gateway"] = str(odd)
    base = values["reached_at"] or site.ADDRESS
    if not base:
        problems["reached_at"] = "is missing: say how the gateway reaches us, like http://10.0.0.5:8000"
    elif not base.startswith(("http://", "https://")):
        problems["reached_at"] = f"is “{base}”: it must begin with http:// or https://"
    return problems
