"""Run programs of PostgreSQL as the server's account."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from armature.postgres import launch
from armature.postgres.account import Account

LAUNCHER = str(Path(launch.__file__).resolve())


def _command(account: Account, program: Path, arguments: Sequence[str]) -> list[str]:
    who = [str(os.getpid()), str(account.uid), str(account.gid)]
    return [sys.executable, "-I", "-S", LAUNCHER, *who, str(program), *arguments]


def _environment() -> dict[str, str]:
    """Nothing of the caller's PG* variables or language: messages are compared, and must be in English."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def run(account: Account, program: Path, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run to the end; the exit code and both outputs."""
    command = _command(account, program, arguments)
    return subprocess.run(  # noqa: S603
        command, env=_environment(), cwd="/", capture_output=True, text=True, errors="replace", check=False
    )


class Child:
    """A program that runs beside us until it ends or we do.

    The kernel ties it to the *thread* that started it, so a thread of its own starts it and waits for its end.
    """

    def __init__(self, account: Account, program: Path, arguments: Sequence[str], output: int) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._failure: OSError | None = None
        self._started = threading.Event()
        command = _command(account, program, arguments)
        self._keeper = threading.Thread(target=self._keep, args=(command, output), name="postgres-keeper", daemon=True)
        self._keeper.start()
        self._started.wait()
        if self._failure is not None:
            raise self._failure

    def _keep(self, command: list[str], output: int) -> None:
        try:
            # A session of its own: Ctrl-C must reach the application first, which then stops the server in order.
            self._process = subprocess.Popen(  # noqa: S603
                command,
                env=_environment(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        except OSError as failure:
            self._failure = failure
            return
        finally:
            self._started.set()
        self._process.wait()

    @property
    def running(self) -> bool:
        return self._keeper.is_alive()

    @property
    def killed(self) -> bool:
        """Whether a signal that nobody can refuse ended it."""
        return self._process is not None and self._process.returncode == -signal.SIGKILL

    def signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        if self._process is not None:
            self._process.send_signal(number)

    def wait(self, seconds: float) -> bool:
        """Wait for its end; false when it still runs after `seconds`."""
        self._keeper.join(seconds)
        return not self.running
