"""Saying something there: pictures first, then the post, under a name that was made before it left."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from armature.arm.channel import size
from armature.crm.channels.addresses import Barred
from armature.crm.channels.api import Body, as_json, content, refusal, said, unanswered
from armature.crm.channels.bluesky import facets
from armature.crm.channels.bluesky.names import POST, moment_of, on_the_web, parts, uri
from armature.crm.channels.bluesky.posts import Given
from armature.crm.channels.bluesky.sessions import error_of, is_refused, session
from armature.crm.channels.bluesky.settings import BlueskySettings
from armature.crm.channels.bluesky.xrpc import ask, call, listed
from armature.crm.channels.http import Reply, Unanswered
from armature.crm.channels.port import (
    LOGIN,
    Attachment,
    Failed,
    LoginRefused,
    Outcome,
    Outgoing,
    Sent,
    Unknown,
    Unreachable,
)

MOST, MOST_BYTES = 300, 3000
"""Of one post: what a person sees as a letter, and bytes."""
MOST_FILES, FILE_BYTES = 4, 1_000_000
LATER = 60
GONE = "What this answers is no longer there, or its author does not let us see it."
CLOSED = "Its author does not let us answer there."


class _Refused(Exception):
    """Nothing was said yet; the outcome is ``args[0]``."""


def send(settings: BlueskySettings, outgoing: Outgoing) -> Outcome:
    """Hand it over once."""
    if fault := _fault(outgoing):
        return Failed(fault)
    try:
        record = _record(settings, outgoing)
        body = {"repo": session(settings).did, "collection": POST, "rkey": outgoing.external_id, "record": record}
        whole = as_json({**body, "swapRecord": None})  # what stands there already is never replaced
    except _Refused as refused:
        outcome: Outcome = refused.args[0]
        return outcome
    except LoginRefused as problem:
        return Failed(str(problem), cause=LOGIN)
    except Barred as problem:
        return Failed(str(problem))
    except (Unreachable, Unanswered) as problem:  # nothing was said yet
        return Failed(str(problem), retryable=True, after=LATER)
    return _put(settings, whole)


def find(settings: BlueskySettings, outgoing: Outgoing) -> Sent | None:
    """The post of that name among ours."""
    me = session(settings).did
    asked = {"repo": me, "collection": POST, "rkey": outgoing.external_id}
    found = ask(settings, "com.atproto.repo.getRecord", asked, missing=("RecordNotFound",))
    return _sent(uri(me, outgoing.external_id), settings) if found else None


def _fault(outgoing: Outgoing) -> str:
    """Why it must not leave; empty when it may."""
    if not outgoing.public:
        return "Nothing can be said there in private from here: answer in public, or by another channel."
    if size(outgoing.text, "graphemes") > MOST or len(outgoing.text.encode()) > MOST_BYTES:
        return f"A post takes {MOST} characters and {MOST_BYTES} bytes: shorten it."
    if len(outgoing.attachments) > MOST_FILES:
        return f"A post takes {MOST_FILES} pictures at most: remove some."
    large = [one.name for one in outgoing.attachments if len(one.body) > FILE_BYTES]
    other = [one.name for one in outgoing.attachments if not one.content_type.startswith("image/")]
    if large or other:
        return f"Only pictures of up to {FILE_BYTES:,} bytes can be posted: remove {', '.join(large + other)}."
    if not parts(outgoing.in_reply_to)[1]:
        return "Only what was said there can be answered there."
    return ""


def _record(settings: BlueskySettings, outgoing: Outgoing) -> Given:
    """The post. The same words under the same name make the same record, to the last byte."""
    try:
        at = moment_of(outgoing.external_id)
    except ValueError as odd:
        raise _Refused(Failed(str(odd))) from odd
    record: dict[str, Any] = {
        "$type": POST, "text": outgoing.text, "reply": _reply(settings, outgoing.in_reply_to),
        "createdAt": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }  # fmt: skip
    if found := facets.made(outgoing.text, lambda handle: _whose(settings, handle)):
        record["facets"] = found
    if outgoing.attachments:
        images = [{"alt": one.name, "image": _uploaded(settings, one)} for one in outgoing.attachments]
        record["embed"] = {"$type": "app.bsky.embed.images", "images": images}
    return record


def _reply(settings: BlueskySettings, answered: str) -> Given:
    """Where it hangs: under what it answers, in the thread of the first post."""
    posts = listed(ask(settings, "app.bsky.feed.getPosts", {"uris": [answered]}), "posts")
    if not posts:
        raise _Refused(Failed(GONE))
    post = posts[0]
    viewer, record = post.get("viewer"), post.get("record")
    if isinstance(viewer, Mapping) and viewer.get("replyDisabled"):
        raise _Refused(Failed(CLOSED))
    parent = {"uri": str(post.get("uri")), "cid": str(post.get("cid"))}
    thread = record.get("reply") if isinstance(record, Mapping) else None
    root = thread.get("root") if isinstance(thread, Mapping) else None
    return {"root": dict(root) if isinstance(root, Mapping) else parent, "parent": parent}


def _whose(settings: BlueskySettings, handle: str) -> str:
    """Who has a handle; empty when nobody does: then it is a word like others."""
    missing = ("HandleNotFound", "InvalidRequest")
    found = ask(settings, "com.atproto.identity.resolveHandle", {"handle": handle}, missing=missing)
    return str((found or {}).get("did") or "")


def _uploaded(settings: BlueskySettings, file: Attachment) -> Given:
    """A picture, ready to be shown."""
    reply = call(settings, "POST", "com.atproto.repo.uploadBlob", body=Body(file.body, file.content_type))
    if is_refused(reply):
        raise LoginRefused(f"{settings.api.base} does not let us upload “{file.name}”: {said(reply)}")
    if reply.status == 400 or reply.status == 413:
        raise _Refused(Failed(f"“{file.name}” is not taken: {said(reply)}"))
    blob = content(reply).get("blob") if reply.status == 200 else None
    if not isinstance(blob, dict):
        raise Unreachable(f"“{file.name}” could not be handed over: {said(reply)}")
    return blob


def _put(settings: BlueskySettings, body: Body) -> Outcome:
    try:
        reply = call(settings, "POST", "com.atproto.repo.putRecord", body=body)
    except LoginRefused as problem:
        return Failed(str(problem), cause=LOGIN)
    except Barred as problem:
        return Failed(str(problem))
    except Unreachable as problem:  # no log-in, so it was not asked
        return Failed(str(problem), retryable=True, after=LATER)
    except Unanswered as problem:
        return unanswered(problem)
    return _outcome(settings, reply)


def _outcome(settings: BlueskySettings, reply: Reply) -> Outcome:
    if is_refused(reply):
        return Failed(f"{settings.api.base} refuses our key: {said(reply)}", cause=LOGIN)
    if error_of(reply) == "InvalidSwap":
        return Failed("Other words stand there under this name already: they were left as they are.")
    if refused := refusal(reply, datetime.now(UTC)):
        return refused
    try:
        return _sent(str(json.loads(reply.body)["uri"]), settings)
    except (ValueError, KeyError, TypeError):
        return Unknown("The server took it, but did not say under which name: it may have gone out.")


def _sent(name: str, settings: BlueskySettings) -> Sent:
    return Sent(on_the_web(name, settings.me), name)
