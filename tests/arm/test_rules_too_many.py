"""However many rows overlap, the check of a table ends soon and says of which rows it cannot tell."""

from collections.abc import Mapping
from typing import Any

import pytest

from armature.arm.rule import cover
from armature.arm.rule.catalogue import FACTS
from armature.arm.rule.table import DecisionTable, Row
from armature.arm.rule.table_check import check

ROWS = 300
MANY: dict[str, list[dict[str, str]]] = {
    "numbers": [{"followers": f"{n}..{2000 - n}", "complaints_30d": f"{n % 37}..{40 + n % 61}"} for n in range(ROWS)],
    "none of": [{"intent": "none of cancel", "language": f"none of l{n}"} for n in range(ROWS)],
    "mixed": [{"followers": f"{n}..{n + 500}", "sentiment": f"<= {n / 1000}"} for n in range(ROWS)],
}


def _table(rows: list[dict[str, str]]) -> DecisionTable:
    inputs = tuple(dict.fromkeys(key for row in rows for key in row))
    drawn = [Row(f"R{n}", when, {"team": "x"}) for n, when in enumerate(rows)]
    return DecisionTable("t", "T", inputs, ("team",), (*drawn, Row("last", {}, {"team": "y"})))


@pytest.mark.parametrize("what", MANY)
def test_the_pieces_that_are_looked_at_are_bounded(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looked, rest = [0], cover._rest

    def counted(box: Mapping[str, Any], row: Mapping[str, Any]) -> Any:
        looked[0] += 1
        return rest(dict(box), row)

    monkeypatch.setattr(cover, "_rest", counted)
    assert check(_table(MANY[what]), FACTS)
    assert looked[0] <= ROWS * (ROWS + 1) // 2 + cover.WHOLE_TABLE


def test_a_row_that_is_left_open_is_a_note_and_no_error() -> None:
    found = check(_table(MANY["numbers"]), FACTS)
    noted = [one for one in found if not one.error]
    assert all("too many rows overlap" in one.words for one in noted)


def test_a_last_row_fires_where_nothing_is_known_however_many_stand_above_it() -> None:
    assert not check(_table([{"followers": f"= {n}"} for n in range(ROWS)]), FACTS)
