"""The canvas of the map editor: who may open it, what its page allows, what is kept, what a form answers."""

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from armature.arm.process_map import parse
from armature.crm.decide import drafts
from armature.crm.decide.drawn import Draft
from armature.crm.web.maps.canvas import CANVAS_POLICY
from armature.crm.web.middleware import POLICY
from house import House
from visitors import visit

DRAFT = "/maps/reactive/draft"
CANVAS = f"{DRAFT}/canvas"


@pytest.fixture
def leo(house: House) -> Client:
    """A lead with a draft."""
    client = visit(house.leo)
    client.post(f"{DRAFT}/begin")
    return client


def _keep(client: Client, xml: bytes | None, revision: int | None = None) -> Any:
    file = {} if xml is None else {"xml": SimpleUploadedFile("draft.bpmn", xml)}
    return client.post(f"{CANVAS}/keep", {"revision": revision or _draft().revision, **file})


def _draft() -> Draft:
    return Draft.objects.get()


def _drawn(old: str, new: str) -> bytes:
    body = _draft().body
    assert old in body
    return body.replace(old, new).encode()


def _at(client: Client, element: str, **typed: Any) -> Any:
    return client.post(f"{CANVAS}/at/{element}", typed)


def test_only_who_may_draw_finds_the_canvas(house: House, leo: Client) -> None:
    for client in (visit(house.mona), visit(house.nia)):
        assert client.get(CANVAS).status_code == client.get(f"{CANVAS}/at/Judge").status_code == 404
        assert _keep(client, b"").status_code == _at(client, "Judge").status_code == 404
    assert leo.get(f"{CANVAS}/at/Nowhere").status_code == 404
    assert leo.get("/maps/nowhere/draft/canvas").status_code == 404


def test_styles_in_attributes_are_allowed_on_this_page_and_on_no_other(leo: Client) -> None:
    assert leo.get(CANVAS).headers["Content-Security-Policy"] == CANVAS_POLICY
    assert CANVAS_POLICY.replace(" style-src-attr 'unsafe-inline';", "") == POLICY
    for page in (DRAFT, f"{DRAFT}/steps/Judge", f"{CANVAS}/at/Judge", "/maps", "/maps/reactive", "/cases/open"):
        assert leo.get(page).headers["Content-Security-Policy"] == POLICY, page


def test_the_drawing_tool_is_loaded_on_this_page_and_on_no_other(leo: Client) -> None:
    assert b"bpmn-modeler" in leo.get(CANVAS).content
    for page in (DRAFT, f"{DRAFT}/steps/Judge", "/maps", "/maps/reactive", "/cases/open"):
        assert b"bpmn-js" not in leo.get(page).content, page


def test_the_page_holds_the_draft_as_it_stands_and_its_picture_for_who_cannot_draw(leo: Client) -> None:
    _keep(leo, _drawn('name="Judge intent"', 'name="&lt;/textarea&gt;&lt;script&gt;"'))
    page = leo.get(CANVAS).content.decode()
    assert "&amp;lt;/textarea&amp;gt;&amp;lt;script&amp;gt;" in page
    assert not re.search(r"<script(?![^>]*\ssrc=)|\sstyle=", page)
    assert "<svg" in page and "As a list of steps" in page


def test_a_drawing_is_kept_and_answered_with_what_is_to_mend(leo: Client) -> None:
    answer = _keep(leo, _drawn('arm:form="intent"', ""))
    state = answer.json()
    assert (answer.status_code, state["revision"] % 1_000, state["wrong"]) == (200, 2, 1)
    [finding] = state["findings"]
    assert finding["place"] == "Judge" and "choose what people do here" in finding["words"]
    assert state["words"] == "1 finding is left."
    assert parse(_draft().body.encode())[0].elements["Judge"].own.get("form") is None
    assert "choose what people do here" in leo.get(DRAFT).content.decode()


def test_what_cannot_be_run_is_marked_where_it_stands(leo: Client) -> None:
    state = _keep(leo, _drawn("</bpmn:process>", '<bpmn:parallelGateway id="Both" /></bpmn:process>')).json()
    assert [one["place"] for one in state["findings"] if "parallelGateway" in one["words"]] == ["Both"]


def test_a_drawing_that_reads_the_same_is_no_change(leo: Client) -> None:
    assert _keep(leo, _draft().body.encode()).json()["revision"] % 1_000 == 1
    assert not _draft().before.exists()


