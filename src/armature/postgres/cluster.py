"""The embedded database of one installation, as the rest of Armature sees it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from armature.postgres import binaries, connect, places
from armature.postgres.data import make_data, refuse_other_major
from armature.postgres.errors import NotAnswering
from armature.postgres.owner import OwnerLock
from armature.postgres.roles import has_database, lay_out_roles, make_database
from armature.postgres.server import Server

DATABASE = "armature"
JOIN_SECONDS = 120.0


class Cluster:
    """One PostgreSQL server for one installation.

    The first process that starts it owns the server: it stops when that process stops it or ends, however it ends.
    Other processes with the same folder join the running server; when the owner is gone, the next `start` takes over.

    `folder` is the installation's own folder, for example `.armature` in the checkout. `settings` go over the usual
    server settings and count for the owner only. `install` is a folder with other programs (`bin/postgres`) than
    those of the installed wheel.
    """

    def __init__(self, folder: Path, *, settings: Mapping[str, str] | None = None, install: Path | None = None) -> None:
        self._settings = dict(settings or {})
        self._install = install
        self._places = places.find(folder)
        self._lock = OwnerLock(self._places.lock)
        self._server: Server | None = None

    @property
    def is_owner(self) -> bool:
        """Whether this process started the server and will stop it."""
        return self._lock.held

    @property
    def home(self) -> Path:
        """Where data, lock and log are."""
        return self._places.home

    @property
    def log(self) -> Path:
        """What the server had to say."""
        return self._places.log

    def url(self, database: str = DATABASE, role: str = connect.APP) -> str:
        """A libpq URL over the socket. Give role="armature_owner" to migrate."""
        return connect.url(self._places.run, database, role)

    @property
    def exists(self) -> bool:
        """Whether this folder has a server's data: whether anything was ever started here."""
        return self._places.data.exists()

    def start(self) -> None:
        """Have a server that answers: own it if nobody does, else join. Does nothing when it already runs.

        Raises a PostgresError whose text names the mend.
        """
        if self._server is not None and self._server.settled():
            return
        places.prepare(self._places)
        for _ in connect.tries(JOIN_SECONDS):
            if self._lock.take():  # also when the owner ended while we waited for its server
                self._own()
                return
            if self._joined():
                return
        raise NotAnswering(
            f"Another process owns the database of {self._places.folder} but it does not answer at {self._places.run} "
            f"(both need the same TMPDIR). Look at {self._places.log}, or end that process."
        )

    def _own(self) -> None:
        try:
            install = self._install or binaries.for_account(binaries.locate(), self._places.account, places.SHARED)
            major = binaries.major(install)
            make_data(self._places, install, major)
            refuse_other_major(self._places, install, major)
            self._server = Server(self._places, install, self._settings)
            self._server.start()
            self._lay_out()
        except BaseException:
            self.stop()
            raise

    def _lay_out(self) -> None:
        """The database comes last, so that whoever finds it finds all of it."""
        with connect.connect(self._places.run, "template1") as connection:
            lay_out_roles(connection)
        with connect.connect(self._places.run, "postgres") as connection:
            make_database(connection, DATABASE)

    def ensure_database(self, database: str) -> None:
        """Have another database of this name beside the usual one, with the same roles."""
        with connect.connect(self._places.run, "postgres") as connection:
            make_database(connection, database)

    def has_database(self, database: str) -> bool:
        """Whether there is a database of this name."""
        with connect.connect(self._places.run, "postgres") as connection:
            return has_database(connection, database)

    def _joined(self) -> bool:
        return connect.listens(self._places.socket) and connect.answers(self._places.run, DATABASE)

    def is_gone(self) -> bool:
        """Whether the server's process has ended (ours), or nobody listens any more (one that we joined)."""
        return not (self._server.running if self._server is not None else connect.listens(self._places.socket))

    def responds(self) -> bool:
        """Whether it takes connections or at least says why not now (it starts, it recovers, it is full)."""
        return connect.responds(self._places.run)

    def revive(self) -> None:
        """Start a server again that died or got stuck; what is left of it is killed first. Raises as `start` does."""
        if self._server is not None and self._lock.held:
            self._server.kill()
        self._server = None
        self.start()

    def stop(self) -> None:
        """Stop the server if we own it; joined processes just leave it."""
        if self._server is not None and self._lock.held:  # a fork of the owner does not hold it
            self._server.stop()
        self._server = None
        self._lock.give_back()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
