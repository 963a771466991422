"""Bulk work on the screen: chosen cases or all that match, the exact count agreed to, a page with what came of it."""

import re

from django.test import Client
from test_queries_do_not_grow import _cost

from armature.crm import jobs
from armature.crm.act import marking
from armature.crm.act.models import BulkJob, Case, Tagging
from armature.crm.web.deeds import DEEDS
from house import House
from visitors import PART, stranger, to_judge, visit


def _many(house: House, count: int = 4) -> list[int]:
    for number in range(count):
        house.hear("My parcel is broken.", author=f"p{number}@people.example")
    house.settle()
    return list(Case.objects.order_by("pk").values_list("pk", flat=True))


def _ask(client: Client, **given: object) -> BulkJob:
    page = client.post("/cases/open/bulk", given, follow=True)
    job = BulkJob.objects.get()
    assert page.redirect_chain[-1][0] == f"/bulk/{job.pk}"
    return job


def test_chosen_cases_are_tagged_in_the_background_and_the_page_says_how_far_it_is(house: House) -> None:
    first, second, *_ = _many(house)
    client = visit(house.mona)
    job = _ask(client, deed="tag", tag="flood", cases=f"{first},{second},999999,x")
    assert job.total == 2
    waiting = client.get(f"/bulk/{job.pk}?part=1", headers=PART).content.decode()
    assert 'hx-trigger="every 1s"' in waiting
    jobs.bulk_work()
    done = client.get(f"/bulk/{job.pk}").content.decode()
    assert "2 of 2 cases gone through: 2 done, 0 refused, 0 undone." in done
    assert "every 1s" not in done
    client.post(f"/bulk/{job.pk}/undo")
    jobs.bulk_work()
    assert not Tagging.objects.exists()
    assert "0 done, 0 refused, 2 undone" in client.get(f"/bulk/{job.pk}").content.decode()


def test_all_that_match_are_exactly_those_of_the_filtered_list(house: House) -> None:
    first, *_ = _many(house)
    marking.tag(house.mona, Case.objects.select_related("conversation__channel").get(pk=first), name="flood")
    tag = Tagging.objects.get().tag_id
    client = visit(house.mona)
    choices = client.get(f"/cases/open/bulk-choices?tag={tag}").content.decode()
    assert "the 1 case that matches" in choices
    assert f'name="by-tag" value="{tag}"' in choices
    assert "all 4 cases that match" in client.get("/cases/open/bulk-choices").content.decode()
    job = _ask(client, deed="priority", priority="1", tag="other", all="1", matching="1", **{"by-tag": str(tag)})
    jobs.bulk_work()
    assert (job.total, Case.objects.get(priority_fixed=True).pk) == (1, first)


def test_more_than_one_agreed_to_is_refused(house: House) -> None:
    _many(house)
    for agreed in ("3", "", "x"):
        page = visit(house.mona).post(
            "/cases/open/bulk", {"deed": "priority", "priority": "1", "all": "1", "matching": agreed}, follow=True
        )
        assert "More cases match than you were shown" in page.content.decode()
    assert not BulkJob.objects.exists()


def test_what_one_may_not_see_is_never_among_them(house: House) -> None:
    numbers = _many(house)
    sam = stranger("legal")
    page = visit(sam).post(
        "/cases/open/bulk", {"deed": "priority", "priority": "1", "cases": ",".join(map(str, numbers))}, follow=True
    )
    assert "No case is chosen" in page.content.decode()
    visit(sam).post("/cases/open/bulk", {"deed": "priority", "priority": "1", "all": "1", "matching": "9"})
    assert not BulkJob.objects.exists()


def test_the_page_of_a_job_is_its_users_own(house: House) -> None:
    first, *_ = _many(house)
    job = _ask(visit(house.mona), deed="tag", tag="flood", cases=str(first))
    assert visit(house.leo).get(f"/bulk/{job.pk}").status_code == 404
    assert visit(house.leo).post(f"/bulk/{job.pk}/undo").status_code == 404
    assert visit(house.mona).get(f"/bulk/{job.pk}/undo").status_code == 405
    assert visit(house.mona).get("/cases/open/bulk").status_code == 405


def test_refusals_are_listed_with_why(house: House) -> None:
    first, *_ = _many(house)
    sam = stranger("legal")
    job = _ask(visit(house.mona), deed="assign", to=str(sam.pk), cases=str(first))
    jobs.bulk_work()
    page = visit(house.mona).get(f"/bulk/{job.pk}").content.decode()
    assert "Sam does not work in this team." in page
    assert f'href="/cases/open/{first}"' in page


def test_the_page_of_a_job_costs_the_same_however_many_cases_it_has(house: House) -> None:
    numbers = _many(house, 20)
    sam = stranger("legal")
    costs = []
    for some in (numbers[:1], numbers):
        BulkJob.objects.all().delete()
        job = _ask(visit(house.mona), deed="assign", to=str(sam.pk), cases=",".join(map(str, some)))
        jobs.bulk_work()
        costs.append(_cost(house, f"/bulk/{job.pk}"))
    assert costs[0] == costs[1]


def test_the_keys_and_the_palette_come_from_one_list_and_every_button_of_it_exists(house: House) -> None:
    case = to_judge(house)
    page = visit(house.leo).get(f"/cases/open/{case.pk}").content.decode()
    for deed in DEEDS:
        assert page.count(f"<dd>{deed.name}</dd>") == bool(deed.key), deed.name
        assert page.count(f"<span>{deed.name}</span>") == deed.palette, deed.name
        if deed.press.startswith("#menu"):
            assert f'id="{deed.press[1:].split()[0]}"' in page
    keys = [deed.key for deed in DEEDS if deed.key]
    assert len(keys) == len(set(keys))
    used = set(re.findall(r'data-key="(\w)"', page))
    assert used <= set(keys)
    assert 'data-go="/cases/mentions"' in page


def test_on_the_desk_it_is_shown_where_it_was_asked_for_and_undone_there(house: House) -> None:
    first, second, *_ = _many(house)
    client = visit(house.mona)
    asked = {"deed": "tag", "tag": "flood", "cases": f"{first},{second}"}
    begun = client.post("/cases/open/bulk", asked, headers=PART).content.decode()
    job = BulkJob.objects.get()
    assert "<html" not in begun and "Tag: 2 cases" in begun and f'hx-get="/bulk/{job.pk}?part=1"' in begun
    jobs.bulk_work()
    done = client.get(f"/bulk/{job.pk}?part=1", headers=PART).content.decode()
    assert "2 done, 0 refused" in done and f'hx-post="/bulk/{job.pk}/undo"' in done
    undoing = client.post(f"/bulk/{job.pk}/undo", headers=PART)
    assert (undoing.status_code, "Being undone" in undoing.content.decode()) == (200, True)
    again = client.post(f"/bulk/{job.pk}/undo", headers=PART)
    assert (again.status_code, "This can be undone once" in again.content.decode()) == (409, True)
    jobs.bulk_work()
    assert not Tagging.objects.exists()


def test_on_the_desk_what_is_refused_is_said_where_it_was_asked_for(house: House) -> None:
    first, *_ = _many(house)
    asked = {"deed": "end", "how": "no_response", "cases": str(first)}
    refused = visit(house.mona).post("/cases/open/bulk", asked, headers=PART)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert page.count("Say in a few words why nobody answers.") == 1 and 'id="bulk-form"' in page
    assert not BulkJob.objects.exists()
