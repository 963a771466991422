"""Search goes backwards through the whole table, every part of it once, and stops when it has enough."""

import itertools
import re

import pytest
from django.db import connection

from armature.crm import newest
from armature.crm.act import fitting, persons, search
from house import House
from visitors import to_judge


@pytest.mark.parametrize("highest", [0, 1, 16_383, 16_384, 1_000_000, 12_345_678])
def test_every_part_is_asked_once_the_newest_first(highest: int) -> None:
    asked = [[int(number) for number in re.findall(r"\d+", stretch)] for stretch in newest.stretches(highest)]
    flat = [number for stretch in asked for number in stretch]
    assert sorted(flat) == list(range((highest >> 14) + 1))
    assert asked[0] == [highest >> 14]
    assert all(min(one) > max(other) for one, other in itertools.pairwise(asked))
    assert len(asked) <= max(1, (highest >> 14).bit_length() + 1)


def test_what_was_said_long_ago_is_found_behind_what_was_said_now(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitting, "FEW", -1)
    cases = []
    for number, name in enumerate(("ada", "ben", "cleo")):
        with connection.cursor() as cursor:
            for table in ("listen_interaction", "identify_identity"):
                cursor.execute(f"SELECT setval('{table}_id_seq', {1 + number * 200_000})")
        cases.append(to_judge(house, "The zipper tore.", author=f"{name}@people.example", name=f"{name} Zander"))
    latest_first = [case.pk for case in reversed(cases)]
    assert [hit.case.pk for hit in search.find(house.mona, "zipper").hits] == latest_first
    assert [hit.case.pk for hit in search.find(house.mona, "zander").hits] == latest_first
    assert [one.pk for one in persons.search(house.mona, "zander")] == [case.identity_id for case in reversed(cases)]
