"""Files of the past that would mislead a start: process ids used again, halves of a first start."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from armature.postgres import OWNER, Cluster, PostgresError, places
from armature.postgres.programs import Child
from postgres.processes import Owner, ask, kill_everything


@pytest.fixture
def killed(folder: Path) -> Path:
    """A folder whose server was killed with all its processes, so that its files still name them."""
    with Owner(folder) as owner:
        kill_everything(owner)
    assert (places.find(folder).data / "postmaster.pid").exists()
    return folder


@pytest.fixture
def stranger(folder: Path) -> Iterator[int]:
    """A live process of the same account that has nothing to do with the server; its process id."""
    account = places.find(folder).account
    program = Path(shutil.which("sleep") or "/bin/sleep")
    child = Child(account, program, ["600"], subprocess.DEVNULL)
    assert child._process is not None
    yield child._process.pid
    assert child.running, "the start has killed a process that is not its own"
    child.signal(15)
    assert child.wait(10)


@pytest.mark.parametrize("named", ["postmaster.pid", "lock of the socket"])
def test_a_process_id_that_a_stranger_has_now_does_not_hinder_the_start(
    killed: Path, stranger: int, named: str
) -> None:
    found = places.find(killed)
    path = found.data / named if named == "postmaster.pid" else found.socket.with_name(found.socket.name + ".lock")
    _, _, rest = path.read_text().partition("\n")
    path.write_text(f"{stranger}\n{rest}")
    with Cluster(killed) as cluster, psycopg.connect(cluster.url()) as connection:
        assert ask(connection, "SELECT 1") == 1


@pytest.mark.parametrize("words", ["", "\n\n", "half a num", "999999999999\n"])
def test_a_broken_process_id_file_does_not_hinder_the_start(killed: Path, words: str) -> None:
    (places.find(killed).data / "postmaster.pid").write_text(words)
    with Cluster(killed) as cluster:
        assert cluster.is_owner


def test_an_interrupted_first_start_leaves_nothing_half_made(folder: Path) -> None:
    found = places.find(folder)
    places.prepare(found)
    half = found.home / "data.new"
    half.mkdir(mode=0o700)
    found.account.give(half)
    (half / "PG_VERSION").write_text("18\n")
    with Cluster(folder) as cluster, psycopg.connect(cluster.url(role=OWNER)) as connection:
        assert ask(connection, "SELECT current_database()") == "armature"
    assert not half.exists()


def test_a_start_that_fails_says_why_and_frees_the_lock(folder: Path) -> None:
    with pytest.raises(PostgresError, match="no_such_setting"):
        Cluster(folder, settings={"no_such_setting": "1"}).start()
    with Cluster(folder) as cluster:
        assert cluster.is_owner
