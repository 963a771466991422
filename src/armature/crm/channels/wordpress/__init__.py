"""WordPress: comments under posts and reviews of products are heard and answered where they stand."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from armature.arm.channel import Capabilities
from armature.crm.channels.port import Account, Conversation, Cursor, Envelope, Event, Outcome, Outgoing, Sent
from armature.crm.channels.settings import Setting
from armature.crm.channels.wordpress import normalise, reading, sending
from armature.crm.channels.wordpress.settings import SETTINGS, wordpress_settings

LONGEST = 65_525
"""Characters of a comment: what WordPress takes, by default."""


class WordPress:
    """A site whose comments we moderate."""

    key: ClassVar[str] = "wordpress"
    label: ClassVar[str] = "WordPress"
    settings: ClassVar[tuple[Setting, ...]] = SETTINGS
    polls: ClassVar[bool] = True
    rate: ClassVar[tuple[int, int]] = (300, 300)

    def check(self, account: Account) -> None:
        """See ``Kind.check``."""
        wordpress_settings(account)

    def capabilities(self, account: Account, conversation: Conversation | None, now: datetime) -> Capabilities:
        """In public only: nobody can be written to in private there."""
        return Capabilities(reads=True, public_reply=True, max_length=LONGEST, unit="bytes")

    def probe(self, account: Account) -> str:
        """Who we are there, and whether we may do what we are for."""
        settings = wordpress_settings(account)
        me = reading.me_of(settings)
        may: Any = me.get("capabilities")
        said = [f"Logged in to {settings.api.base} as {me.get('name') or settings.user}."]
        if not (isinstance(may, Mapping) and may.get("moderate_comments") and may.get("edit_posts")):
            said.append("This user may not moderate comments, so not all of them are read: make it an editor.")
        return " ".join(said)

    def fetch(self, account: Account, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
        """See ``Kind.fetch``; it begins with what is said from now on."""
        return reading.batches(wordpress_settings(account), cursor, limit)

    def wait(self, account: Account, cursor: Cursor, seconds: float) -> bool:
        """See ``Kind.wait``."""
        return reading.wait(wordpress_settings(account), seconds)

    def normalise(self, account: Account, envelope: Envelope) -> list[Event]:
        """See ``Kind.normalise``."""
        return normalise.normalise(account, envelope)

    def external_id(self, account: Account, key: UUID) -> str:
        """The key itself, until the site gives a number."""
        return str(key)

    def send(self, account: Account, outgoing: Outgoing) -> Outcome:
        """See ``Kind.send``."""
        return sending.send(wordpress_settings(account), outgoing)

    def find(self, account: Account, outgoing: Outgoing) -> Sent | None:
        """See ``Finds.find``."""
        return sending.find(wordpress_settings(account), outgoing)
