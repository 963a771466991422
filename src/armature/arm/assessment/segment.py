"""Kinds of things that are said: by channel, intent and kind of issue, from wide to narrow."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from armature.arm.assessment.evidence import Routed


class Segment(NamedTuple):
    """What is alike in all of it; an empty part is not looked at."""

    channel: str = ""
    intent: str = ""
    issue_type: str = ""

    @property
    def when(self) -> dict[str, Any]:
        """The cells of a row that takes exactly this."""
        return {key: {"one_of": [value]} for key, value in self._asdict().items() if value}

    @property
    def width(self) -> int:
        """How many parts are looked at: the fewer, the wider."""
        return sum(1 for one in self if one)

    def inside(self, other: "Segment") -> bool:
        """Whether all that it holds is held by the other."""
        return all(not part or part == mine for part, mine in zip(other, self, strict=True))


def grouped(routed: Iterable[Routed]) -> dict[Segment, list[Routed]]:
    """What belongs to each segment there is, the widest first, in a fixed order. What was not read makes none."""
    found: dict[Segment, list[Routed]] = defaultdict(list)
    for one in routed:
        for part in _parts(one):
            found[part].append(one)
    return {part: found[part] for part in sorted(found, key=lambda part: (part.width, part.channel != "", part))}


def _parts(one: Routed) -> Iterator[Segment]:
    channels, intents, issues = (("", value) if value else ("",) for value in one[:3])
    for intent in intents:
        for issue in issues:
            if intent or issue:
                yield from (Segment(channel, intent, issue) for channel in channels)
