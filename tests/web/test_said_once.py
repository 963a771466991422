"""What cannot be done is said once, and said at all: refusals, keys that do nothing here, what a step is given."""

from armature.crm.accounts.models import Team
from armature.crm.act import macros
from armature.crm.act.models import Macro
from house import House
from visitors import PART, stranger, to_answer, to_approve, visit

EMPTY = "The response is empty."


def test_an_empty_response_is_refused_in_one_place(house: House) -> None:
    case = to_answer(house)
    mona = visit(house.mona)
    given = {"view": "open", "text": " ", "audience": "private"}
    came = mona.post(f"/case/{case.pk}/write", given, headers=PART)
    assert (came.status_code, came.content.decode().count(EMPTY)) == (409, 1)


def _macro(house: House, name: str, key: str, team: str = "") -> Macro:
    where = Team.objects.get(key=team) if team else None
    return macros.keep(house.leo, Macro(), name=name, key=key, team=where, brand=None, steps=[{"step": "take"}])


def test_the_key_of_a_macro_of_another_team_says_why_it_does_nothing(house: House) -> None:
    _macro(house, "Ours", "1")
    _macro(house, "Theirs", "2", "sales")
    case = to_answer(house)
    page = visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    assert 'data-key="1"' in page and 'data-key="2"' not in page
    sales = Team.objects.get(key="sales").name
    assert f'data-no-key="2">The macro “Theirs” is for cases of {sales}; this is none.<' in page
    assert 'data-no-key="1"' not in page


def test_where_nothing_can_be_written_the_key_of_a_macro_says_what_it_waits_for(house: House) -> None:
    _macro(house, "Ours", "1")
    case = to_approve(house).case
    page = visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    assert 'data-no-key="1">The macro “Ours” cannot run here now: it waits for approval.<' in page


def test_nobody_hears_of_macros_that_are_not_theirs(house: House) -> None:
    _macro(house, "Of support alone", "3", "support")
    case = to_answer(house)
    sam = stranger("retention")
    page = visit(sam).get(f"/cases/open/{case.pk}").content.decode()
    assert "Of support alone" not in page


def test_the_form_of_a_macro_says_what_each_step_is_given(house: House) -> None:
    one = macros.keep(house.leo, Macro(), name="Wait", key="", team=None, brand=None, steps=[
        {"step": "snooze", "value": "3"}, {"step": "take"},
    ])  # fmt: skip
    page = visit(house.leo).get(f"/macros/{one.pk}").content.decode()
    assert "With (hours)" in page
    assert "Set the priority: <b>1 to 5</b>" in page and "Take the case: <b>nothing</b>" in page
