"""Processes that are killed without warning: committed rows stay, and nothing is left running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from armature.postgres import OWNER, Cluster, Watch, binaries, connect, places, server
from armature.postgres import watch as watch_module
from armature.postgres.programs import Child
from postgres.processes import Owner, alive, ask, kill_everything, main_process, until

ROWS = 20_000


@pytest.fixture
def filled(folder: Path) -> Iterator[Owner]:
    """An owner in another process, with committed rows in its database."""
    with Owner(folder) as owner:
        with psycopg.connect(owner.url.replace("armature_app", OWNER)) as connection:
            connection.execute("CREATE TABLE heard AS SELECT n FROM generate_series(1, %s) n", (ROWS,))
        yield owner


def rows(url: str) -> int:
    with psycopg.connect(url) as connection:
        return int(ask(connection, "SELECT count(*) FROM heard"))


def test_rows_outlive_the_death_of_every_process_and_a_start_at_once(filled: Owner, folder: Path) -> None:
    dead = kill_everything(filled)
    with Cluster(folder) as cluster:
        assert rows(cluster.url()) == ROWS
        assert main_process(cluster.url()) not in dead


def test_rows_outlive_the_death_of_the_main_process_alone(folder: Path) -> None:
    cluster = Cluster(folder)
    with cluster, psycopg.connect(cluster.url(role=OWNER)) as connection:
        connection.execute("CREATE TABLE heard AS SELECT n FROM generate_series(1, %s) n", (ROWS,))
        connection.commit()
        old = main_process(cluster.url())
        os.kill(old, signal.SIGKILL)
        until(lambda: not alive(old), "the server is dead")
        cluster.start()
        assert cluster.is_owner
        assert rows(cluster.url()) == ROWS
        assert main_process(cluster.url()) != old


def test_a_start_waits_for_the_last_process_of_a_killed_server(folder: Path) -> None:
    cluster = Cluster(folder)
    with cluster, psycopg.connect(cluster.url()) as connection:
        main, backend = main_process(cluster.url()), connection.info.backend_pid
        os.kill(backend, signal.SIGSTOP)  # it cannot notice that its server dies, and keeps the shared memory
        os.kill(main, signal.SIGKILL)
        starter = threading.Thread(target=cluster.start)
        starter.start()
        until(lambda: "pre-existing shared memory block" in cluster.log.read_text(), "the first try was refused")
        os.kill(backend, signal.SIGCONT)
        starter.join()
        assert main_process(cluster.url()) != main


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can tie a process to its parent's life")
def test_the_server_ends_when_its_owner_is_killed(filled: Owner) -> None:
    server = main_process(filled.url)
    filled.kill()
    until(lambda: not alive(server), "the server has ended with its owner")


def test_the_next_start_after_a_killed_owner_has_all_rows(filled: Owner, folder: Path) -> None:
    filled.kill()
    with Cluster(folder) as cluster:
        assert cluster.is_owner
        assert rows(cluster.url()) == ROWS


def test_a_server_that_outlived_its_owner_is_stopped_and_started_anew(folder: Path) -> None:
    with Cluster(folder) as cluster, psycopg.connect(cluster.url(role=OWNER)) as connection:
        connection.execute("CREATE TABLE heard AS SELECT n FROM generate_series(1, %s) n", (ROWS,))
    found = places.find(folder)
    program = binaries.for_account(binaries.locate(), found.account, places.SHARED) / "bin" / "postgres"
    arguments = ["-D", str(found.data), "-k", str(found.run), "-h", ""]
    left = Child(found.account, program, arguments, subprocess.DEVNULL)
    until(lambda: _answers(cluster.url()), "the left-over server answers")
    left_pid = main_process(cluster.url())
    with Cluster(folder) as anew:
        assert anew.is_owner
        assert left.wait(10)
        assert main_process(anew.url()) != left_pid
        assert rows(anew.url()) == ROWS


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


FORK = """
import os, sys
from pathlib import Path
import psycopg
from armature.postgres import Cluster

with Cluster(Path(sys.argv[1])) as cluster:
    child = os.fork()
    if child == 0:
        cluster.stop()
        os._exit(cluster.is_owner)
    assert os.waitpid(child, 0)[1] == 0, "the fork thinks that it owns the server"
    psycopg.connect(cluster.url()).close()
"""


def test_a_fork_of_the_owner_does_not_stop_the_server(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FORK, str(folder)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_server_outlives_the_thread_that_started_it(folder: Path) -> None:
    cluster = Cluster(folder)
    starter = threading.Thread(target=cluster.start)
    starter.start()
    starter.join()
    try:
        with psycopg.connect(cluster.url()) as connection:
            assert ask(connection, "SELECT pg_sleep(0.1) IS NOT NULL")
    finally:
        cluster.stop()


def test_a_server_killed_while_it_starts_is_started_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Cluster(folder) as cluster:
        pid_file = cluster.home / "data" / "postmaster.pid"
    honest, killed = server.answers, []

    def answers(run: Path) -> bool:
        if not killed and pid_file.exists() and len(pid_file.read_text().splitlines()) > 2:
            killed.append(int(pid_file.read_text().split()[0]))
            os.kill(killed[0], signal.SIGKILL)
            until(lambda: not alive(killed[0]), "it is dead")
        return honest(run)

    monkeypatch.setattr(server, "answers", answers)
    with cluster:
        assert killed
        assert main_process(cluster.url()) != killed[0]


def test_a_watch_starts_a_dead_server_again(folder: Path) -> None:
    with Cluster(folder) as cluster:
        watch = Watch(cluster)
        old = main_process(cluster.url())
        os.kill(old, signal.SIGKILL)
        until(lambda: _answers(cluster.url()) and main_process(cluster.url()) != old, "another server answers")
        watch.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="stops a process in the way that Linux does")
def test_a_watch_kills_and_starts_a_server_that_is_stuck(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_module, "ASK_EVERY", 1)
    monkeypatch.setattr(connect, "CONNECT_SECONDS", 2)
    with Cluster(folder) as cluster:
        old = main_process(cluster.url())
        watch = Watch(cluster)
        os.kill(old, signal.SIGSTOP)
        until(lambda: not alive(old), "the stuck server is gone")
        until(lambda: _answers(cluster.url()), "another server answers")
        watch.stop()


def test_a_watch_takes_over_when_the_owner_of_a_joined_server_ends(filled: Owner, folder: Path) -> None:
    with Cluster(folder) as cluster:
        assert not cluster.is_owner
        watch = Watch(cluster)
        filled.kill()
        until(lambda: cluster.is_owner and _answers(cluster.url()), "the server is ours")
        watch.stop()
        assert rows(cluster.url()) == ROWS
