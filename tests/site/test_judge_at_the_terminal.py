"""`armature judge FILE`: no server, no database; a judgement per interaction, errors that name line and field."""

import json
import mailbox
import os
import subprocess
import sys
from pathlib import Path

PARTS = {"said", "where", "intent", "known", "rules", "path", "action"}


def _judge(folder: Path, name: str, content: str, *more: str) -> subprocess.CompletedProcess[str]:
    (folder / name).write_text(content, encoding="utf-8")
    quiet = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "armature", "judge", name, *more], cwd=folder, env=quiet, capture_output=True, text=True
    )


def _lines(*objects: object) -> str:
    return "".join(json.dumps(one) + "\n" for one in objects)


def test_each_line_gets_all_seven_parts_each_with_its_why(tmp_path: Path) -> None:
    said = {"channel": "facebook", "public": True, "text": "Where can I buy the tent?", "author": "Tom",
            "external_id": "7", "occurred_at": "2026-03-02T10:00:00Z"}  # fmt: skip
    done = _judge(tmp_path, "said.jsonl", _lines(said), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    judged = json.loads(done.stdout)
    assert judged.keys() >= PARTS
    single = [judged[part] for part in PARTS - {"rules"}]
    assert all(part["why"] for part in [*single, *judged["rules"]])
    assert judged["where"]["public"] is True


def test_a_table_is_printed_for_people(tmp_path: Path) -> None:
    done = _judge(tmp_path, "said.jsonl", _lines({"text": "My parcel is broken."}))
    heading, row = done.stdout.splitlines()
    assert heading.split() == ["said", "where", "intent", "rule", "action"]
    assert row.startswith("My parcel is broken.")


def test_facts_from_a_file_reach_the_rules(tmp_path: Path) -> None:
    (tmp_path / "facts.csv").write_text("author,followers,tier\nAda,60000,gold\n")
    done = _judge(
        tmp_path, "said.jsonl", _lines({"text": "Nice shop", "author": "ada"}), "--json", "--known", "facts.csv"
    )
    known = json.loads(done.stdout)["known"]
    assert (known["followers"], known["tier"]) == (60000, "gold")
    assert "60,000" in known["why"] or "60000" in known["why"]


def test_what_somebody_said_before_counts(tmp_path: Path) -> None:
    angry = {"text": "This is broken, I complain. Terrible!", "author": "ada"}
    texts = [{**angry, "occurred_at": f"2026-03-0{day}T10:00:00Z"} for day in (1, 2, 3)]
    done = _judge(tmp_path, "said.jsonl", _lines(*texts), "--json")
    judged = [json.loads(line) for line in done.stdout.splitlines()]
    complaints = sum(one["intent"]["intent"] == "complaint" for one in judged[:2])
    assert judged[2]["known"]["complaints_30d"] == complaints


def test_csv_and_mbox_are_read_too(tmp_path: Path) -> None:
    done = _judge(tmp_path, "said.csv", 'text,channel,author\n"Where, please?",email,tom\n', "--json")
    assert json.loads(done.stdout)["said"]["text"] == "Where, please?"
    box = mailbox.mbox(tmp_path / "said.mbox")
    box.add("From: Ada <ada@people.example>\nMessage-ID: <1@x>\nSubject: Hi\n\nDo you open on Sunday?\n")
    box.close()
    done = _judge(tmp_path, "said.mbox", (tmp_path / "said.mbox").read_text(), "--json")
    assert json.loads(done.stdout)["said"]["by"] == "ada@people.example"


def test_errors_name_the_line_and_the_field_and_the_rest_is_judged(tmp_path: Path) -> None:
    wrong = _lines({"text": 3}, {"text": "x", "channel": "fax machine"}, {"text": "fine"}) + "no json\n"
    wrong += _lines({"text": "x", "occurred_at": "yesterday"}, {"text": "x", "public": "perhaps"}, {"said": "x"})
    done = _judge(tmp_path, "said.jsonl", wrong, "--json")
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 1
    assert 'said.jsonl, line 1: the field "text" must be a text, not 3' in done.stderr
    assert 'line 2: the field "channel" must be one of email' in done.stderr
    assert "line 4: this is not JSON" in done.stderr
    assert 'line 5: the field "occurred_at" must be a time like' in done.stderr
    assert 'line 6: the field "public" must be true or false' in done.stderr
    assert 'line 7: the field "text" is missing' in done.stderr


def _piped(folder: Path, content: bytes, *more: str) -> subprocess.CompletedProcess[bytes]:
    quiet = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    command = [sys.executable, "-m", "armature", "judge", "-", *more]
    return subprocess.run(command, cwd=folder, env=quiet, input=content, capture_output=True)


def test_a_dash_is_standard_input_in_each_of_the_three_ways(tmp_path: Path) -> None:
    mail = b"From ada Mon Mar  2 10:00:00 2026\nFrom: Ada <ada@people.example>\nMessage-ID: <1@x>\n\nMy tent?\n"
    for content in (b'{"text": "My tent?"}\n', b'\xef\xbb\xbfauthor,"text"\nada,My tent?\n', mail):
        done = _piped(tmp_path, content, "--json")
        assert (done.returncode, done.stderr) == (0, b"")
        assert json.loads(done.stdout)["said"]["text"].strip() == "My tent?"
    done = _piped(tmp_path, b'{"text": 3}\n')
    assert (done.returncode, b'standard input, line 1: the field "text"' in done.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_text_is_one_error(tmp_path: Path) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
    for name, content, words in [
        ("a.jsonl", picture, "a.jsonl: this is no text"),
        ("a.csv", picture, "a.csv: this is no text"),
        ("b.jsonl", bytes(range(128, 256)) * 9 + b"\n" * 40, "b.jsonl: this is no text"),
        ("c.csv", "text\nHallo".encode("utf-16"), "c.csv: this is text in UTF-16; save it as UTF-8"),
        ("d.csv", "text\nHello there\nGrüße aus Köln\n".encode("latin-1"), "d.csv: from line 1 on this is not UTF-8"),
    ]:
        (tmp_path / name).write_bytes(content)
        command = [sys.executable, "-m", "armature", "judge", name]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1, done.stderr[:500]
        assert words in done.stderr


def test_a_quotation_mark_that_is_never_closed_is_named_with_the_line_it_began(tmp_path: Path) -> None:
    rows = 'text,author\n"Two\nlines",ada\nfine,tom\n"never closed,ada\n' + "swallowed,ada\n" * 9
    done = _judge(tmp_path, "said.csv", rows, "--json")
    assert done.returncode == 2
    assert [json.loads(line)["said"]["text"] for line in done.stdout.splitlines()] == ["Two\nlines", "fine"]
    assert "said.csv, line 5: a cell that begins with a quotation mark here is never closed" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    done = _judge(tmp_path, "said.csv", 'text,author\n"a"b,ada\nx,ada,z\nfine,ada\n', "--json")
    assert (done.returncode, len(done.stdout.splitlines())) == (2, 1)
    assert "line 2: behind a quotation mark that closes a cell" in done.stderr
    assert "line 3: there are 3 cells, but 2 columns" in done.stderr


def test_facts_with_such_a_mark_are_refused_too(tmp_path: Path) -> None:
    (tmp_path / "facts.csv").write_text('author,tier\n"ada,gold\n')
    done = _judge(tmp_path, "said.jsonl", _lines({"text": "x"}), "--known", "facts.csv")
    assert (done.returncode, "facts.csv, line 2: a cell that begins" in done.stderr) == (1, True)


def test_a_wrong_fact_is_refused_with_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "facts.csv").write_text("author,followers\nada,many\n")
    done = _judge(tmp_path, "said.jsonl", _lines({"text": "x"}), "--known", "facts.csv")
    assert done.returncode == 1
    assert 'facts.csv, line 2: "many" cannot be the fact followers' in done.stderr
    (tmp_path / "facts.csv").write_text("author,folowers\nada,3\n")
    done = _judge(tmp_path, "said.jsonl", _lines({"text": "x"}), "--known", "facts.csv")
    assert 'there is no fact "folowers"' in done.stderr


def test_a_missing_file_is_said_in_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "armature", "judge", "none.jsonl"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "none.jsonl" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_names_every_command() -> None:
    done = subprocess.run([sys.executable, "-m", "armature", "--help"], capture_output=True, text=True)
    for command in ("demo", "serve", "web", "worker", "judge", "check", "bench", "manage"):
        assert f"  {command} " in done.stdout
