"""Which kinds of channel are installed. A plug-in that does not work is switched off and says why."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from armature.crm.channels.port import Kind

GROUP = "armature.channels"
USUAL_RATE = (300, 300)
"""Calls, in so many seconds, of a kind that does not say."""
_NEEDED = (
    "key",
    "label",
    "settings",
    "polls",
    "check",
    "capabilities",
    "probe",
    "fetch",
    "wait",
    "normalise",
    "external_id",
    "send",
)


@dataclass(frozen=True, slots=True)
class Registry:
    """The kinds that can be used, by key, and those that cannot: name of the plug-in to what is wrong with it."""

    kinds: dict[str, Kind] = field(default_factory=dict)
    disabled: dict[str, str] = field(default_factory=dict)

    def kind(self, key: str) -> Kind:
        """The kind with this key; raises ``LookupError`` saying why there is none."""
        if key in self.kinds:
            return self.kinds[key]
        why = self.disabled.get(key, "no installed package offers it")
        raise LookupError(f"The channel “{key}” cannot be used: {why}")

    def rate(self, key: str) -> tuple[int, int]:
        """So many calls in so many seconds, as the kind says by an attribute ``rate``."""
        found: tuple[int, int] = getattr(self.kinds.get(key), "rate", USUAL_RATE)
        return found

    def says_whom_we_reach(self, key: str) -> bool:
        """Whether what we start ourselves there comes with who was reached, as a kind says by ``reaches``."""
        return bool(getattr(self.kinds.get(key), "reaches", False))


def load(points: Iterable[EntryPoint] | None = None) -> Registry:
    """Every installed kind, made once. ``points`` are for tests; by default those of this installation."""
    registry = Registry()
    for point in sorted(entry_points(group=GROUP) if points is None else points, key=lambda each: each.name):
        try:
            kind = _made(point)
            if kind.key in registry.kinds:
                raise TypeError(f"its key “{kind.key}” is taken by another plug-in: remove one of the two")
            registry.kinds[kind.key] = kind
        except Exception as problem:  # whatever foreign code raises, the others must stay usable
            registry.disabled[point.name] = f"{type(problem).__name__}: {problem}"
    return registry


def _made(point: EntryPoint) -> Kind:
    kind = point.load()()
    missing = [name for name in _NEEDED if not hasattr(kind, name)]
    if missing:
        raise TypeError(f"{point.value} lacks {', '.join(missing)}")
    return cast(Kind, kind)


@cache
def installed() -> Registry:
    """The kinds of this installation, looked for once per process."""
    return load()


def kind(key: str) -> Kind:
    """An installed kind; raises ``LookupError`` saying why there is none."""
    return installed().kind(key)
