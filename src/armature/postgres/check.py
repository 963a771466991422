"""Whether a PostgreSQL server of somebody's own keeps what it has confirmed."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from armature.postgres.errors import UnsafeServer

OLDEST = 150000
MEND = "set `{name} = on` in postgresql.conf (or ALTER SYSTEM SET {name} = on) and reload the server."
LOSES = {
    "fsync": "a power cut can destroy the whole database",
    "synchronous_commit": "a crash loses interactions that were already acknowledged to their channel",
    "full_page_writes": "a crash in the middle of writing a page leaves that page broken",
}


def check_server(connection: Connection[Any]) -> list[str]:
    """What makes this server unfit, each with its mend; empty when it is fit.

    Settings are read as this connection's role has them, so give a connection like the application's own.
    """
    findings = check_version(connection.info.server_version)
    question = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s) AND setting = 'off' ORDER BY name"
    for name, _ in connection.execute(question, (list(LOSES),)).fetchall():
        findings.append(f"{name} is off: {LOSES[name]}; {MEND.format(name=name)}")
    return findings


def check_version(number: int) -> list[str]:
    """What is wrong with a server of this version, for example 150018."""
    if number >= OLDEST:
        return []
    return [f"The server is PostgreSQL {number // 10000}; Armature needs 15 or newer: upgrade the server."]


def refuse_unsafe(connection: Connection[Any]) -> None:
    """Raise UnsafeServer with all findings, if there are any."""
    findings = check_server(connection)
    if findings:
        raise UnsafeServer("This database server cannot be used:\n" + "\n".join(f"- {each}" for each in findings))
