"""However many cases a list has and however long a conversation is, a page costs the same number of statements."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from house import House
from visitors import visit


def _cost(house: House, address: str) -> int:
    client = visit(house.mona)
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_a_list_costs_the_same_however_many_cases_it_has(house: House) -> None:
    house.hear("My parcel is broken.", author="first@people.example")
    house.settle()
    few = _cost(house, "/cases/open")
    for number in range(30):
        house.hear("My parcel is broken.", author=f"p{number}@people.example", name=f"Person {number}")
    house.settle()
    assert _cost(house, "/cases/open") == few
    assert few <= 16


def test_a_case_costs_the_same_however_much_was_said_in_it(house: House) -> None:
    first = house.hear("My parcel is broken.")
    house.settle()
    address = f"/cases/open/{house.case().pk}"
    few = _cost(house, address)
    for number in range(20):
        house.hear(f"Are you there? {number}", in_reply_to=first)
    house.settle()
    assert _cost(house, address) == few
    assert few <= 56
