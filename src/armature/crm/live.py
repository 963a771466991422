"""Word that something changed, when a transaction commits: to screens which cases, to workers that there is work."""

from collections.abc import Iterable

from armature.crm import rows

TOPIC = "armature"
MOST = 200
"""Of more cases than this it is only said that much changed."""


def tell(cases: Iterable[int] | None = None) -> None:
    """Screens look again when this transaction commits; what they may see is asked for then."""
    numbers = sorted(set(cases)) if cases is not None else []
    word = ",".join(str(number) for number in numbers) if 0 < len(numbers) <= MOST else ""
    if cases is None or numbers:
        rows.run("SELECT pg_notify(%s, %s)", [TOPIC, word])


WORK = "work"


def wake() -> None:
    """There is work for a worker that sleeps; nothing yet that a screen would show."""
    rows.run("SELECT pg_notify(%s, %s)", [TOPIC, WORK])


def cases_in(word: str) -> frozenset[int] | None:
    """The cases that a word is about; None when it may be about anything."""
    return frozenset(int(number) for number in word.split(",")) if word else None
