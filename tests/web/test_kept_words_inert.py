"""Words with placeholders, as people and attackers write them: nothing in them is run, nothing unfilled leaves."""

import pytest

from armature.crm.act import canned, queries, responses
from armature.crm.act.models import CannedResponse, Delivery, Response
from armature.crm.act.work import Refused
from house import House
from visitors import PART, to_answer, visit

RUN = ["{{7*7}}", "{{request.user.password}}", "{{ first name }}", "{{first-name}}", "{{name|safe}}", "{{}}", "{{ }}"]
"""Between our own braces: none of them can be filled in."""
TEXT = ["{% load x %}", "{% include '/etc/passwd' %}", "{x.__class__}", "%n", "%(name)s", "${7*7}", "<%= 7*7 %>"]
"""Other languages' placeholders, which are just words here."""
MARKUP = "</textarea><script>alert(1)</script>"


@pytest.mark.parametrize("words", RUN)
def test_what_cannot_be_filled_in_is_refused_when_it_is_kept_and_does_not_leave(house: House, words: str) -> None:
    with pytest.raises(Refused, match="There is no"):
        canned.keep(house.leo, CannedResponse(), name="x", shortcut="x", text=f"Dear {words}, sorry.")
    case = to_answer(house, "complaint")
    with pytest.raises(Refused, match="Not filled in yet"):
        responses.write(house.mona, case, text=f"Dear {words}, sorry.", seen=queries.last_said(case))
    house.settle()
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("words", TEXT)
def test_what_is_a_placeholder_elsewhere_is_words_here(house: House, words: str) -> None:
    case = to_answer(house, "complaint")
    canned.keep(house.leo, CannedResponse(), name="x", shortcut="x", text=words)
    page = visit(house.mona).get(f"/case/{case.pk}/canned?words=x")
    assert page.status_code == 200
    responses.write(house.mona, case, text=words, seen=queries.last_said(case))
    house.settle()
    assert Response.objects.get(state="sent").text == words


@pytest.mark.parametrize("name", [*RUN, *TEXT, "{{agent}}", "{{agent}}{{agent}}", MARKUP])
def test_a_customers_own_name_is_filled_in_once_and_never_read_as_a_placeholder(house: House, name: str) -> None:
    case = to_answer(house, name=name)
    canned.keep(house.leo, CannedResponse(), name="x", shortcut="x", text="Dear {{name}}, {{agent}} here.")
    assert (
        canned.filled("Dear {{name}}, {{agent}} here.", canned.values(house.mona, case)) == f"Dear {name}, Mona here."
    )
    page = visit(house.mona).get(f"/case/{case.pk}/canned?words=x", headers=PART).content.decode()
    assert "<script>alert" not in page
