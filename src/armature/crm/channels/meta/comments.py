"""What is said in public on a page or below a picture, and mentions, to what was said: pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation.trans_null import gettext_noop as _

from armature.crm.channels.brought import files_in
from armature.crm.channels.meta.receiving import moment
from armature.crm.channels.port import Account, Created, Deleted, Edited, Event
from armature.crm.channels.reading import clean

Given = Mapping[str, Any]
POSTS = ("post", "status", "photo", "video", "share", "album", "note", "event")
UNNAMED = "unnamed-"
"""How the handle of somebody begins whom Meta does not name."""
NO_NAME = _("Facebook does not say who wrote this: it can be answered in public, or in private by Facebook.")
MENTION = "mention:"


def said(account: Account, found: Given) -> list[Event]:
    """A comment or a post: new, otherwise, or gone."""
    value, verb = found["change"], str(found["change"].get("verb", "add"))
    item = str(value.get("item", "comment"))
    if item != "comment" and item not in POSTS:  # likes, reactions
        return []
    name = clean(value.get("comment_id") or (value.get("post_id") if item != "comment" else "") or value.get("id"))
    if not name:
        raise ValueError("it has no name")
    if verb == "remove":
        return [Deleted(name, moment(found["time"]))]
    text = _words(value, item)
    if verb in ("edited", "edit"):
        return [Edited(name, moment(found["time"]), text)]
    return [_created(account, value, name, text, _when(value, found))] if verb == "add" and text else []


def mentioned(account: Account, found: Given) -> list[Event]:
    """Somebody named us where it is not our place: words that were fetched, or that they are somewhere."""
    given, there = found["mention"], found.get("found")
    seen: Given = there if isinstance(there, Mapping) else {}
    name = f"{MENTION}{clean(given['media_id'])}:{clean(given.get('comment_id'))}"
    called = clean(seen.get("username")).casefold()
    _files, warning = files_in(found)
    at = datetime.fromisoformat(clean(seen["timestamp"])) if seen.get("timestamp") else moment(found["time"])
    words = " ".join(filter(None, (clean(seen.get("text") or seen.get("caption")), clean(seen.get("permalink")))))
    event = Created(
        external_id=name, author=f"@{called}" if called else f"{UNNAMED}{name}", author_name=called, occurred_at=at,
        text=words or "[mention]", network=account.kind, public=True, warning=warning, kind="comment",
    )  # fmt: skip
    return [event]


def _created(account: Account, value: Given, name: str, text: str, at: datetime) -> Created:
    author = value.get("from")
    who: Given = author if isinstance(author, Mapping) else {}
    number = clean(who.get("id"))
    own = number == account.address
    media = value.get("media")
    root = clean(value.get("post_id") or (media.get("id") if isinstance(media, Mapping) else ""))
    above = [one for one in (clean(value.get("parent_id")), root) if one and one != name]
    return Created(
        external_id=name, author=number or f"{UNNAMED}{name}",
        author_name=clean(who.get("name") or who.get("username"))[:200], occurred_at=at, text=text,
        network=account.kind, public=True, references=tuple(dict.fromkeys(above)), own=own, kind="comment",
        warning="" if number else NO_NAME,
    )  # fmt: skip


def _words(value: Given, item: str) -> str:
    """The words, and where a picture is; pictures in public are not copied."""
    shown = [clean(value[name]) for name in ("photo", "video", "link") if isinstance(value.get(name), str)]
    words = clean(value.get("message") or value.get("text"))
    named = f"[{item}]" if not words and item != "comment" else ""
    return " ".join(part for part in (named, words, *shown) if part)


def _when(value: Given, found: Given) -> datetime:
    return moment(value.get("created_time") or found["time"])
