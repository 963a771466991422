"""What has changed is measured again, and the sums with it: one worker at a time, many cases at once.

The database notes whose work changed, in the transaction that changed it (`Unmeasured`). So what is measured here is
what is committed, a moment later, and sums are those of the rows at any moment.
"""

import itertools
import logging
import time
from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import InterfaceError, OperationalError, transaction

from armature.crm import rows
from armature.crm.accounts.queries import company_zone
from armature.crm.learn.cells import Cell, Thing, cells
from armature.crm.learn.models import Measured
from armature.crm.learn.truth import Truth, Whose

logger = logging.getLogger(__name__)
CHUNK = 500
"""Notes that are taken at once."""
PATIENCE = 0.5
"""Seconds after which other work has its turn."""
ALONE = 7_011_970
"""The number under which workers agree that one of them measures."""

TAKE = """
    DELETE FROM learn_unmeasured WHERE id IN (SELECT id FROM learn_unmeasured ORDER BY id LIMIT %s)
    RETURNING conversation_id, identity_id
"""
SPREAD = """
    INSERT INTO learn_unmeasured (conversation_id, identity_id)
    SELECT conversation_id, identity_id FROM act_case WHERE conversation_id = ANY(%(c)s)
    UNION SELECT conversation_id, identity_id FROM learn_measured WHERE conversation_id = ANY(%(c)s)
"""
NOTE = "INSERT INTO learn_unmeasured (conversation_id, identity_id) SELECT * FROM unnest(%s::bigint[], %s::bigint[])"
COLUMNS = [
    f"{name}_id" if name in ("conversation", "identity", "case", "brand", "channel") else name for name in Thing._fields
]
STORED = f"""
    SELECT m.id, {", ".join(f"m.{name}" for name in COLUMNS)} FROM learn_measured m
    JOIN unnest(%(c)s::bigint[], %(i)s::bigint[]) AS t(c, i) ON m.conversation_id = t.c AND m.identity_id = t.i
"""  # noqa: S608  the columns are ours
KEYS = [f"{name}_id" if name in ("brand", "channel") else name for name in Cell._fields]
_TYPES = {"day": "date", "hour": "smallint", "brand_id": "bigint", "channel_id": "bigint", "bucket": "smallint",
         "restricted": "boolean", "past": "boolean"}  # fmt: skip
COLUMN_TYPES = ", ".join(f"{key} {_TYPES.get(key, 'text')}" for key in KEYS)
ADD = f"""
    INSERT INTO learn_measuresum AS kept ({", ".join(KEYS)}, number)
    SELECT * FROM jsonb_to_recordset(%s) AS n({COLUMN_TYPES}, number int)
    ON CONFLICT ({", ".join(KEYS)}) DO UPDATE SET number = kept.number + excluded.number
"""  # noqa: S608
EMPTY = f"""
    DELETE FROM learn_measuresum s USING jsonb_to_recordset(%s)
        AS n({COLUMN_TYPES})
    WHERE s.number = 0 AND {" AND ".join(f"s.{key} = n.{key}" for key in KEYS)}
"""  # noqa: S608


def some() -> int:
    """Measure what changed, for half a second; how many notes were seen to."""
    until, done = time.monotonic() + PATIENCE, 0
    while time.monotonic() < until:
        taken = _chunk(CHUNK)
        done += taken
        if taken < CHUNK:
            break
    return done


def everything() -> int:
    """Measure all that changed."""
    done = 0
    while taken := _chunk(CHUNK):
        done += taken
    return done


def _chunk(size: int) -> int:
    """One chunk. Where it fails, its notes are seen to one by one, and what cannot be measured is logged and left."""
    try:
        return _measure(size)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        if size > 1:
            return sum(itertools.takewhile(bool, (_chunk(1) for _ in range(size))))
        logger.exception("the work of one customer cannot be measured; it is left as it was until it changes again")
        return rows.run(TAKE, [1])


