"""Looking for what is new: one look brings all rooms; what is missing in a room is read from its history."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from armature.crm.channels.addresses import Barred
from armature.crm.channels.http import Unanswered
from armature.crm.channels.matrix import direct
from armature.crm.channels.matrix.hearing import Hearing
from armature.crm.channels.matrix.rooms import MESSAGE, REDACTION, SEALED, STATE, Given, Room, events
from armature.crm.channels.matrix.settings import ANSWER, BASE, MatrixSettings, part
from armature.crm.channels.port import Cursor, Envelope, Unreachable

PAGE = 100
MOST_PAGES = 50
"""Of the history of one room at one look."""
SAID = (MESSAGE, SEALED, REDACTION)


def batches(settings: MatrixSettings, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
    """See ``Kind.fetch``. The cursor holds the server's token, the rooms, the threads we are in, what was heard."""
    while True:
        found = _look(settings, str(cursor.get("since", "")), 0)
        hearing = Hearing.of(cursor, settings)
        if settings.join:
            _join(settings, found)
        envelopes = list[Envelope]()
        for name, room in _rooms(found, "join"):
            fresh = name not in hearing.rooms
            known = hearing.rooms.setdefault(name, Room())
            known.told(room)
            if "since" in cursor:
                timeline = room.get("timeline") or {}
                earlier = [] if fresh else _missed(settings, name, timeline, cursor["since"])
                envelopes += hearing.listen(name, [*earlier, *events(timeline)], events(room.get("state")))
        for name, _room in _rooms(found, "leave"):
            hearing.rooms.pop(name, None)
        before, cursor = cursor, {**hearing.kept(), "since": str(found["next_batch"])}
        for start in range(0, max(len(envelopes), 1), limit):  # only the last part of a look makes it read
            yield envelopes[start : start + limit], cursor if start + limit >= len(envelopes) else before
        if not envelopes or "since" not in before:
            return


def wait(settings: MatrixSettings, cursor: Cursor, seconds: float) -> bool:
    """Until the server has something, or the time is over."""
    found = _look(settings.patient(seconds), str(cursor.get("since", "")), int(seconds * 1000))
    return bool(_rooms(found, "join") or _rooms(found, "invite"))


def _look(settings: MatrixSettings, since: str, milliseconds: int) -> Given:
    state = {"types": [*STATE], "lazy_load_members": True, "include_redundant_members": True}
    nothing: dict[str, Any] = {"types": []}
    wanted = {
        "presence": nothing, "account_data": nothing,
        "room": {
            "timeline": {"limit": PAGE, "types": [*SAID, *STATE], "lazy_load_members": True},
            "state": state, "ephemeral": nothing, "account_data": nothing,
        },
    }  # fmt: skip
    asked = {"filter": json.dumps(wanted), "timeout": milliseconds, "set_presence": "offline"}
    found = settings.read("/sync", {**asked, **({"since": since} if since else {})})
    if not isinstance(found, dict) or not found.get("next_batch"):
        raise Unreachable(f"{settings.api.base} does not answer as a Matrix server")
    return found


def _rooms(found: Given, which: str) -> list[tuple[str, Given]]:
    listed = (found.get("rooms") or {}).get(which) or {}
    return [(name, room) for name, room in sorted(listed.items()) if isinstance(room, dict)]


def _join(settings: MatrixSettings, found: Given) -> None:
    """Go where we are invited. One that cannot be entered is left alone: it comes again with the next look."""
    for name, room in _rooms(found, "invite"):
        for event in events(room.get("invite_state")):
            if event.get("state_key") == settings.me and (event.get("content") or {}).get("is_direct"):
                direct.remember(settings, str(event.get("sender")), name)
        with suppress(Barred, Unanswered):
            settings.api.call("POST", f"{BASE}/join/{part(name)}", most=ANSWER)


def _missed(settings: MatrixSettings, name: str, timeline: Given, since: str) -> list[Given]:
    """What was said in a room between two looks and is too much for one of them, oldest first."""
    at, missed = timeline.get("prev_batch"), list[Given]()
    if not timeline.get("limited"):
        return missed
    kinds = json.dumps({"types": [*SAID]})
    for _page in range(MOST_PAGES):
        asked = {"dir": "b", "from": at, "to": since, "limit": PAGE, "filter": kinds}
        found = settings.read(f"/rooms/{part(name)}/messages", asked, gone=(403, 404)) or {}
        page = [one for one in found.get("chunk") or () if isinstance(one, dict)]
        missed += page
        at = found.get("end")
        if not page or not at:
            break
    return missed[::-1]


def me_of(settings: MatrixSettings) -> str:
    """Who we are there."""
    found = settings.read("/account/whoami")
    return str(found.get("user_id") or "") if isinstance(found, dict) else ""


def recent(settings: MatrixSettings, room: str) -> list[Given]:
    """What was said in a room last, the latest first."""
    asked = urlencode({"dir": "b", "limit": PAGE, "filter": json.dumps({"types": [MESSAGE]})})
    found = settings.read(f"/rooms/{part(room)}/messages?{asked}", gone=(403, 404)) or {}
    return [one for one in found.get("chunk") or () if isinstance(one, dict)]


def moment(event: Given) -> datetime:
    """When an event was said, as the server has it; raises ``ValueError`` for what is no time."""
    try:
        return datetime.fromtimestamp(int(event["origin_server_ts"]) / 1000, UTC)
    except (KeyError, TypeError, OverflowError, OSError) as odd:
        raise ValueError(f"an event without its time: {odd}") from odd
