"""The row of deeds over a case: each does one thing and shows the case again; what it shows is only theirs to see."""

from typing import Any

import pytest
from test_rights import outsiders, state

from armature.crm.accounts.models import Team, User
from armature.crm.act import endings, joining, notes
from armature.crm.act.models import Case, CaseField, CaseLink, Presence, Sample, Tagging
from armature.crm.decide.models import Judgement
from house import House
from visitors import PART, to_answer, to_approve, to_judge, visit

DEEDS: dict[str, dict[str, str]] = {
    "assign": {"to": "1"}, "put-back": {}, "hand-over": {"team": "legal", "text": "yours"},
    "snooze": {"until": "tomorrow"}, "wake": {}, "priority": {"priority": "1"}, "tag": {"tag": "new"},
    "untag": {"tag": "1"}, "follow": {"follow": "yes"}, "seen-to": {}, "end": {"how": "closed"}, "reopen": {},
    "check": {"right": "no"}, "split": {"said": "1"}, "merge": {"into": "1"},
}  # fmt: skip


def _post(user: User, address: str, **given: Any) -> Any:
    return visit(user).post(address, {"view": "open", **given}, headers=PART)


def test_no_deed_works_on_a_case_that_is_not_theirs(house: House) -> None:
    response = to_approve(house)
    case = response.case
    to_judge(house, author="b@people.example")
    link = joining.merge(house.mona, house.case("b@people.example"), into=case)
    before = state()
    for user in outsiders(house):
        for deed, given in DEEDS.items():
            assert _post(user, f"/case/{case.pk}/{deed}", **given).status_code == 404, deed
        assert _post(user, f"/merge/{link.pk}/undo").status_code == 404
        assert _post(user, "/around", case=case.pk, writing="1").content.strip() == b""
    assert state() == before
    assert not Presence.objects.exists()


@pytest.mark.parametrize("deed", DEEDS)
def test_no_deed_is_done_by_looking(house: House, deed: str) -> None:
    case = to_judge(house)
    assert visit(house.mona).get(f"/case/{case.pk}/{deed}").status_code == 405


def test_who_only_drafts_is_offered_no_end_and_refused_when_they_try(house: House) -> None:
    case = to_answer(house)
    page = visit(house.nia).get(f"/cases/open/{case.pk}").content.decode()
    assert 'id="menu-end"' not in page
    assert 'id="menu-tag"' in page
    assert _post(house.nia, f"/case/{case.pk}/end", how="closed").status_code == 409
    assert house.case().ended_at is None


def test_a_case_is_ended_and_opened_again_on_the_page(house: House) -> None:
    case = to_answer(house)
    done = _post(house.mona, f"/case/{case.pk}/end", how="resolved", reason="on the phone").content.decode()
    assert "The case has ended" in done
    assert "Resolved: on the phone" in done
    assert 'id="menu-end"' not in done
    assert f'id="row-{case.pk}"' in visit(house.mona).get("/cases/done").content.decode()
    again = _post(house.mona, f"/case/{case.pk}/reopen").content.decode()
    assert 'id="menu-end"' in again


def test_the_end_asks_for_exactly_what_is_missing_and_keeps_what_was_typed(house: House) -> None:
    case = to_answer(house)
    CaseField.objects.create(key="cost", label="Cost", kind="number", team=Team.objects.get(key=case.team))
    CaseField.objects.create(key="box", label="Box", kind="choice", choices=["A", "B"])
    CaseField.objects.create(key="clause", label="Clause", kind="text", team=Team.objects.get(key="legal"))
    Case.objects.update(fields={"box": "A"})
    page = visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    assert "Cost" in page
    assert 'name="field-box"' not in page
    assert "Clause" not in page
    refused = _post(house.mona, f"/case/{case.pk}/end", how="closed", reason="<sold>", **{"field-cost": "much"})
    assert refused.status_code == 409
    words = refused.content.decode()
    assert '<details class="menu" name="bar" id="menu-end" open>' in words
    assert 'value="much"' in words
    assert "Write a number." in words
    assert "&lt;sold&gt;" in words
    assert _post(house.mona, f"/case/{case.pk}/end", how="closed", **{"field-cost": "7"}).status_code == 200
    assert house.case().fields == {"box": "A", "cost": 7.0}


