"""What was said before we listened here, brought in from a file: as an envelope, and what comes out of it.

A row of a table, a line or a comment of a ticket is kept as JSON, a mail as it came. Nothing that comes in by itself is
ever taken for this: the key of its envelope begins otherwise, in every kind.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from armature.crm.channels.email import Email
from armature.crm.channels.email.address import is_ours
from armature.crm.channels.port import Account, Created, Edited, Envelope, Event
from armature.crm.channels.reading import from_json

PREFIX = "past:"
SAID, MAIL = "application/vnd.armature.past+json", "message/rfc822; past"
WHY = "brought in from the past"


def is_past(envelope: Envelope) -> bool:
    """Whether it was brought in from a file."""
    return envelope.event_key.startswith(PREFIX) and envelope.content_type.startswith((SAID, MAIL))


def said(line: Mapping[str, Any], at: datetime) -> Envelope:
    """A row as it is kept: ``id`` ``at`` ``who`` ``name`` ``network`` ``own`` ``subject`` ``text`` ``talk`` ..."""
    body = json.dumps(line, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8", "replace")
    again = f"#{hashlib.blake2b(body, digest_size=8).hexdigest()}" if line.get("changed") else ""
    return Envelope(f"{PREFIX}{line['id']}{again}", body, SAID, at)


def mail(account: Account, raw: bytes, ours: Collection[str], at: datetime) -> tuple[Envelope, Created]:
    """A mail as it is kept, and what it says; raises ``ValueError`` for what is no mail of a person or of a machine."""
    found = [one for one in Email().normalise(account, Envelope("", raw, MAIL, at)) if isinstance(one, Created)]
    if not found:
        raise ValueError("it only tells what became of another mail, so there is nothing to keep")
    event = found[0]
    own = any(is_ours(address, event.author) for address in (account.address, *ours) if "@" in address)
    return Envelope(f"{PREFIX}{event.external_id[:250]}", raw, f"{MAIL}; own" if own else MAIL, at), event


def events(account: Account, place: str, envelope: Envelope) -> list[Event]:
    """What is in such an envelope: something said, or its new words after it was brought in once more."""
    if envelope.content_type.startswith(MAIL):
        own = envelope.content_type.endswith("; own")
        raw = replace(envelope, content_type="message/rfc822")
        return [_mail(one, own) for one in Email().normalise(account, raw) if isinstance(one, Created)]
    line = from_json(envelope.body)
    at = datetime.fromisoformat(line["at"])
    if line.get("changed"):
        return [Edited(line["id"], envelope.received_at, line["text"], "", line.get("subject", ""))]
    return [
        Created(
            external_id=line["id"], author=line["who"], author_name=line.get("name", ""), occurred_at=at,
            text=line["text"], network=line.get("network") or place, public=line.get("public", False),
            subject=line.get("subject", ""), language=line.get("language", ""), own=line.get("own", False),
            talk=line.get("talk", ""), automatic=WHY, historic=True,
        )
    ]  # fmt: skip


def _mail(event: Created, own: bool) -> Created:
    """All mails of one thread stand together, in whatever order the file has them."""
    talk = "" if event.thread else f"past:{event.references[-1] if event.references else event.external_id}"
    return replace(event, own=own, historic=True, automatic=event.automatic or WHY, consent=None, talk=talk[:300])
