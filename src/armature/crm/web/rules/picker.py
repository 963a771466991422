"""One cell as a form that fits its type, and what such a form gave, as the table keeps it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from armature.arm.rule.cell import Anything, Between, Contains, OneOf, YesNo
from armature.arm.rule.cell_text import list_of, read_cell
from armature.arm.rule.field import Field
from armature.arm.rule.rewriting import output_of, typed_number
from armature.arm.rule.sheet import cell_raw, output_text
from armature.crm.web.shipped_words import in_their_language

LONGEST = 10_000
"""Characters of one cell that is typed."""


@dataclass(frozen=True, slots=True)
class Picker:
    """One field of a form: its name begins with ``name``, and what stands in it already is the rest."""

    name: str
    field: Field
    label: str
    fills: bool = False
    choices: Sequence[tuple[str, str, bool]] = ()
    negated: bool = False
    text: str = ""
    low_sign: str = ""
    low: str = ""
    high_sign: str = ""
    high: str = ""
    lists: Sequence[tuple[str, str, bool]] = ()
    problem: str = ""
    as_text: bool = False


def condition(
    field: Field, raw: Any, lists: Mapping[str, str], known: Mapping[str, Sequence[str]], problem: str
) -> Picker:
    """The form of what a row tests; a cell that cannot be read is a text to be mended."""
    name, label = f"when-{field.key}", in_their_language(field.label)
    named = list_of(raw)
    if named and field.type in ("choice", "words"):
        return Picker(name, field, label, False, _choices(field, ()), named[1], "", lists=_lists(lists, named[0]),
                      problem=problem)  # fmt: skip
    cell = read_cell(raw, field, known)
    if isinstance(cell, str):
        text = raw if isinstance(raw, str) else output_text(raw)
        return Picker(name, field, label, text=text, problem=problem or cell, as_text=True)
    match cell:
        case OneOf(values, negated):
            more = [one for one in values if one not in field.values]
            return Picker(name, field, label, False, _choices(field, values), negated, "\n".join(more),
                          lists=_lists(lists), problem=problem)  # fmt: skip
        case Between(low, high, low_in, high_in):
            exact = low == high
            low_sign = "=" if exact else "" if low == float("-inf") else ">=" if low_in else ">"
            high_sign = "" if exact or high == float("inf") else "<=" if high_in else "<"
            return Picker(name, field, label, low_sign=low_sign, low=str(low) if low_sign else "",
                          high_sign=high_sign, high=str(high) if high_sign else "", problem=problem)  # fmt: skip
        case YesNo(value):
            return Picker(name, field, label, text="yes" if value else "no", problem=problem)
        case Contains(keywords):
            return Picker(name, field, label, text="\n".join(keywords), lists=_lists(lists), problem=problem)
        case Anything():
            pass
    return Picker(name, field, label, False, _choices(field, ()), lists=_lists(lists), problem=problem)


def value(field: Field, raw: Any, problem: str = "", name: str = "") -> Picker:
    """The form of what a row says, or of a fact that is tried."""
    picked = (raw,) if isinstance(raw, str) else ()
    label = in_their_language(field.label)
    return Picker(name or f"then-{field.key}", field, label, True, _choices(field, picked), text=output_text(raw),
                  problem=problem)  # fmt: skip


def _choices(field: Field, picked: Sequence[str]) -> list[tuple[str, str, bool]]:
    return [(key, in_their_language(words), key in picked) for key, words in field.values.items()]


def _lists(lists: Mapping[str, str], picked: str = "") -> list[tuple[str, str, bool]]:
    return [(key, name, key == picked) for key, name in lists.items()]


def given_condition(post: QueryDict, field: Field) -> Any:
    """What a form says of a condition; None where it says nothing. What cannot be read stays as it was typed."""
    name = f"when-{field.key}"
    if name in post:
        return cell_raw(_words(post, name)) or None
    if field.type == "yes_no":
        return {"yes": True, "no": False}.get(_words(post, f"{name}-is"))
    if field.type == "number":
        return _given_range(post, name)
    negated, listed = post.get(f"{name}-how") == "not", _words(post, f"{name}-list")
    if listed:
        return {"not_in_list" if negated else "in_list": listed[:50]}
    typed = [line.strip() for line in _words(post, f"{name}-more").splitlines() if line.strip()]
    if field.type == "words":
        return {"contains": typed} if typed else None
    values = list(dict.fromkeys([*(one.replace("\x00", "")[:200] for one in post.getlist(f"{name}-one")), *typed]))
    return {"none_of" if negated else "one_of": values} if values else None


def _given_range(post: QueryDict, name: str) -> Any:
    ends: dict[str, Any] = {}
    for side, signs in (("low", ("=", ">=", ">")), ("high", ("<=", "<"))):
        sign, end = post.get(f"{name}-{side}-sign", ""), _words(post, f"{name}-{side}")[:40]
        if sign in signs and end:
            ends[sign] = typed_number(end.replace(",", ""))
    if "=" in ends:
        ends = {"=": ends["="]}
    if any(isinstance(end, str) for end in ends.values()):
        return " ".join(f"{sign} {end}" for sign, end in ends.items())
    return ends or None


def given_value(post: QueryDict, field: Field, name: str = "") -> Any:
    """What a form says for an output, or for a fact that is tried."""
    return output_of(_words(post, name or f"then-{field.key}"), field)


def _words(post: QueryDict, name: str) -> str:
    return post.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()[:LONGEST]
