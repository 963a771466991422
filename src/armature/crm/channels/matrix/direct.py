"""The room that we share with one person: found again, or made when there is none."""

from collections.abc import Mapping
from typing import Any

from armature.crm.channels.addresses import Barred
from armature.crm.channels.api import as_json, content, said
from armature.crm.channels.http import Unanswered
from armature.crm.channels.matrix.rooms import OPEN
from armature.crm.channels.matrix.settings import BASE, MatrixSettings, part
from armature.crm.channels.port import Unreachable

MOST_LOOKED = 10
"""Rooms that we share with one person and look into, the latest first."""


def room_with(settings: MatrixSettings, person: str, near: str) -> str:
    """A room that only this person and we read, and that is not encrypted; empty when there is none.

    ``near`` is the room in which they spoke last: that one, if it is such a room.
    """
    listed = _listed(settings).get(person, [])[-MOST_LOOKED:]
    for room in dict.fromkeys(filter(None, (near, *reversed(listed)))):
        if _only_ours(settings, room, person) and not is_sealed(settings, room):
            return room
    return ""


def _only_ours(settings: MatrixSettings, room: str, person: str) -> bool:
    rules = settings.read(f"/rooms/{part(room)}/state/m.room.join_rules", gone=(403, 404)) or {}
    if rules.get("join_rule") in OPEN:
        return False
    joined = settings.read(f"/rooms/{part(room)}/joined_members", gone=(403, 404)) or {}
    there = set(joined.get("joined") or ())
    invited = there == {settings.me} and _membership(settings, room, person) == "invite"
    return there == {settings.me, person} or invited


def make_room(settings: MatrixSettings, person: str) -> str:
    """A new one, to which they are invited; raises ``Unreachable``, ``Barred``, ``Unanswered``."""
    wanted = {"preset": "trusted_private_chat", "is_direct": True, "invite": [person], "visibility": "private"}
    reply = settings.api.call("POST", f"{BASE}/createRoom", body=as_json(wanted))
    if reply.status != 200:
        raise Unreachable(f"No room could be made for {person}: {said(reply)}")
    room = str(content(reply)["room_id"])
    remember(settings, person, room)
    return room


def remember(settings: MatrixSettings, person: str, room: str) -> None:
    """Note that a room is for us and this person alone, where every program of this account finds it."""
    listed = _listed(settings)
    if room in listed.get(person, []):
        return
    listed[person] = [*listed.get(person, []), room]
    try:
        settings.api.call("PUT", f"{BASE}{_note(settings)}", body=as_json(listed))
    except (Barred, Unanswered) as problem:
        raise Unreachable(str(problem)) from problem


def is_sealed(settings: MatrixSettings, room: str) -> bool:
    """Whether a room is encrypted."""
    return settings.read(f"/rooms/{part(room)}/state/m.room.encryption", gone=(403, 404)) is not None


def _listed(settings: MatrixSettings) -> dict[str, list[str]]:
    found: Any = settings.read(_note(settings), gone=(404,)) or {}
    return {str(one): [str(each) for each in rooms] for one, rooms in found.items() if isinstance(rooms, list)}


def _note(settings: MatrixSettings) -> str:
    return f"/user/{part(settings.me)}/account_data/m.direct"


def _membership(settings: MatrixSettings, room: str, person: str) -> str:
    found = settings.read(f"/rooms/{part(room)}/state/m.room.member/{part(person)}", gone=(403, 404))
    return str(found.get("membership") or "") if isinstance(found, Mapping) else ""
