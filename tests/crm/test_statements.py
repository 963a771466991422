"""A batch of one and a batch of two hundred take the same number of statements."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from armature.crm import lease, process
from armature.crm.listen.models import Unopened
from house import House

SIZES = (1, 10, 200)


def _statements(act: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        act()
    return [re.sub(r'"s\d+_x\d+"', "", query["sql"].split("(")[0][:60]) for query in captured]


@pytest.fixture
def warm(house: House) -> House:
    """Plans, paths and columns are looked up once per process; here they are known."""
    _hear(house, 2)
    process.advance(process.arrive(lease.claim(Unopened, 10)))
    return house


def _hear(house: House, count: int) -> None:
    for _ in range(count):
        house.hear("My parcel is broken.", author=f"{house.said}@people.example")


def test_taking_in_and_judging_new_messages(warm: House) -> None:
    taken: list[tuple[list[str], list[str]]] = []
    for size in SIZES:
        _hear(warm, size)
        opened = lease.claim(Unopened, size)
        taken_in: list[lease.Claim] = []
        arriving = _statements(lambda opened=opened, taken_in=taken_in: taken_in.append(process.arrive(opened)))
        todo = taken_in[0]
        assert len(todo.keys) == size
        taken.append((arriving, _statements(lambda todo=todo: process.advance(todo))))
    assert taken[0] == taken[1] == taken[2]


def test_taking_in_and_judging_messages_that_join_what_waits(warm: House) -> None:
    _hear(warm, 220)
    process.advance(process.arrive(lease.claim(Unopened, 220)))
    taken: list[tuple[list[str], list[str]]] = []
    first = 3
    for size in SIZES:
        for number in range(first, first + size):
            warm.hear("Hello?", author=f"{number - 1}@people.example", in_reply_to=f"said-{number}")
        first += size
        opened = lease.claim(Unopened, size)
        taken_in: list[lease.Claim] = []
        arriving = _statements(lambda opened=opened, taken_in=taken_in: taken_in.append(process.arrive(opened)))
        todo = taken_in[0]
        assert len(todo.keys) == size
        taken.append((arriving, _statements(lambda todo=todo: process.advance(todo))))
    assert taken[0] == taken[1] == taken[2]
