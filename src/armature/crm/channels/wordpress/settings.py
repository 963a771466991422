"""Where a site is and who we are there, read from an account's settings."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation.trans_null import gettext_noop as _

from armature.crm.channels import addresses
from armature.crm.channels.api import Api, Body, as_json
from armature.crm.channels.http import Reply
from armature.crm.channels.port import Account
from armature.crm.channels.settings import BadSettings, Setting, read

SETTINGS = (
    Setting("site", _("Address of the site"), required=True, help=_("for example https://blog.shop.example")),
    Setting("user", _("User there"), required=True, help=_("one who may moderate comments: an editor, say")),
    Setting(
        "application_password", _("Application password"), "secret", required=True,
        help=_("made in WordPress, on the page of this user (not the password of the log-in)"),
    ),
    Setting("look_back_days", _("Days that comments are looked at again"), "number", lowest=1, highest=60, default=7),
    Setting("poll_seconds", _("Seconds between two looks"), "number", lowest=0, highest=3600, default=60),
)  # fmt: skip
LISTING = 20_000_000
"""Bytes of a page of a hundred comments, each as long as the longest that WordPress takes."""


@dataclass(frozen=True, slots=True)
class WordPressSettings:
    """An account that can be used."""

    api: Api
    user: str
    look_back_days: int
    poll_seconds: int

    def read(self, route: str, query: Mapping[str, Any], *, gone: tuple[int, ...] = ()) -> Any:
        """What stands at a route of the site's own interface, as those who edit see it. See ``Api.read``.

        The route goes as a query: that works whatever the site's addresses look like.
        """
        asked = {"rest_route": route, "context": "edit", **query}
        return self.api.read("/", asked, gone=gone, refused=(401,), most=LISTING)

    def write(self, route: str, given: Mapping[str, Any]) -> Reply:
        """Hand something to a route; see ``Api.call``."""
        return self.api.call("POST", f"/?rest_route={route}", body=as_json(given) if given else Body.NOTHING)


def wordpress_settings(account: Account) -> WordPressSettings:
    """The account's settings with every default filled in; raises ``BadSettings`` naming each bad field."""
    values = read(SETTINGS, {**account.settings, **account.secrets})
    site = values["site"].rstrip("/")
    try:
        odd = "?" in addresses.check(site).path or "#" in site or site.endswith(".php")
        problem = f"is “{site}”: give the address of the front page, like https://blog.shop.example" if odd else ""
    except addresses.Barred as barred:
        problem = str(barred)
    if problem:
        raise BadSettings({"site": problem})
    if ":" in values["user"]:
        raise BadSettings({"user": f"is “{values['user']}”: a user name holds no colon"})
    proof = base64.b64encode(f"{values['user']}:{values['application_password']}".encode()).decode()
    api = Api(account, site, {"authorization": f"Basic {proof}"}, seconds=30.0)
    return WordPressSettings(api, values["user"], values["look_back_days"], values["poll_seconds"])
