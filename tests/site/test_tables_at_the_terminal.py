"""`armature table check`: what must be mended in a table, by row, without a server or a database."""

import json
from importlib import resources
from pathlib import Path

from click.testing import CliRunner

from armature.cli import armature


def _checked(file: Path, *more: str) -> tuple[int, str]:
    done = CliRunner().invoke(armature, ["table", "check", str(file), *more])
    return done.exit_code, done.output


def test_the_table_that_ships_is_fit_and_says_where_rows_overlap() -> None:
    with resources.as_file(resources.files("armature.arm") / "baseline" / "business_rules.json") as file:
        code, said = _checked(file)
    assert code == 0 and "fit to be published" in said
    assert "Note: Row R12: what also fits row R11 is decided there" in said


def test_a_sheet_is_read_and_each_fault_is_named_with_its_row(tmp_path: Path) -> None:
    sheet = tmp_path / "mine.csv"
    sheet.write_text("row;when followers;then team\nA;many;support\nB;>= 5;support\nC;>= 9;x\nZ;;y\n", "utf-8-sig")
    code, said = _checked(sheet, "--json")
    found = json.loads(said.splitlines()[0])
    assert code == 1 and found["table"] == "mine"
    assert [(one["row"], one["field"], one["error"]) for one in found["findings"]] == [("A", "followers", True)]
    sheet.write_text(sheet.read_text("utf-8-sig").replace("many", "< 5"))
    code, said = _checked(sheet)
    assert code == 1 and "Row C can never fire: row B always fires first" in said


def test_a_file_that_is_no_table_is_refused_in_words(tmp_path: Path) -> None:
    for name, body, told in (
        ("a.csv", b"\xff\xfe", "not UTF-8"), ("b.csv", b"", "needs a line of heads"), ("c.json", b"{", "JSON"),
        ("d.json", b"{" + b" " * 1_000_001, "at most 1,000,000 bytes"), ("e.csv", b"row,\x00\n", "last row"),
    ):  # fmt: skip
        file = tmp_path / name
        file.write_bytes(body)
        code, said = _checked(file)
        assert code == 1 and told in said, name
