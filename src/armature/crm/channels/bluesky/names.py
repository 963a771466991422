"""Names of posts: ours are made before they leave, of the time and our key; all have an address on the web."""

from datetime import UTC, datetime
from uuid import UUID

LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
POST = "app.bsky.feed.post"
_LOW = 10
"""Bits that tell apart what was made in one microsecond."""


def timed(key: UUID, at: datetime) -> str:
    """A name of thirteen letters that sorts by time; what the time leaves open comes of the key."""
    micros = round((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)
    number = (micros << _LOW | key.int & (1 << _LOW) - 1) & (1 << 63) - 1
    return "".join(LETTERS[number >> 5 * place & 31] for place in range(12, -1, -1))


def moment_of(name: str) -> datetime:
    """When such a name was made, to the millisecond; raises ``ValueError`` for what is none."""
    if len(name) != 13 or name[0] not in LETTERS[:16] or set(name) - set(LETTERS):
        raise ValueError(f"“{name[:40]}” is no name of a post of ours")
    number = 0
    for letter in name:
        number = number << 5 | LETTERS.index(letter)
    millis = (number >> _LOW) // 1000
    return datetime.fromtimestamp(millis // 1000, UTC).replace(microsecond=millis % 1000 * 1000)


def uri(did: str, name: str) -> str:
    """What the network calls a post."""
    return f"at://{did}/{POST}/{name}"


def parts(given: str) -> tuple[str, str]:
    """Whose post it is, and its name there; both empty when it is none."""
    did, _, rest = given.removeprefix("at://").partition("/")
    kind, _, name = rest.partition("/")
    return (did, name) if given.startswith("at://did:") and kind == POST and name else ("", "")


def on_the_web(given: str, who: str = "") -> str:
    """Where people read it."""
    did, name = parts(given)
    return f"https://bsky.app/profile/{who or did}/post/{name}" if name else given
