"""Saying something there: files first, then the post, under a key that real Mastodon knows again."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from armature.crm.channels.addresses import Barred
from armature.crm.channels.api import as_form, content, refusal, unanswered, with_file
from armature.crm.channels.html import html_to_text
from armature.crm.channels.http import Unanswered
from armature.crm.channels.mastodon.reading import me_of
from armature.crm.channels.mastodon.settings import MastodonSettings
from armature.crm.channels.mastodon.statuses import moment, stable
from armature.crm.channels.port import Attachment, Failed, Outcome, Outgoing, Sent, Unknown, Unreachable

MOST_FILES = 4
FILE_SECONDS = 20
"""How long a server may take to make a picture ready."""
RECENT = timedelta(hours=1)
"""Only what is younger can be what we just said."""


def send(settings: MastodonSettings, outgoing: Outgoing) -> Outcome:
    """Hand it over once."""
    if len(outgoing.attachments) > MOST_FILES:
        return Failed(f"A post takes {MOST_FILES} files at most: remove some.")
    if len(words(outgoing)) > settings.most_characters:
        return Failed(f"A post takes {settings.most_characters} characters, with the names in front: shorten it.")
    files: list[str] = []
    for one in outgoing.attachments:
        uploaded = _upload(settings, one)
        if isinstance(uploaded, Failed):
            return uploaded
        files.append(uploaded)
    fields: dict[str, Any] = {"status": words(outgoing), "visibility": visibility(settings, outgoing)}
    fields |= {"in_reply_to_id": outgoing.in_reply_to} if outgoing.in_reply_to else {}
    fields |= {"media_ids[]": files} if files else {}
    key = {"idempotency-key": outgoing.external_id}
    try:
        reply = settings.api.call("POST", "/api/v1/statuses", body=as_form(fields), headers=key)
    except Barred as problem:
        return Failed(str(problem))
    except Unanswered as problem:
        return unanswered(problem)
    if refused := refusal(reply, datetime.now(UTC)):
        return refused
    try:
        made = json.loads(reply.body)
        return Sent(str(made.get("url") or made["id"]), stable(made["id"]))
    except (ValueError, KeyError, AttributeError):
        return Unknown("The server took it, but did not say under which name: it may have gone out.")


def find(settings: MastodonSettings, outgoing: Outgoing) -> Sent | None:
    """Our own latest posts, and what we said where this was to stand: is it among them?"""
    api = settings.api
    me = me_of(api)
    said = list(api.read(f"/api/v1/accounts/{me['id']}/statuses", {"limit": 40}) or [])
    if outgoing.in_reply_to:
        around = api.read(f"/api/v1/statuses/{outgoing.in_reply_to}/context", gone=(404, 410)) or {}
        said += [one for one in around.get("descendants") or [] if one["account"]["id"] == me["id"]]
    for one in said:
        if one and _is_it(one, settings, outgoing):
            return Sent(str(one.get("url") or one["id"]), stable(one["id"]))
    return None


def words(outgoing: Outgoing) -> str:
    """What is posted: whom it is for comes first, or they would not hear of it."""
    named = [f"@{one}" for one in outgoing.recipients if f"@{one}".casefold() not in outgoing.text.casefold()]
    return " ".join([*named, outgoing.text])


def visibility(settings: MastodonSettings, outgoing: Outgoing) -> str:
    """Who may read it."""
    return settings.public_as if outgoing.public else "direct"


def _is_it(status: dict[str, Any], settings: MastodonSettings, outgoing: Outgoing) -> bool:
    if datetime.now(UTC) - moment(status["created_at"]) > RECENT:
        return False
    same_place = stable(status.get("in_reply_to_id") or "") == stable(outgoing.in_reply_to or "")
    public = status.get("visibility") in ("public", "unlisted")
    ours = words(outgoing)  # and as it looks where a server takes our signs for markup
    same_words = _bare(html_to_text(status.get("content") or "")) in (_bare(ours), _bare(html_to_text(ours)))
    return same_place and public == outgoing.public and same_words


def _bare(text: str) -> str:
    """Letters and digits alone: servers lay out lines, links and mentions in their own way."""
    shown = (word.rpartition("@")[0] if word.startswith("@") and word.count("@") > 1 else word for word in text.split())
    return "".join(letter for word in shown for letter in word.casefold() if letter.isalnum())


def _upload(settings: MastodonSettings, file: Attachment) -> str | Failed:
    """A file, ready to be posted. Nothing was said yet, so whatever goes wrong may be tried again."""
    api, body = settings.api, with_file("file", file, {"description": file.name})
    try:
        reply = api.call("POST", "/api/v2/media", body=body)
        if reply.status == 404:
            reply = api.call("POST", "/api/v1/media", body=body)
        if refused := refusal(reply, datetime.now(UTC)):
            return refused if isinstance(refused, Failed) else Failed(refused.reason, retryable=True, after=60)
        number, until = str(content(reply)["id"]), time.monotonic() + FILE_SECONDS
        while reply.status in (202, 206):
            if time.monotonic() > until:
                return Failed(f"The server did not make “{file.name}” ready in time.", retryable=True, after=60)
            time.sleep(1)
            reply = api.call("GET", f"/api/v1/media/{number}")
    except Barred as problem:
        return Failed(str(problem))
    except (Unanswered, Unreachable, KeyError, TypeError) as problem:
        return Failed(f"“{file.name}” could not be handed over: {problem}", retryable=True, after=60)
    return number
