"""Files, names and sheets made to do harm are refused in words, and nothing that was drawn is lost by them."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from arm.test_hostile_maps import _map
from armature.crm.accounts.models import Membership, Role, User
from armature.crm.decide import drafts, rule_lists, versions
from armature.crm.decide.drawn import Draft, RuleList
from armature.crm.learn.replays.tried import of_drafts
from house import House
from visitors import visit


def _bring_in(house: House, data: bytes, **more: str) -> Any:
    return visit(house.leo).post("/maps/bring-in", {"file": SimpleUploadedFile("a.bpmn", data), **more})


def test_a_step_whose_id_has_a_slash_can_be_looked_at_and_mended(house: House) -> None:
    _bring_in(house, _map('<userTask id="a/b" name="Ask"/>'), name="X")
    leo = visit(house.leo)
    assert "Ask" in leo.get("/maps/x/draft").content.decode()
    for address in ("/maps/x/draft/steps/a/b", "/maps/x/draft/canvas/at/a/b", "/maps/x/draft/canvas"):
        assert leo.get(address).status_code == 200


DEEP = "<x>" * 5_000 + "</x>" * 5_000


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        (f'<userTask id="a"><extensionElements>{DEEP}</extensionElements></userTask>', "more than 100 deep"),
        ('<userTask id="a"/>' + '<sequenceFlow id="f" sourceRef="a" targetRef="a"/>' * 2_000, "2,000 arrows"),
    ],
)
def test_what_nests_too_deep_or_has_too_many_arrows_is_refused_in_words(house: House, inside: str, words: str) -> None:
    refused = _bring_in(house, _map(inside))
    assert refused.status_code == 422 and words in refused.content.decode()
    body = versions.newest_maps()["reactive"].body
    draft = drafts.begin(house.leo, "map", "reactive", name="R", body=body)
    if "deep" in words:
        given = {"revision": draft.revision, "xml": SimpleUploadedFile("a", _map(inside))}
        kept = visit(house.leo).post("/maps/reactive/draft/canvas/keep", given)
        assert kept.status_code == 422 and words in kept.json()["problem"]


def test_a_file_that_takes_the_place_of_a_draft_throws_nothing_away_when_it_is_refused(house: House) -> None:
    _bring_in(house, _map('<userTask id="a"/>'), name="X")
    refused = _bring_in(house, _map('<userTask id="b"/>'), name="\u2003", instead="x")
    assert refused.status_code == 422
    assert "a" in Draft.objects.get(key="x").body


def test_a_cell_with_half_a_sign_is_kept_as_it_was_typed(house: House) -> None:
    leo = visit(house.leo)
    leo.post("/tables/business_rules/begin")
    given = {
        "fields": "when-language",
        "when-language": '{"one_of": ["\\ud800"]}',
        "revision": Draft.objects.get().revision,
    }
    assert leo.post("/tables/business_rules/draft/row?row=R04&field=language", given).status_code == 302
    row = next(row for row in json.loads(Draft.objects.get().body)["rows"] if row["id"] == "R04")
    assert row["when"]["language"] == '{"one_of": ["\\ud800"]}'
    assert leo.get("/tables/business_rules/draft").status_code == 200


def test_a_list_that_somebody_changed_meanwhile_is_not_overwritten_unseen(house: House) -> None:
    leo = visit(house.leo)
    leo.post("/lists", {"name": "VIPs", "entries": "ingrid"})
    known = RuleList.objects.get().reads_as
    assert f'value="{known.replace("+", "&#x2B;")}"' in leo.get("/lists/vips").content.decode() or known in (
        leo.get("/lists/vips").content.decode()
    )
    rule_lists.keep(house.leo, "VIPs", ["ingrid", "bo"], RuleList.objects.get())
    late = leo.post("/lists/vips", {"name": "VIPs", "entries": "ingrid\ncy", "known": known})
    page = late.content.decode()
    assert late.status_code == 422 and "changed this list meanwhile" in page and "ingrid\ncy" in page
    assert RuleList.objects.get().entries == ["ingrid", "bo"]
    again = {"name": "VIPs", "entries": "ingrid\ncy", "known": RuleList.objects.get().reads_as}
    assert leo.post("/lists/vips", again).status_code == 302


def test_a_replay_runs_a_draft_with_what_is_on_its_lists_now(house: House) -> None:
    vips = rule_lists.keep(house.leo, "VIPs", ["ingrid"])
    body = json.loads(versions.newest_tables()["business_rules"].body)
    body["inputs"].append("author")
    body["lists"] = {"vips": ["ingrid"]}
    next(row for row in body["rows"] if row["id"] == "R04")["when"]["author"] = {"in_list": "vips"}
    draft = drafts.begin(house.leo, "table", "business_rules", name="R", body=json.dumps(body))
    rule_lists.keep(house.leo, "VIPs", ["bo"], vips)
    assert json.loads(of_drafts([draft])["tables"]["business_rules"])["lists"] == {"vips": ["bo"]}


def test_a_new_map_that_is_published_is_said_to_be_in_force_nowhere_yet(house: House) -> None:
    anna = User.objects.create_user("anna@shop.example", "Anna", "a good password")
    Membership.objects.create(user=anna, role=Role.ADMIN)
    client = visit(anna)
    client.post("/maps/start", {"from": "reactive", "name": "Second"})
    given = {"do": "publish", "note": "New", "revision": Draft.objects.get().revision}
    page = client.post("/maps/second/draft/publish", given, follow=True).content.decode()
    assert "in force nowhere yet" in page
