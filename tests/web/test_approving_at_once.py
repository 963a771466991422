"""What the page says to whoever was too late to decide about a response: 409, who was quicker, and when."""

import re

from django.utils import timezone

from armature.crm import jobs
from armature.crm.accounts.models import Membership, Role, User
from armature.crm.act import approvals
from armature.crm.act.models import Approval, Delivery, Response
from house import House
from visitors import PART, to_approve, visit


def _second_lead() -> User:
    user = User.objects.create_user("lea@shop.example", "Lea", "a good password")
    Membership.objects.create(user=user, role=Role.LEAD)
    return user


def test_the_second_decision_of_any_kind_hears_who_was_first_and_when(house: House) -> None:
    response, lea = to_approve(house), visit(_second_lead())
    assert visit(house.leo).post(f"/response/{response.pk}/approve", {"digest": response.digest}).status_code == 302
    deeds = {"approve": {"digest": response.digest}, "change": {"digest": response.digest, "text": "x"}}
    for deed, given in {**deeds, "send-back": {"reason": "shorter"}}.items():
        late = lea.post(f"/response/{response.pk}/{deed}", given, headers=PART)
        assert late.status_code == 409, deed
        assert re.search(r"Leo approved it at \d\d:\d\d|Nothing is open in this case", late.content.decode()), deed
    assert Approval.objects.count() == 1
    house.settle()
    assert Delivery.objects.count() == 1


def test_who_approves_words_that_were_changed_meanwhile_is_asked_to_read_again(house: House) -> None:
    response, lea = to_approve(house), _second_lead()
    before = response.digest
    approvals.change(lea, response, digest=before, text="Other words.")
    late = visit(house.leo).post(f"/response/{response.pk}/approve", {"digest": before}, headers=PART)
    assert late.status_code == 409
    assert "changed after you opened it" in late.content.decode()
    assert "Other words." in late.content.decode()
    assert not Approval.objects.exists()


def test_who_approves_what_was_taken_back_or_ran_out_hears_it(house: House) -> None:
    response = to_approve(house)
    Response.objects.filter(pk=response.pk).update(written_at=timezone.now() - approvals.WAITS * 2)
    assert approvals.expire() == 1
    jobs.judge_conversations()
    late = visit(house.leo).post(f"/response/{response.pk}/approve", {"digest": response.digest}, headers=PART)
    assert late.status_code == 409
    assert "no longer waiting for approval" in late.content.decode()
    assert not Approval.objects.filter(approved=True).exists()
