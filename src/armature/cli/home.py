"""Where this installation keeps its things, and how a command gets its database."""

import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import click

T = TypeVar("T")

EMPTY = "`armature serve` makes a company, `armature demo` one to try; that is checked with `armature check --demo`."
PATIENCE = 20.0
"""Seconds that a start waits for a database that does not answer."""


def home() -> Path:
    """The folder of this installation: ARMATURE_HOME, else `.armature` in the current folder."""
    return Path(os.environ.get("ARMATURE_HOME", ".armature")).absolute()


def secret_key() -> str:
    """The installation's key: from ARMATURE_SECRET_KEY, else made once and kept where only its owner reads it."""
    given = os.environ.get("ARMATURE_SECRET_KEY", "")
    if given:
        return given
    kept = home() / "secret_key"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        draft = kept.with_name(f"secret_key.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(draft, kept)
        draft.unlink()
    return kept.read_text().strip()


def restoring() -> Path:
    """There from when a backup fills the database until all channels stand still: meanwhile nothing may start."""
    return home() / "restoring"


@contextmanager
def database(name: str = "armature", *, make: bool = True) -> Iterator[None]:
    """A running database, its address in the environment for this process and its children.

    DATABASE_URL wins; without it the embedded server of this folder is started, or joined when it runs,
    and started again when it dies meanwhile. With ``make`` false nothing is made that is not there already.
    """
    if not (make or os.environ.get("DATABASE_URL")):
        _refuse_nothing()
    if restoring().exists():
        raise click.ClickException(
            f"A restore into {home()} broke off: what is there is not whole, and answers in it could leave a second "
            "time. Restore once more, into a blank folder and a blank database."
        )
    os.environ.setdefault("ARMATURE_HOME", str(home()))
    os.environ["ARMATURE_SECRET_KEY"] = secret_key()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "armature.site.settings")
    if os.environ.get("DATABASE_URL"):
        yield
        return
    from armature import postgres

    cluster = postgres.Cluster(home())
    try:
        patiently(cluster.start)
    except postgres.PostgresError as problem:
        raise click.ClickException(str(problem)) from problem
    watch = postgres.Watch(cluster)
    try:
        if not make and not patiently(lambda: cluster.has_database(name)):
            raise click.ClickException(f"{home()} has no database {name} yet. {EMPTY}")
        patiently(lambda: cluster.ensure_database(name))
        os.environ["DATABASE_URL"] = cluster.url(name)
        os.environ["ARMATURE_OWNER_URL"] = cluster.url(name, role="armature_owner")
        yield
    finally:
        watch.stop()
        cluster.stop()


def _refuse_nothing() -> None:
    from armature import postgres

    if not postgres.Cluster(home()).exists:
        words = f"There is no installation in {home()}: nothing was started, nothing was checked. {EMPTY}"
        raise click.ClickException(f"{words} Go to the folder of yours, or name it in ARMATURE_HOME.")


def patiently(act: Callable[[], T]) -> T:
    """Do something with the database, again while it is away for a moment: it may be recovering from a sudden end."""
    import psycopg
    from django.db import OperationalError, connection

    end = time.monotonic() + PATIENCE
    while True:
        try:
            return act()
        except (OperationalError, psycopg.OperationalError) as problem:
            if isinstance(problem, OperationalError):
                connection.close()
            if time.monotonic() > end:
                raise click.ClickException(f"The database does not answer: {problem}") from problem
            time.sleep(0.2)


def set_up() -> None:
    """Make Django ready, once the database is in the environment."""
    import django

    django.setup()
    refuse_unsafe_server()


def refuse_unsafe_server() -> None:
    """Nothing acknowledged may be lost: a server that promises less than a durable commit is refused."""
    import psycopg

    from armature import postgres

    def look() -> list[str]:
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
            return list(postgres.check_server(connection))

    findings = patiently(look)
    if findings:
        raise click.ClickException("This database is not safe to run on:\n  " + "\n  ".join(findings))
