"""`armature map check`: what must be mended in a map, by element, without a server or a database."""

import json
import os
import subprocess
import sys
from pathlib import Path

from arm.cast import BASELINE

DRAWN = BASELINE / "reactive.bpmn"


def _check(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    quiet = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    command = [sys.executable, "-m", "armature", "map", "check", *map(str, arguments)]
    return subprocess.run(command, env=quiet, capture_output=True, encoding="utf-8")


def test_the_map_that_ships_is_fit() -> None:
    done = _check(DRAWN)
    assert (done.returncode, done.stdout) == (0, "")
    assert "fit to be published" in done.stderr


def test_what_must_be_mended_is_told_by_element_and_ends_with_1(tmp_path: Path) -> None:
    broken = tmp_path / "broken.bpmn"
    broken.write_text(DRAWN.read_text().replace('arm:step="where"', 'arm:step="wher"'))
    done = _check(broken, "--json")
    [first, *_] = json.loads(done.stdout)["findings"]
    assert done.returncode == 1
    assert (first["element"], first["field"], first["error"]) == ("Where", "step", True)
    assert 'did you mean "where"' in first["words"]
    assert first["words"] in _check(broken).stdout


def test_a_table_of_ones_own_takes_the_place_of_the_one_that_ships(tmp_path: Path) -> None:
    table = tmp_path / "who.json"
    table.write_text((BASELINE / "who_judges.json").read_text().replace('"evaluation"', "7"))
    done = _check(DRAWN, "--table", table)
    assert done.returncode == 1 and "Row J01, Judging team" in done.stdout


def test_what_is_no_map_or_no_table_is_refused_in_words(tmp_path: Path) -> None:
    hostile, empty, large = tmp_path / "hostile.bpmn", tmp_path / "empty.bpmn", tmp_path / "large.bpmn"
    hostile.write_text('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    empty.write_text("")
    large.write_bytes(b"<a/>" * 600_000)
    for file, words in ((hostile, "DTD"), (empty, "not readable XML"), (large, "larger than")):
        done = _check(file)
        assert done.returncode == 1 and words in done.stdout and "Traceback" not in done.stderr
    done = _check(DRAWN, "--table", empty)
    assert done.returncode == 1 and "not readable JSON" in done.stderr
