"""What became of records, in a run or a dry run."""

from collections.abc import Sequence
from dataclasses import dataclass

from armature.crm.listen.imports.records import Record

NEW, KNOWN, CHANGED, CONFLICT, FAULTY, LEFT_OUT = "new", "known", "changed", "conflict", "faulty", "left_out"
ALL = (NEW, CHANGED, KNOWN, CONFLICT, FAULTY, LEFT_OUT)


@dataclass(slots=True)
class Result:
    """What one record is: new, known already, changed, conflicting, faulty, or left out as it should be.

    ``addresses`` are those of somebody who is brought in, each with its network.
    """

    record: Record
    what: str
    field: str = ""
    why: str = ""
    addresses: Sequence[tuple[str, str]] = ()


def counted(results: Sequence[Result]) -> dict[str, int]:
    """How many of each."""
    return {what: sum(one.what == what for one in results) for what in ALL}
