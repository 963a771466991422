"""Replays on screen: a lead begins one over the past, watches it, reads what would have gone otherwise and why."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from armature.crm import lease
from armature.crm.accounts.models import Membership, Role, User
from armature.crm.decide import drafts, versions
from armature.crm.decide.drawn import Draft
from armature.crm.learn.replays import commands
from armature.crm.learn.replays.models import Replay, ReplayChange, ReplayTodo
from house import House
from visitors import PART, stranger, to_approve, visit


@pytest.fixture
def drawn(house: House) -> Draft:
    """A table in which cancellations go to legal, and somebody who cancelled."""
    house.let_the_reader_judge()
    house.hear("Please cancel my subscription <script>x()</script>", public=False)
    house.settle()
    body = json.loads(versions.newest_tables()["business_rules"].body)
    next(one for one in body["rows"] if one["id"] == "R04")["then"]["team"] = "legal"
    return drafts.begin(house.leo, "table", "business_rules", name="Our rules", body=json.dumps(body))


def begun(house: House, drawn: Draft, **more: str) -> str:
    """The address of a replay that was begun with the form."""
    response = visit(house.leo).post("/replays/begin", {"drafts": drawn.pk, **more})
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"])


def test_a_lead_replays_a_draft_and_reads_what_would_have_been(house: House, drawn: Draft) -> None:
    leo = visit(house.leo)
    form = leo.get("/replays/begin?kind=table&key=business_rules").content.decode()
    assert re.search(rf'value="{drawn.pk}"[^>]*checked', form)
    there = begun(house, drawn, last="100")
    assert "0 %" in leo.get(there).content.decode()
    assert "hx-trigger" in leo.get(f"{there}?part=progress", headers=PART).content.decode()
    commands.carry_out(lease.claim(ReplayTodo, 1))
    assert leo.get(there, headers=PART)["HX-Refresh"] == "true"
    report = leo.get(there).content.decode()
    assert "1 interaction would have gone otherwise" in report and "to Legal" in report
    lists = leo.get(f"{there}/otherwise?kind=differs:team").content.decode()
    assert "&lt;script&gt;" in lists and "<script>x()" not in lists and "Legal" in lists
    why = leo.get(f"{there}/otherwise/{ReplayChange.objects.get().pk}").content.decode()
    assert why.count("R04") >= 2 and why.count('class="map"') == 2 and "passed" in why


def test_every_figure_leads_to_exactly_its_list(house: House, drawn: Draft) -> None:
    there, leo = begun(house, drawn), visit(house.leo)
    commands.carry_out(lease.claim(ReplayTodo, 1))
    links = re.findall(r'href="([^"]+otherwise\?kind=[^"]+)"[^>]*>(\d+)<', leo.get(there).content.decode())
    assert len(links) >= 3
    for address, count in links:
        assert f"</bdi>: {count}</h1>" in leo.get(address.replace("&amp;", "&")).content.decode(), address


def test_the_page_of_a_draft_leads_to_its_replay(house: House) -> None:
    body = versions.newest_maps()["reactive"].body
    made = drafts.begin(house.leo, "map", "reactive", name="Reactive", body=body)
    leo = visit(house.leo)
    link = re.search(r'href="(/replays/begin[^"]+)"', leo.get("/maps/reactive/draft").content.decode())
    assert link
    assert re.search(rf'value="{made.pk}"[^>]*checked', leo.get(link[1].replace("&amp;", "&")).content.decode())


def test_one_is_stopped_and_thrown_away(house: House, drawn: Draft) -> None:
    there, leo = begun(house, drawn), visit(house.leo)
    leo.post(f"{there}/stop")
    assert "stopped by hand" in leo.get(there).content.decode()
    leo.post(f"{there}/throw-away")
    assert leo.get(there).status_code == 404 and not Replay.objects.exists()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"last": "0"}, "greater than or equal to 1"),
        ({"last": "many"}, "whole number"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "before the first one"),
        ({"team": "nobody"}, "valid choice"),
        ({"drafts": "99999999"}, "not one of the available"),
        ({"reader": "7"}, "valid choice"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_what_was_typed_stays(
    house: House, given: dict[str, str], says: str
) -> None:
    page = visit(house.leo).post("/replays/begin", {"intent": "praise", **given})
    assert page.status_code == 422
    assert says in page.content.decode()
    assert '<option value="praise" selected>' in page.content.decode()
    assert not Replay.objects.exists()


def test_a_draft_with_faults_is_refused_in_words(house: House, drawn: Draft) -> None:
    Draft.objects.update(body=drawn.body.replace('"legal"', "7"))
    page = visit(house.leo).post("/replays/begin", {"drafts": drawn.pk})
    assert page.status_code == 422
    assert "cannot run yet" in page.content.decode()


def test_only_who_began_it_and_administrators_of_the_company_see_it(house: House, drawn: Draft) -> None:
    there = begun(house, drawn)
    other = User.objects.create_user("lou@shop.example", "Lou", "a good password")
    Membership.objects.create(user=other, role=Role.LEAD)
    assert visit(other).get(there).status_code == 404
    assert visit(house.mona).get("/replays").status_code == 404
    assert visit(house.mona).post("/replays/begin", {}).status_code == 404
    Membership.objects.create(user=house.olga, role=Role.ADMIN)
    assert visit(house.olga).get(there).status_code == 200


def test_a_decision_is_replayed_moment_by_moment(house: House) -> None:
    case, mona = to_approve(house).case, visit(house.mona)
    there = f"/case/{case.pk}/replay"
    assert there in mona.get(f"/cases/open/{case.pk}").content.decode()
    last = mona.get(there).content.decode()
    assert "Moment 3 of 3" in last and "by Mona" in last and 'type="range"' in last
    first = mona.get(f"{there}?moment=1").content.decode()
    assert "It came in." in first and "The next moment" in first and "The moment before" not in first
    second = mona.get(f"{there}?moment=2").content.decode()
    assert "R04" in second and "rulebox" in second
    assert "Moment 3 of 3" in mona.get(f"{there}?moment=99").content.decode()
    assert mona.get(f"{there}?said=99999999").status_code == 404
    assert visit(stranger("legal")).get(there).status_code == 404


def test_a_decision_costs_the_same_few_statements_at_every_moment(house: House) -> None:
    case, mona = to_approve(house).case, visit(house.mona)
    costs = []
    for moment in (2, 3, 2, 3):
        with CaptureQueriesContext(connection) as found:
            mona.get(f"/case/{case.pk}/replay?moment={moment}")
        costs.append(len(found))
    assert abs(costs[2] - costs[3]) <= 1 and costs[3] < 30
