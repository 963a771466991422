"""The two commands, as people type them."""

import os
import tarfile
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from armature import __version__
from armature.cli import home, parts
from armature.cli.backups import archive, programs

FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
Connection = Any
"""A psycopg connection; the driver is imported late."""


@click.command()
@FILE
@click.option("--demo", is_flag=True, help="Back the demo up.")
def backup(file: Path, demo: bool) -> None:
    """Write the whole company into one file: database, attachments, secret key. It may run while people work.

    Keep the file like the key itself: whoever has it can read everything.
    """
    if file.exists():
        raise click.ClickException(f"{file} is there already. Name another file; nothing was written.")
    begun = time.monotonic()
    with home.database(_database(demo), make=False):
        home.set_up()
        with tempfile.TemporaryDirectory(prefix=".armature-backup-", dir=file.absolute().parent) as folder:
            manifest = _dump(Path(folder) / archive.DUMP, demo)
            files = archive.write(file.absolute(), manifest, Path(folder) / archive.DUMP, home.secret_key(), _files())
        _note(sum(manifest.rows.values()), file.stat().st_size)
    click.echo(
        f"  {file}: {sum(manifest.rows.values()):,} rows in {len(manifest.rows)} tables, {files:,} attachments, "
        f"{file.stat().st_size / 1e6:,.1f} MB, as of {manifest.made_at} ({time.monotonic() - begun:.1f} s)"
    )


@click.command()
@FILE
def restore(file: Path) -> None:
    """Bring a backup back on a blank installation. All channels stand still until somebody lets them go on.

    What was queued or on its way when the backup was made becomes "Outcome unknown": a person looks whether it left.
    """
    begun = time.monotonic()
    try:
        with tarfile.open(file, "r:") as tar:
            manifest = archive.manifest_of(tar)
            key = _fitting(archive.key_of(tar))
            with home.database(_database(manifest.demo)):
                files = _restore(tar, manifest, file, key)
    except (archive.NotABackup, tarfile.TarError, EOFError, FileNotFoundError) as problem:
        raise click.ClickException(f"{file} is no whole backup of Armature: {problem}. Nothing runs on it.") from None
    click.echo(
        f"  Restored as of {manifest.made_at}: {sum(manifest.rows.values()):,} rows, {files:,} attachments "
        f"({time.monotonic() - begun:.1f} s).\n  All channels are paused. Start Armature, look at what is of unknown "
        "outcome, then let each channel go on at Channels."
    )


def _note(rows: int, size: int) -> None:
    """The company knows that it was backed up; one whose tables are of another version does not, and is no worse."""
    from django.db import DatabaseError

    from armature.crm.act import first_steps

    try:
        first_steps.backed_up(rows, size)
    except DatabaseError as problem:
        click.echo(f"  The backup is whole. That it was made could not be noted: {problem}", err=True)


def _database(demo: bool) -> str:
    return "armature_demo" if demo else "armature"


def _files() -> Path:
    from django.conf import settings

    return Path(settings.FILES_FOLDER)


def _owner() -> str:
    return os.environ.get("ARMATURE_OWNER_URL") or os.environ["DATABASE_URL"]


def _dump(target: Path, demo: bool) -> archive.Manifest:
    """The database of one moment: what is counted is what is dumped, whatever is written meanwhile."""
    import psycopg

    with psycopg.connect(_owner()) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        if not _tables(connection):
            raise click.ClickException(f"This database holds no company yet. {home.EMPTY}")
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert snapshot
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        major = connection.info.server_version // 10_000
        words = ["--format=custom", f"--snapshot={snapshot[0]}", f"--file={target}"]
        programs.run("pg_dump", words, major, _owner())
        rows, migrations = _rows(connection), _migrations(connection)
    return archive.Manifest(made_at, __version__, major, demo, migrations, rows)


def _tables(connection: Connection) -> list[str]:
    found = connection.execute(
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1"
    )
    return [name for (name,) in found]


def _rows(connection: Connection) -> dict[str, int]:
    from psycopg import sql

    count = sql.SQL("SELECT count(*) FROM {}")
    return {
        name: connection.execute(count.format(sql.Identifier(name))).fetchone()[0]  # a table at a time, some seconds
        for name in _tables(connection)
    }


