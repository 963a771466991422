"""Filters: chips over the list and in the address, the same on every page of it; views that people save."""

import re

import pytest
from django.test import Client
from test_queries_do_not_grow import _cost

from armature.crm.accounts.models import Membership, Role, Team
from armature.crm.act import filters, marking, saved
from armature.crm.act.models import Case, SavedView, Tag
from house import House
from visitors import PART, stranger, to_answer, to_judge, visit


def _shown(client: Client, address: str) -> set[int]:
    return {int(number) for number in re.findall(r'id="row-(\d+)"', client.get(address).content.decode())}


@pytest.fixture
def cases(house: House) -> dict[str, Case]:
    """Three cases that differ in everything that can be filtered by."""
    first, second, third = (to_judge(house, author=f"{name}@people.example") for name in "abc")
    marking.tag(house.mona, first, name="tent")
    marking.set_priority(house.mona, second, priority=1)
    Case.objects.filter(pk=second.pk).update(assignee=house.leo, intent="praise", team="sales", due_at=None)
    Case.objects.filter(pk=third.pk).update(due_at="2020-01-01T00:00Z", intent="other", priority=4)
    Case.objects.filter(pk=first.pk).update(due_at="2090-01-01T00:00Z", intent="complaint", priority=3, team="support")
    return {"first": first, "second": second, "third": third}


def test_each_filter_shows_what_fits_and_nothing_else(house: House, cases: dict[str, Case]) -> None:
    tag = Tag.objects.get().pk
    for address, wanted in {
        f"tag={tag}": {"first"}, "priority=1": {"second"}, "assignee=none": {"first", "third"},
        f"assignee={house.leo.pk}": {"second"}, "assignee=me": set(), "intent=praise": {"second"},
        "team=sales": {"second"}, "due=late": {"third"}, "due=today": {"third"}, "due=none": {"second"},
        "status=new": {"first", "second", "third"}, "status=open": set(),
        f"channel={house.mailbox.pk}": {"first", "second", "third"}, "channel=999": set(),
        f"tag={tag}&assignee=none": {"first"}, f"tag={tag}&priority=1": set(),
    }.items():  # fmt: skip
        assert _shown(visit(house.mona), f"/cases/open?{address}") == {cases[one].pk for one in wanted}, address


def test_what_makes_no_sense_is_left_out(house: House, cases: dict[str, Case]) -> None:
    client = visit(house.mona)
    for address in ("tag=x", "tag=99999999999999999999", "due=soon", "status=gone", "assignee=--", "tag=%00x"):
        assert len(_shown(client, f"/cases/open?{address}")) == 3, address
    assert filters.read({"tag": "1", "colour": "red"}).values == {"tag": "1"}
    assert client.get("/cases/open?tag=&due=late").headers["Location"] == "/cases/open?due=late"


def test_filters_stay_in_every_address_of_the_page(house: House, cases: dict[str, Case]) -> None:
    page = visit(house.mona).get(f"/cases/open/{cases['third'].pk}?due=late").content.decode()
    assert "Take off the filter Due: overdue" in page
    assert f'href="/cases/open/{cases["third"].pk}?due=late"' in page
    assert "?part=list&amp;due=late" in page
    assert "&amp;due=late" in page[page.index('id="watch"') :]
    client = visit(house.mona)
    headers = {**PART, "HX-Current-URL": f"http://testserver/cases/open/{cases['third'].pk}?due=late"}
    again = client.post(f"/case/{cases['third'].pk}/tag", {"view": "open", "tag": "x"}, headers=headers)
    assert "due=late" in again.content.decode()


def test_an_empty_filtered_list_says_how_to_get_out(house: House) -> None:
    page = visit(house.mona).get("/cases/open?due=late").content.decode()
    assert "No case here fits these filters" in page
    assert "Take the filters off" in page


def test_the_choices_hold_what_there_is(house: House, cases: dict[str, Case]) -> None:
    page = visit(house.mona).get("/cases/open/filters?due=late").content.decode()
    for words in ("tent", "Mona", "Mailbox", "Complaint", "Support", "Save the view"):
        assert words in page
    assert '<option value="late" selected>' in page


def test_a_view_is_saved_shown_with_its_count_and_removed(house: House, cases: dict[str, Case]) -> None:
    client = visit(house.mona)
    page = client.post("/cases/open/save", {"name": "Overdue <b>", "due": "late"}, follow=True)
    assert page.redirect_chain[-1][0] == "/cases/open?due=late"
    rail = page.content.decode()
    assert re.search(r"Overdue &lt;b&gt; <span>1</span>", rail)
    assert "Overdue" not in visit(house.leo).get("/cases/open").content.decode()
    kept = SavedView.objects.get()
    assert visit(house.leo).post(f"/saved/{kept.pk}/remove").status_code == 404
    client.post(f"/saved/{kept.pk}/remove")
    assert not SavedView.objects.exists()


def test_a_teams_view_is_kept_by_its_leads_and_seen_by_its_people(house: House, cases: dict[str, Case]) -> None:
    support = Team.objects.get(key="support")
    visit(house.mona).post("/cases/open/save", {"name": "Late", "due": "late", "share": "support"})
    assert not SavedView.objects.exists()
    visit(house.leo).post("/cases/open/save", {"name": "Late", "due": "late", "share": "support"})
    assert SavedView.objects.get().team == support
    sam = stranger("legal")
    assert ">Late " in visit(house.mona).get("/cases/open").content.decode()
    assert ">Late " not in visit(sam).get("/cases/open").content.decode()
    Membership.objects.create(user=sam, role=Role.AGENT, team=support)
    assert ">Late " in visit(sam).get("/cases/open").content.decode()


def test_a_view_needs_a_name_and_a_filter_and_there_are_not_too_many(house: House) -> None:
    client = visit(house.mona)
    client.post("/cases/open/save", {"name": " ", "due": "late"})
    client.post("/cases/open/save", {"name": "All"})
    assert not SavedView.objects.exists()
    SavedView.objects.bulk_create(
        SavedView(name="x", owner=house.mona, view="open", filters={"due": "late"}) for _ in range(saved.MOST)
    )
    client.post("/cases/open/save", {"name": "One more", "due": "late"})
    assert SavedView.objects.count() == saved.MOST


def test_saved_views_cost_the_same_however_many_there_are(house: House) -> None:
    to_answer(house)

    def keep(count: int) -> None:
        SavedView.objects.bulk_create(
            SavedView(name="x", owner=house.mona, view="open", filters={"due": "late"}) for _ in range(count)
        )

    keep(1)
    few = _cost(house, "/cases/open")
    keep(20)
    assert _cost(house, "/cases/open") == few
