"""What a query would have found in posts that are kept: candidates from the database, verified with the same tree.

One step looks through at most a few thousand posts of one part of the table, newest part first, so memory stays small,
everything else gets its turn in between, and somebody can stop it.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from armature.arm.listening import candidates, parse
from armature.crm import live, rows
from armature.crm.accounts.models import User
from armature.crm.lease import Claim, LeaseLost
from armature.crm.listen import hits, matching, post_words
from armature.crm.listen.matching import Detect, Found
from armature.crm.listen.wanted import BackSearch, BackSearchHit, BackSearchTodo, ListeningQuery

PAGE = 2000
MOST = 50_000
"""So many hits of one search are kept; more are not looked for."""
KEPT = timedelta(days=30)
SLACK = timedelta(days=1)
"""Numbers follow the time of recording only roughly."""


@transaction.atomic
def ask(
    user: User, text: str, since: datetime, until: datetime, *,
    brand: int | None = None, query: ListeningQuery | None = None,
) -> BackSearch:  # fmt: skip
    """Ask for a search; ``text`` is a query that can be read. A worker does it, step by step."""
    ends = rows.fetch("SELECT coalesce(min(id), 0), coalesce(max(id), 0) FROM listen_interaction", [])[0]
    lowest, highest = (int(each) >> post_words.BITS for each in ends)
    search = BackSearch.objects.create(
        user=user, query=query, text=text, brand_id=brand, since=since, until=until, first_part=highest, part=highest,
        last_part=_first(lowest, highest, since),
    )  # fmt: skip
    BackSearchTodo.objects.create(search=search)
    live.wake()
    return search


def _first(low: int, high: int, since: datetime) -> int:
    """The part before which everything was recorded too early, among those from ``low`` to ``high``: by halving."""
    while low < high:
        middle = (low + high + 1) // 2
        first = rows.fetch(
            "SELECT recorded_at FROM listen_interaction WHERE id >= %s ORDER BY id LIMIT 1",
            [middle << post_words.BITS],
        )
        low, high = (middle, high) if first and first[0][0] < since - SLACK else (low, middle - 1)
    return low


def stop(search: BackSearch) -> None:
    """Look no further; what was found stays."""
    BackSearch.objects.filter(pk=search.pk, state=BackSearch.State.RUNNING).update(state=BackSearch.State.CANCELLED)


def go_on(held: Claim, detect: Detect) -> int:
    """Look through the next posts; how many candidates there were."""
    with transaction.atomic():
        rows.by_index()
        search = BackSearch.objects.select_for_update().get(pk=held.keys[0])
        tree = parse(search.text).tree
        if tree is None:
            raise ValueError(f"the query of search {search.pk} cannot be read")
        if search.state != BackSearch.State.RUNNING:
            _finish(held)
            return 0
        numbers = _candidates(search, candidates(tree))
        _keep(search, _verified(search, numbers, detect))
        _move_on(search, numbers)
        search.save(update_fields=["state", "part", "upto", "kept"])
        if search.state == BackSearch.State.RUNNING:
            _again(held)
        else:
            _finish(held)
    return max(1, len(numbers))


def _candidates(search: BackSearch, words: str | None) -> list[int]:
    """The next posts of the part that may match: by their words where these are kept, else all."""
    part = search.part
    kept = words is not None and rows.fetch(
        "SELECT FROM listen_postpart WHERE part = %s AND done_at IS NOT NULL", [part]
    )
    if kept:
        asked = f"({words} | '{post_words.TOO_MANY}') & '{post_words.WORD}{part}'"
        found = rows.fetch(
            """
            SELECT interaction_id FROM listen_postwords
            WHERE words @@ %s::tsquery AND interaction_id > %s ORDER BY interaction_id LIMIT %s
            """,
            [asked, search.upto, PAGE],
        )
    else:
        found = rows.fetch(
            """
            SELECT id FROM listen_interaction
            WHERE id > %s AND id >= %s AND id < %s AND direction = 'in' ORDER BY id LIMIT %s
            """,
            [search.upto, part << post_words.BITS, (part + 1) << post_words.BITS, PAGE],
        )
    return [number for (number,) in found]


def _verified(search: BackSearch, numbers: list[int], detect: Detect) -> list[Found]:
    version = search.query.version if search.query else 1
    asked = matching.only(search.text, search.brand_id, search.query_id or 0, version)
    return asked.among(matching.kept_posts(numbers, search.since, search.until), detect)


def _keep(search: BackSearch, found: list[Found]) -> None:
    if search.query_id is not None:
        ListeningQuery.objects.select_for_update(no_key=True).get(pk=search.query_id)
        search.kept += hits.keep(found, live=False)
        return
    room = found[: MOST - search.kept]
    BackSearchHit.objects.bulk_create(
        BackSearchHit(search=search, interaction_id=one.post.id, at=one.post.at, places=one.flat) for one in room
    )
    search.kept += len(room)


def _move_on(search: BackSearch, numbers: list[int]) -> None:
    if len(numbers) == PAGE:
        search.upto = numbers[-1]
        return
    search.part, search.upto = search.part - 1, 0
    if search.part < search.last_part or search.kept >= MOST:
        search.state = BackSearch.State.DONE


def _again(held: Claim) -> None:
    sql = """
        UPDATE listen_backsearchtodo SET leased_until = NULL, token = NULL, attempts = 0
        WHERE search_id = %s AND token = %s
    """
    if rows.run(sql, [held.keys[0], held.token]) != 1:
        raise LeaseLost("this search is no longer ours")


def _finish(held: Claim) -> None:
    if (
        rows.run("DELETE FROM listen_backsearchtodo WHERE search_id = %s AND token = %s", [held.keys[0], held.token])
        != 1
    ):
        raise LeaseLost("this search is no longer ours")


def give_up(number: int, words: str) -> None:
    """A search that fails again and again is ended; what it found stays."""
    BackSearch.objects.filter(pk=number).update(state=BackSearch.State.FAILED)
    BackSearchTodo.objects.filter(pk=number).delete()


def forget_old() -> int:
    """What was only tried is not kept for long."""
    old = BackSearch.objects.filter(at__lt=timezone.now() - KEPT)
    return old.delete()[0] if old.exists() else 0
