"""Which feed it is and how often we look, read from an account's settings."""

from dataclasses import dataclass

from django.utils.translation.trans_null import gettext_noop as _

from armature.crm.channels import addresses
from armature.crm.channels.api import Api
from armature.crm.channels.port import Account
from armature.crm.channels.settings import BadSettings, Setting, read

SETTINGS = (
    Setting("url", _("Address of the feed"), required=True, help=_("RSS or Atom: https://blog.example/feed")),
    Setting("poll_seconds", _("Seconds between two looks"), "number", lowest=0, highest=86_400, default=900),
)


@dataclass(frozen=True, slots=True)
class FeedSettings:
    """A feed that can be read."""

    api: Api
    poll_seconds: int

    @property
    def url(self) -> str:
        """Where it is."""
        return self.api.base


def feed_settings(account: Account) -> FeedSettings:
    """The account's settings with every default filled in; raises ``BadSettings`` naming each bad field."""
    values = read(SETTINGS, {**account.settings, **account.secrets})
    try:
        addresses.check(values["url"])
    except addresses.Barred as odd:
        raise BadSettings({"url": str(odd)}) from None
    return FeedSettings(Api(account, values["url"], {"accept": ACCEPT}, seconds=30.0), values["poll_seconds"])


ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1"
