"""What the other side sent, read without surprises: whatever is wrong with it is a ``ValueError`` with words."""

import json
from typing import Any


def from_json(body: bytes | str) -> Any:
    """JSON; raises ``ValueError`` for what is none, or is nested so deeply that no honest program wrote it."""
    try:
        return json.loads(body)
    except (UnicodeDecodeError, json.JSONDecodeError) as problem:
        raise ValueError(f"this is not JSON: {problem}") from problem
    except RecursionError:
        raise ValueError("this is JSON inside JSON, deeper than anybody writes it") from None