def _migrations(connection: Connection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for app, name in connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name"):
        found.setdefault(app, []).append(name)
    return found


def _fitting(key: str) -> str:
    """The key of the backup, for this process too; an installation that has another one is not blank."""
    given, kept = os.environ.get("ARMATURE_SECRET_KEY", ""), home.home() / "secret_key"
    if given and given != key:
        raise click.ClickException(
            "ARMATURE_SECRET_KEY is set and is not the key of this backup: what is encrypted in it could not be read. "
            "Unset it, or set it to the key of then."
        )
    if not given and kept.exists() and kept.read_text().strip() != key:
        raise click.ClickException(
            f"{kept.parent} has an installation of its own; nothing was changed. Restore into a blank folder: name "
            "one in ARMATURE_HOME."
        )
    os.environ["ARMATURE_SECRET_KEY"] = key
    return key


def _refuse_newer(manifest: archive.Manifest) -> None:
    """A backup of a later version has tables that this one does not know."""
    import django
    from django.db.migrations.loader import MigrationLoader

    django.setup()
    known = set(MigrationLoader(None).disk_migrations or ())
    for app, names in manifest.migrations.items():
        for name in names:
            if (app, name) not in known:
                raise archive.NotABackup(
                    f"it was made by Armature {manifest.version}, which knows {app} {name}; this is {__version__}. "
                    "Install that version first"
                )


def _keep(key: str) -> None:
    """The key becomes this installation's."""
    kept = home.home() / "secret_key"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(kept, os.O_CREAT | os.O_WRONLY, 0o600), "w") as out:
            out.write(key)


def _restore(tar: tarfile.TarFile, manifest: archive.Manifest, file: Path, key: str) -> int:
    """Attachments first, each looked at; then the database. From there on nothing starts before all stands still."""
    _refuse_newer(manifest)
    major, rights = _fits(manifest)
    click.echo("  The attachments ...", err=True)
    files = sum(1 for _ in archive.take_files(tar, home.home() / "files"))
    with tempfile.TemporaryDirectory(prefix=".armature-restore-", dir=file.absolute().parent) as folder:
        dump = Path(folder) / archive.DUMP
        archive.take_dump(tar, dump)
        click.echo("  The database ...", err=True)
        words = ["--no-owner", "--exit-on-error", "--single-transaction", *rights, str(dump)]
        home.restoring().touch()
        try:
            programs.run("pg_restore", words, major, _owner())
        except click.ClickException:  # all of it or nothing: the database is as blank as before
            home.restoring().unlink()
            raise
    _keep(key)
    _stand_still(manifest, may_forbid=not rights)
    home.restoring().unlink()
    return files


def _fits(manifest: archive.Manifest) -> tuple[int, list[str]]:
    """The server's version, and what is to be said of rights; raises where the backup cannot be restored there."""
    import psycopg

    with psycopg.connect(_owner()) as connection:
        if _tables(connection):
            raise click.ClickException("This database is not blank: it has tables. Nothing was changed.")
        major = connection.info.server_version // 10_000
        roles = connection.execute("SELECT count(*) FROM pg_roles WHERE rolname = 'armature_app'").fetchone()
    if major < manifest.postgres:
        raise click.ClickException(
            f"The backup is of PostgreSQL {manifest.postgres}, this server is {major}: take one that is not older."
        )
    return major, [] if roles and roles[0] else ["--no-acl"]


def _stand_still(manifest: archive.Manifest, *, may_forbid: bool) -> None:
    """What came is what was counted, and of this version; nothing of it leaves until people have looked."""
    import psycopg

    with psycopg.connect(_owner()) as connection:
        _compare(manifest.rows, _rows(connection))
        _go_on_with_the_log(connection, may_forbid=may_forbid)
    parts.migrate()
    home.set_up()
    from armature.crm.act import after_restore

    doubtful, paused = after_restore.hold(manifest.made_at)
    click.echo(f"  {doubtful:,} answers are of unknown outcome now, {paused:,} channels are paused.", err=True)


GO_ON = """
DO $$ BEGIN IF to_regproc('audit_offset') IS NOT NULL THEN EXECUTE format(
    'CREATE OR REPLACE FUNCTION audit_offset() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS %L',
    format('SELECT %s::bigint', greatest((SELECT max(transaction) FROM accounts_auditentry),
                                         (SELECT max(before) FROM accounts_auditseal), 0)));
END IF; END $$
"""
"""A new server counts transactions from the beginning: the audit log counts on behind its last number."""


def _go_on_with_the_log(connection: Connection, *, may_forbid: bool) -> None:
    """The audit log goes on behind its last seal, and cannot be changed here either."""
    if may_forbid:  # the rights that a new table has by itself are too many for these
        connection.execute(
            "REVOKE UPDATE, DELETE, TRUNCATE ON accounts_auditentry, accounts_auditseal FROM armature_app"
        )
    connection.execute(GO_ON)


def _compare(then: Any, now: dict[str, int]) -> None:
    other = [name for name in sorted({*then, *now}) if then.get(name) != now.get(name)]
    if other:
        name = other[0]
        raise click.ClickException(
            f"The table {name} has {now.get(name, 0):,} rows and had {then.get(name, 0):,}: do not use it."
        )