@transaction.atomic
def _measure(size: int) -> int:
    if not rows.fetch("SELECT EXISTS (SELECT FROM learn_unmeasured) AND pg_try_advisory_xact_lock(%s)", [ALONE])[0][0]:
        return 0
    taken = rows.fetch(TAKE, [size])
    rows.by_index()
    if whole := [conversation for conversation, identity in taken if identity is None]:
        rows.run(SPREAD, {"c": whole})
    _again(sorted({(c, i) for c, i in taken if i is not None}))
    return len(taken)


def _again(whose: Sequence[Whose]) -> None:
    """Bring what is measured of these to what is true, and the sums by as much."""
    if not whose:
        return
    stored = {one.name: (number, one) for number, one in _stored(whose)}
    found = {one.name: _as_it_was(one, stored) for one in Truth(whose, company_zone()).things()}
    gone = [name for name, (_, one) in stored.items() if found.get(name) != one]
    new = [one for name, one in found.items() if name not in stored or stored[name][1] != one]
    rows.run("DELETE FROM learn_measured WHERE id = ANY(%s)", [[stored[name][0] for name in gone]])
    rows.copy(Measured, COLUMNS, new)
    _add(new, [stored[name][1] for name in gone])


def _stored(whose: Sequence[Whose]) -> Iterable[tuple[int, Thing]]:
    asked = {"c": [c for c, _ in whose], "i": [i for _, i in whose]}
    for number, *columns in rows.fetch(STORED, asked):
        yield number, Thing(*columns)


def _as_it_was(one: Thing, stored: dict[tuple[str, int], tuple[int, Thing]]) -> Thing:
    """Business time is that of the hours which held when it happened, so what was reckoned once stays."""
    before = stored.get(one.name)
    if before and before[1].at == one.at and before[1].minutes == one.minutes:
        return one._replace(open_minutes=before[1].open_minutes)
    return one


def _add(new: Iterable[Thing], gone: Iterable[Thing]) -> None:
    sums: Counter[Cell] = Counter(cell for one in new for cell in cells(one))
    sums.subtract(Counter(cell for one in gone for cell in cells(one)))
    changed = {cell: number for cell, number in sorted(sums.items()) if number}
    if changed:
        rows.run(ADD, [rows.as_json([{**_named(cell), "number": number} for cell, number in changed.items()])])
        rows.run(EMPTY, [rows.as_json([_named(cell) for cell, number in changed.items() if number < 0])])


def _named(cell: Cell) -> dict[str, object]:
    return dict(zip(KEYS, cell, strict=True))


def note(whose: Iterable[Whose]) -> None:
    """Have the work of these measured, where the database's own triggers see nothing of it."""
    if noted := sorted(set(whose)):
        rows.run(NOTE, [[c for c, _ in noted], [i for _, i in noted]])


def again() -> None:
    """Have everything measured afresh, for whoever brought rows in past the database's own triggers."""
    rows.run("INSERT INTO learn_unmeasured (conversation_id, identity_id) SELECT conversation_id, identity_id "
             "FROM act_case GROUP BY 1, 2", [])  # fmt: skip


MISCOUNTED = """
    SELECT 'measures of ' || day || ' (' || kind || '): ' || sum(number) || ' more are summed than there are'
    FROM (
        SELECT kind, day, team, restricted, past, number FROM learn_measuresum
        WHERE kind IN ('heard', 'first', 'resolution', 'approval', 'outcome', 'delivery', 'promise', 'way',
            'stay')
        UNION ALL SELECT kind, day, team, restricted, past, -1 FROM learn_measured) AS two
    GROUP BY kind, day, team, restricted, past HAVING sum(number) <> 0
"""
UNHEARD = """
    SELECT 'interaction ' || i.id || ' was never measured' FROM listen_interaction i
    JOIN identify_recognition g ON g.interaction_id = i.id AND g.current
    JOIN act_case k ON k.conversation_id = i.conversation_id AND k.identity_id = g.identity_id
    WHERE i.direction = 'in' AND i.automatic = ''
      AND NOT EXISTS (SELECT FROM learn_measured m WHERE m.conversation_id = i.conversation_id
          AND m.identity_id = g.identity_id AND m.kind = 'heard' AND m.source = i.id)
      AND NOT EXISTS (SELECT FROM learn_unmeasured)
"""
"""What `armature check` finds wrong: nothing, at any moment."""
