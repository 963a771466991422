"""A reader of DMN decision tables of its own: FIRST, and the FEEL of their cells, as the standard has it."""

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

_M = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
_WORD = re.compile(r'\s*("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|>=|<=|!=|\.\.|[\[\](),<>?]|[a-z]+)')


class Dmn:
    """A file that was read once."""

    def __init__(self, dmn: bytes) -> None:
        [table] = ElementTree.fromstring(dmn).iter(f"{_M}decisionTable")
        assert table.get("hitPolicy") == "FIRST"
        self.names = [str(one.findtext(f"{_M}inputExpression/{_M}text")) for one in table.iter(f"{_M}input")]
        fills = [str(one.get("name")) for one in table.iter(f"{_M}output")]
        self.rules = []
        for rule in table.iter(f"{_M}rule"):
            said = [_value(_text(one)) for one in rule.iter(f"{_M}outputEntry")]
            name = str(next(rule.iter(f"{_M}annotationEntry")).findtext(f"{_M}text"))
            tests = [_text(one) for one in rule.iter(f"{_M}inputEntry")]
            self.rules.append((tests, name, dict(zip(fills, said, strict=True))))

    def answer(self, facts: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The row that the file says, by its annotation, and its outputs."""
        for tests, name, said in self.rules:
            pairs = zip(self.names, tests, strict=True)
            if all(test == "-" or _Test(test, facts.get(key)).holds() for key, test in pairs):
                return name, said
        raise AssertionError("no rule")


def _text(entry: ElementTree.Element) -> str:
    return entry.findtext(f"{_M}text") or ""


def _value(word: str) -> Any:
    if word in ("true", "false", "null"):
        return {"true": True, "false": False, "null": None}[word]
    return json.loads(word)


class _Test:
    """Unary tests: a list of values, comparisons and intervals, ``not(...)``, or ``contains`` joined by ``or``."""

    def __init__(self, source: str, value: Any) -> None:
        self.words, at = list[str](), 0
        while at < len(source.rstrip()):
            match = _WORD.match(source, at)
            assert match, source
            self.words.append(match[1])
            at = match.end()
        self.value = value

    def holds(self) -> bool:
        if self.words[0] == "not":
            self.words = self.words[2:-1]
            return not self._any()
        return self._any()

    def _any(self) -> bool:
        found = [self._one()]
        while self.words:
            assert self._next() in (",", "or")
            found.append(self._one())
        return any(found)

    def _next(self) -> str:
        return self.words.pop(0)

    def _one(self) -> bool:
        word, value = self._next(), self.value
        if word == "?":
            assert [self._next() for _ in range(4)] == ["!=", "null", "and", "("]
            self.words.pop()
            held = self._any()
            return value is not None and held
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if word == "contains":
            assert [self._next(), self._next(), self._next()] == ["(", "?", ","]
            part = _value(self._next())
            assert self._next() == ")"
            return value is None or part in value  # null: what equals the fact is true to tools, and null does
        if word in (">", ">=", "<", "<="):
            end = _value(self._next())
            return number and {">": value > end, ">=": value >= end, "<": value < end, "<=": value <= end}[word]
        if word in ("[", "("):
            low, _dots, high, close = (self._next() for _ in range(4))
            above = number and (value >= _value(low) if word == "[" else value > _value(low))
            return bool(above and (value <= _value(high) if close == "]" else value < _value(high)))
        wanted = _value(word)
        return value == wanted and isinstance(value, bool) == isinstance(wanted, bool)
