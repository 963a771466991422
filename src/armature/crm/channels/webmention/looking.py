"""Being told that a page speaks of ours, and looking whether it does: the call is believed in nothing."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from armature.crm.channels import http
from armature.crm.channels.addresses import Barred
from armature.crm.channels.http import Unanswered
from armature.crm.channels.port import Account, Answer, Cursor, Envelope, Request, Unreachable
from armature.crm.channels.webmention.parsing import is_a_page, what_it_says
from armature.crm.channels.webmention.settings import WebmentionSettings, is_page

MOST = 1_000_000
"""Bytes of a page."""
REDIRECTS = 5
SECONDS = 10.0
ACCEPT = "text/html, application/xhtml+xml, text/plain;q=0.5"
MOST_KNOWN = 2000
GONE = (404, 410)
FORM = "application/x-www-form-urlencoded"
HERE = b"This takes Webmentions: POST source and target here.\n"


def received(settings: WebmentionSettings, request: Request) -> Answer:
    """Keep where to look, when it can be one of our pages that is spoken of; nobody is called meanwhile."""
    if request.method != "POST":
        return Answer(body=HERE)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        return _refused(f"send source and target as {FORM}")
    try:
        fields = parse_qs(request.body.decode(), max_num_fields=20)
    except ValueError:
        return _refused("the form cannot be read")
    source, target = (next(iter(fields.get(name, ())), "") for name in ("source", "target"))
    for name, url in (("source", source), ("target", target)):
        if not is_page(url):
            return _refused(f"{name} is missing, or no address of a page that begins with https:// or http://")
    if source == target:
        return _refused("source and target are the same page")
    if not settings.is_ours(target):
        return _refused("target is none of our pages")
    number, minute = mention(source, target), int(request.received_at.timestamp()) // 60
    body = json.dumps({"source": source, "target": target}).encode()
    asked = Envelope(f"asked:{number}:{minute}", body, "application/json", request.received_at)
    return Answer(asked=(asked,), body=b"Thank you: we look at it soon.\n", status=202)


def looked(account: Account, cursor: Cursor, asked: Envelope) -> tuple[list[Envelope], Cursor]:
    """What the page says now; what it said before is known by the cursor."""
    given = json.loads(asked.body)
    source, target = str(given["source"]), str(given["target"])
    number, known = mention(source, target), dict(cursor.get("known", {}))
    try:
        said = _fetched(account, source, target)
    except Barred:
        return [], cursor
    before = known.pop(number, None)
    if said is None:
        gone = _envelope("deleted", number, {}) if before is not None else None
        return [gone] if gone else [], {"known": known}
    words = hashlib.blake2b(json.dumps(said, sort_keys=True).encode(), digest_size=8).hexdigest()
    after = {"known": dict([*known.items(), (number, words)][-MOST_KNOWN:])}
    if before == words:
        return [], after
    what = "created" if before is None else "edited"
    return [_envelope(what, number, {"said": said, "source": source, "target": target})], after


def mention(source: str, target: str) -> str:
    """What we call it: one page that speaks of one of ours is one mention, however often we are told."""
    return hashlib.blake2b(f"{source}\0{target}".encode(), digest_size=16).hexdigest()


def _fetched(account: Account, source: str, target: str) -> dict[str, str] | None:
    """What the page says of ours; None when it is gone or links to us no more.

    Every page stands on a server of its own, so that the trouble of one is counted against no other.
    """
    account.budget.spend()
    try:
        reply = http.call("GET", source, headers={"accept": ACCEPT}, seconds=SECONDS, most=MOST, redirects=REDIRECTS)
    except Unanswered as problem:
        raise Unreachable(str(problem)) from problem
    if reply.status in GONE:
        return None
    if reply.status != 200:
        raise Unreachable(f"{source[:200]} answers {reply.status}")
    kind = reply.headers.get("content-type", "")
    if not is_a_page(kind):  # it says nothing of whether the page still links to us
        raise Unreachable(f"{source[:200]} answers with {kind[:80] or 'something that it does not name'}, and no page")
    found = what_it_says(reply.body, kind, reply.url, target)
    return found.kept() if found else None


def _refused(words: str) -> Answer:
    return Answer(body=f"{words}\n".encode(), status=400)


def _envelope(what: str, number: str, given: dict[str, Any]) -> Envelope:
    now = datetime.now(UTC)
    stamp = "" if what == "created" else f":{now.timestamp():.0f}"
    body = json.dumps({"what": what, "mention": number, **given}, ensure_ascii=False).encode()
    return Envelope(f"{what}:{number}{stamp}", body, "application/json", now)
