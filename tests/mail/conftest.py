"""The real mail servers, for every test of this folder."""

from mailserver import mailserver  # noqa: F401
