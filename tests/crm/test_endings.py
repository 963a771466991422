"""Cases end and are taken up again: nothing waits behind an ended one, and new words find the case they belong to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from armature.crm import conservation, jobs, lease, process
from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import AuditEntry, Team
from armature.crm.act import approvals, case_fields, cases, commands, endings, queries, responses
from armature.crm.act.case_fields import Missing
from armature.crm.act.models import Case, CaseField, ReopenRule, Response
from armature.crm.act.work import Refused
from armature.crm.decide.models import Judgement, Wait
from armature.crm.listen.models import Interaction, Unopened
from house import House
from visitors import stranger, to_answer, to_approve, to_judge


def broken() -> list[str]:
    """Laws that do not hold; those of the log's chain stand for themselves."""
    return [f"{law.words}: {lines}" for law, lines in conservation.broken() if lines and "chain" not in law.words]


@pytest.mark.parametrize("how", ["resolved", "closed", "spam", "no_response"])
@pytest.mark.parametrize("made", [to_judge, to_answer])
def test_an_ended_case_leaves_nothing_open_behind_it(house: House, how: str, made: object) -> None:
    case = made(house)  # type: ignore[operator]
    endings.end(house.mona, case, how=how, reason="twice the same")
    ended = house.case()
    assert (ended.status, ended.form, ended.reason, ended.due_at) == (how, "", "twice the same", None)
    assert ended.ended_at is not None
    assert not Wait.objects.filter(state="open").exists()
    judged = Judgement.objects.get(current=True)
    assert (judged.stop, judged.outcome, judged.reason) == ("end", how, "twice the same")
    assert Wait.objects.filter(answered_by=house.mona).exists()
    assert AuditEntry.objects.filter(verb="ended", actor=house.mona).exists()
    assert broken() == []


def test_not_answering_needs_a_reason_and_an_end_must_be_one_that_exists(house: House) -> None:
    case = to_judge(house)
    for how, reason in (("no_response", " "), ("open", "x"), ("gone", "x")):
        with pytest.raises(Refused):
            endings.end(house.mona, case, how=how, reason=reason)
    assert house.case().form == "intent"


def test_who_only_drafts_and_who_is_of_another_team_cannot_end_a_case(house: House) -> None:
    case = to_answer(house)
    for user in (house.nia, house.olga, stranger("legal")):
        with pytest.raises(NotAllowed):
            endings.end(user, case, how="resolved")
    assert house.case().ended_at is None


def test_a_response_that_waits_for_approval_is_withdrawn_with_the_case(house: House) -> None:
    response = to_approve(house)
    endings.end(house.leo, response.case, how="closed")
    assert Response.objects.get().state == Response.State.VOID
    assert broken() == []
    with pytest.raises(Refused):
        approvals.approve(house.leo, response, digest=response.digest)


def test_a_case_whose_response_is_on_its_way_cannot_end(house: House) -> None:
    response = to_approve(house)
    approvals.approve(house.leo, response, digest=response.digest)
    jobs.judge_conversations()
    with pytest.raises(Refused, match="on its way"):
        endings.end(house.mona, house.case(), how="closed")


def test_a_case_that_is_moving_on_cannot_end_under_it(house: House) -> None:
    case = to_judge(house)
    commands.judge_intent(house.mona, case, intent="complaint")
    with pytest.raises(Refused, match="moving on"):
        endings.end(house.mona, case, how="closed")


def test_an_answer_reopens_a_case_that_ended_lately(house: House) -> None:
    case = to_answer(house)
    endings.end(house.mona, case, how="resolved", reason="on the phone")
    house.hear("It broke again!", in_reply_to="said-1")
    house.settle()
    again = house.case()
    assert (again.pk, again.status, again.ended_at, again.reason) == (case.pk, "new", None, "")
    assert broken() == []


def _long_ago(case: Case, days: int) -> None:
    Case.objects.filter(pk=case.pk).update(ended_at=timezone.now() - timedelta(days=days, hours=1))


