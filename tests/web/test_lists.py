"""Lists: pages without gaps and without doubles, the last words of each case, counts, empty views."""

import re

from django.db import connection
from django.utils import timezone

from armature.crm.act.models import Case
from armature.crm.web.views_of_cases import PAGE, VIEWS
from house import House
from visitors import PART, to_answer, to_approve, to_judge, visit


def _numbers(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="row-(\d+)"', page)]


def test_paging_shows_every_case_once_also_when_all_came_in_the_same_moment(house: House) -> None:
    for number in range(PAGE * 2 + 3):
        house.hear("My parcel is broken.", author=f"p{number}@people.example")
    house.settle()
    Case.objects.filter(pk__gt=20).update(last_in_at=timezone.now())
    client, seen, address = visit(house.mona), [], "/cases/open?part=rows"
    while address:
        page = client.get(address, headers=PART).content.decode()
        seen += _numbers(page)
        more = re.search(r'hx-get="([^"]+part=rows[^"]+)"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen)) == PAGE * 2 + 3
    assert sorted(seen) == sorted(Case.objects.values_list("pk", flat=True))


def test_a_list_that_is_looked_at_again_keeps_the_pages_that_were_open(house: House) -> None:
    for number in range(PAGE + 10):
        house.hear("My parcel is broken.", author=f"p{number}@people.example")
    house.settle()
    client = visit(house.mona)
    assert len(_numbers(client.get("/cases/open?part=list&shown=60", headers=PART).content.decode())) == PAGE + 10
    assert len(_numbers(client.get("/cases/open?part=list&shown=9", headers=PART).content.decode())) == PAGE


def test_a_row_has_their_last_words_and_a_question_mark_until_a_person_judged(house: House) -> None:
    to_judge(house, text="I want my money back. This is a complaint!")
    house.hear("Is anybody there?", in_reply_to="said-1")
    house.settle()
    client = visit(house.mona)
    page = client.get("/cases/open").content.decode()
    assert "Is anybody there?" in page
    assert re.search(r'<span class="intent">\w[\w ]*\?</span>', page)
    to_answer(house, intent="praise", author="kaia@people.example")
    assert '<span class="intent">Praise</span>' in client.get("/cases/open").content.decode()


def test_counts_agree_with_their_lists(house: House) -> None:
    to_approve(house)
    to_judge(house, author="b@people.example")
    for user in (house.mona, house.leo, house.nia):
        client = visit(user)
        for view in VIEWS.values():
            context = client.get(f"/cases/{view.key}").context
            if view.counted:
                assert context["total"] == len(context["rows"]), view.key


def test_an_empty_view_says_why_and_where_to_go_on(house: House) -> None:
    client = visit(house.mona)
    for view in VIEWS.values():
        page = client.get(f"/cases/{view.key}").content.decode()
        assert str(view.empty) in page
    assert "Show what is unassigned" in client.get("/cases/mine").content.decode()


def test_every_list_has_an_index_that_gives_its_order(house: House) -> None:
    """Among many cases no view is sorted or read through: each has an index whose condition is its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'act_case'")
        defined = " ".join(line for (line,) in cursor.fetchall())
    for name in (
        "open_cases",
        "my_cases",
        "unassigned_cases",
        "cases_by_form",
        "pending_cases",
        "done_cases",
        "team_at_work",
        "asked_of_team",
        "done_by_team",
    ):
        assert name in defined
