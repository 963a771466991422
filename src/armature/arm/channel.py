"""Where it was said: what a place allows, for one account at one moment."""

from dataclasses import dataclass
from datetime import datetime

from armature.arm import graphemes
from armature.arm.text_message import parts


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What can be done in a conversation on a channel right now; the defaults allow nothing.

    ``max_length`` is in ``unit`` (characters, bytes, graphemes, parts of a text message), 0 when unlimited. ``blocked``
    says in words why no answer is possible, ``until`` when that ends. A channel that is ``idempotent`` accepts a
    message twice under one key without showing it twice. ``can_start`` is whether the company may write first,
    ``copies`` whether an answer may go to others too. ``attachment_bytes`` is for all
    files of one answer together; ``attachment_types`` are beginnings of content types (``image/``), none when every
    type is taken. ``topic`` is what somebody may forbid us here (text
    messages); empty where nobody can.
    """

    reads: bool = False
    public_reply: bool = False
    private_reply: bool = False
    max_length: int = 0
    unit: str = "characters"
    rich_text: bool = False
    attachments: bool = False
    attachment_bytes: int = 0
    attachment_types: tuple[str, ...] = ()
    copies: bool = False
    can_start: bool = False
    edits: bool = False
    withdraws: bool = False
    receipts: bool = False
    idempotent: bool = False
    topic: str = ""
    blocked: str = ""
    until: datetime | None = None


def size(text: str, unit: str) -> int:
    """How long a text is as a channel counts it; graphemes are what a person sees as one letter."""
    if unit == "bytes":
        return len(text.encode())
    if unit == "parts":
        return parts(text)
    return graphemes.count(text) if unit == "graphemes" else len(text)
