"""What a call does not say: who somebody is, what their files hold, what stands in a mention."""

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from armature.crm.channels import brought
from armature.crm.channels.lines import with_files
from armature.crm.channels.meta.settings import MetaSettings
from armature.crm.channels.port import Attachment, Cursor, Envelope, Unreachable
from armature.crm.channels.reading import clean

FILES = ("image", "video", "audio", "file")
MOST_FILES = 10
MOST_NAMES = 20_000


class Names:
    """Who somebody is, by account and number, so that nobody is asked about twice while this worker runs.

    It stands in no cursor: that is read with every case of its channel, and written with every message.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[int, str], str] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, settings: MetaSettings, who: str) -> str:
        """Their name; empty when it cannot be had now."""
        key = settings.graph.api.account.id, who
        with self._lock:
            if known := self._known.get(key):
                self._known.move_to_end(key)
                return known
        name = _name(settings, who)
        with self._lock:
            if name:
                self._known[key] = name
            while len(self._known) > MOST_NAMES:
                self._known.popitem(last=False)
        return name

    def forget(self) -> None:
        """All of them."""
        with self._lock:
            self._known.clear()


NAMES = Names()


def look(settings: MetaSettings, cursor: Cursor, asked: Envelope) -> tuple[list[Envelope], Cursor]:
    """See ``Looks.look``. A name that cannot be had holds nothing up."""

    def fetch(given: dict[str, Any]) -> Mapping[str, Any]:
        if "mention" in given:
            return {**given, "found": _mention(settings, given["mention"])}
        if "messaging" not in given:
            return given
        given["name"] = NAMES.of(settings, str(given["messaging"]["sender"]["id"]))
        return with_files(given, _files(settings, given["messaging"].get("message") or {}))

    return [brought.bring(asked, fetch)], cursor


def is_file(attachment: Mapping[str, Any]) -> bool:
    """Whether it is a file that can be fetched, and not a card or a link."""
    payload = attachment.get("payload")
    return attachment.get("type") in FILES and isinstance(payload, Mapping) and bool(payload.get("url"))


def _name(settings: MetaSettings, who: str) -> str:
    if not who.isdecimal():
        return ""
    fields = "name,username" if settings.graph.api.account.kind == "instagram" else "name"
    try:
        found = settings.graph.read(who, {"fields": fields})
    except Unreachable:
        return ""
    name, called = clean(found.get("name")), clean(found.get("username"))
    return f"{name} (@{called})"[:200].strip() if called else name[:200]


def _files(settings: MetaSettings, message: Mapping[str, Any]) -> list[Attachment]:
    """The files of a message, from the addresses that it names; they prove themselves, so that no token goes along."""
    files, left = list[Attachment](), brought.MOST
    for one in [one for one in message.get("attachments") or () if is_file(one)][:MOST_FILES]:
        url = str(one["payload"]["url"])
        reply = settings.graph.fetched(url, left, brought.SECONDS, with_token=False)
        left -= len(reply.body)
        kind = clean(reply.headers.get("content-type")).partition(";")[0].strip() or "application/octet-stream"
        name = clean(urlsplit(url).path.rpartition("/")[2])[:200] or f"{one['type']}.{kind.rpartition('/')[2]}"
        files.append(Attachment(name, kind, reply.body))
    return files


def _mention(settings: MetaSettings, given: Mapping[str, Any]) -> Any:
    """What stands where we were named."""
    number = str(given.get("comment_id") or given["media_id"])
    if not number.isdecimal():
        raise brought.NotThere("it has no number")
    in_comment = bool(given.get("comment_id"))
    what = "mentioned_comment.comment_id" if in_comment else "mentioned_media.media_id"
    fields = "id,text,timestamp,username" if in_comment else "id,caption,timestamp,username,permalink"
    found = settings.graph.read(settings.me, {"fields": f"{what}({number}){{{fields}}}"})
    there = found.get(what.partition(".")[0])
    if not isinstance(there, Mapping):
        raise brought.NotThere("Instagram does not show where we were named")
    return json.loads(json.dumps(there))
