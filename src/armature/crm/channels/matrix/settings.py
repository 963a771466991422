"""Where our account is and what it listens to, read from its settings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from django.utils.translation.trans_null import gettext_noop as _

from armature.crm.channels import addresses
from armature.crm.channels.api import Api
from armature.crm.channels.port import Account
from armature.crm.channels.settings import BadSettings, Setting, read

MENTIONS, EVERYTHING = _("mentions"), _("everything")
SETTINGS = (
    Setting("homeserver", _("Address of the server"), required=True, help=_("for example https://matrix.example.org")),
    Setting("access_token", _("Access token"), "secret", required=True, help=_("of a log-in that nobody else uses")),
    Setting(
        "hears", _("In rooms of many it hears"), "choice", default=MENTIONS, choices=(MENTIONS, EVERYTHING),
        help=_("what is said to it, or all that is said: in rooms of your own"),
    ),
    Setting("join", _("Accept invitations"), "yes_no", default=True),
)  # fmt: skip
BASE = "/_matrix/client/v3"
ANSWER = 20_000_000
"""Bytes of one answer: a look after a long time may bring much."""
_USER = re.compile(r"@[^:\s]{1,200}:[^\s/]{1,200}")


@dataclass(frozen=True, slots=True)
class MatrixSettings:
    """An account that can be used."""

    api: Api
    me: str
    hears: str
    join: bool

    def read(self, path: str, query: Mapping[str, Any] | None = None, *, gone: tuple[int, ...] = ()) -> Any:
        """What stands at ``path``; a room that we may not look into is no refused log-in. See ``Api.read``."""
        return self.api.read(f"{BASE}{path}", query, gone=gone, refused=(401,), most=ANSWER)

    def patient(self, seconds: float) -> "MatrixSettings":
        """The same, for a call that the server answers when it likes within that time."""
        return replace(self, api=replace(self.api, seconds=seconds + self.api.seconds))


def matrix_settings(account: Account) -> MatrixSettings:
    """The account's settings with every default filled in; raises ``BadSettings`` naming each bad field."""
    problems = {}
    if not _USER.fullmatch(account.address):
        problems["address"] = f"“{account.address}” is no Matrix user: give it like @shop:example.org"
    try:
        values = read(SETTINGS, {**account.settings, **account.secrets})
    except BadSettings as bad:
        raise BadSettings(problems | bad.problems) from None
    server = values["homeserver"].rstrip("/")
    if fault := addresses.server_fault(server, "https://matrix.example.org"):
        problems["homeserver"] = fault
    if problems:
        raise BadSettings(problems)
    api = Api(account, server, {"authorization": f"Bearer {values['access_token']}"}, seconds=20.0)
    return MatrixSettings(api, account.address, values["hears"], values["join"])


def part(name: str) -> str:
    """An id as a part of a path."""
    return quote(name, safe="")


def external_id(room: str, event: str) -> str:
    """What we call an event: the server finds it in its room only."""
    return f"{room}/{event}"


def place_of(external: str) -> tuple[str, str]:
    """Room and event of such a name; both empty when it is none."""
    room, slash, event = external.rpartition("/")
    return (room, event) if slash and room.startswith("!") and event.startswith("$") else ("", "")
