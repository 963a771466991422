"""A company's process is drawn as a list of steps: begun, changed, compared, asked for, published, gone back from."""

import re
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from armature.arm.process_map import parse
from armature.crm.accounts.models import User
from armature.crm.decide import publishing, versions
from armature.crm.decide.drawn import Draft
from armature.crm.decide.models import MapAssignment
from house import House
from visitors import visit

MAP = "/maps/reactive"
DRAFT = f"{MAP}/draft"


def _begun(user: User) -> Client:
    client = visit(user)
    assert client.post(f"{DRAFT}/begin").headers["Location"] == DRAFT
    return client


def _post(client: Client, address: str, **more: Any) -> Any:
    return client.post(f"{DRAFT}{address}", {"revision": Draft.objects.get().revision, **more})


def _step(client: Client, element: str, do: str = "keep", /, **more: Any) -> Any:
    """The form of a step as it stands, with something typed over it."""
    return _post(client, f"/steps/{element}", do=do, **more)


def _drawn() -> Any:
    return parse(Draft.objects.get().body.encode())[0]


def _text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_everybody_sees_the_map_and_only_leads_its_draft(house: House) -> None:
    _begun(house.leo)
    for who in (house.mona, house.nia):
        client = visit(who)
        page = client.get(MAP).content.decode()
        assert "Judge intent" in page and DRAFT not in page
        for address in (DRAFT, f"{DRAFT}/steps/Known", f"{MAP}/versions?from=1&to=draft"):
            assert client.get(address).status_code == 404
        for address in ("/begin", "/change", "/give-up", "/publish", "/steps/Known"):
            assert client.post(DRAFT + address, {"do": "undo"}).status_code == 404
        assert client.post(f"{MAP}/versions/1/back").status_code == 404
    assert visit(house.leo).get("/maps/nowhere").status_code == 404
    assert visit(house.leo).get(f"{DRAFT}/steps/Nowhere").status_code == 404


def test_the_draft_lists_every_step_with_what_it_is_and_where_it_leads(house: House) -> None:
    client = _begun(house.leo)
    page = client.get(DRAFT)
    words = _text(page)
    assert all(f'id="step-{key}"' in page.content.decode() for key in _drawn().elements)
    assert "Nothing to mend" in words
    assert "What happens is No response → No response" in words
    assert "else → Write micro response" in words


def test_a_step_is_renamed_bound_and_moved_by_its_form_and_the_page_comes_back_to_it(house: House) -> None:
    client = _begun(house.leo)
    response = _step(client, "Judge", name="Say why", team="support", lane="Lane_Response")
    assert response.headers["Location"] == f"{DRAFT}#step-Judge"
    process = _drawn()
    assert process.elements["Judge"].name == "Say why"
    assert process.elements["Judge"].own["team"] == "support"
    assert process.lane("Judge").id == process.lane("JudgeOverdue").id == "Lane_Response"
    assert "“Say why” was changed. No findings are left." in _text(client.get(DRAFT))


def test_a_review_is_added_its_findings_are_told_and_mended(house: House) -> None:
    client = _begun(house.leo)
    response = _step(client, "Known", "add", new_kind="exclusiveGateway", new_name="In public?")
    assert response.headers["Location"] == f"{DRAFT}/steps/Choice1"
    _step(client, "Choice1", "add", new_kind="userTask", new_name="Look at it", new_lane="Lane_Evaluation")
    assert "findings to mend" in _text(client.get(DRAFT))
    _step(client, "Task1", "arrow", form="intent", new_to="WhoJudges")
    straight, aside = [arrow.id for arrow in _drawn().leaving("Choice1")]
    look = _step(client, "Choice1", f"look:{aside}", **{f"fact-{aside}": "intent", "rest": straight})
    assert look.status_code == 200 and f'name="values-{aside}" value="complaint"' in look.content.decode()
    refused = _step(client, "Choice1", **{f"fact-{aside}": "intent", f"sign-{aside}": "in", "rest": straight})
    assert refused.status_code == 422 and "choose at least one value" in _text(refused)
    picked = {f"fact-{aside}": "intent", f"sign-{aside}": "in", f"values-{aside}": ["complaint", "problem"]}
    _step(client, "Choice1", rest=straight, **picked)
    assert _drawn().leaving("Choice1")[1].condition == "intent in complaint, problem"
    assert "Nothing to mend" in _text(client.get(DRAFT))


def test_a_timer_is_set_in_words_and_a_wrong_time_stays_as_it_was_typed(house: House) -> None:
    client = _begun(house.leo)
    _step(client, "Micro", "add", new_kind="boundaryEvent", new_name="Soon")
    refused = _step(client, "Timer1", amount="soon", unit="hours")
    assert refused.status_code == 422 and 'value="soon"' in refused.content.decode()
    _step(client, "Timer1", "arrow", amount="2", unit="fact:sla_minutes", interrupts="no", new_to="TellLead")
    timer = _drawn().elements["Timer1"]
    assert (timer.own["after"], timer.interrupts) == ("2 x sla_minutes", False)
    assert "Nothing to mend" in _text(client.get(DRAFT))


def test_a_step_that_was_taken_out_comes_back_by_one_button(house: House) -> None:
    client = _begun(house.leo)
    before = Draft.objects.get().body
    assert "undo" not in client.get(DRAFT).content.decode()
    _step(client, "Known", "out")
    assert "Known" not in _drawn().elements
    assert "was taken out" in _text(client.get(DRAFT))
    _post(client, "/change", do="undo")
    assert Draft.objects.get().body == before
    assert "no change to take back" in _text(_post(client, "/change", do="undo"))


