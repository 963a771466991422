"""Calls of the bot's interface, and what its answers mean. The token stands in the path, so no path is ever shown."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from armature.crm.channels import http
from armature.crm.channels.addresses import Barred
from armature.crm.channels.api import SPARED, Body, as_json, refusal, said, unanswered
from armature.crm.channels.brought import NotThere
from armature.crm.channels.http import Reply, Unanswered
from armature.crm.channels.port import LOGIN, Failed, LoginRefused, Outcome, Sent, Unknown, Unreachable
from armature.crm.channels.rates import LONGEST, Limits
from armature.crm.channels.telegram.settings import TelegramSettings

NO_BOT = (401, 404)
"""A token that was taken back, and one that never was."""


def ask(settings: TelegramSettings, method: str, given: Mapping[str, Any] | None = None) -> Any:
    """What a method answers; raises ``Unreachable``: as ``LoginRefused``, or as ``NotThere`` where it is refused."""
    try:
        reply = _call(settings, method, as_json(given or {}), spare=SPARED)
    except (Barred, Unanswered) as problem:
        raise Unreachable(str(problem)) from problem
    if reply.status in NO_BOT:
        raise LoginRefused(
            f"Telegram refuses the token of the bot: {said(reply)}. Ask @BotFather for it, and enter it."
        )
    found = _content(reply)
    if reply.status == 400:
        raise NotThere(f"Telegram refuses {method}: {said(reply)}")
    if reply.status != 200 or found.get("ok") is not True:
        raise Unreachable(f"Telegram does not answer {method} as it should: {said(reply)}")
    return found.get("result")


def say(settings: TelegramSettings, method: str, body: Body) -> Outcome:
    """Hand something over once; a method that sends is never repeated by itself."""
    try:
        reply = _call(settings, method, body)
    except Barred as problem:
        return Failed(str(problem))
    except Unanswered as problem:
        return unanswered(problem)
    if reply.status in NO_BOT:
        return Failed(f"Telegram refuses the token of the bot: {said(reply)}", cause=LOGIN)
    if reply.status == 429 and (wait := _asked_to_wait(reply)):
        settings.api.account.budget.told(Limits(stay_away=wait))
        return Failed(f"Telegram asks us to be slower: {said(reply)}", retryable=True, after=round(wait))
    return refusal(reply, datetime.now(UTC)) or _named(reply)


def fetched(settings: TelegramSettings, path: str, most: int, seconds: float) -> bytes:
    """The bytes of a file that ``getFile`` named; raises ``Unreachable``."""
    settings.api.account.budget.spend(SPARED)
    url = f"{settings.api.base}/file/bot{settings.token}/{quote(path, errors='replace')}"
    try:
        reply = http.call("GET", url, seconds=seconds, most=most)
    except Barred:  # its words may hold the beginning of the address, and so of the token
        raise NotThere("the place that Telegram names for the file is none that we call") from None
    except Unanswered as problem:
        raise Unreachable(str(problem)) from None
    if reply.status != 200:
        raise NotThere(f"Telegram does not give the file: {reply.status}")
    return reply.body


def _call(settings: TelegramSettings, method: str, body: Body, spare: int = 0) -> Reply:
    return settings.api.call("POST", f"/bot{settings.token}/{method}", body=body, spare=spare)


def _content(reply: Reply) -> Mapping[str, Any]:
    try:
        found = json.loads(reply.body)
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, Mapping) else {}


def _asked_to_wait(reply: Reply) -> float:
    """Seconds that the body asks for; 0 when it does not say."""
    given = _content(reply).get("parameters")
    seconds = given.get("retry_after") if isinstance(given, Mapping) else None
    return min(float(seconds), LONGEST) if isinstance(seconds, int) and seconds > 0 else 0.0


def _named(reply: Reply) -> Outcome:
    """The message it became; of several the last, which carries the words."""
    result = _content(reply).get("result")
    last: Any = result[-1] if isinstance(result, list) and result else result
    try:
        chat, number = int(last["chat"]["id"]), int(last["message_id"])
    except (KeyError, TypeError, ValueError):
        return Unknown("Telegram took it, but did not say under which name: it may have gone out.")
    return Sent(str(number), f"{chat}/{number}")
