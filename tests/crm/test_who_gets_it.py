"""Who gets an answer and how: what the channel or the case does not allow is refused before it is handed in."""

from typing import Any

import pytest

from armature.crm.act import queries, recipients, responses
from armature.crm.act.drafts import Terms
from armature.crm.act.models import Response
from armature.crm.act.work import Refused
from house import House
from visitors import to_answer


def _refused(house: House, words: str, **terms: Any) -> None:
    case = to_answer(house)
    with pytest.raises(Refused, match=words):
        responses.write(house.mona, case, text="We mend it.", seen=queries.last_said(case), terms=Terms(**terms))
    house.settle()
    assert not Response.objects.exclude(state=Response.State.DRAFT).exists()
    assert house.case().form == "response"


@pytest.mark.parametrize("more", [{"copies": ("boss@people.example",)}, {"to": ("else@people.example",)}])
def test_where_a_channel_knows_no_copies_only_who_wrote_gets_an_answer(house: House, more: dict[str, Any]) -> None:
    house.mailbox.settings = {"network": "forum"}
    house.mailbox.save()
    _refused(house, "goes to ingrid@people.example and nobody else", **more)


def test_an_answer_to_nobody_is_not_handed_in(house: House) -> None:
    _refused(house, "There is no recipient", to=())


def test_an_answer_to_very_many_is_not_handed_in(house: House) -> None:
    many = tuple(f"{number}@people.example" for number in range(recipients.MOST + 1))
    _refused(house, "More than 20 recipients", copies=many)


@pytest.mark.parametrize("audience", ["public", "both"])
def test_an_answer_in_public_is_not_handed_in_where_nothing_is_public(house: House, audience: str) -> None:
    _refused(house, "cannot answer in that way", audience=audience, private_text="Your number, please?")
