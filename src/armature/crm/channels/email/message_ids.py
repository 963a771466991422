"""What a mail is called: its Message-ID, or a hash of its bytes when it has none, and the ids it answers to."""

import hashlib
import re

from armature.crm.channels.email.head import Head, split
from armature.crm.channels.email.plain import one_line

LONGEST = 250
MOST_REFERENCES = 50
_BRACKETED = re.compile(r"<([^<>]{1,2000})>")


def event_key(raw: bytes) -> str:
    """The key of the event that this mail is: the same however often and through whichever folder it is read."""
    return f"created:{external_id(split(raw, 0, len(raw))[0], raw)}"


def external_id(head: Head, raw: bytes) -> str:
    """The Message-ID without angle brackets; ``sha256:`` and a hash of the whole mail when it has none."""
    found = ids(head.first("message-id")) or ids(f"<{head.first('message-id')}>")
    return found[0] if found else f"sha256:{hashlib.sha256(raw).hexdigest()}"


def answered(head: Head) -> tuple[str, ...]:
    """Ids of earlier mails this one belongs to, nearest first. Only a hint: a sender can write what they like."""
    chain = ids(head.first("in-reply-to")) + list(reversed(ids(head.first("references"))))
    return tuple(dict.fromkeys(chain))[:MOST_REFERENCES]


def ids(value: str) -> list[str]:
    """The ids between angle brackets; one that is too long to keep is replaced by its hash."""
    found = ["".join(one_line(each).split()) for each in _BRACKETED.findall(value)]
    return [
        each if len(each) <= LONGEST else f"sha256:{hashlib.sha256(each.encode()).hexdigest()}"
        for each in found
        if each
    ]