def test_an_answer_after_the_days_makes_a_new_case_that_follows_the_old_one(house: House) -> None:
    first = to_answer(house)
    endings.end(house.mona, first, how="resolved")
    _long_ago(first, cases.REOPEN_DAYS)
    jobs.hourly()
    house.hear("It broke again!", in_reply_to="said-1")
    house.settle()
    second = house.case()
    assert second.pk != first.pk
    assert second.follows_id == first.pk
    assert Case.objects.get(pk=first.pk).status == "resolved"
    assert broken() == []


@pytest.mark.parametrize(("days", "ago", "settled"), [(30, 20, False), (3, 4, True), (3, 2, False)])
def test_the_days_are_the_teams_or_the_brands(house: House, days: int, ago: int, settled: bool) -> None:
    case = to_answer(house)
    endings.end(house.mona, case, how="resolved")
    ReopenRule.objects.create(brand=house.brand, days=1 if days > 3 else 60)
    ReopenRule.objects.create(team=Team.objects.get(key=house.case().team), days=days)
    _long_ago(case, ago)
    jobs.hourly()
    assert Case.objects.get().settled == settled


def test_a_machine_mail_neither_reopens_a_case_nor_changes_how_it_ended(house: House) -> None:
    case = to_answer(house)
    endings.end(house.mona, case, how="closed", reason="sold")
    house.hear("I am on holiday.", in_reply_to="said-1")
    arrived = process.arrive(lease.claim(Unopened, 10))
    Interaction.objects.filter(text="I am on holiday.").update(automatic="auto-replied")
    process.advance(arrived)
    assert (house.case().status, house.case().reason) == ("closed", "sold")


def test_somebody_takes_an_ended_case_up_again(house: House) -> None:
    case = to_answer(house)
    endings.end(house.mona, case, how="closed")
    endings.reopen(house.mona, house.case())
    again = house.case()
    assert (again.status, again.form, again.ended_at) == ("open", "response", None)
    assert again.due_at is not None
    assert broken() == []
    responses.write(house.mona, again, text="We look again.", seen=queries.last_said(again))
    house.settle()
    assert house.case().form in ("approval", "feedback")
    with pytest.raises(Refused, match="open already"):
        endings.reopen(house.mona, house.case())


def test_a_case_ends_only_with_the_fields_its_team_asks_for(house: House) -> None:
    case = to_answer(house)
    team = Team.objects.get(key=case.team)
    CaseField.objects.create(key="product", label="Product", kind="choice", choices=["tent", "boots"], team=team)
    CaseField.objects.create(key="cost", label="Cost", kind="number")
    CaseField.objects.create(key="note", label="Note", kind="text", at_end=False)
    CaseField.objects.create(key="legal", label="Clause", kind="text", team=Team.objects.get(key="legal"))
    assert [field.key for field in case_fields.missing(case, "resolved")] == ["product", "cost"]
    with pytest.raises(Missing) as refused:
        endings.end(house.mona, case, how="resolved", fields={"product": "car", "cost": ""})
    assert set(refused.value.problems) == {"product", "cost"}
    assert house.case().ended_at is None
    endings.end(house.mona, case, how="resolved", fields={"product": "tent", "cost": "12,5", "stray": "x"})
    assert house.case().fields == {"product": "tent", "cost": 12.5}


def test_spam_asks_for_no_fields(house: House) -> None:
    case = to_judge(house)
    CaseField.objects.create(key="cost", label="Cost", kind="number")
    endings.end(house.mona, case, how="spam")
    assert house.case().status == "spam"


def test_two_who_end_it_at_once_end_it_once_and_the_later_word_counts(house: House) -> None:
    case = to_answer(house)
    endings.end(house.mona, case, how="resolved")
    endings.end(house.leo, case, how="spam")
    assert house.case().status == "spam"
    assert Judgement.objects.filter(current=True).count() == 1
    assert broken() == []
