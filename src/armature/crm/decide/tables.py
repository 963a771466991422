"""Tables as people draw them: which there are, a new one, and each change of a draft."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from armature.arm.rule.table import DecisionTable as Table
from armature.arm.rule.table import Row, read_table
from armature.crm import rows
from armature.crm.accounts.access import Refused
from armature.crm.accounts.models import User
from armature.crm.decide import drafts, publishing, rule_lists, versions
from armature.crm.decide.drawn import Draft
from armature.crm.decide.models import DecisionTable

LOOKED_AT = 10_000
"""Judgements, from the newest backwards, among which is counted what a row took."""
DAYS = 30
LONGEST_KEY = 30
"""Characters of a new table's key: with a row's id behind it, it is kept with every outcome."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One table: its newest version (none: never published), the names of the maps that use it, its draft."""

    key: str
    name: str
    version: DecisionTable | None
    maps: tuple[str, ...]
    draft: Draft | None


def listed_for(user: User) -> list[Listed]:
    """All tables that are published, and for whoever may draw those that are only drawn."""
    newest = versions.newest_tables()
    drawn = {one.key: one for one in drafts.drafts_for(user) if one.kind == versions.TABLE}
    used = defaultdict(list)
    for one in versions.newest_maps().values():
        for table in one.tables.all():
            used[table.key].append(publishing.name_of(versions.MAP, one.body) or one.key)
    found = []
    for key in sorted(newest.keys() | drawn.keys()):
        version, draft = newest.get(key), drawn.get(key)
        name = published(version).label if version else draft.name if draft else key
        found.append(Listed(key, name, version, tuple(used[key]), draft))
    return found


@transaction.atomic
def new_table(user: User, name: str) -> Draft:
    """A draft of a new table with one row that catches everything. Raises ``Refused``, ``NotAllowed``."""
    drafts.must_draw(user)
    said = " ".join(name.replace("\x00", "").split())
    if not said or len(said) > 100:
        raise Refused(_("The name: say in 1 to 100 characters what this table decides."))
    table = Table(_free_key(said), said, (), ("team",), (Row("R00"),))
    return drafts.begin(user, versions.TABLE, table.key, name=said, body=table.to_json().decode())


def _free_key(name: str) -> str:
    base = slugify(name).replace("-", "_")[:LONGEST_KEY] or "table"
    taken = set(DecisionTable.objects.values_list("key", flat=True).distinct())
    taken |= set(Draft.objects.filter(kind=versions.TABLE).values_list("key", flat=True))
    return next(key for key in (base, *(f"{base}_{n}" for n in range(2, len(taken) + 3))) if key not in taken)


def drawn(draft: Draft) -> Table:
    """The table of a draft, with what is on its lists now; an empty one where it cannot be read."""
    table = read_table(draft.body.encode())[0] or Table(draft.key, draft.name, (), (), ())
    return rule_lists.with_lists(table)


def published(version: DecisionTable) -> Table:
    """The table of a version."""
    return read_table(version.body.encode())[0] or Table(version.key, version.key, (), (), ())


def keep(user: User, draft: Draft, table: Table, *, revision: int) -> Draft:
    """The draft reads like this table now. See ``drafts.keep``."""
    return drafts.keep(user, draft, table.to_json().decode(), revision=revision, name=table.label or draft.name)


def known() -> dict[str, Table]:
    """The tables that a map can be drawn with, by key: as they are published, and those that are only drawn yet."""
    drawn_ones = {one.key: read_table(one.body.encode())[0] for one in versions.only_drawn()}
    newest = {key: read_table(one.body.encode())[0] for key, one in versions.newest_tables().items()}
    return {key: table for key, table in sorted({**drawn_ones, **newest}.items()) if table}


def fell(key: str) -> tuple[Mapping[str, int], int]:
    """How often each row of a table fired among the newest judgements of the last 30 days, and of how many.

    At most ``LOOKED_AT`` judgements are looked at, through the primary key, so it takes as long with millions of them.
    """
    found: list[tuple[Any, ...]] = rows.fetch(
        """
        SELECT fired, count(*)
        FROM (SELECT rows, judged_at FROM decide_judgement ORDER BY id DESC LIMIT %s) AS newest, unnest(rows) AS fired
        WHERE judged_at > now() - make_interval(days => %s) AND starts_with(fired, %s) GROUP BY fired
        """,
        [LOOKED_AT, DAYS, f"{key}:"],
    )
    counts = {name.removeprefix(f"{key}:"): count for name, count in found}
    return counts, sum(counts.values())
