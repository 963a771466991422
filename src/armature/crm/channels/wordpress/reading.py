"""Looking for comments: what is new, what reads otherwise by now, what was taken away.

Comments carry no moment of their last edit, so those of the last days are read again and compared. Numbers of comments
only grow: what is not above ``floor`` was there before us, or is too old to be looked at again.
"""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from armature.crm.channels.port import Cursor, Envelope, Unreachable
from armature.crm.channels.wordpress.settings import WordPressSettings

COMMENTS, REVIEWS = "/wp/v2/comments", "/wc/v3/products/reviews"
PAGE = 100
REREAD = 300
"""Seconds between two looks at all comments of the last days."""
ZONES = timedelta(hours=15)
"""Comments are asked for by the time of the site, wherever that is, and however far its clock is off."""
MOST_WATCHED = 1000
KINDS = ("comment", "review", "pingback", "trackback")
Comment = Mapping[str, Any]


def batches(settings: WordPressSettings, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
    """See ``Kind.fetch``. The cursor holds when we looked last, and what the comments of the last days said then."""
    now = time.time()
    if now < cursor.get("looked", 0) + settings.poll_seconds:
        return
    me = me_of(settings)
    if "floor" not in cursor:
        newest = _page(settings, {"orderby": "id", "order": "desc", "per_page": 1})
        floor = max((int(one["id"]) for one in newest), default=0)
        yield [], {"floor": floor, "known": {}, "looked": now, "reread": now}
        return
    reread, known, seen, number = now - cursor["reread"] >= REREAD, dict(cursor["known"]), set[str](), 0
    since, more = _since(settings, cursor, reread, now), True
    while more:
        number += 1
        page = _page(settings, {"orderby": "id", "order": "asc", "per_page": PAGE, "page": number, "after": since})
        more = len(page) == PAGE
        envelopes = list(_new(settings, page, known, cursor["floor"], me))
        seen |= {str(one["id"]) for one in page}
        known |= {str(one["id"]): _said(one) for one in page if int(one["id"]) > cursor["floor"]}
        before, cursor = cursor, {**cursor, "known": known.copy()}
        for start in range(0, len(envelopes), limit):  # only the last part of a page makes it read
            yield envelopes[start : start + limit], cursor if start + limit >= len(envelopes) else before
    gone = _gone(settings, known, seen) if reread else []
    yield gone, {**_kept(cursor, seen, reread), "looked": now, "reread": now if reread else cursor["reread"]}


def wait(settings: WordPressSettings, seconds: float) -> bool:
    """Until the next look."""
    time.sleep(min(seconds, max(settings.poll_seconds, 1)))
    return True


def me_of(settings: WordPressSettings) -> Mapping[str, Any]:
    """Who we are there, with what we may do."""
    found = settings.read("/wp/v2/users/me", {})
    if not isinstance(found, Mapping) or not found.get("id"):
        raise Unreachable(f"{settings.api.base} does not say who we are: is it a WordPress site?")
    return found


def _page(settings: WordPressSettings, asked: Mapping[str, Any]) -> list[Comment]:
    """A page of comments with the titles of what they stand under; those that are held back, too."""
    found = settings.read(COMMENTS, {"status": "all", "type": "all", "_embed": "up", **asked})
    if not isinstance(found, list):
        raise Unreachable(f"{settings.api.base} gave no list of comments")
    return [one for one in found if isinstance(one, Mapping) and str(one.get("id", "")).isdecimal()]


def _since(settings: WordPressSettings, cursor: Cursor, reread: bool, now: float) -> str:
    """From when on comments are asked for; without a zone, as the site takes it for its own time."""
    days = timedelta(days=settings.look_back_days if reread else 0)
    return (datetime.fromtimestamp(min(now, cursor["looked"]), UTC) - ZONES - days).strftime("%Y-%m-%dT%H:%M:%S")


def _new(
    settings: WordPressSettings, page: list[Comment], known: Mapping[str, str], floor: int, me: Mapping[str, Any]
) -> Iterator[Envelope]:
    for one in page:
        number, words = str(one["id"]), _said(one)
        if int(number) <= floor or one.get("type") not in KINDS:
            continue
        if number not in known:
            yield _envelope(f"created:{number}", {"comment": one, "me": me["id"], "rating": _rating(settings, one)})
        elif known[number] != words:
            at, stars = datetime.now(UTC), _rating(settings, one)
            given = {"edited": one, "at": at.isoformat(), "rating": stars}
            yield _envelope(f"edited:{number}:{words}:{at.timestamp():.0f}", given)


def _rating(settings: WordPressSettings, comment: Comment) -> int:
    """The stars of a review: where the site shows them with the comment, else as the shop tells them; 0 if nowhere."""
    if comment.get("type") != "review":
        return 0
    meta = comment.get("meta")
    given = meta.get("rating") if isinstance(meta, Mapping) else None
    if not given:
        found = settings.read(f"{REVIEWS}/{comment['id']}", {}, gone=(400, 403, 404))
        given = found.get("rating") if isinstance(found, Mapping) else 0
    stars = str(given)
    return int(stars) if stars in ("1", "2", "3", "4", "5") else 0


def _gone(settings: WordPressSettings, known: Mapping[str, str], seen: set[str]) -> list[Envelope]:
    """Comments that are no longer listed though they are asked for: in the trash, called spam, or away for good."""
    missing, found = sorted(set(known) - seen, key=int), list[Envelope]()
    for start in range(0, len(missing), PAGE):
        asked = missing[start : start + PAGE]
        there = {str(one["id"]) for one in _page(settings, {"include": ",".join(asked), "per_page": PAGE})}
        at = datetime.now(UTC).isoformat()
        found += [_envelope(f"deleted:{one}", {"gone": one, "at": at}) for one in asked if one not in there]
    return found


def _kept(cursor: Cursor, seen: set[str], reread: bool) -> Cursor:
    """What is looked at again next time: of all that was listed now, the newest."""
    left = {number: words for number, words in cursor["known"].items() if not reread or number in seen}
    newest, floor = sorted(left, key=int), cursor["floor"]
    if len(newest) > MOST_WATCHED:
        floor, newest = max(floor, int(newest[-MOST_WATCHED - 1])), newest[-MOST_WATCHED:]
    known = {number: left[number] for number in newest}
    return {**cursor, "known": known, "floor": floor}


def _said(comment: Comment) -> str:
    """What tells two wordings apart."""
    return hashlib.blake2b(raw_words(comment).encode("utf-8", "replace"), digest_size=8).hexdigest()


def raw_words(comment: Comment) -> str:
    """The words of a comment as they were typed."""
    content = comment.get("content")
    return str(content.get("raw") or "") if isinstance(content, Mapping) else ""


def _envelope(key: str, given: Mapping[str, Any]) -> Envelope:
    return Envelope(key, json.dumps(given, ensure_ascii=False).encode(), "application/json", datetime.now(UTC))
