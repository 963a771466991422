"""Files of interactions for `armature judge`: JSON Lines, CSV, mbox. Errors name the line and the field."""

import codecs
import mailbox
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from armature.arm.interaction import Interaction
from armature.arm.rule import FACTS
from armature.cli import judge_tables
from armature.crm.channels import lines
from armature.crm.channels.port import Account, Created, Envelope

FIELDS = {"channel", "text", "public", "author", "external_id", "occurred_at", "name", "subject", "kind", "language"}
SAMPLE = 65_536
"""So many bytes tell whether a file is text."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was given, or standard input, which is kept in a file meanwhile: its name, and what it holds."""

    path: Path
    name: str
    kind: str


def read(file: Path) -> tuple[list[Interaction], list[str]]:
    """All interactions of a file (``-`` is standard input), and a line in words for each that could not be read."""
    found: list[Interaction] = []
    problems: list[str] = []
    people: dict[str, int] = {}
    with _source(file) as source:
        for place, line in _lines(source):
            try:
                if isinstance(line, ValueError):
                    raise line
                found.append(_interaction(line, len(found) + 1, people))
            except ValueError as problem:
                problems.append(f"{source.name}, {place}: {problem}")
    return found, problems


@contextmanager
def _source(file: Path) -> Iterator[Source]:
    if str(file) != "-":
        with file.open("rb") as there:
            yield Source(file, file.name, _kind(file.name, there.read(SAMPLE), file.suffix))
        return
    with tempfile.NamedTemporaryFile() as kept:
        shutil.copyfileobj(sys.stdin.buffer, kept)
        kept.seek(0)
        name, begin = "standard input", kept.read(SAMPLE)
        heading = begin.removeprefix(codecs.BOM_UTF8).split(b"\n")[0].lower()
        columns = {cell.strip(b' "\r') for cell in heading.split(b",")}
        yield Source(Path(kept.name), name, _kind(name, begin, ".csv" if b"text" in columns else ""))


def _kind(name: str, begin: bytes, suffix: str) -> str:
    """What a file is, by its name and how it begins; raises for what is no text at all."""
    if suffix == ".mbox" or begin.startswith(b"From "):
        return "mbox"
    if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise click.ClickException(f"{name}: this is text in UTF-16; save it as UTF-8, then try again")
    odd = sum(sign in "\ufffd\x7f" or (sign < " " and sign not in "\t\r\n") for sign in begin.decode(errors="replace"))
    if b"\0" in begin or odd > len(begin) // 10:
        raise click.ClickException(f"{name}: this is no text; give JSON Lines, CSV or mbox")
    return "csv" if suffix == ".csv" else "lines"


def _lines(source: Source) -> Iterator[tuple[str, Mapping[str, Any] | Created | ValueError]]:
    if source.kind == "mbox":
        yield from _mails(source.path)
    elif source.kind == "csv":
        yield from _csv(source)
    else:
        with source.path.open("rb") as there:
            for number, line in enumerate(there, 1):
                if line.strip():
                    yield f"line {number}", _object(line)


def _object(line: bytes) -> Mapping[str, Any] | ValueError:
    try:
        return lines.read_line(line)
    except ValueError as problem:
        return problem


def _csv(source: Source) -> Iterator[tuple[str, Mapping[str, Any] | ValueError]]:
    for line, row in judge_tables.rows(source.path, source.name, _refuse_without_text):
        if isinstance(row, ValueError):
            yield f"line {line}", row
        else:
            yield f"line {line}", {key: value for key, value in row.items() if key in FIELDS and value}


def _refuse_without_text(columns: Sequence[str]) -> str:
    return "" if "text" in columns else f'there is no column "text"; columns can be {", ".join(sorted(FIELDS))}'


def _mails(file: Path) -> Iterator[tuple[str, Created | ValueError]]:
    from armature.crm.channels.email import Email

    account = Account(0, "email", "nobody@localhost.invalid")
    box = mailbox.mbox(file, create=False)
    for number, key in enumerate(box.keys(), 1):
        envelope = Envelope(f"created:{number}", box.get_bytes(key), "message/rfc822", LONG_AGO)
        try:
            for event in Email().normalise(account, envelope):
                if isinstance(event, Created):
                    yield f"mail {number}", event
        except ValueError as problem:
            yield f"mail {number}", problem


def _interaction(line: Mapping[str, Any] | Created, number: int, people: dict[str, int]) -> Interaction:
    channel = "email"
    if not isinstance(line, Created):
        channel = str(line.get("channel") or "email")
        if channel not in FACTS["channel"].values:
            raise ValueError(
                f'the field "channel" must be one of {", ".join(FACTS["channel"].values)}, not "{channel}"'
            )
        line = lines.created(line, channel, LONG_AGO)
    author = line.author or f"somebody {number}"
    return Interaction(
        id=number, channel=channel, public=line.public, text=line.text, occurred_at=line.occurred_at,
        identity=people.setdefault(author, len(people) + 1), conversation=number, kind=line.kind,
        automatic=line.automatic, language=line.language, author=author, external_id=line.external_id,
    )  # fmt: skip
