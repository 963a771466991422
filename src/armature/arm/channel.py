"""Where it was said: what a place allows, for one account at one moment."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What can be done in a conversation on a channel right now; the defaults allow nothing.

    ``max_length`` is in ``unit`` (characters, bytes, graphemes), 0 when unlimited. ``blocked`` says in words why no
    answer is possible, ``until`` when that ends. A channel that is ``idempotent`` accepts a message twice under one key
    without showing it twice. ``can_start`` is whether the company may write first.
    """

    reads: bool = False
    public_reply: bool = False
    private_reply: bool = False
    max_length: int = 0
    unit: str = "characters"
    rich_text: bool = False
    attachments: bool = False
    attachment_bytes: int = 0
    can_start: bool = False
    edits: bool = False
    withdraws: bool = False
    receipts: bool = False
    idempotent: bool = False
    blocked: str = ""
    until: datetime | None = None
