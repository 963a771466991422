"""CSV for `armature judge`: messages and facts. What is wrong is named with the line its row begins at."""

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from armature.arm.interaction import Value
from armature.arm.person import Fact, Known
from armature.arm.rule import FACTS

Row = dict[str, str]
LONGEST_CELL = 1_000_000


def rows(file: Path, name: str, refusal: Callable[[Sequence[str]], str]) -> Iterator[tuple[int, Row | ValueError]]:
    """Each row by column, with the line where it begins, or what is wrong with it.

    ``refusal`` says what is wrong with the columns, empty when nothing is. Raises ``click.ClickException`` when the
    rest of the file cannot be told apart.
    """
    csv.field_size_limit(LONGEST_CELL)
    with file.open(encoding="utf-8-sig", newline="") as source:
        table, columns, begins = csv.reader(source, strict=True), list[str](), 1
        while True:
            try:
                cells = next(table, None)
            except UnicodeDecodeError:
                words = f"from line {begins} on this is not UTF-8; save the file as UTF-8, then try again"
                raise click.ClickException(f"{name}: {words}") from None
            except csv.Error as problem:
                yield begins, _broken(problem)
                if "expected after" not in str(problem):
                    return  # what follows is one cell to the end
                begins = table.line_num + 1
                continue
            if cells is None:
                return
            if not columns:
                columns = cells
                if words := refusal(columns):
                    raise click.ClickException(f"{name}, line 1: {words}")
            elif cells:
                yield begins, _named(columns, cells)
            begins = table.line_num + 1


def _broken(problem: csv.Error) -> ValueError:
    if "expected after" in str(problem):
        return ValueError(
            'behind a quotation mark that closes a cell there must be a comma; write "" for a mark inside'
        )
    return ValueError('a cell that begins with a quotation mark here is never closed: add the closing "')


def _named(columns: Sequence[str], cells: Sequence[str]) -> Row | ValueError:
    if len(cells) > len(columns):
        return ValueError(f"there are {len(cells)} cells, but {len(columns)} columns: put text with commas in quotes")
    return dict(zip(columns, cells, strict=False))


def read_known(file: Path) -> dict[str, Known]:
    """Facts by author, from a CSV with the column author and any facts of the catalogue; raises with line and field."""
    known: dict[str, Known] = {}
    for line, row in rows(file, file.name, _refuse_columns):
        if isinstance(row, ValueError):
            raise click.ClickException(f"{file.name}, line {line}: {row}")
        author = row.pop("author", "").casefold()
        known[author] = Known(
            {key: Fact(_value(file, line, key, text), file.name) for key, text in row.items() if text}
        )
    return known


def _refuse_columns(columns: Sequence[str]) -> str:
    unknown = [name for name in columns if name != "author" and FACTS.get(name) is None]
    if not unknown and "author" in columns:
        return ""
    facts = ", ".join(key for key, field in FACTS.items() if field.step == "known")
    wrong = f'there is no fact "{unknown[0]}"' if unknown else 'there is no column "author"'
    return f"{wrong}; facts are {facts}"


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
