"""Nobody knows whether it went out: three ways on, each a person's word; a machine never sends it again."""

from typing import Any

import pytest

from armature.crm import conservation, jobs
from armature.crm.accounts.access import NotAllowed
from armature.crm.act import doubts, queries, responses
from armature.crm.act.models import Delivery, Response
from armature.crm.act.work import Refused
from armature.crm.channels.lines import Demo
from armature.crm.channels.port import Outcome, Sent, Unknown
from house import House
from visitors import to_answer


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> list[Outcome]:
    """What comes of each sending, in order; then all goes well."""
    found: list[Outcome] = []
    monkeypatch.setattr(Demo, "send", lambda *_: found.pop(0) if found else Sent("taken"))
    return found


def _doubtful(house: House, planned: list[Outcome]) -> Response:
    planned.append(Unknown("No answer came."))
    case = to_answer(house, "complaint")
    response = responses.write(house.mona, case, text="We mend it.", seen=queries.last_said(case))
    house.settle()
    assert house.case().form == "delivery"
    return response


def _after(house: House, response: Response) -> tuple[str, str, list[str]]:
    house.settle()
    response.refresh_from_db()
    assert not [found for law, found in conservation.broken() if found]
    states = list(Delivery.objects.order_by("id").values_list("state", flat=True))
    return response.state, house.case().form, states


def test_it_is_there(house: House, planned: list[Outcome]) -> None:
    response = _doubtful(house, planned)
    doubts.it_is_there(house.mona, house.case())
    assert _after(house, response) == ("sent", "feedback", ["sent"])


def test_it_is_not_there_and_goes_back(house: House, planned: list[Outcome]) -> None:
    response = _doubtful(house, planned)
    doubts.it_is_not_there(house.mona, house.case())
    assert _after(house, response) == ("draft", "response", ["failed"])


def test_it_is_not_there_and_is_sent_again_under_another_key(house: House, planned: list[Outcome]) -> None:
    response = _doubtful(house, planned)
    doubts.send_again(house.mona, house.case())
    assert _after(house, response) == ("sent", "feedback", ["failed", "sent"])
    first, second = Delivery.objects.order_by("id")
    assert first.key != second.key


def test_sent_again_and_unknown_again_is_asked_again(house: House, planned: list[Outcome]) -> None:
    response = _doubtful(house, planned)
    planned.append(Unknown("No answer again."))
    doubts.send_again(house.mona, house.case())
    assert _after(house, response) == ("unknown", "delivery", ["failed", "unknown"])
    doubts.it_is_there(house.mona, house.case())
    assert _after(house, response) == ("sent", "feedback", ["failed", "sent"])


def test_it_is_left_as_unknown_with_a_reason(house: House, planned: list[Outcome]) -> None:
    response = _doubtful(house, planned)
    with pytest.raises(Refused, match="why"):
        doubts.leave(house.mona, house.case(), reason=" ")
    doubts.leave(house.mona, house.case(), reason="They called, all is well.")
    assert _after(house, response) == ("unknown", "feedback", ["unknown"])
    assert "They called" in response.why


def test_of_two_words_about_it_the_first_holds(house: House, planned: list[Outcome]) -> None:
    _doubtful(house, planned)
    case = house.case()
    doubts.send_again(house.mona, case)
    with pytest.raises(Refused, match="being sent again"):
        doubts.it_is_there(house.leo, case)


def test_what_is_known_stands_beside_the_question(house: House, planned: list[Outcome]) -> None:
    response = _doubtful(house, planned)
    known = doubts.known(response, Delivery.objects.get())
    assert (known.attempt, known.words, known.proof, known.text) == (1, "No answer came.", None, "We mend it.")
    assert known.at is not None


@pytest.mark.parametrize("way", [doubts.it_is_there, doubts.it_is_not_there, doubts.send_again])
def test_who_only_drafts_decides_nothing_about_it(house: House, planned: list[Outcome], way: Any) -> None:
    _doubtful(house, planned)
    with pytest.raises(NotAllowed):
        way(house.nia, house.case())
    assert jobs.send() == 0
