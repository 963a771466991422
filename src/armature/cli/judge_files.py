"""Files of interactions for `armature judge`: JSON Lines, CSV, mbox. Errors name the line and the field."""

import csv
import mailbox
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from armature.arm.interaction import Interaction, Value
from armature.arm.person import Fact, Known
from armature.arm.rule import FACTS
from armature.crm.channels import lines
from armature.crm.channels.port import Account, Created, Envelope

FIELDS = {"channel", "text", "public", "author", "external_id", "occurred_at", "name", "subject", "kind", "language"}
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def read(file: Path) -> tuple[list[Interaction], list[str]]:
    """All interactions of a file, and a line in words for each that could not be read."""
    found: list[Interaction] = []
    problems: list[str] = []
    people: dict[str, int] = {}
    for place, line in _lines(file):
        try:
            if isinstance(line, ValueError):
                raise line
            found.append(_interaction(line, len(found) + 1, people))
        except ValueError as problem:
            problems.append(f"{file.name}, {place}: {problem}")
    return found, problems


def _lines(file: Path) -> Iterator[tuple[str, Mapping[str, Any] | Created | ValueError]]:
    if file.suffix == ".mbox" or file.open("rb").read(5) == b"From ":
        yield from _mails(file)
    elif file.suffix == ".csv":
        yield from _csv(file)
    else:
        with file.open("rb") as source:
            for number, line in enumerate(source, 1):
                if line.strip():
                    yield f"line {number}", _object(line)


def _object(line: bytes) -> Mapping[str, Any] | ValueError:
    try:
        return lines.read_line(line)
    except ValueError as problem:
        return problem


def _csv(file: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    with file.open(encoding="utf-8-sig", newline="") as source:
        table = csv.DictReader(source)
        if "text" not in (table.fieldnames or ()):
            raise click.ClickException(
                f'{file.name}, line 1: there is no column "text"; columns can be {", ".join(sorted(FIELDS))}'
            )
        for row in table:
            yield f"line {table.line_num}", {key: value for key, value in row.items() if key in FIELDS and value}


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


def read_known(file: Path) -> dict[str, Known]:
    """Facts by author, from a CSV with the column author and any facts of the catalogue; raises with line and field."""
    known: dict[str, Known] = {}
    with file.open(encoding="utf-8-sig", newline="") as source:
        table = csv.DictReader(source)
        unknown = [name for name in table.fieldnames or () if name != "author" and FACTS.get(name) is None]
        if "author" not in (table.fieldnames or ()) or unknown:
            facts = ", ".join(key for key, field in FACTS.items() if field.step == "known")
            wrong = f'there is no fact "{unknown[0]}"' if unknown else 'there is no column "author"'
            raise click.ClickException(f"{file.name}, line 1: {wrong}; facts are {facts}")
        for row in table:
            author = (row.pop("author") or "").casefold()
            facts_here = {
                key: Fact(_value(file, table.line_num, key, text), file.name) for key, text in row.items() if text
            }
            known[author] = Known(facts_here)
    return known


def _value(file: Path, line: int, key: str, text: str) -> Value:
    field = FACTS[key]
    value: Value = text
    try:
        if field.type == "number":
            value = float(text) if "." in text else int(text)
        elif field.type == "yes_no":
            value = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}[text.lower()]
    except (ValueError, KeyError):
        value = None
    if value is None or not field.accepts(value):
        raise click.ClickException(
            f'{file.name}, line {line}: "{text}" cannot be the fact {key}, which is {field.wants}'
        )
    return value
