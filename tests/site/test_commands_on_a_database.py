"""`armature check`, `armature bench intake` and the refusal of unsafe servers, on a real database."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from armature import postgres
from armature.site.database import settings_for

NAME = "armature_commands"


def _armature(address: str, *words: str) -> subprocess.CompletedProcess[str]:
    known = {**os.environ, "DATABASE_URL": address, "ARMATURE_SECRET_KEY": "only for tests"}
    return subprocess.run([sys.executable, "-m", "armature", *words], env=known, capture_output=True, text=True)


@pytest.fixture
def database(server: str) -> Iterator[str]:
    """The address of an empty database, gone afterwards."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
    yield psycopg.conninfo.make_conninfo(server, dbname=NAME)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(NAME)))


def test_the_bench_gives_its_figures_and_leaves_nothing_undecided(database: str) -> None:
    done = _armature(database, "bench", "intake", "--messages", "600", "--persons", "150", "--workers", "2", "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    wanted = [
        "interactions",
        "seconds",
        "per_second",
        "cpu_per_1000",
        "rows_per_interaction",
        "raw_per_second",
        "ratio",
    ]
    assert all(figures[key] > 0 for key in wanted)
    assert figures["interactions"] == 600
    assert figures["rows_per_interaction"] <= 12
    check = _armature(database, "check", "--json")
    assert (check.returncode, any(json.loads(check.stdout).values())) == (0, False)


def test_check_says_in_words_that_there_is_no_company_yet(database: str) -> None:
    done = _armature(database, "check")
    assert done.returncode == 1
    assert "no company yet" in done.stderr
    assert "--demo" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_where_nothing_was_installed_says_so_and_makes_nothing(tmp_path: Path) -> None:
    alone = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_URL", "ARMATURE_"))}
    for more in ([], ["--demo"]):
        command = [sys.executable, "-m", "armature", "check", *more]
        done = subprocess.run(command, cwd=tmp_path, env=alone, capture_output=True, text=True)
        assert done.returncode == 1
        assert f"There is no installation in {tmp_path / '.armature'}: nothing was started" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_check_makes_no_second_database_beside_the_first(tmp_path: Path) -> None:
    alone = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_URL", "ARMATURE_"))}
    with postgres.Cluster(tmp_path / ".armature") as cluster:
        command = [sys.executable, "-m", "armature", "check", "--demo"]
        done = subprocess.run(command, cwd=tmp_path, env=alone, capture_output=True, text=True)
        assert (done.returncode, "has no database armature_demo yet" in done.stderr) == (1, True)
        assert not cluster.has_database("armature_demo")


def test_check_finds_an_interaction_that_nobody_judged(database: str) -> None:
    assert _armature(database, "bench", "intake", "--messages", "50", "--persons", "20").returncode == 0
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("UPDATE decide_judgement SET current = false WHERE interaction_id = "
                           "(SELECT min(interaction_id) FROM decide_judgement)")  # fmt: skip
    done = _armature(database, "check")
    assert done.returncode == 1
    assert "WRONG  every interaction is judged" in done.stdout


@pytest.mark.parametrize("weak", ["synchronous_commit = off"])
def test_a_server_that_may_forget_commits_is_refused(database: str, weak: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {NAME} SET {weak}")
    done = _armature(database, "check")
    assert done.returncode == 1
    assert "synchronous_commit" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_does_not_answer_is_said_in_words() -> None:
    done = _armature("host=/nowhere dbname=x", "check")
    assert done.returncode == 1
    assert "does not answer" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_address_becomes_djangos_settings() -> None:
    found = settings_for("postgresql://app:secret@db.example:5433/shop?sslmode=require")
    assert (found["NAME"], found["HOST"], found["PORT"]) == ("shop", "db.example", "5433")
    assert found["OPTIONS"]["sslmode"] == "require"
