"""The disagreements behind a figure, one interaction a line, as far as a user may see a case of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from armature.arm.alone import Pair
from armature.crm import rows
from armature.crm.accounts.models import User
from armature.crm.act import heard, queries
from armature.crm.identify.models import Recognition

PAGE = 30
SHOWN = 240


@dataclass(frozen=True, slots=True)
class Line:
    """One interaction with what differs; ``case`` is the latest of its cases that the user may see."""

    number: int
    at: datetime
    text: str
    channel: str
    case: int
    pairs: Sequence[Pair]


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list: how many interactions may be seen in all, how many may not, and where to go on."""

    lines: list[Line]
    seen: int
    hidden: int
    more: int = 0


def differing(user: User, pairs: Iterable[Pair], after: int) -> Listed:
    """The disagreements among these comparisons, newest first, behind interaction ``after``; 0 begins."""
    differ: dict[int, list[Pair]] = {}
    for one in pairs:
        if not one.agrees:
            differ.setdefault(one.interaction, []).append(one)
    mine = seen(user, list(differ))
    ahead = sorted((number for number in mine if not after or number < after), reverse=True)
    lines = _lines(user, {number: differ[number] for number in ahead[:PAGE]})
    more = ahead[PAGE - 1] if len(ahead) > PAGE else 0
    return Listed(lines, len(mine), len(differ) - len(mine), more)


def seen(user: User, numbers: Sequence[int]) -> set[int]:
    """Those of these interactions that stand in a case which the user may see."""
    mine = heard.seen(user)
    found = rows.fetch(
        f"SELECT h.interaction_id FROM unnest(%s::bigint[]) AS h(interaction_id) WHERE {mine.sql}",  # noqa: S608
        [list(numbers), *mine.values],
    )
    return {number for (number,) in found}


def _lines(user: User, differ: dict[int, list[Pair]]) -> list[Line]:
    found = Recognition.objects.filter(interaction__in=list(differ), current=True)
    said = {one.interaction_id: one for one in found.select_related("interaction__channel")}
    wanted = {one.interaction.conversation_id for one in said.values()}
    theirs = queries.cases_for(user).filter(conversation__in=wanted).order_by("id")
    cases = {(one.conversation_id, one.identity_id): one.pk for one in theirs}
    return [
        Line(
            number, (one := said[number].interaction).occurred_at, _text(one.text, one.deleted_at), one.channel.name,
            cases.get((one.conversation_id, said[number].identity_id), 0), pairs,
        )
        for number, pairs in differ.items()
    ]  # fmt: skip


def _text(text: str, deleted_at: datetime | None) -> str:
    words = "" if deleted_at else " ".join(text[: 4 * SHOWN].split())
    return words[:SHOWN] + ("…" if len(words) > SHOWN else "")
