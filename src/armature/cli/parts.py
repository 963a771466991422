"""The processes of an installation and who looks after them: one that dies is started again."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import click

DRAIN = 30.0
"""Seconds a part has to finish what it is doing when told to stop."""


@dataclass(slots=True)
class Part:
    """One child process, started again when it ends by itself; slower each time it dies young."""

    arguments: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    young_deaths: int = field(default=0)

    def look_after(self) -> None:
        """Start it when it does not run."""
        if self.process and self.process.poll() is None:
            return
        age = time.monotonic() - self.started
        if self.process:
            self.young_deaths = self.young_deaths + 1 if age < 5 else 0
            if age < min(2**self.young_deaths, 30) - 1:
                return
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "armature", *self.arguments], preexec_fn=_die_with_parent
        )

    def end(self) -> None:
        """Ask it to stop."""
        if self.process and self.process.poll() is None:
            self.process.terminate()


def _die_with_parent() -> None:
    """On Linux a part does not outlive the one that looks after it, even by kill -9."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def run_all(host: str, port: int, workers: int) -> None:
    """Pages and workers until Ctrl-C or SIGTERM; then they finish what they are doing."""
    stop = stop_on_signals()
    parts = [Part(["web", "--host", host, "--port", str(port)])]
    parts += [Part(["worker"]) for _ in range(workers)]
    while not stop.is_set():
        for part in parts:
            part.look_after()
        stop.wait(0.5)
    for part in parts:
        part.end()
    deadline = time.monotonic() + DRAIN
    for part in parts:
        if part.process:
            try:
                part.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                part.process.kill()


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM and Ctrl-C set."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def serve_pages(host: str, port: int) -> None:
    """The pages and the live stream, in this process, on one port."""
    import uvicorn

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
