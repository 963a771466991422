"""`armature reader train` and `score`: learn from a file, measure on another; faults are told by line."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from armature.cli.reader import reader
from armature.crm.understand import model_file

FRAMES = ("Where is my {}?", "The {} is late", "I ask about the {} again", "{}!!", "no {} came", "about my {} of May")
WORDS = {"parcel": ("parcel", "courier", "delivery"), "money": ("invoice", "refund", "payment")}


def _rows(*frames: str) -> str:
    return "".join(
        json.dumps({"text": frame.format(word), "label": label}) + "\n"
        for frame in frames for label, words in WORDS.items() for word in words
    )  # fmt: skip


def _run(*words: object, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(reader, [str(word) for word in words], input=given)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model that was trained on a few texts."""
    (tmp_path / "rows.jsonl").write_text(_rows(*FRAMES), "utf-8")
    done = _run("train", tmp_path / "rows.jsonl", "--out", tmp_path / "model")
    assert (done.exit_code, done.stderr) == (0, "")
    return tmp_path / "model"


def test_what_was_trained_is_scored_with_all_its_figures(model: Path) -> None:
    done = _run("score", "--model", model, "-", "--json", given=_rows("your {}, please", "a {} once more"))
    said: dict[str, Any] = json.loads(done.stdout)
    assert (said["texts"], said["accuracy"], said["macro_f1"], said["promised_precision"]) == (12, 1.0, 1.0, 0.95)
    assert said["classes"]["money"] == {"texts": 6, "read": 6, "precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert said["coverage"] == 0.0 and said["precision"] is None, "36 texts promise nothing"
    assert {"calibration_error", "texts_per_cpu_second", "accuracy_interval", "named", "model"} <= set(said)
    table = _run("score", "--model", model, "-", given=_rows("your {}, please")).stdout
    assert table.splitlines()[0].split() == ["label", "texts", "precision", "recall", "F1"]
    assert "nothing was named" in table and "calibration error" in table


def test_the_same_file_and_seed_give_the_same_model(tmp_path: Path, model: Path) -> None:
    again = _run("train", "-", "--out", tmp_path / "again", "--json", given=_rows(*FRAMES))
    assert json.loads(again.stdout)["digest"] == json.loads((model / "reader.json").read_text())["digest"]
    assert (tmp_path / "again" / "weights.bin").read_bytes() == (model / "weights.bin").read_bytes()


BAD = b'{"text": "a", "label": "x"}\n\n[1]\n{"text": "a"}\n{"text": 3, "label": "x"}\nno\n\xff\n' + b"[" * 9_999 + b"\n"


def test_faults_are_told_by_line_and_nothing_is_learned(tmp_path: Path) -> None:
    done = _run("train", "-", "--out", tmp_path / "model", given=BAD)
    assert done.exit_code == 1 and not (tmp_path / "model").exists()
    assert done.stderr.splitlines() == [
        'Error: standard input, line 3: this is no JSON object; write {"text": ..., "label": ...}',
        'standard input, line 4: the field "label" must be a text that is not empty',
        'standard input, line 5: the field "text" must be a text that is not empty',
        "standard input, line 6: this is no JSON",
        "standard input, line 7: this is not UTF-8",
        "standard input, line 8: this is no JSON",
    ]


@pytest.mark.parametrize(
    ("given", "words"),
    [("", "there is no line"), ('{"text": "a", "label": "x"}\n', "at least two different labels")],
)
def test_too_little_is_told(tmp_path: Path, given: str, words: str) -> None:
    done = _run("train", "-", "--out", tmp_path / "model", given=given)
    assert done.exit_code == 1 and words in done.stderr


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"columns": 10**12}, "larger than any"), ({"columns": -1}, "whole number"), ({"columns": 7}, "bytes"),
        ({"labels": ["a", "a"]}, "different labels"), ({"labels": ["a", 3]}, '"labels" must be'),
        ({"labels": ["a", "b", "c"]}, "bytes"), ({"format": 2}, "format"), ({"scale": "x"}, "no model"),
        ({"scale": float("nan")}, "numbers that are none"), ({"sharpness": 0}, "numbers that are none"),
        ({"digest": "0"}, "digest"), ({"hints": 10**9}, "larger than any"),
    ],
)  # fmt: skip
def test_a_model_that_somebody_tampered_with_is_refused(model: Path, change: dict[str, Any], words: str) -> None:
    about = json.loads((model / "reader.json").read_text())
    (model / "reader.json").write_text(json.dumps({**about, **change}))
    done = _run("score", "--model", model, "-", given=_rows(*FRAMES))
    assert done.exit_code == 1 and words in done.stderr and "Traceback" not in done.output


@pytest.mark.parametrize("text", ["", "[]", "[" * 100_000, "{}", '{"format": 1}'])
def test_a_folder_that_is_no_model_is_refused(model: Path, text: str) -> None:
    (model / "reader.json").write_text(text)
    done = _run("score", "--model", model, "-", given=_rows(*FRAMES))
    assert (done.exit_code, done.stderr.startswith("Error: ")) == (1, True)


def test_weights_that_are_not_a_models_are_refused(model: Path) -> None:
    data = (model / "weights.bin").read_bytes()
    for other in (b"", data[:-1], data + b"x", b"\0" * len(data)):
        (model / "weights.bin").write_bytes(other)
        with pytest.raises(model_file.Unfit):
            model_file.load(model)
    (model / "weights.bin").unlink()
    assert "weights.bin" in _run("score", "--model", model, "-", given=_rows(*FRAMES)).stderr


def test_figures_of_the_rows_it_learned_from_are_told_to_be_none(model: Path) -> None:
    rows = _rows(*FRAMES).splitlines(keepends=True)
    warned = _run("score", "--model", model, "-", "--json", given="".join(reversed(rows)))
    assert "learned from these very rows" in warned.stderr and json.loads(warned.stdout)["texts"] == len(rows)
    assert _run("score", "--model", model, "-", given=_rows("your {}, please")).stderr == ""
