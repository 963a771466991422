"""Lists of calls (call detail records): Asterisk's Master.csv, or any table with a line of names on top."""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

ASTERISK = (
    "accountcode src dst dcontext clid channel dstchannel lastapp lastdata start answer end duration billsec "
    "disposition amaflags uniqueid userfield"
).split()
NEEDED = ("call_id", "direction", "from", "to", "start", "result")
RESULT_OF = {
    "ANSWERED": "answered", "NO ANSWER": "missed", "BUSY": "busy", "FAILED": "failed", "CONGESTION": "failed",
}  # fmt: skip
_LONGEST = 20_000

Found = dict[str, Any] | str
"""A call as its ``end`` says it, or why there is none."""


def calls(rows: Iterable[str], layout: str, zone: str, shortest: int) -> Iterator[tuple[int, Found]]:
    """Each row with its line, from 1. Times without a zone are meant in ``zone``.

    ``shortest`` is how many figures a number outside has at least: with fewer it is an extension. Raises ``ValueError``
    when it is no such list at all, or there is no such zone.
    """
    lines = enumerate(_clean(rows), start=1)
    names = list(ASTERISK) if layout == "asterisk" else _names(_cells(next(lines, (1, ""))[1]))
    try:
        inside = ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        raise ValueError(f"“{zone}” is no zone: give one like Europe/Oslo") from None
    for number, line in lines:
        if line.strip():
            yield number, _call(names, line, layout, inside, shortest)


def _clean(rows: Iterable[str]) -> Iterator[str]:
    """Without the mark of bytes and without NUL, which no table has."""
    for number, row in enumerate(rows):
        yield (row if number else row.removeprefix("\ufeff")).replace("\x00", "")[:_LONGEST]


def _cells(line: str) -> list[str]:
    """One line is one row, so that a quote that never ends takes no other row with it."""
    try:
        return next(csv.reader([line.rstrip("\r\n")], strict=True), [])
    except csv.Error as odd:
        raise ValueError(f"this is no row of a table: {odd}") from None


def _names(given: list[str]) -> list[str]:
    names = [name.strip().casefold() for name in given]
    if missing := [name for name in NEEDED if name not in names]:
        raise ValueError(f"line 1 must name the columns; missing: {', '.join(missing)}")
    return names


def _call(names: list[str], line: str, layout: str, zone: ZoneInfo, shortest: int) -> Found:
    try:
        row, least = _cells(line), len(names) - (layout == "asterisk")  # userfield is not always there
        if not least <= len(row) <= len(names):
            return f"it has {len(row)} columns, and {least} are needed: is it this layout ({layout})?"
        cells = {name: cell.strip() for name, cell in zip(names, row, strict=False)}
        found = _of_asterisk(cells, zone, shortest) if layout == "asterisk" else _of_table(cells, zone)
    except ValueError as wrong:
        return str(wrong)
    return {"event": "end", **{name: value for name, value in found.items() if value not in ("", None)}}


def _of_asterisk(cells: dict[str, str], zone: ZoneInfo, shortest: int) -> dict[str, Any]:
    if cells["disposition"].upper() not in RESULT_OF:
        raise ValueError(f"the column disposition is “{cells['disposition'][:40]}”, and no way a call ends")
    outside = {name: len(_figures(cells[name])) >= shortest for name in ("src", "dst")}
    if not outside["src"] and outside["dst"]:
        way = "out"
    elif not outside["src"] and not outside["dst"] and _figures(cells["src"]):
        raise ValueError("both ends are extensions: a call inside the house is nobody's interaction")
    else:
        way = "in"
    name = cells["clid"].partition("<")[0].strip().strip('"')
    return {
        "call_id": cells["uniqueid"], "direction": way, "from": cells["src"], "to": cells["dst"],
        "result": RESULT_OF[cells["disposition"].upper()], "name": "" if _figures(name) else name,
        "agent": cells["dst"] if way == "in" else cells["src"],
        "started_at": _moment(cells, "start", zone), "answered_at": _moment(cells, "answer", zone),
        "at": _moment(cells, "end", zone) or _moment(cells, "start", zone, needed=True),
        "talked": _seconds(cells, "billsec"),
    }  # fmt: skip


def _of_table(cells: dict[str, str], zone: ZoneInfo) -> dict[str, Any]:
    kept = ("call_id", "direction", "from", "to", "result", "agent", "name", "recording", "disposition", "note")
    start = _moment(cells, "start", zone, needed=True)
    return {
        **{name: cells.get(name, "") for name in kept},
        "started_at": start, "answered_at": _moment(cells, "answer", zone),
        "at": _moment(cells, "end", zone) or start, "talked": _seconds(cells, "talked"),
    }  # fmt: skip


def _moment(cells: dict[str, str], name: str, zone: ZoneInfo, needed: bool = False) -> str:
    given = cells.get(name, "")
    if not given and not needed:
        return ""
    try:
        at = datetime.fromisoformat(given)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        raise ValueError(f"the column {name} is “{given[:40]}”: give a time like 2026-03-01 14:30:00") from None


def _seconds(cells: dict[str, str], name: str) -> int | None:
    given = cells.get(name, "")
    if not given:
        return None
    if not (given.isascii() and given.isdecimal() and len(given) < 7):
        raise ValueError(f"the column {name} is “{given[:40]}”: give a number of seconds")
    return int(given)


def _figures(text: str) -> str:
    return "".join(letter for letter in text if letter.isdecimal())
