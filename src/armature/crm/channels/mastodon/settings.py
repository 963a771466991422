"""Where our account is and how it answers, read from its settings."""

import re
from dataclasses import dataclass

from armature.crm.channels import addresses
from armature.crm.channels.api import Api
from armature.crm.channels.port import Account
from armature.crm.channels.settings import BadSettings, Setting, read

SETTINGS = (
    Setting("server", "Address of the server", required=True, help="for example https://mastodon.example"),
    Setting("access_token", "Access token", "secret", required=True, help="with the scopes read and write"),
    Setting("public", "Answer in public too", "yes_no", default=True),
    Setting("public_as", "Public answers are", "choice", default="public", choices=("public", "unlisted")),
    Setting("most_characters", "Characters of a post", "number", lowest=1, highest=1_000_000, default=500),
    Setting("poll_seconds", "Seconds between two looks", "number", lowest=5, highest=600, default=15),
)
_HANDLE = re.compile(r"[\w.-]{1,64}@[a-z0-9.-]{1,190}(:\d{1,5})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MastodonSettings:
    """An account that can be used."""

    api: Api
    public_as: str
    poll_seconds: int
    most_characters: int


def mastodon_settings(account: Account) -> MastodonSettings:
    """The account's settings with every default filled in; raises ``BadSettings`` naming each bad field."""
    problems = {}
    if not _HANDLE.fullmatch(account.address):
        problems["address"] = f"“{account.address}” is no handle: give it like shop@mastodon.example"
    try:
        values = read(SETTINGS, {**account.settings, **account.secrets})
    except BadSettings as bad:
        raise BadSettings(problems | bad.problems) from None
    server = values["server"].rstrip("/")
    if fault := addresses.server_fault(server, "https://mastodon.example"):
        problems["server"] = fault
    if problems:
        raise BadSettings(problems)
    api = Api(account, server, {"authorization": f"Bearer {values['access_token']}"}, seconds=20.0)
    return MastodonSettings(api, values["public_as"], values["poll_seconds"], values["most_characters"])
