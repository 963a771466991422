"""The processes of an installation and who looks after them: one that dies is started again."""

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import click

DRAIN = 30.0
"""Seconds a part has to finish what it is doing when told to stop."""
PARENT = "ARMATURE_PARENT"
PR_SET_PDEATHSIG = 1


YOUNG = 5.0
"""A part that dies within so many seconds of its start died young."""
SLOWEST = 10.0
"""Seconds before a part that keeps dying young is started again."""


@dataclass(slots=True)
class Part:
    """One child process, started again when it ends by itself: at once, or slower each time it dies young."""

    arguments: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    not_before: float = 0.0
    young_deaths: int = 0

    def look_after(self, now: float) -> None:
        """Start it when it does not run; ``now`` in seconds of a clock that never goes back."""
        if self.process is not None:
            if self.process.poll() is None:
                return
            self._buried(self.process.returncode, now)
        if now >= self.not_before:
            self.started = now
            self.process = subprocess.Popen(  # noqa: S603  our own command
                [sys.executable, "-m", "armature", *self.arguments], env={**os.environ, PARENT: str(os.getpid())}
            )

    def _buried(self, code: int, now: float) -> None:
        self.process = None
        self.young_deaths = self.young_deaths + 1 if now - self.started < YOUNG else 0
        pause = min(0.5 * 2 ** (self.young_deaths - 1), SLOWEST) if self.young_deaths else 0.0
        self.not_before = now + pause
        click.echo(f"  The {self.arguments[0]} ended with {code}. Starting it again in {pause:g} s ...", err=True)

    def end(self) -> None:
        """Ask it to stop."""
        if self.process and self.process.poll() is None:
            self.process.terminate()


def tie_to_parent() -> None:
    """On Linux a part does not outlive the one that looks after it, even by kill -9: then it drains and ends."""
    parent = os.environ.pop(PARENT, "")
    if not parent or sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
    if os.getppid() != int(parent):
        raise click.ClickException("Whoever started this part has ended.")


def run_all(host: str, port: int, workers: int, words: str) -> None:
    """Pages and workers until Ctrl-C or SIGTERM; then they finish what they are doing.

    ``words`` are said once, when the first page answers.
    """
    stop = stop_on_signals()
    parts = [Part(["web", "--host", host, "--port", str(port)])]
    parts += [Part(["worker"]) for _ in range(workers)]
    while not stop.is_set():
        for part in parts:
            part.look_after(time.monotonic())
        if words and _answers(host, port):
            click.echo(words)
            words = ""
        stop.wait(0.2)
    for part in parts:
        part.end()
    deadline = time.monotonic() + DRAIN
    for part in parts:
        if part.process:
            try:
                part.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                part.process.kill()
                part.process.wait()


def _answers(host: str, port: int) -> bool:
    """Whether the pages are there and have their database."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  where we ask, not where we listen
    asked = http.client.HTTPConnection(here, port, timeout=1)
    try:
        asked.request("GET", "/ready")
        return asked.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM and Ctrl-C set."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def serve_pages(host: str, port: int) -> None:
    """The pages and the live stream, in this process, on one port."""
    import uvicorn

    stop_on_signals()  # the server drains on the first signal, then raises it again: it must not end us on the way out
    uvicorn.run(
        "armature.site.asgi:application", host=host, port=port, log_level="warning", timeout_graceful_shutdown=5,
        server_header=False, proxy_headers=os.environ.get("ARMATURE_PROXY") == "1", access_log=False,
    )  # fmt: skip


def work_until_stopped() -> None:
    """One worker, in this process."""
    from armature.crm.jobs import loop

    loop.work(stop_on_signals())


def migrate() -> None:
    """Bring the tables to this version when they are behind; as their owner, in a process of its own."""
    import django
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    django.setup()
    executor = MigrationExecutor(connection)
    known = executor.loader.disk_migrations or {}
    if newer := [key for key in executor.loader.applied_migrations if key not in known]:
        raise click.ClickException(
            f"This database was brought to a newer version of Armature ({' '.join(newer[0])}). Start that version, or "
            "restore a backup from before. Nothing was changed."
        )
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    connection.close()
    click.echo("  Preparing the database ...", err=True)
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0"],
        env={**os.environ, "ARMATURE_AS_OWNER": "1"},
        check=False,
    )
    if done.returncode:
        raise click.ClickException("The database could not be brought to this version; the lines above say why.")
