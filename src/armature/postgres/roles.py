"""The two roles and the database: the owner makes the tables, the application only works with the rows.

The application's role owns nothing, so what a migration takes away from it (changing audit rows) stays taken.
"""

from __future__ import annotations

from typing import Any

from psycopg import Connection, sql

from armature.postgres.connect import APP, OWNER

GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public "
    "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}",
)


def lay_out_roles(connection: Connection[Any]) -> None:
    """Make the application's role and its rights on all that the owner makes later. Give a connection to template1:
    every database made after this one (the tests' too) has the same rights."""
    if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", APP):
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(APP)))
    for grant in GRANTS:
        connection.execute(sql.SQL(grant).format(app=sql.Identifier(APP), owner=sql.Identifier(OWNER)))


def make_database(connection: Connection[Any], name: str) -> bool:
    """Make the database, owned by the owner's role, unless it is there; true when it was made."""
    if has_database(connection, name):
        return False
    make = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
    connection.execute(make)
    return True


def has_database(connection: Connection[Any], name: str) -> bool:
    """Whether it is there."""
    return _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", name)


def _exists(connection: Connection[Any], question: str, name: str) -> bool:
    return connection.execute(sql.SQL(question), (name,)).fetchone() is not None
