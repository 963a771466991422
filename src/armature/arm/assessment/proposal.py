"""A proposal: what to draw, and the numbers that speak for it. Somebody accepts it, or puts it away."""

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Proposal:
    """A lane, or a row of one of the two tables.

    ``side`` is who answered (a team or a desk; empty for a row that says who looks). A row stands ``above`` another
    one, tests ``when`` and says ``then``, whose team is left to whoever takes a desk for a team. ``numbers`` are its
    evidence by name; ``why`` says which evidence it is: routed, differs, late, kinds.
    """

    kind: Literal["lane", "routing", "judging"]
    side: str
    why: str
    numbers: dict[str, Any] = field(default_factory=dict)
    above: str = ""
    when: dict[str, Any] = field(default_factory=dict)
    then: dict[str, Any] = field(default_factory=dict)
    weight: int = 0
