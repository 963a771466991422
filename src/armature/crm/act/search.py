"""Find a case by what was said in it, by who it is about, by a note on it, or by its number; only what a user may see.

Full text of PostgreSQL in the configuration "simple": words as they are, in any language; the last may be a beginning.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from armature.crm import rows
from armature.crm.accounts.models import User
from armature.crm.act import queries
from armature.crm.act.asked import Statement, statement
from armature.crm.act.fitting import NAMED, SAID, fits
from armature.crm.act.models import Case
from armature.crm.act.models.case import WORDS_NOTED

MOST = 500
"""Places that are looked at in one stretch: of words that stand in more of them, the newest."""
ENOUGH = 2000
"""After so many places in all a search ends, whether it has a page full or not."""
RANKED = 4000
"""So many characters of a text tell how well it fits."""
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


Looked = tuple[int, list[tuple[int, str, datetime | None]]]
"""How many places there were; case, text and time of those in cases that a user may see."""
Look = Callable[[Statement, Statement, str], Looked]


@dataclass(frozen=True, slots=True)
class Found:
    """At most 50 cases; ``whole`` when every place with these words was looked at."""

    hits: list[Hit]
    whole: bool


class _Place(NamedTuple):
    case_id: int
    words: str
    at: datetime | None
    where: str


def find(user: User, asked: str) -> Found:
    """The case with that number, then people, then words: the newest stretch first, in it the best in front."""
    query, visible, whole = as_query(asked), statement(queries.cases_for(user)), True
    number = re.fullmatch(r"\s*#?(\d{1,9})\s*", asked)
    found = {int(number[1]): _Place(int(number[1]), "", None, "number")} if number else {}
    if query and visible.sql:
        for where, searched, look in (("person", NAMED, _people), ("words", SAID, _words)):
            places = (look(visible, fit, query) for fit in fits(user, searched, query, words_of(asked)))
            whole = _add(found, where, places) and whole
        if len(found) < PAGE:
            _add(found, "words", iter([_notes(visible, query)]))
    cases = queries.cases_for(user).in_bulk(found) if found else {}
    hits = [Hit(cases[one.case_id], one.where, one.words, one.at) for one in found.values() if one.case_id in cases]
    return Found(hits, whole)


def _add(found: dict[int, _Place], where: str, some: Iterator[Looked]) -> bool:
    """Add what there is until it is enough; false when not every place was looked at."""
    looked, there = 0, 0
    while len(found) < PAGE and looked < ENOUGH:
        there, places = next(some, (-1, []))
        if there < 0:
            return looked < MOST
        looked += there
        for place in places[: PAGE - len(found)]:
            found.setdefault(place[0], _Place(*place, where))
    return next(some, None) is None and looked < MOST


def words_of(asked: str) -> list[str]:
    """The words among what was typed."""
    return re.findall(r"\w+", asked)[:WORDS]


def as_query(asked: str) -> str:
    """What was typed as a query: all words must occur, the last one as a beginning; empty when there are none."""
    words = words_of(asked)
    return " & ".join([*words[:-1], f"{words[-1]}:*"]) if words else ""


def _people(visible: Statement, fit: Statement, _words: str) -> Looked:
    places = f"""
        looked AS MATERIALIZED (SELECT id FROM fit ORDER BY id DESC LIMIT {MOST}),
        places AS MATERIALIZED (
            SELECT c.id AS case_id, i.name || ' ' || i.address AS text, c.last_in_at AS at
            FROM looked JOIN identify_identity i ON i.id = looked.id JOIN act_case c ON c.identity_id = i.id)
    """  # noqa: S608  a number of ours
    return _seen(places, fit, visible)


def _words(visible: Statement, fit: Statement, words: str) -> Looked:
    """What they said and what we answered."""
    places = f"""
        looked AS MATERIALIZED (SELECT id FROM fit ORDER BY id DESC LIMIT {MOST}),
        said AS MATERIALIZED (
            SELECT i.id, i.conversation_id, i.text, i.occurred_at AS at
            FROM looked JOIN listen_interaction i ON i.id = looked.id),
        places AS MATERIALIZED (
            SELECT c.id AS case_id, said.text, said.at FROM said
            JOIN identify_recognition g ON g.interaction_id = said.id AND g.current
            JOIN act_case c ON c.conversation_id = said.conversation_id AND c.identity_id = g.identity_id
            UNION ALL
            SELECT r.case_id, said.text, said.at FROM said
            JOIN act_delivery d ON d.interaction_id = said.id JOIN act_response r ON r.id = d.response_id)
    """  # noqa: S608  a number of ours
    return _seen(places, fit, visible, words)


def _notes(visible: Statement, query: str) -> Looked:
    fit = f"SELECT id FROM act_note WHERE {WORDS_NOTED} @@ to_tsquery('simple', %s)"  # noqa: S608  it is ours
    places = f"""
        looked AS MATERIALIZED (SELECT id FROM fit ORDER BY id DESC LIMIT {MOST}),
        places AS MATERIALIZED (SELECT n.case_id, n.text, n.at FROM looked JOIN act_note n ON n.id = looked.id)
    """  # noqa: S608  a number of ours
    return _seen(places, Statement(fit, (query,)), visible)


def _seen(places: str, fit: Statement, visible: Statement, ranked: str = "") -> Looked:
    """How many were ``looked`` at, and of the ``places`` those in visible cases: each case once, with its best place.

    Whether a case may be seen is asked of the few that were found, by number, and before anything is ranked.
    """
    rank = f"ts_rank(to_tsvector('simple', left(text, {RANKED})), to_tsquery('simple', %s))" if ranked else "0"
    found = rows.fetch(
        f"""
        WITH fit AS MATERIALIZED ({fit.sql}), {places},
        seen AS MATERIALIZED (
            SELECT id FROM ({visible.sql}) AS mine(id) WHERE id = ANY(ARRAY(SELECT case_id FROM places))),
        best AS (
            SELECT DISTINCT ON (case_id) case_id, text, at, {rank} AS rank
            FROM places JOIN seen ON seen.id = case_id ORDER BY case_id, rank DESC, at DESC)
        SELECT there.number, case_id, text, at
        FROM (SELECT count(*) AS number FROM looked) AS there LEFT JOIN best ON true
        ORDER BY rank DESC, at DESC, case_id DESC
        """,  # noqa: S608  the expressions are ours
        [*fit.values, *visible.values, *([ranked] if ranked else [])],
    )
    return found[0][0], [(case, text, at) for _, case, text, at in found if case is not None]


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
