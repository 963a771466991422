"""`armature match`: which queries match which posts, and where; what cannot be read is named, the rest works."""

import json
import os
import subprocess
import sys
from pathlib import Path


def _match(folder: Path, queries: str, posts: str | bytes, *more: str) -> subprocess.CompletedProcess[str]:
    (folder / "queries.txt").write_text(queries, encoding="utf-8")
    (folder / "posts.jsonl").write_bytes(posts if isinstance(posts, bytes) else posts.encode())
    quiet = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    command = [sys.executable, "-m", "armature", "match", "--queries", "queries.txt", "posts.jsonl", *more]
    return subprocess.run(command, cwd=folder, env=quiet, capture_output=True, encoding="utf-8")


def _lines(*posts: object) -> str:
    return "".join(json.dumps(one) + "\n" for one in posts)


def test_each_post_tells_which_queries_match_and_where(tmp_path: Path) -> None:
    posts = _lines({"text": "İ like #Acme 👍🏽", "external_id": "7", "language": "en", "likes": 3}, {"text": "Nothing"})
    done = _match(tmp_path, "brand\tacme OR 👍\n\nacme lang:de\r\n", posts, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    first, second = map(json.loads, done.stdout.splitlines())
    where = [{"start": 7, "end": 12, "text": "#Acme"}, {"start": 13, "end": 14, "text": "👍"}]
    assert first == {
        "line": 1, "external_id": "7", "matches": [{"name": "brand", "query": "acme OR 👍", "where": where}],
    }  # fmt: skip
    assert (second["line"], second["matches"]) == (2, [])


def test_a_table_is_printed_for_people(tmp_path: Path) -> None:
    done = _match(tmp_path, "brand\tacme\n", _lines({"text": "Acme\n\u001b[31m wins"}, {"text": "Nothing"}))
    heading, row = done.stdout.splitlines()
    assert heading.split() == ["line", "post", "query", "where"]
    assert row.split() == ["1", "Acme", "[31m", "wins", "brand", "Acme"]
    assert done.stderr == "1 of 2 posts match.\n"


def test_bad_queries_are_named_with_line_column_and_mend_and_the_others_work(tmp_path: Path) -> None:
    done = _match(tmp_path, "good\tacme\nbad\tacme OR\nthe\ngood\tshop\n", _lines({"text": "acme"}), "--json")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "queries.txt, line 2, column 10: Something is missing after OR. Write a word there, or take it out.",
        'queries.txt, line 3, column 1: "the" alone stands in nearly every post. '
        'Add a rarer word, or write a phrase, as in "the shop"',
        "queries.txt, line 4: line 1 has this name too. Give it another one.",
    ]
    assert [each["name"] for each in json.loads(done.stdout)["matches"]] == ["good"]


def test_bad_lines_of_posts_are_named_and_the_others_are_read(tmp_path: Path) -> None:
    good = _lines({"text": "acme"}).encode()
    posts = [b"no\n", b'{"said": "x"}\n', b'{"text": "x", "place": 5}\n', b'{"text": "\xff"}\n', b"[]\n",
             b"[" * 5000 + b"\n", b'{"text": "' + b"a" * 2_100_000 + b'"}\n',
             b'{"text": "\\ud83d acme"}\n', b"\n", good]  # fmt: skip
    done = _match(tmp_path, "acme\n", b"".join(posts), "--json")
    assert done.returncode == 2
    told = [line.split(":")[0] for line in done.stderr.splitlines()]
    assert told == [f"posts.jsonl, line {number}" for number in range(1, 8)]
    assert [json.loads(line)["line"] for line in done.stdout.splitlines()] == [8, 10]
