"""Talks on a page of ours: what a visitor wrote, as the envelope that the kind `web` reads.

A visitor is known by the secret in the address of their page; `handle` is what our own people see of it.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from armature.crm.channels import lines
from armature.crm.channels.port import Attachment, Envelope

LONGEST = 10_000
"""Characters of one message, both ways."""
FILE_BYTES = 10 * 1024 * 1024
"""Bytes of the files of one message together."""
HANDLE = re.compile(r"(visitor|answer)-[0-9a-f]{16}")
VISITOR, ANSWER = "visitor", "answer"
"""What those are called who write on our page, and who answer a survey, without a name or an address."""
FIRST = "first"
"""The name of the message that begins a talk; later ones have random names."""


def handle(talk: str, who: str = VISITOR) -> str:
    """What a visitor is called: from it nobody can find the address of their page."""
    return f"{who}-{hashlib.blake2b(talk.encode(), digest_size=8).hexdigest()}"


def is_handle(name: str) -> bool:
    """Whether this is nobody's name or address, only what we call a visitor."""
    return bool(HANDLE.fullmatch(name))


def external_id(visitor: str, name: str) -> str:
    """The id of a message of a visitor."""
    return f"{visitor}.{name}"


def envelope(
    visitor: str, name: str, *, text: str, author_name: str, files: Sequence[Attachment], at: datetime
) -> Envelope:
    """A message as it is accepted; the same name twice (a second click) is one message."""
    line: dict[str, Any] = {
        "external_id": external_id(visitor, name), "author": visitor, "name": author_name, "text": text,
        "occurred_at": at.isoformat(),
    }  # fmt: skip
    if name != FIRST:
        line["in_reply_to"] = external_id(visitor, FIRST)
    return lines.envelope(lines.with_files(line, files), at)
