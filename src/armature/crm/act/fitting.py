"""Which rows hold some words: of all rows the newest first, or those of the few cases that somebody may see.

A word may stand in half of a million rows of which one team may see a few: who may see few cases is searched from
their cases, and finds all of them; who may see many, from the newest rows backwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from armature.crm import newest, rows
from armature.crm.accounts.models import User
from armature.crm.act import counts, queries
from armature.crm.act.asked import Statement, statement
from armature.crm.identify.models import WORDS_OF_NAME
from armature.crm.listen.models import WORDS_SAID

FEW = 10_000
"""Somebody who may see at most so many cases is searched from these."""


@dataclass(frozen=True, slots=True)
class Searched:
    """A table with an index of ``words``, made of ``plain``; its ``column`` is what a case's ``link`` points at."""

    table: str
    words: str
    plain: str
    column: str
    link: str


SAID = Searched("listen_interaction", WORDS_SAID, "subject || ' ' || text", "conversation_id", "conversation")
NAMED = Searched("identify_identity", WORDS_OF_NAME, "name || ' ' || address", "id", "identity")


def fits(user: User, where: Searched, query: str, words: list[str]) -> Iterator[Statement]:
    """Statements for the rows that fit ``query``, those with the newest rows first; ``words`` all stand in each row."""
    if counts.reach(user) <= FEW:
        yield _of_theirs(user, where, query, words)
        return
    last = rows.fetch(f"SELECT coalesce(max(id), 0) FROM {where.table}", [])[0][0]  # noqa: S608  a table of ours
    found = f"SELECT id FROM {where.table} WHERE {where.words} @@ to_tsquery('simple', %s)"  # noqa: S608
    for stretch in newest.stretches(last):  # few: each is twice as long as the one before
        yield Statement(found, (f"({query}) & {stretch}",))


def _of_theirs(user: User, where: Searched, query: str, words: list[str]) -> Statement:
    """A look at the letters comes first: to cut a text into words takes fifty times as long."""
    theirs = statement(queries.cases_for(user), where.link)
    if not theirs.sql:
        return theirs
    sql = f"""
        SELECT id FROM {where.table} WHERE {where.column} = ANY(ARRAY({theirs.sql})) AND CASE
            WHEN lower({where.plain}) LIKE ALL(ARRAY(SELECT lower('%%' || w || '%%') FROM unnest(%s::text[]) AS w))
            THEN {where.words} @@ to_tsquery('simple', %s) ELSE false END
    """  # noqa: S608  the expressions are ours
    return Statement(sql, (*theirs.values, words, query))
