"""Canned responses and macros: filled in once from a closed list, kept by leads, all steps or none."""

from typing import Any

import pytest

from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import Membership, Role, Team, User
from armature.crm.act import canned, drafts, keeping, macros
from armature.crm.act.models import CannedResponse, Case, Macro, Note, Response
from armature.crm.act.work import Refused
from house import House
from visitors import stranger, to_answer, to_judge


def _keep(user: User, **fields: Any) -> CannedResponse:
    given = {"name": "Sorry", "shortcut": "sorry", "text": "Dear {{first_name}}, sorry.", **fields}
    return canned.keep(user, CannedResponse(), **given)


def test_what_is_known_is_filled_in_and_what_is_not_stays(house: House) -> None:
    case = to_answer(house, name="Ingrid Holm")
    text = "Dear {{ first_name }}, case {{case}}: {{subject}}. {{agent}}"
    assert canned.filled(text, canned.values(house.mona, case)) == (
        f"Dear Ingrid, case {case.pk}: {{{{subject}}}}. Mona"
    )


@pytest.mark.parametrize(
    "name", ["{{agent}}", "{{7*7}}", "{% load x %}", "{{request.user.password}}", "{x.__class__}", "%n"]
)
def test_what_a_customer_calls_themselves_is_never_looked_at_again(house: House, name: str) -> None:
    case = to_answer(house, name=name)
    assert canned.filled("Dear {{name}}.", canned.values(house.mona, case)) == f"Dear {name}."


def test_a_placeholder_that_does_not_exist_is_refused_when_it_is_written(house: House) -> None:
    with pytest.raises(Refused, match="password"):
        _keep(house.leo, text="Dear {{password}}")


def test_leads_keep_words_and_others_take_them(house: House) -> None:
    one = _keep(house.leo)
    case = to_answer(house)
    assert canned.found(house.mona, case, "so") == [one]
    for user in (house.mona, house.nia, stranger()):
        with pytest.raises(NotAllowed):
            _keep(user, shortcut="other")
        with pytest.raises(NotAllowed):
            canned.drop(user, one)
    assert CannedResponse.objects.count() == 1


def test_a_lead_of_one_team_keeps_for_that_team_and_does_not_move_it_to_another(house: House) -> None:
    lead = stranger("retention")
    retention, support = Team.objects.get(key="retention"), Team.objects.get(key="support")
    one = _keep(lead, team=retention)
    with pytest.raises(NotAllowed):
        canned.keep(lead, one, team=support)
    one.refresh_from_db()
    assert one.team == retention


def test_a_shortcut_is_given_once_for_each_place_and_language(house: House) -> None:
    _keep(house.leo)
    _keep(house.leo, language="de")
    with pytest.raises(Refused, match="taken"):
        _keep(house.leo)


def test_words_of_other_teams_are_not_there(house: House) -> None:
    _keep(house.leo, team=Team.objects.get(key="sales"))
    agent = User.objects.create_user("rita@shop.example", "Rita", "a good password")
    Membership.objects.create(user=agent, role=Role.AGENT, team=Team.objects.get(key="retention"))
    assert not keeping.kept_for(agent, CannedResponse).exists()
    assert canned.found(house.mona, to_answer(house), "sorry") == [], "it is not of the team of the case"


def _macro(house: House, *steps: tuple[str, str], **fields: Any) -> Macro:
    given = {"name": "Do it", "key": "1", **fields}
    return macros.keep(house.leo, Macro(), steps=[{"step": a, "value": b} for a, b in steps], **given)


def test_a_macro_does_all_its_steps(house: House) -> None:
    macro = _macro(house, ("note", "Answered {{name}}."), ("reply", "Dear {{first_name}}, we mend it."))
    case = to_answer(house, "complaint", name="Ingrid Holm")
    macros.run(house.mona, case, macro)
    house.settle()
    assert Note.objects.get().text == "Answered Ingrid Holm."
    assert (Response.objects.get().state, Response.objects.get().text) == ("sent", "Dear Ingrid, we mend it.")


def test_when_one_step_is_refused_none_is_done_and_the_words_say_which(house: House) -> None:
    macro = _macro(house, ("note", "Answered."), ("reply", "We mend it."))
    case = to_judge(house)
    with pytest.raises(Refused, match="Step 2"):
        macros.run(house.mona, case, macro)
    assert not Note.objects.exists() and not Response.objects.exists()


def test_an_unfilled_placeholder_stops_a_macro_too(house: House) -> None:
    macro = _macro(house, ("reply", "Dear {{first_name}}."))
    with pytest.raises(Refused, match="first_name"):
        macros.run(house.mona, to_answer(house, "complaint"), macro)


def test_a_draft_of_a_macro_is_put_behind_what_stands_there(house: House) -> None:
    case = to_answer(house)
    drafts.save(house.mona, case, text="Hello.")
    macros.run(house.mona, case, _macro(house, ("draft", "Bye.")))
    assert Response.objects.get().text == "Hello.\n\nBye."


@pytest.mark.parametrize(
    "steps", [[], [("fly", "x")], [("note", " ")], [("note", "{{nonsense}}")], [("note", "x")] * 11]
)
def test_a_macro_that_cannot_work_is_refused_when_it_is_made(house: House, steps: list[tuple[str, str]]) -> None:
    with pytest.raises(Refused):
        _macro(house, *steps)
    assert not Macro.objects.exists()


def test_a_macro_takes_tags_hurries_and_ends(house: House) -> None:
    steps = (
        ("take", ""),
        ("tag", "refund"),
        ("priority", "2"),
        ("note", "Done."),
        ("no_response", "spoken on the phone"),
    )
    case = to_answer(house, "complaint")
    macros.run(house.mona, case, _macro(house, *steps))
    case = Case.objects.get(pk=case.pk)
    assert (case.assignee, case.priority, case.status, case.reason) == (
        house.mona, 2, "no_response", "spoken on the phone",
    )  # fmt: skip
    assert [one.tag.name for one in case.taggings.all()] == ["refund"]


def test_a_macro_snoozes(house: House) -> None:
    case = to_answer(house, "complaint")
    macros.run(house.mona, case, _macro(house, ("snooze", "1")))
    assert Case.objects.get(pk=case.pk).status == "snoozed"


@pytest.mark.parametrize("step", [("priority", "9"), ("priority", "high"), ("snooze", "0"), ("snooze", "a day")])
def test_a_step_whose_value_cannot_be_is_refused_when_it_is_made(house: House, step: tuple[str, str]) -> None:
    with pytest.raises(Refused, match="Step 1"):
        _macro(house, step)
