"""Which pages are ours, read from an account's settings."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation.trans_null import gettext_noop as _

from armature.crm.channels.port import Account
from armature.crm.channels.settings import BadSettings, Setting, read

SETTINGS = (
    Setting(
        "targets", _("Our sites"), required=True,
        help=_("addresses, with commas between them: https://shop.example, https://blog.shop.example/news"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WebmentionSettings:
    """Addresses that our pages begin with."""

    targets: tuple[str, ...]

    def is_ours(self, url: str) -> bool:
        """Whether a page stands below one of them: on the same host, and in the same folder."""
        given = urlsplit(url)
        for one in map(urlsplit, self.targets):
            folder = one.path.rstrip("/")
            same = (given.scheme, given.netloc.lower()) == (one.scheme, one.netloc.lower())
            if same and (given.path == folder or given.path.startswith(f"{folder}/")):
                return True
        return False


def webmention_settings(account: Account) -> WebmentionSettings:
    """The account's settings; raises ``BadSettings`` naming each bad field."""
    values = read(SETTINGS, {**account.settings, **account.secrets})
    targets = tuple(one for one in re.split(r"[,\s]+", values["targets"]) if one)
    bad = [one for one in targets if not is_page(one)]
    if bad or not targets:
        named = ", ".join(bad)[:200]
        raise BadSettings({"targets": f"“{named}” is no address of a site: give it like https://shop.example"})
    return WebmentionSettings(targets)


def is_page(url: str) -> bool:
    """Whether this is written as the address of a page."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and len(url) <= 2000
    except ValueError:
        return False
