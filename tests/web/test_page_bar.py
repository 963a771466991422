"""Every page beside the desk has the same bar: one finds from each to all the others, and sees where one is."""

import re

import pytest

from armature.crm.act import bulk
from armature.crm.act.models import Case
from house import House
from visitors import to_approve, visit

BAR = re.compile(r'<nav class="page-head".*?</nav>', re.S)
PAGES = {
    "/people": "Customers", "/notices": "Notices", "/approvals": "Approvals", "/canned": "Canned responses",
    "/canned/new": "Canned responses", "/macros": "Macros", "/macros/new": "Macros", "/map": "Process map",
    "/ending-cases": "Ending cases", "/profile": "Profile", "/letters": "Letters",
    "/search": "Search", "/surveys": "Surveys", "/reader": "The reader", "/measures": "Measures",
}  # fmt: skip


def _bar(page: str) -> list[tuple[str, str]]:
    (bar,) = BAR.findall(page)
    return re.findall(r'<a href="([^"]+)"[^>]*>(?:<svg.*?</svg>)?([^<]+)</a>', bar, re.S)


@pytest.mark.parametrize("address", PAGES)
def test_the_bar_is_the_same_everywhere_and_says_where_one_is(house: House, address: str) -> None:
    to_approve(house)
    leo = visit(house.leo)
    page = leo.get(address).content.decode()
    assert _bar(page) == _bar(leo.get("/people").content.decode())
    (here,) = re.findall(r'aria-current="page">([^<]+)<', BAR.findall(page)[0])
    assert here == PAGES[address]
    assert page.count("<h1>") == page.count("<main") == 1


def test_bulk_work_on_its_own_page_has_it_too(house: House) -> None:
    to_approve(house)
    leo = visit(house.leo)
    job = bulk.ask(house.leo, deed="priority", values={"priority": 2}, chosen=Case.objects.all())
    page = leo.get(f"/bulk/{job.pk}").content.decode()
    assert _bar(page) == _bar(leo.get("/people").content.decode())
