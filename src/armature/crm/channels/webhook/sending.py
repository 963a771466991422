"""Our answers, as signed calls."""

import json
from datetime import UTC, datetime
from typing import Any

from armature.crm.channels.addresses import Barred
from armature.crm.channels.api import Api, Body, as_json, refusal, said, unanswered
from armature.crm.channels.http import Reply, Unanswered
from armature.crm.channels.port import Failed, LoginRefused, Outcome, Outgoing, Sent, Unknown, Unreachable
from armature.crm.channels.signatures import sign_webhook


def send(api: Api, secret: str, outgoing: Outgoing, now: datetime) -> Outcome:
    """Hand it over once; its id is the same whenever it is tried again."""
    if outgoing.attachments:
        return Failed("A webhook carries no files: remove them.")
    try:
        reply = _called(api, secret, outgoing.external_id, as_json(_words(outgoing, now)), now)
    except Barred as problem:
        return Failed(str(problem))
    except Unanswered as problem:
        return unanswered(problem)
    if refused := refusal(reply, now):
        return refused
    return _named(reply, outgoing.external_id)


def _words(outgoing: Outgoing, now: datetime) -> dict[str, Any]:
    return {
        "type": "response", "timestamp": now.isoformat(), "external_id": outgoing.external_id,
        "to": list(outgoing.recipients), "text": outgoing.text, "subject": outgoing.subject,
        "public": outgoing.public, "in_reply_to": outgoing.in_reply_to, "conversation": outgoing.thread,
        "author_name": outgoing.author_name,
    }  # fmt: skip


def _named(reply: Reply, external_id: str) -> Sent | Unknown:
    """What the other side calls it, where it says so: a JSON object with ``id``, and ``external_id`` as it will speak
    of it to us. One with an ``error`` says under a good status that something went wrong.
    """
    try:
        found = json.loads(reply.body)
        if found.get("error"):
            return Unknown(f"It was taken with an error, so it may have gone out: {said(reply)}")
        return Sent(str(found.get("id") or external_id)[:300], str(found.get("external_id") or "")[:300])
    except (ValueError, AttributeError, RecursionError):
        return Sent(external_id)


def probe(api: Api, secret: str) -> str:
    """Whether the other side takes a signed call."""
    now = datetime.now(UTC)
    try:
        reply = _called(api, secret, f"probe-{int(now.timestamp())}", as_json({"type": "probe"}), now)
    except (Barred, Unanswered) as problem:
        raise Unreachable(str(problem)) from problem
    if reply.status in (401, 403):
        raise LoginRefused(f"{api.base} refuses our signature: {said(reply)}. Enter the same secret on both sides.")
    if not 200 <= reply.status < 300:
        raise Unreachable(f"{api.base} does not take a signed call: {said(reply)}")
    return f"{api.base} takes signed calls."


def _called(api: Api, secret: str, name: str, body: Body, now: datetime) -> Reply:
    return api.call("POST", "", body=body, headers=sign_webhook(secret, name, body.content, now))
