"""CPU seconds of a process and of a whole PostgreSQL server, from /proc (Linux)."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def of_process(number: int, with_dead_children: bool = False) -> float:
    """User and system seconds of one process; with those of its children that have ended."""
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    used = [int(field) for field in fields[11:15]]
    return sum(used if with_dead_children else used[:2]) / TICKS


def of_server(backend: int) -> float:
    """Seconds of the server that ``backend`` belongs to: the postmaster and all its children, dead ones included."""
    postmaster = _parent(backend)
    total = of_process(postmaster, with_dead_children=True)
    for child in Path("/proc").iterdir():
        if child.name.isdigit():
            try:
                if _parent(int(child.name)) == postmaster:
                    total += of_process(int(child.name))
            except (FileNotFoundError, ProcessLookupError):
                continue
    return total


def _parent(number: int) -> int:
    return int(Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[1])
