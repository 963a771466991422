"""What the other side sent, read without surprises: whatever is wrong with it is a ``ValueError`` with words."""

import hashlib
import json
from datetime import datetime
from typing import Any

from armature.crm.channels.port import Envelope


def from_json(body: bytes | str) -> Any:
    """JSON; raises ``ValueError`` for what is none, or is nested so deeply that no honest program wrote it."""
    try:
        return json.loads(body)
    except (UnicodeDecodeError, json.JSONDecodeError) as problem:
        raise ValueError(f"this is not JSON: {problem}") from problem
    except RecursionError:
        raise ValueError("this is JSON inside JSON, deeper than anybody writes it") from None


def keyed(body: bytes, at: datetime) -> Envelope:
    """What came under no name that can be read: its bytes are its name."""
    return Envelope(f"call:{hashlib.blake2b(body, digest_size=16).hexdigest()}", body, "application/json", at)


def clean(given: object) -> str:
    """Text without what no database keeps; nothing is empty."""
    return str(given if given is not None else "").replace("\x00", "").encode("utf-8", "replace").decode()
