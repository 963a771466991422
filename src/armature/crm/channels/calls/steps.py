"""One step of a call, as a phone system says it, to events."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation.trans_null import gettext_noop as _

from armature.arm.call import RESULTS, STEPS
from armature.crm.channels.lines import moment, text_of
from armature.crm.channels.numbers import NETWORK, WITHHELD, NoNumber, e164
from armature.crm.channels.port import Account, CallStep, Created, Event

WAYS = ("in", "out")
SAYS = {
    "answered": "Call, answered", "missed": "Missed call", "busy": "Call, line busy", "failed": "Call, failed",
    "voicemail": "Call, voicemail left",
}  # fmt: skip
"""What stands as the words of a call that has no note."""
OURS_SAY = {
    "answered": "We called, answered", "missed": "We called, nobody answered", "busy": "We called, line busy",
    "failed": "We called, it failed", "voicemail": "We called, voicemail left",
}  # fmt: skip
"""And of one that we made."""
_SPOKEN = _("spoken with on the phone")


def events(account: Account, line: Mapping[str, Any], received_at: datetime, *, listed: bool = False) -> list[Event]:
    """What a step says; a call that is over is also an interaction. Raises ``ValueError`` naming the field.

    One that was ``listed`` may be years old: if we made it, it reaches nobody now, so that no work begins with it.
    """
    name = text_of(line, "call_id", needed=True)
    if not name or len(name) > 200:
        raise ValueError('the field "call_id" must be a text of 1 to 200 letters')
    step = text_of(line, "event", needed=True)
    if step not in STEPS:
        raise ValueError(f'the field "event" must be one of {", ".join(STEPS)}, not {json.dumps(step)[:60]}')
    at = moment(line.get("at", line.get("occurred_at")), received_at)
    found: list[Event] = [CallStep(name, step, at, _known(line))]
    if step != "end":
        return found
    for earlier, field in (("start", "started_at"), ("answer", "answered_at")):
        if line.get(field):
            found.append(CallStep(name, earlier, moment(line[field], at)))
    ended = _ended(account, line, name, at)
    return [replace(ended, reaches=ended.reaches and not listed), *found]


def _known(line: Mapping[str, Any]) -> dict[str, str]:
    known = {name: text_of(line, name)[:2000] for name in ("agent", "result", "recording", "disposition", "note")}
    if known["recording"] and not re.match(r"https?://[^\s\x00]+$", known["recording"]):
        raise ValueError('the field "recording" must be an address that begins with https://')
    talked = line.get("talked")
    if talked is not None and (isinstance(talked, bool) or not isinstance(talked, int) or not 0 <= talked < 10**6):
        raise ValueError(f'the field "talked" must be a number of seconds, not {json.dumps(talked)[:60]}')
    known["talked"] = "" if talked is None else str(talked)
    return {name: value for name, value in known.items() if value}


def _ended(account: Account, line: Mapping[str, Any], name: str, at: datetime) -> Created:
    way, result = _one_of(line, "direction", WAYS), _one_of(line, "result", RESULTS)
    author = _other_side(text_of(line, "from" if way == "in" else "to"), str(account.settings.get("country", "")))
    note, says = text_of(line, "note"), (SAYS if way == "in" else OURS_SAY)[result]
    return Created(
        external_id=name,
        author=author or f"call {name}",
        author_name=text_of(line, "name"),
        occurred_at=moment(line.get("started_at"), at),
        text=f"{says}: {note}" if note else says,
        network=NETWORK if author else "none",
        talk=author,
        kind="call",
        automatic=_SPOKEN if way == "in" and result == "answered" else "",
        own=way == "out",
        reaches=way == "out" and author.startswith("+"),
    )


def _one_of(line: Mapping[str, Any], field: str, allowed: tuple[str, ...]) -> str:
    value = text_of(line, field, needed=True)
    if value not in allowed:
        raise ValueError(f'the field "{field}" must be one of {", ".join(allowed)}, not {json.dumps(value)[:60]}')
    return value


def _other_side(typed: str, country: str) -> str:
    """Their number; empty when they do not show it. An extension inside stays as it is."""
    if typed.strip().casefold() in WITHHELD:
        return ""
    try:
        return e164(typed, country)
    except NoNumber:
        if re.fullmatch(r"[0-9*#]{1,6}", typed.strip()):
            return typed.strip()
        raise
