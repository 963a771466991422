"""JSON Lines, object by object; and a whole JSON file that is one list, without ever holding more than one of it."""

import codecs
import json
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from armature.crm.channels.reading import from_json
from armature.crm.listen.imports.records import (
    LONGEST_LINE,
    MOST_COLUMNS,
    Counted,
    Counting,
    NotReadable,
    Record,
    heads_of,
    row_of,
)

LOOKED_AT = 200
"""So many objects are looked at to know the fields."""
DEEPEST = 3
LONGEST_OBJECT = 32_000_000
"""Characters of one ticket with all that was said in it."""
TOO_LONG = gettext_noop("this line has more than 4 MB, which no message has: it is left out")


class Objects(Counted):
    """Lines of JSON: the names of the fields of the first objects are the columns; what is inside others has a dot."""

    def __init__(self, path: Path) -> None:
        self.path = path
        names: dict[str, None] = {}
        seen = False
        with path.open("rb") as begin:
            for number, line in enumerate(Counting(begin, 1).lines()):
                if number >= LOOKED_AT:
                    break
                seen = True
                one = _object(line)
                if not isinstance(one, str):
                    names.update(dict.fromkeys(flat(one)))
        if not seen:
            raise NotReadable(_("The file is empty."))
        if not names:
            raise NotReadable(_('None of the first lines is a JSON object, like {"author": "...", "text": "..."}.'))
        if len(names) > MOST_COLUMNS:
            raise NotReadable(
                _("There are %(n1)s fields; up to %(most_columns)s are read. Take out the others.")
                % {"n1": len(names), "most_columns": MOST_COLUMNS}
            )
        super().__init__(path)
        self._names = list(names)
        self.heads = heads_of(self._names)

    def records(self) -> Generator[Record, None, None]:
        """See ``Source``."""
        number = 0
        for place, line in enumerate(self._counting.lines(), 1):
            if line is not None and not line.strip():
                continue
            number += 1
            one = _object(line)
            if isinstance(one, str):
                yield Record(number, _("line %(place)s") % {"place": place}, [], one)
            else:
                fields = flat(one)
                yield row_of(
                    number,
                    _("line %(place)s") % {"place": place},
                    [fields.get(name, "") for name in self._names],
                    self.heads,
                )


def _object(line: bytes | None) -> Mapping[str, Any] | str:
    """The object on a line, or what is wrong with it."""
    if line is None:
        return _(TOO_LONG)
    try:
        found = from_json(line.removeprefix(codecs.BOM_UTF8))
    except ValueError as problem:
        return str(problem)[:250]
    return found if isinstance(found, dict) else _('it must be a JSON object, like {"author": "...", "text": "..."}')


def flat(one: Mapping[str, Any], before: str = "", depth: int = 1) -> dict[str, str]:
    """Fields as text; those of an object inside have its name and a dot before theirs."""
    fields: dict[str, str] = {}
    for key, value in one.items():
        name = f"{before}{key}"
        if isinstance(value, dict) and depth < DEEPEST:
            fields |= flat(value, f"{name}.", depth + 1)
        else:
            fields[name] = _text(value)
    return fields


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)


def each(counting: Counting, one_list: bool) -> Iterator[Mapping[str, Any] | str]:
    """The objects of a file: one on each line, or those of the first list in it (also inside ``{"payload": [...]}``).

    What is wrong is a text in its place; behind a fault in a list nothing can be told apart, so it ends there.
    """
    if not one_list:
        for line in counting.lines(LONGEST_OBJECT):
            if line is None or line.strip():
                yield _object(line)
        return
    yield from _of_list(counting)


def _of_list(counting: Counting) -> Iterator[Mapping[str, Any] | str]:
    decoder, decode = json.JSONDecoder(), codecs.getincrementaldecoder("utf-8-sig")("replace").decode
    text = _begin(counting, decode)
    while True:
        text = text.lstrip(" \t\r\n,")
        if text and text[0] != "{":
            return
        try:
            one, end = decoder.raw_decode(text)
        except RecursionError:
            yield _("this is JSON inside JSON, deeper than anybody writes it")
            return
        except ValueError as problem:  # nearly always: there is more of it
            piece = b"".join(counting.piece() for _ in range(1 + len(text) // 65_536))
            if not piece or len(text) > LONGEST_OBJECT:
                yield (_("from here on this is not JSON: %(problem)s") % {"problem": problem})[:250]
                return
            text += decode(piece)
        else:
            yield one
            text = text[end:]


def _begin(counting: Counting, decode: Callable[[bytes], str]) -> str:
    """What stands behind the first bracket of a list."""
    text = ""
    while "[" not in text:
        piece = counting.piece()
        if not piece or len(text) > LONGEST_LINE:
            raise NotReadable(_("There is no list in this file: give a list of objects, or one object on each line."))
        text += decode(piece)
    return text.partition("[")[2]
