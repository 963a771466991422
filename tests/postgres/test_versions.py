"""Data of another major version is refused with steps, and the steps work."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from armature.postgres import APP, OWNER, Cluster, OtherMajorVersion
from postgres.processes import ask

OLD = Path("/usr/lib/postgresql/15")


def test_data_of_another_major_version_is_refused_with_the_steps(folder: Path) -> None:
    with Cluster(folder) as cluster:
        data = cluster.home / "data"
    (data / "PG_VERSION").write_text("17\n")
    with pytest.raises(OtherMajorVersion) as refused:
        Cluster(folder).start()
    for words in ("written by PostgreSQL 17", "installed here are 18", "pg_dump", "pg_restore", str(data)):
        assert words in str(refused.value)
    (data / "PG_VERSION").write_text("18\n")
    with Cluster(folder) as cluster:
        assert cluster.is_owner, "the refusal has kept the lock"


@pytest.mark.skipif(not OLD.exists(), reason="needs the programs of PostgreSQL 15 (Debian: postgresql-15)")
def test_the_steps_bring_rows_of_an_older_server_over(folder: Path, tmp_path: Path) -> None:
    _make_old_data(folder)
    with pytest.raises(OtherMajorVersion) as refused:
        Cluster(folder).start()
    start, dump, stop, aside, new_server, restore = _commands(str(refused.value))
    assert new_server == f"python -m armature.postgres {folder}"
    _run([start, dump, stop, aside], tmp_path)
    with _server_alone(folder) as url:
        _run([restore], tmp_path)
        with psycopg.connect(url) as connection:
            assert ask(connection, "SELECT words FROM heard") == "kept"
            assert connection.info.server_version >= 180000
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("DELETE FROM heard")


@contextmanager
def _server_alone(folder: Path) -> Iterator[str]:
    """The server by its own command; the application's address. It ends in order when it is told to."""
    command = [sys.executable, "-m", "armature.postgres", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip().replace(OWNER, APP)
        finally:
            server.terminate()
        assert server.wait(60) == 0


def _make_old_data(folder: Path) -> None:
    """What an Armature with programs of version 15 would have left."""
    with Cluster(folder, install=OLD) as cluster, psycopg.connect(cluster.url(role=OWNER)) as connection:
        assert connection.info.server_version // 10000 == 15
        connection.execute("CREATE TABLE heard AS SELECT 'kept' AS words")
        connection.execute("REVOKE UPDATE, DELETE ON heard FROM armature_app")


def _commands(words: str) -> list[str]:
    """The lines that are commands, as an operator would paste them."""
    return [line.strip() for line in words.splitlines() if re.match(r" {5}\S", line)]


def _run(commands: list[str], where: Path) -> None:
    for command in commands:
        done = subprocess.run(
            ["sh", "-euc", command],
            env={"OLD": str(OLD), "PATH": "/usr/bin:/bin"},
            cwd=where,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"


def test_the_server_alone_runs_a_command_with_its_address_and_ends_with_it(folder: Path) -> None:
    program = (
        "import os, psycopg, sys; sys.exit(psycopg.connect(os.environ['DATABASE_URL']).info.server_version // 10000)"
    )
    command = [sys.executable, "-m", "armature.postgres", str(folder), sys.executable, "-c", program]
    assert subprocess.run(command).returncode == 18
    with Cluster(folder) as cluster:
        assert cluster.is_owner
