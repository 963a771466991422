"""One hand-over is in doubt while the next answer is under way: each keeps its own question."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from armature.crm import conservation, jobs
from armature.crm.act import approvals, cases, commands, doubts, queries, responses
from armature.crm.act.models import Case, Delivery, Response
from armature.crm.act.work import Refused
from armature.crm.channels.lines import Demo
from armature.crm.channels.port import Outcome, Sent, Unknown
from armature.crm.decide.models import Wait
from house import House
from visitors import to_answer, visit


@pytest.fixture
def doubtful(house: House, monkeypatch: pytest.MonkeyPatch) -> Response:
    """An answer of which nobody knows whether it went out; whatever follows goes out well."""
    planned: list[Outcome] = [Unknown("No answer came.")]
    monkeypatch.setattr(Demo, "send", lambda *_: planned.pop() if planned else Sent("taken"))
    case = to_answer(house, "complaint")
    response = responses.write(house.mona, case, text="We mend it.", seen=queries.last_said(case))
    house.settle()
    return response


def _answer_the_next(house: House, intent: str) -> Response:
    """They wrote again, and got an answer, though nobody looked yet what came of the one before."""
    house.hear("Then cancel it all.", in_reply_to="said-1")
    house.settle()
    commands.judge_intent(house.mona, house.case(), intent=intent)
    house.settle()
    case = house.case()
    response = responses.write(house.mona, case, text="Do stay.", seen=queries.last_said(case))
    house.settle()
    response.refresh_from_db()
    return response


def _the_question_comes_first(case: Case) -> None:
    """Time passed: of all that people owe in this case, the look is due before the rest."""
    Wait.objects.filter(form="delivery", state="open").update(due_at=timezone.now() - timedelta(hours=1))
    cases.project([cases.Touched(case.conversation_id, case.identity_id, case.last_in_at, "", "")])


def _broken() -> dict[str, list[str]]:
    return {law.words: found for law, found in conservation.broken() if found}


def test_what_is_in_doubt_is_not_sent_again_while_the_next_answer_is_under_way(
    house: House, doubtful: Response
) -> None:
    assert _answer_the_next(house, "cancel").state == "approval"
    _the_question_comes_first(house.case())
    with pytest.raises(Refused, match="Another response of this case is on its way"):
        doubts.send_again(house.mona, house.case())
    assert jobs.send() == 0
    doubts.it_is_there(house.mona, house.case())
    house.settle()
    doubtful.refresh_from_db()
    assert doubtful.state == "sent"
    assert not _broken()


def test_what_waits_for_approval_behind_that_question_can_be_decided_while_it_is_open(
    house: House, doubtful: Response
) -> None:
    response = _answer_the_next(house, "cancel")
    _the_question_comes_first(house.case())
    lead, case = visit(house.leo), house.case()
    assert case.form == "delivery"
    assert f"#response-{response.pk}" in lead.get(f"/cases/open/{case.pk}").content.decode()
    assert f'id="response-{response.pk}"' in lead.get("/approvals").content.decode()
    assert f"#response-{response.pk}" not in visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    approvals.approve(house.leo, queries.response_for(house.leo, response.pk), digest=response.digest)
    house.settle()
    response.refresh_from_db()
    assert response.state == "sent"
    doubts.it_is_there(house.mona, house.case())
    house.settle()
    assert not _broken()


def test_what_waits_for_approval_behind_that_question_can_be_taken_back(house: House, doubtful: Response) -> None:
    response = _answer_the_next(house, "cancel")
    _the_question_comes_first(house.case())
    responses.take_back(house.mona, queries.response_for(house.mona, response.pk))
    house.settle()
    response.refresh_from_db()
    assert (response.state, response.why) == ("draft", "Mona took it back before it left.")
    assert not _broken()


def test_the_question_can_be_answered_while_what_came_later_is_due_before_it(house: House, doubtful: Response) -> None:
    _answer_the_next(house, "cancel")
    Wait.objects.filter(form="delivery", state="open").update(due_at=timezone.now() + timedelta(days=9))
    Wait.objects.filter(form="approval", state="open").update(due_at=timezone.now())
    doubts.it_is_there(house.mona, house.case())
    house.settle()
    assert list(Delivery.objects.values_list("state", flat=True)) == ["sent"]
    assert not _broken()


def test_what_waits_for_approval_behind_that_question_lapses_in_its_own_time(house: House, doubtful: Response) -> None:
    response = _answer_the_next(house, "cancel")
    _the_question_comes_first(house.case())
    Response.objects.filter(pk=response.pk).update(written_at=timezone.now() - approvals.WAITS - timedelta(minutes=1))
    assert approvals.expire() == 1
    house.settle()
    response.refresh_from_db()
    assert response.state == "draft"
    doubts.it_is_there(house.mona, house.case())
    house.settle()
    assert not _broken()


def test_the_question_can_still_be_answered_when_the_next_answer_is_out(house: House, doubtful: Response) -> None:
    assert _answer_the_next(house, "complaint").state == "sent"
    assert list(Delivery.objects.order_by("id").values_list("state", flat=True)) == ["unknown", "sent"]
    assert house.case().form == "delivery"
    pane = visit(house.mona).get(f"/cases/open/{house.case().pk}").content.decode().split('id="composer"')[1]
    assert "We mend it." in pane and "Do stay." not in pane
    doubts.it_is_not_there(house.mona, house.case())
    house.settle()
    doubtful.refresh_from_db()
    assert doubtful.state == "draft"
    assert list(Delivery.objects.order_by("id").values_list("state", flat=True)) == ["failed", "sent"]
    assert not _broken()


def test_what_was_to_leave_once_more_and_is_taken_back_goes_back_to_its_writer(
    house: House, doubtful: Response, settings: Any
) -> None:
    """A person found that it did not go out, and then it did not leave: nothing is in doubt any more."""
    settings.UNDO_SECONDS = 10
    doubts.send_again(house.mona, house.case())
    responses.take_back(house.mona, queries.response_for(house.mona, doubtful.pk))
    house.settle()
    doubtful.refresh_from_db()
    assert (doubtful.state, house.case().form) == ("draft", "response")
    assert doubtful.why == "Mona took it back before it left."
    assert list(Delivery.objects.order_by("id").values_list("state", flat=True)) == ["failed", "taken"]
    assert not _broken()
