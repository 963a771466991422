"""JSON Lines with text and label. All faults of a file are told at once, by line; then nothing is learned from it."""

import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

if TYPE_CHECKING:
    from armature.crm.understand.taught import Example

LONGEST_LINE = 1_000_000
LONGEST_LABEL = 200
SHOWN = 20
"""So many faults are told; of more there is only the number."""


def called(file: Path) -> str:
    """What people know the file by."""
    return "standard input" if str(file) == "-" else file.name


def read(file: Path) -> list["Example"]:
    """The examples of a file, or an error that names the lines and the fields."""
    if str(file) == "-":
        return _read(sys.stdin.buffer, called(file))
    with file.open("rb") as there:
        return _read(there, called(file))


def digest(examples: Sequence["Example"]) -> str:
    """Names these rows, whatever their order."""
    whole = hashlib.sha256()
    for text, label in sorted((one.text, one.label) for one in examples):
        whole.update(f"{len(text)} {text} {label}\n".encode("utf-8", "replace"))
    return whole.hexdigest()


def _read(lines: BinaryIO, name: str) -> list["Example"]:
    found, faults, number = [], [], 0
    while line := lines.readline(LONGEST_LINE + 1):
        number += 1
        try:
            if len(line) > LONGEST_LINE:
                while line and not line.endswith(b"\n"):
                    line = lines.readline(LONGEST_LINE)
                raise ValueError(f"the line is longer than {LONGEST_LINE} bytes")
            if line.strip():
                found.append(_example(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line))
        except ValueError as problem:
            faults.append(f"{name}, line {number}: {problem}")
    if faults:
        more = [f"and {len(faults) - SHOWN} more lines"] if len(faults) > SHOWN else []
        raise click.ClickException("\n".join([*faults[:SHOWN], *more]))
    if not found:
        raise click.ClickException(f'{name}: there is no line; write {{"text": ..., "label": ...}} on each')
    return found


def _example(line: bytes) -> "Example":
    from armature.crm.understand.taught import Example

    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise ValueError("this is not UTF-8") from None
    except (ValueError, RecursionError):
        raise ValueError("this is no JSON") from None
    if not isinstance(row, dict):
        raise ValueError('this is no JSON object; write {"text": ..., "label": ...}')
    for field in ("text", "label"):
        if not isinstance(row.get(field), str) or not row[field].strip():
            raise ValueError(f'the field "{field}" must be a text that is not empty')
    if len(row["label"]) > LONGEST_LABEL:
        raise ValueError(f'the field "label" is longer than {LONGEST_LABEL} characters')
    return Example(row["text"], row["label"])
