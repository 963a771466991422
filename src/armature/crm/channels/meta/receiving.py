"""Meta calls us: what it puts into one call is kept part by part, each known again in whatever call it comes.

What somebody says is looked at before it is opened: a worker fetches their name, their files, the words of a mention.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from armature.crm.channels import brought, graph
from armature.crm.channels.port import Account, Answer, Envelope, Request
from armature.crm.channels.reading import clean, from_json, keyed

Given = Mapping[str, Any]
Part = tuple[str, dict[str, Any]]
COMMENTS = ("feed", "comments", "live_comments")


def receive(account: Account, request: Request) -> Answer:
    """Verify, then cut; what cannot be cut is kept whole, and parked where it is opened."""
    if request.method == "GET":
        return graph.handshake(account, request)
    graph.check_signed(account, request)
    try:
        parts = [(clean(key), part) for key, part in _parts(from_json(request.body), account.address)]
    except (ValueError, KeyError, TypeError, AttributeError):
        return Answer((keyed(request.body, request.received_at),))
    told = tuple((key, part) for key, part in parts if not _is_asked(part))
    asked = tuple((key, part) for key, part in parts if _is_asked(part))
    return Answer(
        tuple(Envelope(key, brought.as_bytes(part), "application/json", request.received_at) for key, part in told),
        tuple(brought.pointed_at(key, part, request.received_at) for key, part in asked),
    )


def moment(given: object) -> datetime:
    """A time; Meta counts seconds in one place and thousandths in the next."""
    number = int(str(given))
    return datetime.fromtimestamp(number / 1000 if number > 100_000_000_000 else number, UTC)


def _is_asked(part: Given) -> bool:
    """A message of somebody else, or a mention, of which we are told only where it is."""
    said = part.get("messaging")
    message = said.get("message") if isinstance(said, Mapping) else None
    of_theirs = isinstance(message, Mapping) and not message.get("is_echo") and not message.get("is_deleted")
    return of_theirs or "mention" in part


def _parts(call: Given, me: str) -> Iterator[Part]:
    """What concerns our account; Meta tells one address of all pages of an app."""
    for entry in call["entry"]:
        if str(entry["id"]) != me:
            continue
        for one in entry.get("messaging", ()):
            if key := _messaging_key(one):
                yield key, {"messaging": one}
        for change in entry.get("changes", ()):
            yield from _change(change["field"], change["value"], entry.get("time", 0))
        if entry.get("field") in COMMENTS:  # as Instagram's own log-in has it: one change, not in a list
            yield from _change(entry["field"], entry["value"], entry.get("time", 0))


def _messaging_key(one: Given) -> str:
    """Under which it is known again; empty for what says nothing to us."""
    if message := one.get("message"):
        return f"{'deleted' if message.get('is_deleted') else 'message'}:{message['mid']}"
    if edit := one.get("message_edit"):
        return f"edited:{edit['mid']}:{edit.get('num_edit', one.get('timestamp'))}"
    for what in ("reaction", "postback", "delivery", "read"):
        if what in one:
            return f"{what}:{_digest(one)}"
    return ""


def _change(field: str, value: Given, time: object) -> Iterator[Part]:
    if field == "mentions":
        yield f"mention:{value['media_id']}:{value.get('comment_id', '')}", {"mention": value, "time": time}
        return
    name = value.get("comment_id") or value.get("post_id") or value.get("id")
    if field in COMMENTS and name:
        verb = value.get("verb", "add")
        stamp = "" if verb == "add" else f":{time}:{_digest(value)}"
        yield f"{value.get('item', 'comment')}:{name}:{verb}{stamp}", {"change": value, "time": time}


def _digest(given: Given) -> str:
    return hashlib.blake2b(json.dumps(given, sort_keys=True).encode(), digest_size=12).hexdigest()
