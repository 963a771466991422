"""Finding what queries ask for in what comes in, a batch at a time, and keeping it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from armature.crm import rows
from armature.crm.listen import copies, matching, post_words
from armature.crm.listen.arrival import Recorded
from armature.crm.listen.matching import Detect, Found, Post, begin_of_text
from armature.crm.listen.revisions import Amended
from armature.crm.listen.wanted import Hit

COLUMNS = ("id", "query_id", "interaction_id", "at", "places", "version", "live", "likeness", "bands",
           "copy_of_id")  # fmt: skip


def find(recorded: Sequence[Recorded], detect: Detect) -> int:
    """Match what was just recorded with the queries that listen now and keep the hits; how many.

    One question when nothing matches (and whether a query has changed is that question), four when something does.
    """
    queries = matching.current()
    if not queries.held or not recorded:
        return 0
    now = [one for one in recorded if not one.arrival.event.historic]
    past = [one for one in recorded if one.arrival.event.historic]
    found = keep(queries.among([_post(one) for one in now], detect)) if now else 0
    return found + (keep(queries.among([_post(one) for one in past], detect), live=False) if past else 0)


def find_again(amended: Sequence[Amended], detect: Detect) -> int:
    """Match what reads otherwise now, and keep its new words for looking back; how many new hits.

    What was heard in the words before stays heard, at no place: they are still to be seen in the revisions.
    """
    numbers = sorted({one.interaction_id for one in amended if not one.outgoing})
    if not numbers:
        return 0
    posts = matching.kept_posts(numbers)
    post_words.keep_again(posts)
    rows.run("UPDATE listen_hit SET places = '{}' WHERE interaction_id = ANY(%s)", [numbers])
    found = matching.current().among(posts, detect)
    hold = "SELECT FROM listen_listeningquery WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
    rows.fetch(hold, [sorted({one.query for one in found})])
    places = [{"q": one.query, "i": one.post.id, "v": one.version, "p": one.flat} for one in found]
    rows.run(
        """
        UPDATE listen_hit h SET places = n.p, version = n.v
        FROM jsonb_to_recordset(%s) AS n(q bigint, i bigint, v integer, p integer[])
        WHERE h.query_id = n.q AND h.interaction_id = n.i
        """,
        [rows.as_json(places)],
    )
    return keep(_unknown(found))


def keep(found: Sequence[Found], *, live: bool = True) -> int:
    """Write hits; what is known already stays as it is. How many were new."""
    if not found:
        return 0
    fresh = found if live else _unknown(found)
    numbers = rows.next_ids(Hit, len(fresh))
    originals = copies.originals(fresh, numbers)
    rows.copy(
        Hit,
        COLUMNS,
        [
            (
                number,
                one.query,
                one.post.id,
                one.post.at,
                one.flat,
                one.version,
                live,
                like.hash,
                copies.of_query(one.query, like.bands),
                original,
            )
            for number, one, (like, original) in zip(numbers, fresh, originals, strict=True)
        ],
    )
    return len(fresh)


def _unknown(found: Sequence[Found]) -> list[Found]:
    """Those that are no hits yet. The rows of their queries are held, so that nobody writes the same meanwhile."""
    known = rows.fetch(
        "SELECT query_id, interaction_id FROM listen_hit WHERE interaction_id = ANY(%s)",
        [sorted({one.post.id for one in found})],
    )
    there = {(query, interaction) for query, interaction in known}
    return [one for one in found if (one.query, one.post.id) not in there]


def _post(one: Recorded) -> Post:
    """As it is recorded, so that looking back later finds the same."""
    channel, event = one.arrival.channel, one.arrival.event
    words = matching.words_of(event.subject[:300], event.text)
    author, language = event.author[:254], event.language[:12]
    return Post(one.interaction_id, channel.brand_id, channel.place, author, language, words, event.occurred_at)


class OnCase(NamedTuple):
    """A query that heard something said in a case, and where in its text."""

    query: int
    name: str
    places: list[int]


def on_case(interactions: Iterable[int]) -> dict[int, list[OnCase]]:
    """What was heard in these interactions, by interaction; places count from the beginning of the text."""
    found = rows.fetch(
        """
        SELECT h.interaction_id, q.id, q.name, h.places, i.subject
        FROM listen_hit h JOIN listen_listeningquery q ON q.id = h.query_id
        JOIN listen_interaction i ON i.id = h.interaction_id
        WHERE h.interaction_id = ANY(%s) ORDER BY q.name, q.id
        """,
        [list(interactions)],
    )
    by_interaction: dict[int, list[OnCase]] = defaultdict(list)
    for interaction, query, name, places, subject in found:
        begin = begin_of_text(subject)
        in_text = [
            place - begin
            for start, stop in zip(places[::2], places[1::2], strict=True)
            if start >= begin
            for place in (start, stop)
        ]
        by_interaction[interaction].append(OnCase(query, name, in_text))
    return by_interaction
