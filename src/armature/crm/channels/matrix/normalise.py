"""An event as it came, to what was said: pure."""

import json
from typing import Any

from django.utils.translation import gettext_noop

from armature.crm.channels.matrix.reading import moment
from armature.crm.channels.matrix.rooms import Given, answered, content_of, redacted, replaced, thread_of
from armature.crm.channels.matrix.settings import external_id
from armature.crm.channels.port import Account, Created, Deleted, Edited, Envelope, Event

NETWORK = "matrix"
ASIDE = gettext_noop("said to others in this thread")
SEALED = gettext_noop(
    "This room is encrypted, so what was said in it cannot be read here. Read it with a Matrix program, or ask them to "
    "write in a room that is not encrypted."
)
BY_MACHINE = gettext_noop("a notice, as programs send them")


def normalise(account: Account, envelope: Envelope) -> list[Event]:
    """One event of a room; raises ``ValueError`` for what cannot be read."""
    try:
        found = json.loads(envelope.body)
        event, room, what = found["event"], str(found["room"]), found["what"]
        if what == "deleted":
            return [Deleted(external_id(room, redacted(event)), moment(event))]
        if what == "edited":
            changed = external_id(room, replaced(event))
            return [Edited(changed, moment(event), _words(_new(event)), author=str(event["sender"]))]
        return [_created(event, found)]
    except (KeyError, TypeError, AttributeError, RecursionError) as odd:
        raise ValueError(f"the server sent an event that cannot be read: {type(odd).__name__} {odd}") from odd


def _created(event: Given, found: dict[str, Any]) -> Created:
    room, own, sealed = str(found["room"]), event["sender"] == found["me"], found["what"] == "sealed"
    number = replaced(event) or str(event["event_id"])
    before = dict.fromkeys([answered(event), thread_of(event), found["last"]])
    content = _new(event)
    return Created(
        external_id=external_id(room, number),
        author=str(event["sender"]),
        author_name=_clean(found["name"])[:200],
        occurred_at=moment(event),
        text=SEALED if sealed else _words(content),
        network=NETWORK,
        public=bool(found["public"]),
        subject=_clean(found["subject"]),
        html=_clean(content.get("formatted_body")) if content.get("format") == "org.matrix.custom.html" else "",
        references=tuple(external_id(room, one) for one in before if one and one != number),
        automatic="" if own else ASIDE if found["what"] == "aside" else _notice(content),
        warning=SEALED if sealed else "",
        own=own,
    )


def _new(event: Given) -> Given:
    """What it says, or says from now on."""
    found = content_of(event).get("m.new_content")
    return found if replaced(event) and isinstance(found, dict) else content_of(event)


def _words(content: Given) -> str:
    """Its words; of a file its name. What older programs quote before an answer is left out."""
    lines = _clean(content.get("body")).split("\n")
    if isinstance(content.get("m.relates_to"), dict) and content["m.relates_to"].get("m.in_reply_to"):
        while lines and lines[0].startswith("> "):
            lines.pop(0)
    words, kind = "\n".join(lines).strip(), str(content.get("msgtype") or "")
    return f"[{kind.removeprefix('m.')}] {words}" if content.get("url") else words


def _notice(content: Given) -> str:
    """Programs say by this kind of message that nobody should answer."""
    return BY_MACHINE if content.get("msgtype") == "m.notice" else ""


def _clean(given: object) -> str:
    return str(given or "").replace("\x00", "").encode("utf-8", "replace").decode()
