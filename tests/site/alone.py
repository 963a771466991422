"""An installation that nobody looks after: a database server of its own, pages and a worker beside it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from armature import postgres
from killing.desk import Person
from killing.ground import PASSWORD, Ground, found_company, until
from killing.killer import processes


@dataclass
class Alone:
    """What runs, by name; nothing is started again by itself."""

    ground: Ground
    cluster: postgres.Cluster
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    said: int = 0

    def prepare(self) -> None:
        """Tables, the company, its pages and a worker."""
        owner = self.cluster.url(role=postgres.OWNER)
        migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
        key = self.ground.home / "secret_key"
        key.write_text("a key for this installation alone")
        wanted = {"DATABASE_URL": owner, "ARMATURE_SECRET_KEY": key.read_text()}
        settings = {"DJANGO_SETTINGS_MODULE": "armature.site.settings"}
        subprocess.run(migrate, env=self.ground.environment() | wanted | settings, check=True)
        found_company(self.ground)
        self.start("web", "--port", str(self.ground.port))
        self.start("worker")
        until(self.ground.ready, 120, "the pages")

    def start(self, name: str, *words: str) -> None:
        """Start a part."""
        environment = self.ground.environment() | {"DATABASE_URL": self.ground.url}
        with self.ground.log.open("ab") as log:
            command = [sys.executable, "-m", "armature", name, *words]
            self.parts[name] = subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    def whole(self) -> None:
        """Start what a test has ended."""
        for name, words in (("web", ["--port", str(self.ground.port)]), ("worker", [])):
            if self.parts[name].poll() is not None:
                self.start(name, *words)
        until(self.ground.ready, 120, "the pages again")

    def end(self) -> None:
        """All of it."""
        for part in self.parts.values():
            part.kill()
            part.wait()

    def asked(self, question: str, *given: Any) -> list[tuple[Any, ...]]:
        """Rows of the database, as its owner sees them."""
        with psycopg.connect(self.cluster.url(role=postgres.OWNER), connect_timeout=10) as connection:
            return connection.execute(question, given or None).fetchall()  # type: ignore[call-overload,no-any-return]

    def database(self) -> list[int]:
        """The main process of the database, and all it has started."""
        found = self.asked("SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int")
        main: int = found[0][0]
        return [main, *(each.pid for each in processes() if each.parent == main)]

    def say(self, text: str = "My parcel is broken.") -> str:
        """Somebody writes; who."""
        self.said += 1
        author = f"somebody-{self.said}@people.example"
        at = datetime.now(UTC).isoformat()
        line = {"id": f"said-{self.said}", "author": author, "text": text, "at": at, "answers": []}
        with self.ground.spool.open("a") as spool:
            spool.write(json.dumps(line) + "\n")
        return author

    def case(self) -> int:
        """A case that a worker has made of what somebody wrote just now."""
        author = self.say()
        look = "SELECT c.id FROM act_case c JOIN identify_identity i ON i.id = c.identity_id WHERE i.address = %s"
        until(lambda: bool(self.asked(look, author)), 120, "a case of what was said")
        number: int = self.asked(look, author)[0][0]
        return number

    def person(self, name: str = "ann") -> Person:
        """Somebody logged in."""
        person = Person(name, self.ground.address, PASSWORD, random.Random(1))
        person._log_in()
        return person

    def run(self, script: str, *words: str) -> None:
        """Django code of this installation, in a process of its own."""
        environment = self.ground.environment() | {
            "DATABASE_URL": self.ground.url,
            "DJANGO_SETTINGS_MODULE": "armature.site.settings",
            "ARMATURE_SECRET_KEY": (self.ground.home / "secret_key").read_text(),
        }
        subprocess.run([sys.executable, "-c", f"import django\ndjango.setup()\n{script}", *words],
                       env=environment, check=True)  # fmt: skip


def told(pids: Sequence[int], number: signal.Signals) -> None:
    """Send a signal to each."""
    for pid in pids:
        os.kill(pid, number)


def threads(process: subprocess.Popen[bytes]) -> int:
    """How many threads a process has."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("Threads:")))
