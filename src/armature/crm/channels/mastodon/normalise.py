"""A post as it came, to what was said: pure."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop

from armature.crm.channels.html import html_to_text
from armature.crm.channels.mastodon.statuses import PUBLIC, Status, handle, moment, stable
from armature.crm.channels.port import Account, Created, Deleted, Envelope, Event

NETWORK = "fediverse"
ASIDE = gettext_noop("said to others in this thread")
BY_MACHINE = gettext_noop("an account that says it is a machine")


def normalise(account: Account, envelope: Envelope) -> list[Event]:
    """One post, or word that it is gone; raises ``ValueError`` for what cannot be read."""
    try:
        found = json.loads(envelope.body)
        if "gone" in found:
            return [Deleted(stable(found["gone"]), moment(found["at"]))]
        return [_created(found["status"], found)]
    except (KeyError, TypeError, AttributeError, RecursionError) as odd:
        raise ValueError(f"the server sent a post that cannot be read: {type(odd).__name__} {odd}") from odd


def _created(status: Status, found: Mapping[str, Any]) -> Created:
    author, own = status["account"], status["account"]["id"] == found["me"]
    answered = status.get("in_reply_to_id")
    return Created(
        external_id=stable(status["id"]),
        author=handle(author),
        author_name=_clean(author.get("display_name")),
        occurred_at=moment(status["created_at"]),
        text=_words(status),
        network=NETWORK,
        public=status.get("visibility") in PUBLIC,
        subject=_clean(status.get("spoiler_text")),
        html=_clean(status.get("content")),
        references=(stable(answered),) if answered else (),
        automatic="" if own or found["to_us"] else ASIDE,
        kind="message",
        language=str(status.get("language") or "")[:12],
        warning=BY_MACHINE if author.get("bot") and not own else "",
        edited_at=moment(status["edited_at"]) if status.get("edited_at") else None,
        own=own,
    )


def _words(status: Status) -> str:
    """Its words, then a line for each picture: what it shows, and where it is."""
    words = html_to_text(_clean(status.get("content")))
    pictures = [
        f"[{' '.join(_clean(one.get('description')).split()) or one.get('type')}] {_clean(one.get('url'))}"
        for one in status.get("media_attachments") or ()
    ]
    return "\n".join([words, *pictures]).strip()


def _clean(given: object) -> str:
    return str(given or "").replace("\x00", "").encode("utf-8", "replace").decode()
