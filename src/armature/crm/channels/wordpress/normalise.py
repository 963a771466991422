"""A comment as it came, to what was said: pure."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop

from armature.crm.channels.html import html_to_text
from armature.crm.channels.port import Account, Created, Deleted, Edited, Envelope, Event
from armature.crm.channels.wordpress.reading import Comment

NETWORK = "wordpress"
LINKED = gettext_noop("another site tells that it links to this one")
HELD = gettext_noop("This comment waits for moderation on the site: nobody reads it there yet.")
UNPROVEN = gettext_noop("Written without an account: name and e-mail address are as they were typed.")


def normalise(account: Account, envelope: Envelope) -> list[Event]:
    """One comment, or word that it reads otherwise or is gone; raises ``ValueError`` for what cannot be read."""
    try:
        found = json.loads(envelope.body)
        if "gone" in found:
            return [Deleted(str(found["gone"]), _moment(found["at"]))]
        if "edited" in found:
            changed = found["edited"]
            return [Edited(str(changed["id"]), _moment(found["at"]), _words(changed, found["rating"]))]
        return [_created(found["comment"], found)]
    except (KeyError, TypeError, AttributeError, RecursionError) as odd:
        raise ValueError(f"the site sent a comment that cannot be read: {type(odd).__name__} {odd}") from odd


def _created(comment: Comment, found: Mapping[str, Any]) -> Created:
    kind, user, parent = str(comment["type"]), int(comment.get("author") or 0), int(comment.get("parent") or 0)
    own = user == found["me"]
    held, linked = comment.get("status") == "hold", kind in ("pingback", "trackback")
    return Created(
        external_id=str(comment["id"]),
        author=_author(comment, user),
        author_name=_clean(comment.get("author_name"))[:200],
        occurred_at=_moment(f"{comment['date_gmt']}+00:00"),
        text=_words(comment, found["rating"]),
        network=NETWORK,
        public=True,
        subject=_subject(comment),
        html=_clean(comment["content"].get("rendered")),
        references=(str(parent),) if parent else (),
        automatic=LINKED if linked else "",
        kind="review" if kind == "review" else "comment",
        warning="" if own or linked else HELD if held else "" if user else UNPROVEN,
        own=own,
    )


def _author(comment: Comment, user: int) -> str:
    """Their e-mail address; a user's number where it is not shown; else nobody but this one comment."""
    mail, host = _clean(comment.get("author_email")).strip().casefold(), urlsplit(_clean(comment.get("link"))).netloc
    if mail:
        return mail[:254]
    return f"user-{user}@{host}"[:254] if user else f"comment-{comment['id']}@{host}"[:254]


def _words(comment: Comment, rating: int) -> str:
    """The stars of a review, then its words."""
    words = html_to_text(_clean(comment["content"].get("rendered")))
    return f"{'★' * rating}{'☆' * (5 - rating)} {rating}/5\n{words}".strip() if rating else words


def _subject(comment: Comment) -> str:
    """What the comment stands under."""
    above = comment.get("_embedded", {}).get("up") or [{}]
    title = above[0].get("title") if isinstance(above[0], Mapping) else None
    return html_to_text(_clean(title.get("rendered")))[:300] if isinstance(title, Mapping) else ""


def _moment(given: object) -> datetime:
    at = datetime.fromisoformat(str(given))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _clean(given: object) -> str:
    return str(given or "").replace("\x00", "").encode("utf-8", "replace").decode()