def test_nobody_overwrites_what_was_drawn_meanwhile(leo: Client) -> None:
    mine = _drawn("Judge intent", "Mine")
    _keep(leo, _drawn("Judge intent", "Theirs"))
    answer = _keep(leo, mine, revision=1)
    assert (answer.status_code, "meanwhile" in answer.json()["problem"]) == (409, True)
    assert "Theirs" in _draft().body and "Mine" not in _draft().body


@pytest.mark.parametrize(
    "xml",
    [
        None, b"", b"<", b"\x00", b"<a/>", b"x" * 2_000_001, "<a b='\u0000'/>".encode(),
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    ],
    ids=["none", "empty", "cut", "nul", "other", "large", "nul inside", "entity"],
)  # fmt: skip
def test_what_is_no_map_is_refused_in_words_and_the_draft_stays(leo: Client, xml: bytes | None) -> None:
    before = _draft().body
    answer = _keep(leo, xml)
    assert answer.status_code == 422 and answer.json()["problem"]
    assert (_draft().body, _draft().revision % 1_000) == (before, 1)


def test_a_draft_that_was_given_up_meanwhile_is_told(leo: Client, house: House) -> None:
    xml = _draft().body.encode()
    drafts.give_up(house.leo, _draft())
    assert leo.post(f"{CANVAS}/keep", {"revision": 1, "xml": SimpleUploadedFile("a", xml)}).status_code == 404


def test_giving_up_a_map_that_was_never_published_leads_to_all_maps(leo: Client, house: House) -> None:
    new = drafts.begin(house.leo, "map", "new", name="New", body=_draft().body)
    answer = leo.post("/maps/new/draft/give-up", {"revision": new.revision})
    assert answer.headers["Location"] == "/maps"


def test_the_form_of_a_step_answers_with_what_has_to_be_written_and_keeps_nothing(leo: Client) -> None:
    before = _draft().body
    form = leo.get(f"{CANVAS}/at/Judge").content.decode()
    assert "<html" not in form and 'name="team"' in form and "What people do here" in form
    answer = _at(leo, "Judge", name="Say why", team="support", form="approval", lane="Lane_Response").json()
    assert (answer["name"], answer["lane"]) == ("Say why", "Lane_Response")
    assert answer["own"] == {
        "step": "", "table": "", "form": "approval", "team": "support", "team_from": "", "after": "", "clock": "",
        "outcome": "", "reason": "", "value": "", "start": "",
    }  # fmt: skip
    assert _draft().body == before


def test_a_condition_is_picked_from_known_facts(leo: Client) -> None:
    held = parse(_draft().body.encode())[0]
    way, rest = (one for one in held.leaving("NeedsJudging"))
    if held.elements["NeedsJudging"].default == way.id:
        way, rest = rest, way
    typed = {f"fact-{way.id}": "public", f"sign-{way.id}": "=", f"values-{way.id}": "yes", "rest": rest.id}
    looked = _at(leo, "NeedsJudging", do=f"look:{way.id}", **typed).content.decode()
    assert f'name="values-{way.id}" value="yes"' in looked
    answer = _at(leo, "NeedsJudging", **typed).json()
    assert {one["id"]: one["condition"] for one in answer["ways"]} == {way.id: "public = yes", rest.id: ""}
    assert answer["rest"] == rest.id


def test_what_cannot_be_written_is_said_and_what_was_typed_stays(leo: Client) -> None:
    answer = _at(leo, "JudgeOverdue", name="Later on", amount="soon", unit="hours")
    assert answer.status_code == 422
    words = answer.content.decode()
    assert "write a whole number" in words and 'value="soon"' in words and 'value="Later on"' in words


def test_a_lane_is_bound_to_a_team(leo: Client) -> None:
    assert "Who acts in it" in leo.get(f"{CANVAS}/at/Lane_Response").content.decode()
    answer = _at(leo, "Lane_Response", name="Helpers", team="support").json()
    assert answer == {"name": "Helpers", "own": {"team": "support", "team_from": ""}, "ways": []}


def test_the_state_that_the_page_begins_with_is_what_keeping_answers(leo: Client) -> None:
    page = leo.get(CANVAS).content.decode()
    found = re.search(r'data-state="([^"]*)"', page)
    assert found is not None
    state = json.loads(found[1].replace("&quot;", '"'))
    assert state == _keep(leo, _draft().body.encode()).json()
