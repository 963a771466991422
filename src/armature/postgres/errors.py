"""What can go wrong with the database server, in words that name the mend."""

from __future__ import annotations


class PostgresError(Exception):
    """The database server cannot be used; the text says why and what to do."""


class BinariesMissing(PostgresError):
    """The programs of PostgreSQL are not installed in this Python environment."""


class StartFailed(PostgresError):
    """The server did not come up; the text holds the last lines of its log."""


class NotAnswering(PostgresError):
    """Somebody else owns the server, but it did not answer before the deadline."""


class UnsafePlace(PostgresError):
    """A directory that must be ours alone belongs to somebody else, or is open to others."""


class OtherMajorVersion(PostgresError):
    """The data was written by another major version; the text gives the dump and restore steps."""


class UnsafeServer(PostgresError):
    """The server may lose committed data, or is too old; the text lists every finding with its mend."""