def test_lanes_and_the_map_are_named_added_and_taken_out(house: House) -> None:
    client = _begun(house.leo)
    _post(client, "/change", do="name", name="Ours")
    _post(client, "/change", do="add-lane", name="Law", team="legal")
    _post(client, "/change", do="lane:Lane1", name="The law", team="from:team")
    lane = _drawn().lanes[-1]
    assert (_drawn().name, Draft.objects.get().name) == ("Ours", "Ours")
    assert (lane.name, lane.team, lane.team_from) == ("The law", "", "team")
    _post(client, "/change", do="lane-out:Lane1")
    assert len(_drawn().lanes) == 4
    for more in ({"do": "add-lane", "name": " "}, {"do": "lane-out:Lane_Automatic"}, {"do": "what"}):
        assert _post(client, "/change", **more).status_code == 422


def test_what_somebody_else_changed_meanwhile_is_told_and_never_overwritten(house: House, anna: User) -> None:
    leo = _begun(house.leo)
    _step(visit(anna), "Judge", name="Say why")
    late = leo.post(f"{DRAFT}/steps/Judge", {"revision": 1, "do": "keep", "name": "Mine"})
    assert late.status_code == 422
    assert "Anna changed this draft meanwhile" in _text(late) and 'value="Mine"' in late.content.decode()
    assert _drawn().elements["Judge"].name == "Say why"
    note = {"revision": 1, "note": "Now", "do": "publish"}
    assert "changed meanwhile" in _text(visit(anna).post(f"{DRAFT}/publish", note))


def test_publishing_is_refused_with_the_findings_and_then_done(house: House, anna: User) -> None:
    client = _begun(anna)
    _step(client, "Judge", form="")
    refused = _post(client, "/publish", note="A try", do="publish")
    assert refused.status_code == 422
    assert "Not published: 1 finding" in _text(refused) and 'value="A try"' in refused.content.decode()
    _step(client, "Judge", form="intent", name="Say why")
    assert _post(client, "/publish", note="Another word", do="publish").headers["Location"] == MAP
    assert MapAssignment.objects.get().map.version == 2
    page = _text(client.get(MAP))
    assert "version 2 is in force" in page and "Say why" in page


def test_where_two_must_publish_the_page_shows_who_asked_and_lets_only_the_other(house: House, anna: User) -> None:
    publishing.say(anna, four_eyes=True)
    leo, hers = _begun(house.leo), visit(anna)
    assert 'value="publish"' not in hers.get(DRAFT).content.decode()
    _step(leo, "Judge", name="Say why")
    _post(leo, "/publish", note="Please", do="ask")
    assert "Leo asked for it" in _text(hers.get(DRAFT))
    assert 'value="publish"' not in leo.get(DRAFT).content.decode()
    assert 'value="publish"' in hers.get(DRAFT).content.decode()
    assert _post(leo, "/publish", note="Please", do="publish").status_code == 422
    assert _post(hers, "/publish", note="Yes", do="publish").status_code == 302


def test_versions_are_listed_compared_and_gone_back_to(house: House, anna: User) -> None:
    client = _begun(anna)
    _step(client, "Judge", name="Say why")
    _step(client, "Known", "add", new_kind="serviceTask", new_name="Note it")
    _step(client, "Step1", step="record")
    page = _text(client.get(f"{MAP}/versions?from=1&to=draft"))
    assert "≠ Changed , step: Say why name: Judge intent → Say why" in page
    assert "+ Added , step: Note it" in page
    _post(client, "/publish", note="Another word", do="publish")
    listed = _text(client.get(f"{MAP}/versions"))
    assert "Version 2" in listed and "Another word" in listed and "In force for:" in listed
    assert "− Taken out , step: Note it" in _text(client.get(f"{MAP}/versions?from=2&to=1"))
    assert client.post(f"{MAP}/versions/1/back").headers["Location"] == DRAFT
    assert Draft.objects.get().body == versions.of("map", "reactive").get(version=1).body
    for address in ("?from=1&to=9", "?from=x&to=1", "?from=1&to=99999999999999999999"):
        assert client.get(f"{MAP}/versions{address}").status_code == 404


def test_hostile_words_stay_words(house: House) -> None:
    client = _begun(house.leo)
    _step(client, "Judge", name='<script>alert(1)</script>\x00"', value="<b>")
    for address in (DRAFT, f"{DRAFT}/steps/Judge", f"{MAP}/versions?from=1&to=draft"):
        assert "<script>alert" not in client.get(address).content.decode()


def test_a_draft_that_is_no_map_is_shown_with_its_findings_and_cannot_be_drawn(house: House) -> None:
    client = _begun(house.leo)
    Draft.objects.update(body="<a/>")
    assert "one BPMN 2.0 process" in _text(client.get(DRAFT))
    assert _post(client, "/change", do="name", name="Ours").status_code == 422


def test_giving_a_draft_up_leaves_what_is_in_force(house: House) -> None:
    client = _begun(house.leo)
    assert _post(client, "/give-up").headers["Location"] == MAP
    assert not Draft.objects.exists() and MapAssignment.objects.get().map.version == 1


def test_the_pages_cost_the_same_however_much_was_drawn_and_published(house: House, anna: User) -> None:
    client = _begun(anna)
    _step(client, "Judge", name="Say why")

    def cost() -> list[int]:
        costs = []
        for address in (MAP, DRAFT, f"{DRAFT}/steps/Judge", f"{MAP}/versions", f"{MAP}/versions?from=1&to=draft"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            costs.append(len(queries))
        return costs

    few = cost()
    _post(client, "/publish", note="One", do="publish")
    _begun(anna)
    for number in range(4):
        _step(client, "Known", "add", new_kind="serviceTask", new_name=f"Note {number}")
    assert cost() == few
    assert max(few) <= 25
