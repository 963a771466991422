"""Approvers at the same moment: the first valid word wins, the others hear whose it was; nothing unapproved leaves."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from armature.crm import conservation, jobs
from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import Membership, Role, User
from armature.crm.act import approvals, queries, responses
from armature.crm.act.models import Approval, Delivery, Response
from armature.crm.act.work import Refused
from armature.crm.channels.port import Outgoing
from armature.crm.decide.waits import AlreadyAnswered
from house import House
from test_at_once import _to_approve
from together import together, well

ROUNDS = range(4)
LOST = (Refused, AlreadyAnswered, NotAllowed)
Act = Callable[[], Any]


def _approve(user: User, response: Response) -> Act:
    return lambda: approvals.approve(user, response, digest=response.digest)


def _change(user: User, response: Response) -> Act:
    return lambda: approvals.change(user, response, digest=response.digest, text="Other words.")


def _one_won(came: list[Any]) -> int:
    """Which of them; all others were told in words."""
    assert all(isinstance(each, LOST) for each in came if isinstance(each, BaseException)), came
    (won,) = [number for number, each in enumerate(came) if not isinstance(each, BaseException)]
    return won


def _only_approved_words_left(left: list[Outgoing]) -> None:
    approved = set(Approval.objects.filter(approved=True).values_list("digest", flat=True))
    sent = Delivery.objects.filter(state="sent")
    assert {one.digest for one in sent} <= approved
    assert len(left) == sent.count()
    assert not {law.words: found for law, found in conservation.broken() if found}


def test_eight_who_approve_at_once_release_it_once(open_house: House, lea: User, left: list[Outgoing]) -> None:
    response = _to_approve(open_house)
    came = together(*[_approve(user, response) for user in [open_house.leo, lea] * 4])
    _one_won(came)
    open_house.settle()
    assert [one.text for one in left] == ["Do stay."]
    _only_approved_words_left(left)


def test_of_an_approval_and_a_change_at_once_one_wins(open_house: House, lea: User, left: list[Outgoing]) -> None:
    for _ in ROUNDS:
        left.clear()
        Delivery.objects.all().update(state="failed")  # of the round before
        response = _to_approve(open_house)
        came = together(_approve(open_house.leo, response), _change(lea, response))
        approved = _one_won(came) == 0
        open_house.settle()
        response.refresh_from_db()
        assert [one.text for one in left] == (["Do stay."] if approved else [])
        assert response.state == ("sent" if approved else "approval")
        assert response.text == ("Do stay." if approved else "Other words.")


def test_of_two_who_change_it_at_once_one_wins_and_nothing_leaves(
    open_house: House,
    lea: User,
    left: list[Outgoing],
) -> None:
    response = _to_approve(open_house)
    _one_won(together(_change(open_house.leo, response), _change(lea, response)))
    open_house.settle()
    assert left == []
    assert response.wordings.count() == 2


def test_of_an_approval_and_taking_back_at_once_one_wins_or_it_is_caught_in_the_outbox(
    open_house: House, left: list[Outgoing]
) -> None:
    for _ in ROUNDS:
        left.clear()
        response = _to_approve(open_house)
        came = together(
            _approve(open_house.leo, response),
            lambda response=response: responses.take_back(open_house.mona, response),
        )
        won = _one_won(came)
        open_house.settle()
        response.refresh_from_db()
        assert (response.state, len(left)) == (("sent", 1) if won == 0 else ("draft", 0))


def test_an_approval_and_its_running_out_at_once_leave_one_word(open_house: House, left: list[Outgoing]) -> None:
    for _ in ROUNDS:
        left.clear()
        response = _to_approve(open_house)
        late = timezone.now() - approvals.WAITS * 2
        Response.objects.filter(pk=response.pk).update(written_at=late)
        came = together(_approve(open_house.leo, response), approvals.expire)
        approved = came[0] is None
        assert approved or isinstance(came[0], LOST), came
        assert came[1] == (0 if approved else 1)
        open_house.settle()
        response.refresh_from_db()
        assert (response.state, len(left)) == (("sent", 1) if approved else ("draft", 0))


def test_who_loses_the_role_while_approving_releases_nothing_that_leaves(
    open_house: House,
    lea: User,
    left: list[Outgoing],
) -> None:
    for _ in ROUNDS:
        left.clear()
        Membership.objects.update_or_create(user=open_house.leo, defaults={"role": Role.LEAD})
        response = _to_approve(open_house)
        came = together(
            _approve(open_house.leo, response),
            Membership.objects.filter(user=open_house.leo).delete,
        )
        assert came[0] is None or isinstance(came[0], NotAllowed), came
        open_house.settle()
        response.refresh_from_db()
        assert left == []
        assert response.state in ("draft", "approval")


def test_an_approver_whose_account_is_closed_at_that_moment_releases_nothing(
    open_house: House, left: list[Outgoing]
) -> None:
    response = _to_approve(open_house)
    approvals.approve(open_house.leo, response, digest=response.digest)
    jobs.judge_conversations()
    User.objects.filter(pk=open_house.leo.pk).update(is_active=False)
    with pytest.raises(NotAllowed):
        approvals.approve(User.objects.get(pk=open_house.leo.pk), response, digest=response.digest)
    open_house.settle()
    assert left == []
    assert Delivery.objects.get().reason == "The approval no longer holds: ask again."


def test_of_words_that_a_lead_changed_the_first_writer_and_another_lead_release_once(
    open_house: House,
    lea: User,
    left: list[Outgoing],
) -> None:
    for _ in ROUNDS:
        left.clear()
        response = _to_approve(open_house)
        _change(open_house.leo, response)()
        response = queries.response_for(open_house.mona, response.pk)
        came = together(
            _approve(open_house.mona, response), _approve(lea, response), _approve(open_house.leo, response)
        )
        assert isinstance(came[2], LOST), "nobody releases their own words"
        assert len(well(came)) == 1
        open_house.settle()
        assert [(one.text, one.author_name) for one in left] == [("Other words.", "Leo")]
