"""However many cases a list has and however long a conversation is, a page costs the same number of statements."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from armature.crm.act import drafts
from armature.crm.act.models import CannedResponse, Macro
from house import House
from visitors import to_answer, to_approve, visit


def _cost(house: House, address: str, who: str = "mona") -> int:
    client = visit(getattr(house, who))
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
    assert few <= 60


def test_the_approvals_cost_the_same_however_many_wait(house: House) -> None:
    to_approve(house)
    few = _cost(house, "/approvals", "leo")
    for _ in range(5):
        to_approve(house)
    page = visit(house.leo).get("/approvals").content.decode()
    assert page.count('id="response-') == 6
    assert _cost(house, "/approvals", "leo") == few
    assert few <= 16


def test_what_is_kept_costs_the_same_however_much_it_is(house: House) -> None:
    case = to_answer(house)
    drafts.save(house.nia, case, text="x")
    addresses = (f"/case/{case.pk}/canned?words=a", "/canned", "/macros", f"/cases/open/{case.pk}")
    _make(house, 0)
    few = [_cost(house, address) for address in addresses]
    for number in range(1, 9):
        _make(house, number)
    assert [_cost(house, address) for address in addresses] == few


def _make(house: House, number: int) -> None:
    CannedResponse.objects.create(name="a", shortcut=f"a{number}", text="x", by=house.leo)
    Macro.objects.create(name="a", steps=[{"step": "note", "value": "x"}], by=house.leo)
