"""The assessment on screen: a lead begins one, reads it, follows its numbers, and answers what it proposes."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from armature.crm import jobs
from armature.crm.accounts.models import Membership, Role, Team, User
from armature.crm.act.models import Case, Restriction
from armature.crm.decide.drawn import Draft
from armature.crm.learn.assessments.models import Assessment, AssessmentExchange
from house import House
from said_before import Asked, bring, many
from visitors import PART, visit

BAD = "<script>x()</script> Where is my money?"


@pytest.fixture
def past(house: House) -> House:
    """Sixty questions, half of them answered by Billing's own address; forty people wait, one of them rude."""
    Team.objects.create(key="billing", name="Billing")
    bring(house, [*many(30), *many(39, "n", took=None), Asked("rude@people.example", BAD, took=None)])
    return house


def begun(house: House, **given: str) -> str:
    """The address of an assessment that was begun with the form."""
    response = visit(house.leo).post("/assessment", given)
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"])


def done(house: House, **given: str) -> str:
    """The same, at its end."""
    there = begun(house, **given)
    while jobs.assess():
        pass
    return there


def test_a_lead_begins_one_watches_it_and_reads_the_report(past: House) -> None:
    leo = visit(past.leo)
    there = begun(past)
    assert "0 %" in leo.get(there).content.decode()
    assert "hx-trigger" in leo.get(f"{there}?part=progress", headers=PART).content.decode()
    while jobs.assess():
        pass
    assert leo.get(there, headers=PART)["HX-Refresh"] == "true"
    report = leo.get(there).content.decode()
    for words in ("By channel", "By hour of the week", "Who answers what", "First response: by channel",
                  "Where it waits longest", "Never answered: by intent", "billing@shop.example"):  # fmt: skip
        assert words in report, words
    assert "messages of people</dt><dd>70" in report
    assert there in leo.get("/assessment").content.decode()


def test_every_number_that_leads_somewhere_leads_to_a_list_of_that_length(past: House) -> None:
    report = visit(past.leo).get(done(past)).content.decode()
    links = re.findall(r'href="([^"]+/exchanges\?kind=(?:never|again|waiting)[^"]*)">(\d+)<', report)
    assert len(links) >= 4
    for address, count in links:
        page = visit(past.leo).get(address.replace("&amp;", "&")).content.decode()
        assert re.search(rf"<h1>[^<]+: {count}</h1>", page), address


def test_the_list_goes_on_behind_its_first_page_and_shows_nothing_twice(past: House) -> None:
    leo, there = visit(past.leo), done(past)
    address, seen = f"{there}/exchanges?kind=never", list[str]()
    while address:
        page = leo.get(address).content.decode()
        seen += re.findall(r'href="/cases/open/(\d+)"', page)
        more = re.search(r'href="(\?kind=[^"]+after=\d+)"', page)
        address = f"{there}/exchanges{more.group(1).replace('&amp;', '&')}" if more else ""
    assert len(seen) == len(set(seen)) == 40


def test_words_of_people_are_shown_as_they_are(past: House) -> None:
    AssessmentExchange.objects.all().delete()
    page = visit(past.leo).get(f"{done(past)}/exchanges?kind=never").content.decode()
    page += visit(past.leo).get("/assessment").content.decode()
    more = (
        visit(past.leo).get(f"/assessment/{Assessment.objects.get().pk}/exchanges?kind=never&intent=question").content
    )
    assert "<script>x()" not in page + more.decode()


def test_a_case_that_was_restricted_since_is_not_in_the_list_and_the_list_says_so(past: House) -> None:
    there = done(past)
    Restriction.objects.create(
        conversation=Case.objects.get(identity__address="rude@people.example").conversation, made_by=past.leo
    )
    page = visit(past.leo).get(f"{there}/exchanges?kind=never").content.decode()
    assert "1 more stands in a case that you may not see" in page and ": 39</h1>" in page


