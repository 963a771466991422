"""Who looks after the parts: what dies comes back, what is asked to stop stops, nothing is left behind."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from armature import postgres
from armature.cli.parts import SLOWEST, Part
from killing.ground import Ground, until
from killing.killer import Killer, Process, processes, zombies

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux can tie a process to its parent's life")


def _ends_at_once(part: Part, now: float) -> int:
    """Start it and wait for its end; its process id."""
    part.look_after(now)
    assert part.process is not None
    part.process.wait(60)
    return part.process.pid


def test_a_part_that_keeps_dying_young_is_started_slower_and_slower_but_never_given_up() -> None:
    part, now, pauses = Part(["--version"]), 100.0, []
    for _ in range(8):
        _ends_at_once(part, now)
        part.look_after(now + 0.01)
        assert part.process is None
        pauses.append(round(part.not_before - now, 3))
        now = part.not_before
    assert pauses[0] < 1
    assert pauses == sorted(pauses)
    assert SLOWEST <= pauses[-1] < SLOWEST + 1


def test_a_part_that_dies_old_is_started_at_once() -> None:
    part = Part(["--version"])
    first = _ends_at_once(part, 100.0)
    second = _ends_at_once(part, 200.0)
    assert first != second


@pytest.fixture
def ground() -> Iterator[Ground]:
    """An installation that runs."""
    ground = Ground(Path(tempfile.mkdtemp(prefix="armature-serve-")))
    try:
        ground.serve()
        until(ground.ready, 120, "the first start")
        yield ground
    finally:
        ground.remove()


def _left(ground: Ground, found: list[Process]) -> list[Process]:
    return [each for each in processes() if each.pid in {one.pid for one in found}]


def _kill(ground: Ground, found: list[Process]) -> None:
    for each in found:
        os.kill(each.pid, signal.SIGKILL)
    until(lambda: not _left(ground, found), 30, "their end")


@LINUX
def test_whatever_is_killed_comes_back_and_nothing_stays_behind(ground: Ground) -> None:
    killer = Killer(ground, random.Random(1))
    for name in ("web", "worker"):
        _kill(ground, killer.parts(name))
        until(lambda name=name: bool(killer.parts(name)), 60, f"another {name}")
    _kill(ground, killer.postmaster())
    until(ground.ready, 60, "pages on another database server")
    assert ground.served is not None
    assert zombies(ground.served.pid) == 0

    everything = killer.everything()
    os.kill(ground.served.pid, signal.SIGKILL)
    ground.served.wait()
    until(lambda: not _left(ground, everything), 60, "the end of the parts of a killed supervisor")
    ground.serve()
    until(ground.ready, 60, "a new start")
    everything = killer.everything()
    os.killpg(ground.served.pid, signal.SIGINT)  # as Ctrl-C does
    assert ground.served.wait(60) == 0
    assert not _left(ground, everything)


def test_it_says_where_it_runs_when_the_first_page_answers_and_not_before(ground: Ground) -> None:
    ground.end()
    ground.log.write_bytes(b"")
    ground.serve()
    until(lambda: f"Armature runs at  {ground.address}" in ground.log.read_text(), 120, "the word that it runs")
    assert ground.ready()
    assert ground.log.read_text().index("/start/") < ground.log.read_text().index("Armature runs at")


def test_pages_and_worker_run_alone_on_a_database_of_somebodys_own(ground: Ground) -> None:
    with postgres.Cluster(ground.home) as joined:
        environment = ground.environment() | {"DATABASE_URL": joined.url()}
        alone = Ground(Path(tempfile.mkdtemp(prefix="armature-alone-")))
        start = [sys.executable, "-m", "armature"]
        web = subprocess.Popen([*start, "web", "--port", str(alone.port)], env=environment)
        worker = subprocess.Popen([*start, "worker"], env=environment)
        until(alone.ready, 60, "its pages")
        for part in (web, worker):
            assert part.poll() is None
            part.terminate()
        assert [part.wait(40) for part in (web, worker)] == [0, 0]
        alone.remove()


def test_without_its_database_a_page_says_that_it_reconnects_and_is_not_ready(ground: Ground) -> None:
    environment = ground.environment() | {"DATABASE_URL": "postgresql://nobody@/nothing?host=/nonexistent"}
    alone = Ground(Path(tempfile.mkdtemp(prefix="armature-alone-")))
    web = subprocess.Popen([sys.executable, "-m", "armature", "web", "--port", str(alone.port)], env=environment)
    try:
        until(lambda: _ask(alone, "/up")[0] == 200, 60, "the process")
        status, words = _ask(alone, "/log-in")
        assert status == 503
        assert "Reconnecting" in words and "Traceback" not in words
        status, words = _ask(alone, "/ready")
        assert (status, json.loads(words)["ready"]) == (503, False)
    finally:
        web.terminate()
        web.wait(40)
        alone.remove()


def _ask(ground: Ground, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(ground.address + path, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()
    except OSError:
        return 0, ""
