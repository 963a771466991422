"""From what an author wrote, typed JSON or a short text, to a cell; or to the words that say what is wrong with it."""

import math
import re
from collections.abc import Callable, Mapping, Sequence

from armature.arm.rule.cell import ANY, Between, Cell, Contains, OneOf, YesNo
from armature.arm.rule.field import Field
from armature.arm.rule.finding import meant, quoted
from armature.arm.rule.words import pattern

MOST_VALUES = 500
"""Values or keywords that one cell may list."""

_COMPARISON = re.compile(r"\s*(>=|<=|>|<|=)?\s*([-+]?\d{1,30}(?:\.\d{1,30})?)\s*")
_RANGE = re.compile(r"\s*([-+]?\d{1,30}(?:\.\d{1,30})?)\s*\.\.\s*([-+]?\d{1,30}(?:\.\d{1,30})?)\s*")
_LIST = re.compile(r"\s*(one of|none of|not|contains any of|contains)\s+(.*)", re.IGNORECASE | re.DOTALL)


Lists = Mapping[str, Sequence[str]]
"""Lists that a company keeps once for many tables: what is on each, by key."""
_IN_LIST = re.compile(r"\s*(not\s+)?in\s+list\s+([\w-]{1,50})\s*", re.IGNORECASE)


def read_cell(raw: object, field: Field, lists: Lists | None = None) -> Cell | str:
    """The test that ``raw`` means for this field, or a text that continues "Row 4, followers: ..."."""
    if is_empty(raw):
        return ANY
    if named := list_of(raw):
        return _of_list(*named, field, lists or {})
    return _READERS[field.type](raw, field)


def list_of(raw: object) -> tuple[str, bool] | None:
    """The list that a cell names and whether it means what is not on it; None for a cell that names none."""
    if isinstance(raw, str):
        match = _IN_LIST.fullmatch(raw)
        return (match[2], bool(match[1])) if match else None
    if isinstance(raw, Mapping) and len(raw) == 1:
        head, key = next(iter(raw.items()))
        if head in ("in_list", "not_in_list") and isinstance(key, str):
            return key, head == "not_in_list"
    return None


def _of_list(key: str, negated: bool, field: Field, lists: Lists) -> Cell | str:
    if field.type not in ("choice", "words") or (negated and field.type == "words"):
        return f"{quoted(key)}: a list cannot be tested so here"
    if key not in lists:
        return f"there is no list {quoted(key)}{meant(key, lists)}"
    if not lists[key]:
        return f"nothing is on the list {quoted(key)}"
    head = "contains" if field.type == "words" else "none_of" if negated else "one_of"
    return _READERS[field.type]({head: list(lists[key])}, field)


def is_empty(raw: object) -> bool:
    """Whether a cell tests nothing."""
    return raw is None or (isinstance(raw, str) and raw.strip().lower() in ("", "any", "-"))


def _choice(raw: object, field: Field) -> Cell | str:
    negated, values = _listed(raw, {"one of": "one_of", "none of": "none_of", "not": "none_of"})
    if values is None:
        return f'{quoted(raw)} is not a choice (try "{_example(field)}" or "none of {_example(field)}")'
    for value in values:
        if not field.accepts(value):
            return f"{quoted(value)} is not {field.wants}{meant(value, field.values)}"
    return OneOf(tuple(dict.fromkeys(map(str, values))), negated == "none_of")


def _number(raw: object, field: Field) -> Cell | str:
    cell = _number_text(raw) if isinstance(raw, str) else _number_json(raw)
    if cell is None:
        commas = "; write it without commas, with a point before decimals" if "," in str(raw) else ""
        return f'{quoted(raw)} is not a number test (try ">= 10" or "5..20"{commas})'
    if cell.low > cell.high or (cell.low == cell.high and not (cell.low_in and cell.high_in)):
        return f"{quoted(raw)} is an empty range: no number is in it"
    if cell.low > field.high or cell.high < field.low:
        return f"{quoted(raw)} never holds: {field.label.lower()} is {field.wants}"
    return cell


def _yes_no(raw: object, field: Field) -> Cell | str:
    if isinstance(raw, str):
        raw = {"yes": True, "no": False}.get(raw.strip().lower(), raw)
    return YesNo(raw) if isinstance(raw, bool) else f"{quoted(raw)} is not yes or no"


def _words(raw: object, field: Field) -> Cell | str:
    _, values = _listed(raw, {"contains": "contains", "contains any of": "contains"})
    if values is None:
        return f'{quoted(raw)} is not a keyword test (try "contains refund, broken")'
    for value in values:
        if not isinstance(value, str) or not pattern(value):
            return f"{quoted(value)} is not a keyword: it holds no letter or digit"
    return Contains(tuple(dict.fromkeys(map(str, values))))


_READERS: dict[str, Callable[[object, Field], Cell | str]] = {
    "choice": _choice,
    "number": _number,
    "yes_no": _yes_no,
    "words": _words,
}


def _listed(raw: object, heads: Mapping[str, str]) -> tuple[str, list[object] | None]:
    """Head word and values of a list cell; None when it is not one."""
    head = next(iter(heads.values()))
    if isinstance(raw, str):
        if (match := _LIST.fullmatch(raw)) and match[1].lower() in heads:
            head, raw = heads[match[1].lower()], match[2]
        raw = [part.strip() for part in raw.split(",") if part.strip()]
    elif isinstance(raw, Mapping) and len(raw) == 1:
        head, raw = next(iter(raw.items()))
    known = head in heads.values() and isinstance(raw, list) and 0 < len(raw) <= MOST_VALUES
    return head, raw if known and isinstance(raw, list) else None


def _number_text(raw: str) -> Between | None:
    if match := _RANGE.fullmatch(raw):
        return Between(number(match[1]), number(match[2]))
    match = _COMPARISON.fullmatch(raw)
    return _ends({match[1] or "=": number(match[2])}) if match else None


def _number_json(raw: object) -> Between | None:
    return _ends(raw if isinstance(raw, Mapping) else {"=": raw})


def _ends(ends: Mapping[str, object]) -> Between | None:
    if not ends or not all(_is_number(end) for end in ends.values()):
        return None
    if len(ends.keys() & {"=", ">=", ">"}) > 1 or len(ends.keys() & {"=", "<=", "<"}) > 1:
        return None
    low, high, low_in, high_in = -math.inf, math.inf, True, True
    for sign, end in ends.items():
        assert isinstance(end, (int, float))
        if sign not in ("=", ">=", ">", "<=", "<"):
            return None
        if sign in ("=", ">=", ">"):
            low, low_in = end, sign != ">"
        if sign in ("=", "<=", "<"):
            high, high_in = end, sign != "<"
    return Between(low, high, low_in, high_in)


def _is_number(raw: object) -> bool:
    return isinstance(raw, (int, float)) and not isinstance(raw, bool) and abs(raw) < 1e30


def number(text: str) -> int | float:
    """A number as an author writes it; whole ones stay whole."""
    return float(text) if "." in text else int(text)


def _example(field: Field) -> str:
    return next(iter(field.values), "a value")
