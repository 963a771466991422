"""Saying something there: under a name that the server knows again, so that nothing is said twice."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from armature.crm.channels.addresses import Barred
from armature.crm.channels.api import Body, as_json, content, refusal, unanswered
from armature.crm.channels.http import Unanswered
from armature.crm.channels.matrix import direct, reading
from armature.crm.channels.matrix.hearing import FILE
from armature.crm.channels.matrix.rooms import MESSAGE, Given, thread_of, transaction
from armature.crm.channels.matrix.settings import BASE, MatrixSettings, external_id, part, place_of
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

LATER = 60
SEALED = "The room is encrypted, and nothing can be said in it from here. Answer with a Matrix program."
GONE = "What this answers is no longer there, or we are no longer in its room."


def send(settings: MatrixSettings, outgoing: Outgoing) -> Outcome:
    """Hand it over once: files first, then the words."""
    try:
        room, hangs = _place(settings, outgoing)
        if not room or direct.is_sealed(settings, room):
            return Failed(SEALED if room else GONE)
        files = [_uploaded(settings, one) for one in outgoing.attachments]
    except LoginRefused as problem:
        return Failed(str(problem), cause=LOGIN)
    except Barred as problem:
        return Failed(str(problem))
    except (Unreachable, Unanswered, KeyError, TypeError) as problem:  # nothing was said yet
        return Failed(str(problem), retryable=True, after=LATER)
    for number, file in enumerate(files):
        outcome = _say(settings, room, f"{outgoing.external_id}{FILE}{number}", {**file, **_hanging(hangs)})
        if not isinstance(outcome, Sent):
            return outcome
    words = {"msgtype": "m.text", "body": outgoing.text, "m.mentions": _named(outgoing), **hangs}
    return _say(settings, room, outgoing.external_id, words)


def find(settings: MatrixSettings, outgoing: Outgoing) -> Sent | None:
    """What we said where this was to stand, by its name."""
    near = place_of(outgoing.in_reply_to)[0]
    room = near if outgoing.public else direct.room_with(settings, _person(outgoing), near)
    for event in reading.recent(settings, room) if room else ():
        if event.get("sender") == settings.me and transaction(event) == outgoing.external_id:
            return _sent(room, str(event["event_id"]))
    return None


def _place(settings: MatrixSettings, outgoing: Outgoing) -> tuple[str, Given]:
    """The room it goes to, none when that is gone; in public the thread there of what it answers."""
    room, event = place_of(outgoing.in_reply_to)
    if not outgoing.public:
        person = _person(outgoing)
        return direct.room_with(settings, person, room) or direct.make_room(settings, person), {}
    above = settings.read(f"/rooms/{part(room)}/event/{part(event)}", gone=(403, 404)) if room else None
    if not isinstance(above, Mapping):
        return "", {}
    thread = {"rel_type": "m.thread", "event_id": thread_of(above), "is_falling_back": False}
    return room, {"m.relates_to": {**thread, "m.in_reply_to": {"event_id": event}}}


def _person(outgoing: Outgoing) -> str:
    return next(iter(outgoing.recipients), "")


def _named(outgoing: Outgoing) -> dict[str, Any]:
    return {"user_ids": list(outgoing.recipients)} if outgoing.public else {}


def _hanging(hangs: Given) -> Given:
    """A file stands in the thread, and answers nothing by itself."""
    return {"m.relates_to": {**hangs["m.relates_to"], "is_falling_back": True}} if hangs else {}


def _say(settings: MatrixSettings, room: str, name: str, words: Given) -> Outcome:
    """One event; the same name is the same event to the server, however often it is handed in."""
    try:
        reply = settings.api.call("PUT", f"{BASE}/rooms/{part(room)}/send/{MESSAGE}/{part(name)}", body=as_json(words))
    except Barred as problem:
        return Failed(str(problem))
    except Unanswered as problem:
        return unanswered(problem)
    if refused := refusal(reply, datetime.now(UTC)):
        return refused
    try:
        return _sent(room, str(json.loads(reply.body)["event_id"]))
    except (ValueError, KeyError, TypeError):
        return Unknown("The server took it, but did not say under which name: it may have gone out.")


def _sent(room: str, event: str) -> Sent:
    return Sent(f"https://matrix.to/#/{room}/{event}", external_id(room, event))


def _uploaded(settings: MatrixSettings, file: Attachment) -> dict[str, Any]:
    """A file, ready to be shown."""
    asked = urlencode({"filename": file.name})
    body = Body(file.body, file.content_type or "application/octet-stream")
    reply = settings.api.call("POST", f"/_matrix/media/v3/upload?{asked}", body=body)
    if reply.status in (401, 403):
        raise LoginRefused(f"{settings.api.base} does not let us upload “{file.name}”")
    if reply.status != 200:
        raise Unreachable(f"“{file.name}” could not be handed over: {reply.status}")
    kind = next((one for one in ("image", "video", "audio") if file.content_type.startswith(f"{one}/")), "file")
    about = {"mimetype": file.content_type, "size": len(file.body)}
    return {
        "msgtype": f"m.{kind}", "body": file.name, "filename": file.name, "info": about,
        "url": str(content(reply)["content_uri"]), "m.mentions": {},
    }  # fmt: skip
