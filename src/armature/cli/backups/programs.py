"""PostgreSQL's own programs for dumps: those that fit the server."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click


def run(name: str, words: Sequence[str], major: int, address: str) -> None:
    """``pg_dump`` or ``pg_restore`` against the server at ``address``; a refusal is shown in its own words."""
    where, secret = _open_and_secret(address)
    command = [_find(name, major), *words, "--dbname", where]
    done = subprocess.run(  # noqa: S603  a program of PostgreSQL, no shell
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        env={**os.environ, **secret, "PGCONNECT_TIMEOUT": "10", "PGOPTIONS": "-c statement_timeout=0"}, check=False,
    )  # fmt: skip
    if done.returncode:
        raise click.ClickException(f"{name} ended with {done.returncode}: {done.stderr.strip()[-2000:]}")


def _open_and_secret(address: str) -> tuple[str, dict[str, str]]:
    """The address without its password, and the password for the environment: everybody can see what is run here."""
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    parts = conninfo_to_dict(address)
    password = parts.pop("password", None)
    return make_conninfo("", **parts), {} if password is None else {"PGPASSWORD": str(password)}


def _find(name: str, major: int) -> str:
    """One of the server's own major version: a newer one writes what an older server does not understand."""
    from armature import postgres
    from armature.postgres import binaries

    places = [f"/usr/lib/postgresql/{major}/bin/{name}", shutil.which(name) or ""]
    with suppress(postgres.BinariesMissing):
        places.append(str(binaries.locate() / "bin" / name))
    found = {place: _major(place) for place in places if place and Path(place).is_file()}
    for place, its in found.items():
        if its == major:
            return place
    raise click.ClickException(
        f"The server is PostgreSQL {major}, and there is no {name} of that version here "
        f"(found: {', '.join(map(str, sorted(set(found.values())))) or 'none'}). Install postgresql-client-{major}."
    )


def _major(program: str) -> int:
    words = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.search(r"\) (\d+)", words)
    return int(found[1]) if found else 0