def test_given_tagged_snoozed_woken_put_back(house: House) -> None:
    case = to_answer(house)
    steps: tuple[tuple[str, dict[str, object], str], ...] = (
        ("assign", {"to": house.leo.pk, "seen": ""}, "Leo has the case now"),
        ("tag", {"tag": "Tents"}, "Tagged: Tents"),
        ("priority", {"priority": 2}, "Priority kept"),
        ("snooze", {"until": "month"}, "It comes back"),
        ("wake", {}, "The case is back"),
        ("follow", {"follow": "yes"}, "You hear of what happens"),
    )
    for deed, given, words in steps:
        answered = _post(house.mona, f"/case/{case.pk}/{deed}", **given)
        assert answered.status_code == 200, deed
        assert words in answered.content.decode()
    assert "Tents" in visit(house.mona).get("/cases/open").content.decode()
    tag = Tagging.objects.get().tag_id
    assert "Tag taken off" in _post(house.mona, f"/case/{case.pk}/untag", tag=tag).content.decode()
    assert "nobody's now" in _post(house.leo, f"/case/{case.pk}/put-back").content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize(
    ("deed", "given"),
    [
        ("assign", {"to": "999"}), ("assign", {"to": "x"}), ("hand-over", {"team": "nobody", "text": "x"}),
        ("snooze", {"until": "at", "at": "yesterday"}), ("snooze", {"until": "at", "at": "2020-01-01T00:00"}),
        ("priority", {"priority": "99"}), ("tag", {"tag": "x" * 50}), ("untag", {"tag": "9"}), ("end", {"how": ""}),
        ("split", {"said": "999"}), ("check", {"right": "no"}), ("wake", {}), ("reopen", {}),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_words(house: House, deed: str, given: dict[str, str]) -> None:
    case = to_answer(house)
    refused = _post(house.mona, f"/case/{case.pk}/{deed}", **given)
    assert refused.status_code == 409
    assert 'class="problem"' in refused.content.decode()


def test_the_number_of_a_merged_case_leads_to_the_one_it_is_part_of(house: House) -> None:
    first = to_judge(house, text="The tent is broken.")
    house.hear("It is about the tent.")
    house.settle()
    second = house.case()
    client = visit(house.mona)
    client.post(f"/case/{first.pk}/merge", {"view": "open", "into": f"#{second.pk}"})
    page = client.get(f"/cases/open/{first.pk}", follow=True)
    assert page.redirect_chain[-1][0] == f"/cases/open/{second.pk}"
    words = page.content.decode()
    assert words.count('<article class="msg in"') == 2
    assert f"case {first.pk}</a>" in words
    back = client.post(f"/merge/{CaseLink.objects.get().pk}/undo", {"view": "open"}, follow=True)
    assert "The merge is undone" in back.content.decode()
    assert Case.objects.get(pk=first.pk).merged_into_id is None


def test_a_case_is_only_merged_into_one_that_they_may_see(house: House) -> None:
    case = to_judge(house)
    page = visit(house.mona).post(f"/case/{case.pk}/merge", {"view": "open", "into": "999"}, follow=True)
    assert "There is no such case" in page.content.decode()


def test_messages_are_split_off_on_the_page_and_both_sides_say_so(house: House) -> None:
    to_judge(house, text="The tent is broken.")
    house.hear("Do you sell boots?", in_reply_to="said-1")
    house.settle()
    case = house.case()
    said = Judgement.objects.get(interaction__text="Do you sell boots?").interaction_id
    assert f'value="{said}"' in visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    assert _post(house.mona, f"/case/{case.pk}/split", said=[said]).status_code == 200
    new = house.case()
    for number, other in ((case.pk, new.pk), (new.pk, case.pk)):
        assert f"case {other}</a>" in visit(house.mona).get(f"/cases/open/{number}").content.decode()


def test_a_mention_stands_in_its_list_until_it_is_seen_to(house: House) -> None:
    case = to_judge(house)
    notes.add_note(house.mona, case, text="@leo please")
    client = visit(house.leo)
    assert "Mona asks for you in a note" in client.get(f"/cases/mentions/{case.pk}").content.decode()
    assert client.get("/cases/mentions").context["total"] == 1
    assert visit(house.mona).get("/cases/mentions").context["total"] == 0
    _post(house.leo, f"/case/{case.pk}/seen-to")
    assert client.get("/cases/mentions").context["total"] == 0


def test_a_sample_is_looked_over(house: House) -> None:
    case = to_judge(house)
    endings.end(house.mona, case, how="no_response", reason="only thanks")
    Sample.objects.create(judgement=Judgement.objects.get(current=True), case=case)
    client = visit(house.leo)
    assert client.get("/cases/sample").context["total"] == 1
    assert "only thanks" in client.get(f"/cases/sample/{case.pk}").content.decode()
    assert "It was right" in client.get(f"/cases/sample/{case.pk}").content.decode()
    assert "Noted: it was wrong" in _post(house.leo, f"/case/{case.pk}/check", right="no").content.decode()
    assert client.get("/cases/sample").context["total"] == 0


def test_who_is_there_is_shown_at_the_case_and_in_the_list(house: House) -> None:
    case = to_judge(house)
    _post(house.mona, "/around", case=case.pk)
    seen = _post(house.leo, "/around", case=case.pk, writing="1").content.decode()
    assert f'data-at="{case.pk}"' in seen
    assert "Mona is looking" in seen
    assert "Mona is looking" in visit(house.leo).get(f"/cases/open/{case.pk}").content.decode()
    assert "Leo is writing" in _post(house.mona, "/around", case="").content.decode()
    _post(house.leo, "/around", case="", left=case.pk)
    assert "Leo" not in _post(house.mona, "/around", case="").content.decode()


def test_words_with_what_a_database_cannot_hold_are_no_fault_of_ours(house: House) -> None:
    case = to_judge(house)
    assert _post(house.mona, f"/case/{case.pk}/tag", tag="a\x00b").status_code == 200
    assert _post(house.mona, f"/case/{case.pk}/end", how="no_response", reason="a\x00b").status_code == 200
