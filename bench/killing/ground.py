"""A real installation to kill: `armature serve` on the embedded database, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from armature import postgres

PLUGINS = Path(__file__).resolve().parents[2] / "tests" / "plugins"
PASSWORD = "a good password"
PEOPLE = ("ann", "ben", "cleo", "dora")
"""All lead, so that each may approve what another wrote."""


class Stuck(Exception):
    """Something did not happen in time."""


@dataclass
class Ground:
    """Where everything is, and the running command."""

    folder: Path
    sabotage: bool = False
    port: int = 0
    served: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.folder.chmod(0o755)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.spool.touch()
        self.ledger.touch()

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def spool(self) -> Path:
        return self.folder / "spool"

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger"

    @property
    def log(self) -> Path:
        return self.folder / "serve.log"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The database, as the application sees it."""
        return postgres.Cluster(self.home).url()

    def environment(self) -> dict[str, str]:
        """For the commands of this installation, the test's channel installed in it."""
        folders = [str(PLUGINS / "ledger")] + ([str(PLUGINS / "sabotage")] if self.sabotage else [])
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PYTHONPATH")}
        ours = {"ARMATURE_HOME": str(self.home), "ARMATURE_UNDO_SECONDS": "0.3"}
        return {**kept, **ours, "PYTHONPATH": os.pathsep.join(folders)}

    def serve(self) -> None:
        """Start it; returns at once."""
        command = [sys.executable, "-m", "armature", "serve", "--workers", "2", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.served = subprocess.Popen(
                command,
                env=self.environment(),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Another command of this installation, to its end."""
        command = [sys.executable, "-m", "armature", *words]
        return subprocess.run(command, env=self.environment(), capture_output=True, text=True, check=False)

    def ready(self) -> bool:
        """Whether it says that it can work."""
        try:
            with urllib.request.urlopen(f"{self.address}/ready", timeout=10) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def end(self) -> float:
        """Ask it to stop, as a person does; the seconds it took. Raises ``Stuck`` when it does not."""
        assert self.served is not None
        start = time.monotonic()
        self.served.send_signal(signal.SIGTERM)
        try:
            self.served.wait(40)
        except subprocess.TimeoutExpired:
            raise Stuck("it did not stop within 40 s") from None
        return time.monotonic() - start

    def remove(self) -> None:
        """All of it, the data of a root's server too, which stands elsewhere behind a link."""
        if self.served and self.served.poll() is None:
            self.end()
        data = self.home / "postgres"
        if data.is_symlink():
            until(lambda: not postgres.Cluster(self.home).responds(), 60, "the end of the database")
            shutil.rmtree(data.readlink())
        shutil.rmtree(self.folder)


def until(found: Callable[[], bool], seconds: float, what: str) -> None:
    """Ask again and again; raises ``Stuck``."""
    end = time.monotonic() + seconds
    while not found():
        if time.monotonic() > end:
            raise Stuck(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.1)


def found_company(ground: Ground) -> None:
    """People and the channel, made with the product's own functions, in a process of its own."""
    words = [sys.executable, "-c", FOUND, str(ground.spool), str(ground.ledger), PASSWORD, *PEOPLE]
    environment = ground.environment() | {
        "DATABASE_URL": ground.url,
        "DJANGO_SETTINGS_MODULE": "armature.site.settings",
        "ARMATURE_SECRET_KEY": (ground.home / "secret_key").read_text().strip(),
    }
    subprocess.run(words, env=environment, check=True)


FOUND = """
import sys
import django
django.setup()
from armature.crm import company
from armature.crm.accounts.models import Membership, Role, User
from armature.crm.listen.models import Channel
spool, ledger, password, *people = sys.argv[1:]
brand = company.found()
for name in people:
    user = User.objects.create_user(f"{name}@shop.example", name.capitalize(), password)
    Membership.objects.create(user=user, role=Role.LEAD)
Channel.objects.create(kind="ledger", place="email", name="Ledger", address="ledger", brand=brand,
                       settings={"spool": spool, "ledger": ledger})
"""
