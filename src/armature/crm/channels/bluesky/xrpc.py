"""Calls of the interface: each with the log-in that is good now, renewed once when it is no longer."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from armature.crm.channels.addresses import Barred
from armature.crm.channels.api import SPARED, Body, content, said
from armature.crm.channels.bluesky.sessions import error_of, is_refused, session
from armature.crm.channels.bluesky.settings import BlueskySettings
from armature.crm.channels.http import Reply, Unanswered
from armature.crm.channels.port import LoginRefused, Unreachable

ANSWER = 5_000_000
"""Bytes of one answer: a hundred posts with all that hangs on them."""
STALE = ("ExpiredToken", "InvalidToken", "AuthMissing")


def ask(
    settings: BlueskySettings, method: str, query: Mapping[str, Any] | None = None, *, missing: Sequence[str] = ()
) -> dict[str, Any] | None:
    """What a method answers; None where it names the fault with one of ``missing``. Raises ``Unreachable``."""
    asked = f"{method}?{urlencode(query, doseq=True)}" if query else method
    try:
        reply = call(settings, "GET", asked, spare=SPARED)
    except (Barred, Unanswered) as problem:
        raise Unreachable(str(problem)) from problem
    if reply.status >= 400 and error_of(reply) in missing:
        return None
    base = settings.api.base
    if is_refused(reply):
        raise LoginRefused(f"{base} refuses our key: {said(reply)}. Make a new app password, and enter it.")
    if reply.status != 200:
        raise Unreachable(f"{base} cannot be read: {said(reply)}")
    found = content(reply)
    if not isinstance(found, dict):
        raise Unreachable(f"{base} does not answer {method} as it should")
    return found


def listed(found: Mapping[str, Any] | None, name: str) -> list[Any]:
    """The objects in a list of an answer; raises ``Unreachable`` when there is no such list."""
    given = found.get(name) if found else None
    if not isinstance(given, list):
        raise Unreachable(f"the server's answer lacks its {name}")
    return [one for one in given if isinstance(one, Mapping)]


def call(settings: BlueskySettings, verb: str, asked: str, *, body: Body = Body.NOTHING, spare: int = 0) -> Reply:
    """One call. What a stale key is refused was not done, so it is asked once more with a fresh one.

    Raises ``Barred`` and ``Unanswered`` of the call itself, ``Unreachable`` where we cannot log in.
    """
    current = session(settings)
    reply = _call(settings, verb, asked, body, current.access, spare)
    if reply.status in (400, 401) and error_of(reply) in STALE:
        reply = _call(settings, verb, asked, body, session(settings, stale=current).access, spare)
    return reply


def _call(settings: BlueskySettings, verb: str, asked: str, body: Body, access: str, spare: int) -> Reply:
    key = {"authorization": f"Bearer {access}"}
    return settings.api.call(verb, f"/xrpc/{asked}", body=body, headers=key, spare=spare, most=ANSWER)
