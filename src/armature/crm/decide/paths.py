"""The ways that interactions took through a map, each with a number."""

import json
from collections.abc import Iterable

from django.db import transaction

from armature.crm import rows

_KNOWN: dict[tuple[int, tuple[str, ...]], int] = {}


def numbers(wanted: Iterable[tuple[int, tuple[str, ...]]]) -> dict[tuple[int, tuple[str, ...]], int]:
    """The number of each (map, path); new paths get one. Few exist, so they are remembered once committed."""
    wanted = set(wanted)
    found = {path: _KNOWN[path] for path in wanted if path in _KNOWN}
    new = sorted(wanted - set(found))
    if new:
        found |= _add(new)
        transaction.on_commit(lambda: _KNOWN.update(found))
    return found


def _add(new: list[tuple[int, tuple[str, ...]]]) -> dict[tuple[int, tuple[str, ...]], int]:
    listed = json.dumps([{"m": number, "e": list(elements)} for number, elements in new])
    wanted = """
        SELECT m, array(SELECT jsonb_array_elements_text(e)) AS e FROM jsonb_to_recordset(%s) AS w(m bigint, e jsonb)
    """
    rows.run(f"INSERT INTO decide_path (map_id, elements) {wanted} ON CONFLICT DO NOTHING", [listed])  # noqa: S608
    got = rows.fetch(
        f"SELECT p.map_id, p.elements, p.id FROM ({wanted}) w JOIN decide_path p ON p.map_id = w.m AND p.elements = w.e",  # noqa: S608
        [listed],
    )
    return {(number, tuple(elements)): path for number, elements, path in got}
