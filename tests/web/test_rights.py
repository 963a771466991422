"""Who may see and do what: every page and every deed for every kind of user. What is not theirs does not exist."""

from typing import Any

import pytest
from django.test import Client

from armature.crm.accounts.models import AuditEntry, Team, User
from armature.crm.act.models import Approval, CannedResponse, Case, Delivery, Macro, Note, Response, ResponseFile
from armature.crm.decide.models import Wait
from armature.crm.listen.models import File
from armature.crm.understand.models import Reading
from house import House
from visitors import stranger, to_answer, to_approve, to_judge, visit

DEEDS = (
    "claim", "intent", "draft", "write", "note", "looked", "discard", "take-over", "attach", "detach", "macro",
)  # fmt: skip
RELEASES = ("approve", "change", "send-back", "take-back", "send-now")
GIVEN = {"intent": "complaint", "text": "words", "seen": "1", "delivery": "sent", "reason": "shorter", "digest": "x"}


def state() -> list[Any]:
    """Everything that a deed could change."""
    return [
        Note.objects.count(),
        list(Response.objects.order_by("pk").values_list("pk", "state", "text", "why")),
        Approval.objects.count(),
        list(ResponseFile.objects.values_list("pk", "name")),
        list(CannedResponse.objects.values_list("pk", "text")),
        list(Delivery.objects.values_list("pk", "state")),
        AuditEntry.objects.count(),
        list(Wait.objects.order_by("pk").values_list("pk", "state")),
        list(Case.objects.order_by("pk").values_list("pk", "assignee", "status")),
        Reading.objects.count(),
    ]


def outsiders(house: House) -> list[User]:
    """Somebody without any team, and a lead of another one."""
    return [house.olga, stranger()]


def test_what_is_not_theirs_is_not_there_and_cannot_be_changed(house: House) -> None:
    response = to_approve(house)
    file = File.objects.create(interaction_id=_said(response.case), digest="a" * 64, name="a", content_type="", size=1)
    ours = ResponseFile.objects.create(response=response, digest="b" * 64, name="b", content_type="", size=1)
    team = Team.objects.get(key="retention")
    kept = CannedResponse.objects.create(name="x", shortcut="x", text="secret words", team=team, by=house.leo)
    macro = Macro.objects.create(name="secret macro", steps=[], team=team, by=house.leo)
    before = state()
    for user in outsiders(house):
        client = visit(user)
        for address in (
            f"/cases/open/{response.case_id}", f"/interaction/{_said(response.case)}/original", f"/file/{file.pk}",
            f"/response-file/{ours.pk}", f"/case/{response.case_id}/canned?words=x", f"/canned/{kept.pk}",
            f"/macros/{macro.pk}",
        ):  # fmt: skip
            assert client.get(address).status_code == 404, address
        for deed in DEEDS:
            assert client.post(f"/case/{response.case_id}/{deed}", GIVEN).status_code == 404, deed
        for deed in RELEASES:
            assert client.post(f"/response/{response.pk}/{deed}", GIVEN).status_code == 404, deed
        for address in (f"/canned/{kept.pk}", f"/canned/{kept.pk}/drop", f"/macros/{macro.pk}/drop"):
            assert client.post(address, {"name": "mine", "text": "mine", "shortcut": "x"}).status_code == 404, address
        for address in ("/canned", "/macros", "/approvals"):
            assert b"secret" not in client.get(address).content
        assert b"response-" not in client.get("/approvals").content
        assert b"row-" not in client.get("/cases/open").content
        assert f"/{response.case_id}" not in client.get("/cases/done").content.decode()
    assert state() == before


def _said(case: Case) -> int:
    found = case.conversation.interaction_set.filter(direction="in").first()
    assert found is not None
    return int(found.pk)


@pytest.mark.parametrize("who", ["mona", "leo", "nia"])
def test_what_does_not_exist_is_not_there_for_anybody(house: House, who: str) -> None:
    client = visit(getattr(house, who))
    assert client.get("/cases/open/999").status_code == 404
    assert client.get("/cases/nonsense").status_code == 404
    assert client.get("/cases/open?after=nonsense").status_code == 404
    assert client.get(f"/cases/open?after={9**30}_1").status_code == 404
    for deed in DEEDS:
        assert client.post(f"/case/999/{deed}", GIVEN).status_code == 404
    for deed in RELEASES:
        assert client.post(f"/response/999/{deed}", GIVEN).status_code == 404
    assert client.get("/interaction/999/original").status_code == 404
    assert client.get("/file/999").status_code == 404


