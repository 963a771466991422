"""Files for `armature match`: queries and posts. What cannot be read is named with its line, and the rest is read."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from armature.arm.listening import Node, parse

LONGEST_LINE = 1_000_000
"""Bytes of one line of posts; so much is in memory at once, whatever the size of the file."""
FIELDS = ("language", "place", "author", "external_id")


@dataclass(frozen=True, slots=True)
class Query:
    """One line of a file of queries. Without a name the query itself is its name."""

    name: str
    text: str
    tree: Node


@dataclass(frozen=True, slots=True)
class Post:
    """One line of a file of posts."""

    line: int
    text: str
    language: str = ""
    place: str = ""
    author: str = ""
    external_id: str = ""


def read_queries(file: Path) -> tuple[list[Query], list[str]]:
    """All queries of a file, and a text for each fault: file, line, column (from 1), what is wrong, the mend."""
    queries: list[Query] = []
    problems: list[str] = []
    lines: dict[str, int] = {}
    for number, raw in enumerate(file.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        try:
            line = raw.decode("utf-8").rstrip("\r")
        except UnicodeDecodeError:
            problems.append(f"{file.name}, line {number}: this is not UTF-8. Save the file as UTF-8 text.")
            continue
        if not line.strip():
            continue
        name, _, text = line.rpartition("\t")
        name = name.strip() or text.strip()
        parsed = parse(text)
        offset = len(line) - len(text) + 1
        problems += [f"{file.name}, line {number}, column {fault.column + offset}: {fault}" for fault in parsed.faults]
        if name in lines:
            problems.append(f"{file.name}, line {number}: line {lines[name]} has this name too. Give it another one.")
        elif parsed.tree is not None:
            lines[name] = number
            queries.append(Query(name, text.strip(), parsed.tree))
    return queries, problems


def read_posts(file: Path) -> Iterator[tuple[int, Post | str]]:
    """Line by line its size in bytes, and the post or what is wrong with it; empty lines are left out."""
    with file.open("rb") as source:
        number = 0
        while line := source.readline(LONGEST_LINE):
            number += 1
            size = len(line)
            if size == LONGEST_LINE and not line.endswith(b"\n"):
                while (more := source.readline(LONGEST_LINE)) and not more.endswith(b"\n"):
                    size += len(more)
                size += len(more)
                yield size, f"{file.name}, line {number}: the line is longer than {LONGEST_LINE:,} bytes. Shorten it."
            elif line.strip():
                try:
                    yield size, _post(number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)
                except ValueError as problem:
                    yield size, f"{file.name}, line {number}: {problem}"


def _post(number: int, line: bytes) -> Post:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as problem:
        raise ValueError('this is not JSON. Write one object a line, as in {"text": "I love it"}.') from problem
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise ValueError('there is no text. Write it as {"text": "I love it"}.')
    known = {name: given[name] for name in FIELDS if given.get(name) is not None}
    for name, value in known.items():
        if not isinstance(value, str):
            raise ValueError(f'the field "{name}" is no text. Write it in quotation marks.')
    return Post(number, _whole(given["text"]), **{name: _whole(value) for name, value in known.items()})


def _whole(text: str) -> str:
    """The text with a question mark for each half of a character; such halves cannot be written out."""
    return text.encode("utf-8", "replace").decode("utf-8")
