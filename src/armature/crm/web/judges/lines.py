"""Who judges, line by line: each row in words, its settings, what was measured and what speaks against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from armature.arm.let_through import BEFORE, JUDGING, Count
from armature.arm.rule.field import Catalogue
from armature.arm.rule.finding import Finding
from armature.arm.rule.sentence import conditions
from armature.arm.rule.table import DecisionTable
from armature.arm.rule.trial import Looked
from armature.arm.understand.learned.sure import FEWEST
from armature.crm.learn.who_judges.gate import floored
from armature.crm.learn.who_judges.report import Report
from armature.crm.web.charts import Bounded, bounded
from armature.crm.web.shipped_words import in_their_language

SETTINGS = ("judging", "drafting", "judge_team", "judge_minutes")
"""What is set here, in the order in which it stands there."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One of them as a field of a form; without ``choices`` it is a number."""

    key: str
    label: str
    value: str
    words: str
    choices: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """What one least confidence would let through."""

    least: int
    count: Count
    a_week: int
    keeps: bool

    @property
    def promised(self) -> str:
        """The lower bound in percent, rounded down."""
        return floored(self.count.lower)


@dataclass(frozen=True, slots=True)
class Line:
    """One row. ``missing``: so many labelled messages more, if all agree, until nobody needs to look; ``unsaid``: so
    many until the weekly check can say anything.
    """

    id: str
    when: str
    settings: Sequence[Setting]
    automatic: bool
    last: bool
    findings: Sequence[Finding]
    count: Count | None = None
    a_week: int = 0
    missing: int = 0
    unsaid: int = 0
    chart: Bounded | None = None
    bands: Sequence[Band] = ()

    @property
    def lower(self) -> str:
        """The lower bound in percent, rounded down."""
        return floored(self.count.lower) if self.count else ""


def lines(looked: Looked, found: Report | None, against: Sequence[Finding], asked: float) -> list[Line]:
    """All rows of a table; ``against`` is what forbids to put it in force."""
    rows = looked.table.rows
    return [
        Line(
            row.id, _when(looked, row.id), _settings(looked.table, row.then, looked.catalogue), _automatic(row.then),
            row is rows[-1], [one for one in (*looked.findings, *against) if one.place == row.id],
            **_measured(row.id, found, asked),
        )
        for row in rows
    ]  # fmt: skip


def _when(looked: Looked, row: str) -> str:
    words, sure = conditions(looked.cells[row], looked.catalogue), "confidence" in looked.cells[row]
    return words if sure else f"{words}, whatever the confidence"


def _automatic(then: Mapping[str, Any]) -> bool:
    return then.get(JUDGING) == "automatic" or (JUDGING not in then and then.get(BEFORE) is False)


def _settings(table: DecisionTable, then: Mapping[str, Any], facts: Catalogue) -> list[Setting]:
    return [setting(key, then.get(key), facts) for key in SETTINGS if key in table.outputs]


def setting(key: str, value: Any, facts: Catalogue) -> Setting:
    """One setting as it stands in a row; what no choice fits is shown as it is."""
    field = facts[key]
    choices = [(name, in_their_language(words)) for name, words in field.values.items()]
    text = "" if value is None else str(value)
    if choices and text and text not in field.values:
        choices.append((text, text))
    return Setting(key, in_their_language(field.label), text, dict(choices).get(text, text), choices)


def _measured(row: str, found: Report | None, asked: float) -> dict[str, Any]:
    if found is None:
        return {}
    count = found.rows[row]
    bands = [Band(round(100 * least), one, found.a_week(one), one.keeps(asked)) for least, one in found.bands[row]]
    chart = bounded(count.agree / count.cases, count.lower, count.upper, asked) if count.cases else None
    missing, unsaid = (count.missing(asked), max(0, FEWEST - count.cases)) if found.whole else (0, 0)
    return {"count": count, "a_week": found.a_week(count), "missing": missing, "unsaid": unsaid, "chart": chart,
            "bands": bands}  # fmt: skip