def test_deeds_are_never_done_by_looking(house: House) -> None:
    response = to_approve(house)
    before = state()
    for client in (visit(house.mona), visit(house.leo)):
        for deed in DEEDS:
            assert client.get(f"/case/{response.case_id}/{deed}").status_code == 405
        for deed in RELEASES:
            assert client.get(f"/response/{response.pk}/{deed}").status_code == 405
        assert client.post("/cases/open").status_code == 405
        assert client.get("/log-out").status_code == 405
    assert state() == before


def test_deeds_need_the_mark_of_our_own_page(house: House) -> None:
    response = to_approve(house)
    before = state()
    client = visit(house.leo, enforce_csrf_checks=True)
    for deed in DEEDS:
        assert client.post(f"/case/{response.case_id}/{deed}", GIVEN).status_code == 403
    for deed in RELEASES:
        refused = client.post(f"/response/{response.pk}/{deed}", GIVEN)
        assert refused.status_code == 403
    assert b"Your log-in has changed" in refused.content
    assert state() == before


@pytest.mark.parametrize(("who", "released"), [("mona", False), ("nia", False), ("leo", True)])
def test_only_a_lead_who_did_not_write_it_releases_a_response(house: House, who: str, released: bool) -> None:
    response = to_approve(house)
    page = visit(getattr(house, who)).get(f"/cases/approve/{response.case_id}").content.decode()
    assert ("Approve and send privately" in page) == released
    _post(visit(getattr(house, who)), f"/response/{response.pk}/approve", digest=response.digest)
    assert Approval.objects.filter(approved=True).exists() == released


def test_a_lead_does_not_release_own_words(house: House) -> None:
    response = to_approve(house)
    Response.objects.filter(pk=response.pk).update(author=house.leo)
    refused = _post(visit(house.leo), f"/response/{response.pk}/approve", digest=response.digest)
    assert refused.status_code == 409
    assert "Somebody else must approve" in refused.content.decode()
    assert not Approval.objects.exists()


def test_who_only_drafts_asks_for_approval_whatever_the_rule_says(house: House) -> None:
    case = to_answer(house, intent="complaint")
    assert "Ask approval, then send privately" in visit(house.nia).get(f"/cases/open/{case.pk}").content.decode()
    assert "Ask approval" not in visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()


def test_the_list_of_approvals_shows_only_what_one_may_release(house: House) -> None:
    to_approve(house)
    for who, shown in ((house.mona, 0), (house.nia, 0), (house.leo, 1)):
        assert visit(who).get("/cases/approve").content.decode().count('id="row-') == shown


def test_a_case_that_leaves_ones_team_by_ones_own_deed_says_so(house: House) -> None:
    case = to_judge(house)
    judge = stranger("evaluation")
    assert case.asks == "evaluation"
    Case.objects.filter(pk=case.pk).update(team="retention")
    done = _post(visit(judge), f"/case/{case.pk}/intent", intent="cancel")
    assert done.status_code == 200
    assert "gone on to another team" in done.content.decode()
    assert visit(judge).get(f"/cases/open/{case.pk}").status_code == 404


def _post(client: Client, address: str, **given: str) -> Any:
    return client.post(address, {"view": "open", **given}, headers={"HX-Request": "true"})


@pytest.mark.parametrize("who", ["mona", "nia"])
def test_who_does_not_lead_changes_nothing_that_a_team_keeps(house: House, who: str) -> None:
    kept = CannedResponse.objects.create(name="x", shortcut="x", text="words", by=house.leo)
    client = visit(getattr(house, who))
    assert client.get("/canned").status_code == 200
    refused = client.post(f"/canned/{kept.pk}", {"name": "mine", "shortcut": "x", "text": "mine"})
    assert (refused.status_code, CannedResponse.objects.get().text) == (409, "words")
    client.post(f"/canned/{kept.pk}/drop")
    assert client.post("/canned/new", {"name": "mine", "shortcut": "y", "text": "mine"}).status_code == 409
    assert CannedResponse.objects.count() == 1


@pytest.mark.parametrize(
    "more", [{"state": "sent"}, {"approved_by": "1"}, {"author": "1"}, {"asked_by": ""}, {"digest": "x"}]
)
def test_a_form_sets_nothing_that_is_not_asked_for(house: House, more: dict[str, str]) -> None:
    case = to_answer(house)
    _post(visit(house.nia), f"/case/{case.pk}/draft", text="words", **more)
    draft = Response.objects.get()
    assert (draft.state, draft.author, draft.digest, draft.asked_by) == ("draft", house.nia, "", "")
