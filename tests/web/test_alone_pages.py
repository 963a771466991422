"""One step alone on screen: how often each agrees, each number with its list, and the way on to a replay."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from armature.crm.accounts.models import Team
from armature.crm.act import assigning, endings
from armature.crm.decide import drafts, versions
from armature.crm.decide.drawn import Draft
from armature.crm.listen.models import Channel
from house import House
from visitors import stranger, to_answer, visit


@pytest.fixture
def worked(house: House) -> House:
    """One was handed to another team, one was ended without an answer."""
    case = to_answer(house, author="a@people.example", text="Cancel it <script>x()</script>")
    assigning.hand_over(house.mona, case, team=Team.objects.get(key="legal"), note="Yours.")
    endings.end(house.mona, to_answer(house, author="b@people.example"), how="closed")
    house.settle()
    return house


def test_the_steps_come_in_the_order_of_the_process_and_lead_to_the_whole(worked: House) -> None:
    leo = visit(worked.leo)
    assert 'href="/replays/alone"' in leo.get("/replays").content.decode()
    assert 'href="/replays/alone"' in leo.get("/reader").content.decode()
    page = leo.get("/replays/alone?last=50&brand=&reader=0").content.decode()
    heads = re.findall(r'<h2 id="s-(\w+)">(\d)\.', page)
    assert heads == [("where", "1"), ("intent", "2"), ("known", "3"), ("rules", "4"), ("whole", "5")]
    assert "R04: " in page and "Counts are of the whole company" in page
    replay = re.search(r'href="(/replays/begin\?[^"]+)"', page)
    assert replay
    form = leo.get(replay[1].replace("&amp;", "&")).content.decode()
    assert 'value="50"' in form and '<option value="0" selected>' in form


def test_each_number_of_disagreements_leads_to_exactly_its_list(worked: House) -> None:
    leo = visit(worked.leo)
    links = re.findall(
        r'href="(/replays/alone/[^"]+class=[^"]*)"[^>]*>(\d+)<', leo.get("/replays/alone").content.decode()
    )
    assert len(links) >= 3
    for address, count in links:
        assert f"</bdi>: {count}</h1>" in leo.get(address.replace("&amp;", "&")).content.decode(), address


def test_a_line_has_both_sides_its_case_and_its_decision(worked: House) -> None:
    page = visit(worked.leo).get("/replays/alone/rules?output=team").content.decode()
    case = worked.case("a@people.example")
    assert "Retention" in page and "Legal" in page
    assert f"/cases/open/{case.pk}" in page and f"/case/{case.pk}/replay?said=" in page
    assert "&lt;script&gt;" in page and "<script>x()" not in page


def test_what_came_in_since_is_not_in_the_list_behind_a_number(worked: House) -> None:
    leo = visit(worked.leo)
    address = re.search(r'href="(/replays/alone/rules\?[^"]+upto=\d+)"', leo.get("/replays/alone").content.decode())
    assert address
    before = leo.get(address[1].replace("&amp;", "&")).content
    endings.end(worked.mona, to_answer(worked, author="c@people.example"), how="closed")
    worked.settle()
    assert leo.get(address[1].replace("&amp;", "&")).content == before


def test_lists_leave_out_what_one_may_not_see_and_say_so(worked: House) -> None:
    page = visit(stranger()).get("/replays/alone/rules").content.decode()
    assert "Nothing that you may see." in page and "more stand in cases that you may not see." in page
    assert "Cancel it" not in page


def test_it_is_for_leads(worked: House) -> None:
    for address in ("/replays/alone", "/replays/alone/rules"):
        assert visit(worked.mona).get(address).status_code == 404
    assert "/replays/alone" not in visit(worked.mona).get("/reader").content.decode()


def test_a_draft_of_a_table_is_held_against_the_same_deeds(worked: House) -> None:
    body = json.loads(versions.newest_tables()["business_rules"].body)
    next(one for one in body["rows"] if one["id"] == "R04")["then"]["team"] = "legal"
    made = drafts.begin(worked.leo, "table", "business_rules", name="Ours", body=json.dumps(body))
    leo = visit(worked.leo)
    assert "Legal" in leo.get("/replays/alone/rules?output=team").content.decode()
    tried = leo.get(f"/replays/alone/rules?output=team&draft={made.pk}").content.decode()
    assert "</bdi>: 1</h1>" in tried and "the rules said <b><bdi>Legal" in tried
    broken = Draft.objects.create(
        kind="table", key="who_judges", name="Broken", body="{}", begun_from=1, edited_by=worked.leo
    )
    page = leo.get(f"/replays/alone?draft={broken.pk}")
    assert page.status_code == 422 and "This draft cannot run yet" in page.content.decode()


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/replays/alone?last=10001", 422, "10000"), ("/replays/alone?last=x", 422, "whole number"),
        ("/replays/alone?since=2026-03-02&until=2026-03-01", 422, "This day is before the first one"),
        ("/replays/alone?channel=999999999999999999999", 422, ""), ("/replays/alone?brand=%00", 200, ""),
        ("/replays/alone?reader=77777", 422, ""), ("/replays/alone?upto=99999999999999999999", 422, ""),
        ("/replays/alone/nowhere", 404, ""), ("/replays/alone/rules?after=x", 404, ""),
        ("/replays/alone/rules?output=%00&class=%FF", 200, "Nothing that you may see."),
        ("/replays/alone/rules?last=0", 404, ""), ("/replays/alone/rules?class=" + "x" * 5000, 200, ""),
    ],
)  # fmt: skip
def test_strange_addresses_get_clear_answers(worked: House, address: str, status: int, words: str) -> None:
    answer = visit(worked.leo).get(address)
    assert answer.status_code == status and words in answer.content.decode(), answer.content.decode()[:3000]


def test_an_empty_part_says_what_to_do(worked: House) -> None:
    other = Channel.objects.create(kind="demo", place="chat", address="x", name="Quiet", brand=worked.brand)
    page = visit(worked.leo).get(f"/replays/alone?channel={other.pk}").content.decode()
    assert "Label some messages, then look again." in page and "People decided nothing" in page


def test_the_page_costs_the_same_for_one_as_for_many(worked: House) -> None:
    leo = visit(worked.leo)

    def cost(address: str) -> int:
        leo.get(address)
        with CaptureQueriesContext(connection) as found:
            assert leo.get(address).status_code == 200
        return len(found)

    addresses = ("/replays/alone", "/replays/alone/rules", "/replays/alone/known")
    few = [cost(address) for address in addresses]
    for number in range(4):
        endings.end(worked.mona, to_answer(worked, author=f"{number}@people.example"), how="closed")
    worked.settle()
    assert [cost(address) for address in addresses] == few
    assert max(few) <= 40
