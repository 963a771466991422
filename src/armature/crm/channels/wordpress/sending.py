"""Answering under a comment. Each answer names its key as the program that wrote it, and so is known again."""

import html
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from armature.crm.channels.addresses import Barred
from armature.crm.channels.api import refusal, unanswered
from armature.crm.channels.http import Reply, Unanswered
from armature.crm.channels.port import LOGIN, Failed, LoginRefused, Outcome, Outgoing, Sent, Unknown, Unreachable
from armature.crm.channels.wordpress.reading import COMMENTS, me_of
from armature.crm.channels.wordpress.settings import WordPressSettings

LATER = 60


def send(settings: WordPressSettings, outgoing: Outgoing) -> Outcome:
    """Hand it over once."""
    above: Any = None
    try:
        if outgoing.in_reply_to:
            above = settings.read(f"{COMMENTS}/{outgoing.in_reply_to}", {}, gone=(404,))
    except LoginRefused as problem:
        return Failed(str(problem), cause=LOGIN)
    except Unreachable as problem:
        return Failed(str(problem), retryable=True, after=LATER)
    if words := _unanswerable(above):
        return Failed(words)
    given = {
        "post": above["post"], "parent": above["id"], "content": html.escape(outgoing.text, quote=False),
        "author_user_agent": agent(outgoing),
    }  # fmt: skip
    try:
        reply = settings.write(COMMENTS, given)
    except Barred as problem:
        return Failed(str(problem))
    except Unanswered as problem:
        return unanswered(problem)
    if reply.status == 409:
        return _twin(settings, outgoing, reply)
    return refusal(reply, datetime.now(UTC)) or _sent(reply)


def find(settings: WordPressSettings, outgoing: Outgoing) -> Sent | None:
    """What we said under that comment, by the key that it carries."""
    asked = {"author": me_of(settings)["id"], "parent": outgoing.in_reply_to, "status": "all", "per_page": 100}
    for one in settings.read(COMMENTS, asked) or []:
        if isinstance(one, Mapping) and one.get("author_user_agent") == agent(outgoing):
            return Sent(str(one.get("link") or one["id"]), str(one["id"]))
    return None


def agent(outgoing: Outgoing) -> str:
    """The program that a comment says it was written with."""
    return f"Armature {outgoing.external_id}"


def _unanswerable(above: Any) -> str:
    """Why nothing can stand under a comment now; empty when it can."""
    if not isinstance(above, Mapping) or above.get("status") in ("trash", "spam"):
        return "The comment that this answers is no longer on the site."
    if above.get("status") == "hold":
        return "The comment that this answers waits for moderation on the site: let it through there, then send."
    return ""


def _twin(settings: WordPressSettings, outgoing: Outgoing, reply: Reply) -> Outcome:
    """The same words stand there already: because this went out before, or because another answer had them."""
    try:
        found = find(settings, outgoing)
    except Unreachable as problem:
        return Unknown(f"The site says that these words stand there already, but not where: {problem}")
    return found or Failed("The same words stand under this comment already: the site takes no comment twice.")


def _sent(reply: Reply) -> Outcome:
    try:
        made = json.loads(reply.body)
        return Sent(str(made.get("link") or made["id"]), str(made["id"]))
    except (ValueError, KeyError, AttributeError):
        return Unknown("The site took it, but did not say under which number: it may have gone out.")
