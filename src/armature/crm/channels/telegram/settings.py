"""Which bot we are and what it listens to, read from its settings."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings as site
from django.utils.translation.trans_null import gettext_noop as _

from armature.crm.channels import addresses
from armature.crm.channels.api import Api
from armature.crm.channels.port import Account
from armature.crm.channels.settings import BadSettings, Setting, read

SERVER = "https://api.telegram.org"
MENTIONS, EVERYTHING = _("mentions"), _("everything")
SETTINGS = (
    Setting("token", _("Token of the bot"), "secret", required=True, help=_("@BotFather gives it; like 123456:ABC…")),
    Setting(
        "hook_secret", _("Secret that Telegram's calls carry"), "secret", required=True,
        help=_("16 or more random letters and figures"),
    ),
    Setting(
        "hears", _("In groups it hears"), "choice", default=MENTIONS, choices=(MENTIONS, EVERYTHING),
        help=_("what is said to it, or all that is said: in groups of your own"),
    ),
    Setting(
        "private_from_groups", _("What was said in a group can be answered in private"), "yes_no",
        help=_("Telegram lets a bot write only to people who have started it"),
    ),
    Setting(
        "reached_at", _("How Telegram reaches us"),
        help=_("for example https://desk.example.org; empty: the address of this installation"),
    ),
    Setting("server", _("Address of the interface"), default=SERVER),
)  # fmt: skip
_TOKEN = re.compile(r"(\d{3,20}):[A-Za-z0-9_-]{20,100}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
_NAME = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}")


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """A bot that can be used. ``api`` carries no token: it stands in each path."""

    api: Api
    me: str
    bot: int
    hook: str
    token: str = field(repr=False)
    hook_secret: str = field(repr=False)


def telegram_settings(account: Account) -> TelegramSettings:
    """The account's settings with every default filled in; raises ``BadSettings`` naming each bad field."""
    problems: dict[str, str] = {}
    if not _NAME.fullmatch(account.address):
        problems["address"] = f"“{account.address}” is no name of a bot: give it like @shop_bot"
    try:
        values = read(SETTINGS, {**account.settings, **account.secrets})
    except BadSettings as bad:
        raise BadSettings(problems | bad.problems) from None
    problems |= _wrong(values)
    if problems:
        raise BadSettings(problems)
    api = Api(account, values["server"].rstrip("/"), seconds=20.0)
    hook = f"{(values['reached_at'] or site.ADDRESS).rstrip('/')}{account.hook}"
    number = int(values["token"].partition(":")[0])
    return TelegramSettings(api, account.address, number, hook, values["token"], values["hook_secret"])


def bot_of(account: Account) -> int:
    """The number of the bot, which its token begins with; 0 when there is none."""
    found = _TOKEN.fullmatch(account.secrets.get("token", ""))
    return int(found[1]) if found else 0


def says_yes(account: Account, name: str) -> bool:
    """Whether a setting was answered with yes."""
    return str(account.settings.get(name, "")).lower() in ("true", "yes", "on", "1")


def _wrong(values: dict[str, Any]) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not _TOKEN.fullmatch(values["token"]):
        problems |= {
            "token": "is none: it looks like 123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11, as @BotFather shows it"
        }
    if not _SECRET.fullmatch(values["hook_secret"]):
        problems |= {"hook_secret": "must be 16 or more random letters and figures (or _ and -), and no other signs"}
    if fault := addresses.server_fault(values["server"].rstrip("/"), SERVER):
        problems["server"] = fault
    base = values["reached_at"] or site.ADDRESS
    if not base:
        problems["reached_at"] = "is missing: say how Telegram reaches us, like https://desk.example.org"
    elif not base.startswith(("http://", "https://")):
        problems["reached_at"] = f"is “{base}”: it must begin with https://"
    return problems
