"""Find a case by what was said in it, by who it is about, by a note on it, or by its number; only what a user may see.

Full text of PostgreSQL in the configuration "simple": words as they are, in any language; the last may be a beginning.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from armature.crm import newest, rows
from armature.crm.accounts.models import User
from armature.crm.act import queries
from armature.crm.act.models import Case
from armature.crm.act.models.case import WORDS_NOTED
from armature.crm.identify.models import WORDS_OF_NAME
from armature.crm.listen.models import WORDS_SAID

MOST = 500
"""Places that are looked at in one stretch: of words that stand in more of them, the newest."""
ENOUGH = 2000
"""After so many places in all a search ends, whether it has a page full or not."""
CHUNK = 200
PAGE = 50
WORDS = 8
BEGIN, END = "\x02", "\x03"
"""What encloses a found word in a snippet."""
HEADLINE = f"StartSel={BEGIN}, StopSel={END}, MaxWords=26, MinWords=12, MaxFragments=1"


@dataclass(frozen=True, slots=True)
class Hit:
    """A case that was found: where, and the words around what was looked for (found words between BEGIN and END)."""

    case: Case
    where: str
    words: str
    at: datetime | None


Look = Callable[[str, str], list["_Found"]]
TABLES = {"person": "identify_identity", "words": "listen_interaction"}


@dataclass(frozen=True, slots=True)
class Found:
    """At most 50 cases; ``whole`` when every place with these words was looked at."""

    hits: list[Hit]
    whole: bool


def find(user: User, asked: str) -> Found:
    """The case with that number, then people, then words: the newest stretch first, in it the best in front."""
    query = as_query(asked)
    number = re.fullmatch(r"\s*#?(\d{1,9})\s*", asked)
    numbered = queries.cases_for(user).filter(pk=int(number[1])) if number else []
    hits = {case.pk: Hit(case, "number", "", None) for case in numbered}
    if not query:
        return Found(list(hits.values()), whole=True)
    whole = _backwards(user, hits, "person", _people, query)
    whole = _backwards(user, hits, "words", _words, query) and whole
    if len(hits) < PAGE:
        _add(user, hits, "words", _notes(query))
    return Found(list(hits.values())[:PAGE], whole)


def _backwards(user: User, hits: dict[int, Hit], where: str, look: Look, query: str) -> bool:
    """Add what one kind of place has, newest stretch first; false when it ended before everything was looked at."""
    looked = 0
    for stretch in newest.stretches(_last(TABLES[where])):  # few: each is twice as long as the one before
        if len(hits) >= PAGE or looked >= ENOUGH:
            return False
        found = look(f"({query}) & {stretch}", query)
        looked += len(found)
        _add(user, hits, where, found)
    return looked < MOST


def as_query(asked: str) -> str:
    """What was typed as a query: all words must occur, the last one as a beginning; empty when there are none."""
    words = re.findall(r"\w+", asked)[:WORDS]
    return " & ".join([*words[:-1], f"{words[-1]}:*"]) if words else ""


@dataclass(frozen=True, slots=True)
class _Found:
    case_id: int
    words: str
    at: datetime | None


def _add(user: User, hits: dict[int, Hit], where: str, found: Sequence[_Found]) -> None:
    """Keep what this user may see, in the order it was found, until a page is full."""
    for first in range(0, len(found), CHUNK):  # one, unless they may see little of what there is
        some = [one for one in found[first : first + CHUNK] if one.case_id not in hits]
        numbers = set(queries.cases_for(user).filter(pk__in=[one.case_id for one in some]).values_list("pk", flat=True))
        fit = [one for one in some if one.case_id in numbers][: PAGE - len(hits)]
        seen = Case.objects.select_related(*queries.SHOWN_WITH).in_bulk([one.case_id for one in fit])
        hits |= {one.case_id: Hit(seen[one.case_id], where, one.words, one.at) for one in fit if one.case_id in seen}
        if len(hits) >= PAGE:
            return


def _last(table: str) -> int:
    return int(rows.fetch(f"SELECT coalesce(max(id), 0) FROM {table}", [])[0][0])  # noqa: S608  a table of ours


def _people(query: str, _words: str) -> list[_Found]:
    return _as_found(
        rows.fetch(
            f"""
            WITH fit AS MATERIALIZED (
                SELECT id, name, address FROM identify_identity WHERE {WORDS_OF_NAME} @@ to_tsquery('simple', %(q)s)),
            who AS MATERIALIZED (SELECT * FROM fit ORDER BY id DESC LIMIT %(most)s)
            SELECT c.id, who.name || ' ' || who.address, c.last_in_at
            FROM who JOIN act_case c ON c.identity_id = who.id ORDER BY c.last_in_at DESC, c.id DESC LIMIT %(most)s
            """,  # noqa: S608  the expression is ours
            {"q": query, "most": MOST},
        )
    )


def _words(query: str, words: str) -> list[_Found]:
    """What they said and what we answered; each case once, with its best place."""
    return _as_found(
        rows.fetch(
            f"""
            WITH fit AS MATERIALIZED (
                SELECT id FROM listen_interaction WHERE {WORDS_SAID} @@ to_tsquery('simple', %(q)s)),
            said AS MATERIALIZED (
                SELECT i.id, i.conversation_id, i.text, i.occurred_at AS at
                FROM (SELECT id FROM fit ORDER BY id DESC LIMIT %(most)s) AS new
                JOIN listen_interaction i ON i.id = new.id),
            places AS (
                SELECT c.id AS case_id, said.text, said.at FROM said
                JOIN identify_recognition g ON g.interaction_id = said.id AND g.current
                JOIN act_case c ON c.conversation_id = said.conversation_id AND c.identity_id = g.identity_id
                UNION ALL
                SELECT r.case_id, said.text, said.at FROM said
                JOIN act_delivery d ON d.interaction_id = said.id JOIN act_response r ON r.id = d.response_id),
            best AS (
                SELECT DISTINCT ON (case_id) case_id, text, at,
                    ts_rank(to_tsvector('simple', left(text, 100000)), to_tsquery('simple', %(words)s)) AS rank
                FROM places ORDER BY case_id, rank DESC, at DESC)
            SELECT case_id, text, at FROM best ORDER BY rank DESC, at DESC, case_id DESC
            """,  # noqa: S608  the expressions are ours
            {"q": query, "words": words, "most": MOST},
        )
    )


def _notes(query: str) -> list[_Found]:
    return _as_found(
        rows.fetch(
            f"""
            WITH fit AS MATERIALIZED (
                SELECT id, case_id, text, at FROM act_note WHERE {WORDS_NOTED} @@ to_tsquery('simple', %(q)s))
            SELECT case_id, text, at FROM fit ORDER BY id DESC LIMIT %(most)s
            """,  # noqa: S608  the expression is ours
            {"q": query, "most": MOST},
        )
    )


def _as_found(found: Iterable[tuple[int, str, datetime]]) -> list[_Found]:
    return [_Found(*row) for row in found]


def marked(hits: Sequence[Hit], asked: str) -> list[Hit]:
    """The same hits, their words cut to a snippet with what was found between BEGIN and END; one query."""
    texts = [hit.words.replace(BEGIN, "").replace(END, "") for hit in hits]
    query = as_query(asked)
    if not query or not texts:
        return list(hits)
    cut = rows.fetch(
        """
        SELECT ts_headline('simple', left(t, 20000), to_tsquery('simple', %s), %s)
        FROM unnest(%s::text[]) WITH ORDINALITY AS given(t, n) ORDER BY n
        """,
        [query, HEADLINE, texts],
    )
    return [Hit(hit.case, hit.where, words, hit.at) for hit, (words,) in zip(hits, cut, strict=True)]