def test_what_is_proposed_is_accepted_and_put_away_one_by_one(past: House) -> None:
    leo, there = visit(past.leo), done(past)
    page = leo.get(f"{there}/proposals").content.decode()
    said = "Of 30 (Question · about Billing · E-mail), 30 (100 %, at least 88 %) were answered by Billing."
    assert escape(said) in page and "A lane for Billing" in page
    job = Assessment.objects.get()
    row = next(n for n, one in enumerate(job.proposals) if one["kind"] == "routing")
    lane = next(n for n, one in enumerate(job.proposals) if one["kind"] == "lane")
    answered = leo.post(f"{there}/proposals/{row}", {"do": "accept"}, follow=True).content.decode()
    assert "It stands in the draft now" in answered and "/tables/business_rules/draft" in answered
    assert said in Draft.objects.get(kind="table").body
    away = leo.post(f"{there}/proposals/{lane}", {"do": "away"}, follow=True).content.decode()
    assert "Put away: 1" in away and not Draft.objects.filter(kind="map").exists()
    assert leo.post(f"{there}/proposals/99", {"do": "accept"}).status_code == 404
    assert leo.get(f"{there}/proposals/{row}").status_code == 405


def test_what_a_desk_answered_asks_for_its_team(house: House) -> None:
    bring(house, many(30, by="desk@shop.example"))
    leo, there = visit(house.leo), done(house)
    assert "Which team is this?" in leo.get(f"{there}/proposals").content.decode()
    refused = leo.post(f"{there}/proposals/0", {"do": "accept"}, follow=True).content.decode()
    assert "Choose the team that this belongs to" in refused


@pytest.mark.parametrize("given", [
    {"since": "2026-02-31"}, {"since": "2026-03-02", "until": "2026-03-01"}, {"brand": "99"}, {"channels": ["x"]},
    {"what": "nonsense"}, {"since": "\x00"},
])  # fmt: skip
def test_what_cannot_be_assessed_is_said_beside_its_field(house: House, given: dict[str, str]) -> None:
    page = visit(house.leo).post("/assessment", given)
    assert page.status_code == 422 and not Assessment.objects.exists()
    assert 'role="alert"' in page.content.decode()


@pytest.mark.parametrize("query", ["kind=other", "kind=never&channel=x", "kind=never&channel=²", "after=x",
                                   "kind=never&after=99999"])  # fmt: skip
def test_a_list_that_makes_no_sense_is_no_page(past: House, query: str) -> None:
    assert visit(past.leo).get(f"{done(past)}/exchanges?{query}").status_code == 404


def test_nul_and_long_words_in_an_address_find_nothing(past: House) -> None:
    there = done(past)
    assert ": 0</h1>" in visit(past.leo).get(f"{there}/exchanges?kind=never&intent=%00{'x' * 3000}").content.decode()


def test_the_report_of_another_lead_is_no_page_and_agents_have_none(past: House) -> None:
    there = done(past)
    lea = User.objects.create_user("lea@shop.example", "Lea", "a good password")
    Membership.objects.create(user=lea, role=Role.LEAD)
    for user in (lea, past.mona):
        for address in (there, f"{there}/exchanges", f"{there}/proposals"):
            assert visit(user).get(address).status_code == 404
        assert visit(user).post(f"{there}/proposals/0", {"do": "accept"}).status_code == 404
    assert visit(past.mona).get("/assessment").status_code == 404


def test_a_report_asks_as_often_whatever_it_shows(past: House) -> None:
    there, leo = done(past), visit(past.leo)
    leo.get(there)
    with CaptureQueriesContext(connection) as many_lines:
        leo.get(there)
    AssessmentExchange.objects.all().delete()
    Assessment.objects.update(sums={})
    with CaptureQueriesContext(connection) as none:
        leo.get(there)
    assert len(many_lines) - len(none) <= 1, "the cases of the examples, in one statement"


def test_stopping_and_throwing_away(past: House) -> None:
    there, leo = begun(past), visit(past.leo)
    assert leo.post(f"{there}/stop").status_code == 302
    assert "It is stopped" in leo.get(there).content.decode()
    leo.post(f"{there}/throw-away")
    assert leo.get(there).status_code == 404 and not Assessment.objects.exists()


def test_the_pages_around_lead_to_it(house: House) -> None:
    for address in ("/maps", "/imports", "/replays"):
        assert 'href="/assessment"' in visit(house.leo).get(address).content.decode(), address
    assert 'href="/assessment"' not in visit(house.mona).get("/maps").content.decode()
