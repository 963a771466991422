"""Two of everything at the same moment: one row, one person, one winner; the others hear why."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from armature.crm import jobs, lease, process
from armature.crm.accounts.models import User
from armature.crm.act import approvals, commands, drafts, queries, responses
from armature.crm.act.models import Approval, Delivery, Response
from armature.crm.channels.port import Envelope
from armature.crm.decide.models import Todo
from armature.crm.decide.waits import AlreadyAnswered
from armature.crm.identify.models import Identity, Person, Recognition
from armature.crm.lease import Claim
from armature.crm.listen import commands as listen
from armature.crm.listen.models import Envelope as Kept
from armature.crm.listen.models import EnvelopeBody, Interaction, Unopened
from house import House
from together import together, well

ROUNDS = range(4)
WORDS = (commands.Refused, AlreadyAnswered)


def test_fifty_copies_of_one_envelope_at_once_are_accepted_once(open_house: House) -> None:
    envelope = Envelope("created:one", b'{"text": "Hello"}', "application/json", datetime.now(UTC))
    came = together(*[lambda: listen.accept(open_house.mailbox, [envelope])] * 50)
    assert sorted(came) == [0] * 49 + [1]
    assert (Kept.objects.count(), _bodies(), Unopened.objects.count()) == (1, 1, 1)


def test_a_key_too_long_to_keep_is_kept_by_its_hash_with_its_payload(open_house: House) -> None:
    at = datetime.now(UTC)
    keys = [f"created:{'x' * 400}{number}" for number in range(2)]
    assert listen.accept(open_house.mailbox, [Envelope(key, b"{}", "application/json", at) for key in keys]) == 2
    assert listen.accept(open_house.mailbox, [Envelope(keys[0], b"{}", "application/json", at)]) == 0
    assert _bodies() == 2


def _bodies() -> int:
    kept = Kept.objects.values_list("pk", flat=True)
    return EnvelopeBody.objects.filter(envelope_id__in=list(kept)).count()


@pytest.mark.parametrize("count", [8])
def test_first_messages_of_one_unknown_person_at_once_make_one_identity_and_one_person(
    open_house: House, count: int
) -> None:
    for author in (f"somebody-{number}@people.example" for number in ROUNDS):
        for _ in range(count):
            open_house.hear("Where is my parcel?", author=author)
        came: list[Claim] = together(*[lambda: process.arrive(lease.claim(Unopened, 1))] * count)
        assert sum(len(claim.keys) for claim in came) == count
        identity = Identity.objects.get(address=author)
        assert Recognition.objects.filter(identity=identity).count() == count
        _answer_all_at_once(open_house, author, came)
    assert Person.objects.count() == len(ROUNDS)


def _answer_all_at_once(house: House, author: str, arrived: list[Claim]) -> None:
    count = len(arrived)
    for claim in arrived:
        process.advance(claim)
    for case in queries.cases_for(house.mona).filter(identity__address=author):
        commands.judge_intent(house.mona, case, intent="complaint")
    jobs.judge_conversations()
    for case in queries.cases_for(house.mona).filter(identity__address=author):
        responses.write(house.mona, case, text="It is on its way.", seen=queries.last_said(case))
    came = together(*[lambda: process.advance(lease.claim(Todo, 1))] * count)
    assert came == [1] * count
    assert Delivery.objects.filter(response__case__identity__address=author).count() == count


def test_the_first_messages_of_one_talk_are_one_conversation(open_house: House) -> None:
    for number in ROUNDS:
        for _ in range(4):
            open_house.hear(
                "Where is my parcel?", author=f"{number}@people.example", public=False, talk=f"talk {number}"
            )
        came = together(*[lambda: process.arrive(lease.claim(Unopened, 1))] * 4)
        assert len(well(came)) == 4, came
    assert Interaction.objects.values("conversation").distinct().count() == len(ROUNDS)


def test_two_workers_never_share_a_row(open_house: House) -> None:
    for number in range(40):
        open_house.hear("Hello", author=f"{number}@people.example")
    claims: list[Claim] = together(*[lambda: lease.claim(Unopened, 7)] * 6)
    keys = [key for claim in claims for key in claim.keys]
    assert len(keys) == len(set(keys))
    assert set(keys) | set(lease.claim(Unopened, 40).keys) == set(Unopened.objects.values_list("pk", flat=True))


def test_workers_that_take_in_one_persons_messages_in_many_conversations_lose_none(open_house: House) -> None:
    for number in range(60):
        open_house.hear("Hello", author=f"{number % 3}@people.example")
    together(*[lambda: [jobs.open_envelopes(5) + jobs.judge_conversations(5) for _ in range(12)]] * 4)
    open_house.settle()
    assert Interaction.objects.count() == 60
    assert not Todo.objects.exists() and not Unopened.objects.exists()


def _to_approve(house: House) -> Response:
    house.hear("Please end my subscription.", author=f"{house.said}@people.example")
    house.settle()
    case = house.case(f"{house.said - 1}@people.example")
    commands.judge_intent(house.mona, case, intent="cancel")
    house.settle()
    case.refresh_from_db()
    response = responses.write(house.mona, case, text="Do stay.", seen=queries.last_said(case))
    house.settle()
    return queries.response_for(house.leo, response.pk)


def _approving(user: User, response: Response) -> Callable[[], None]:
    return lambda: approvals.approve(user, response, digest=response.digest)


def test_of_two_who_approve_at_once_one_wins_and_the_other_hears_who(open_house: House, lea: User) -> None:
    for _ in ROUNDS:
        response = _to_approve(open_house)
        came = together(*[_approving(user, response) for user in (open_house.leo, lea)])
        assert len(well(came)) == 1
        (lost,) = [each for each in came if each is not None]
        assert isinstance(lost, WORDS), lost
        assert Approval.objects.filter(response=response).count() == 1
        open_house.settle()
        assert Delivery.objects.filter(response=response).count() == 1


def test_who_comes_later_hears_who_approved_and_when(open_house: House, lea: User) -> None:
    response = _to_approve(open_house)
    approvals.approve(open_house.leo, response, digest=response.digest)
    jobs.judge_conversations()
    with pytest.raises(commands.Refused, match=r"Leo approved it at \d\d:\d\d"):
        approvals.send_back(lea, response, reason="Shorter")


def test_of_an_approval_and_a_sending_back_at_once_one_wins(open_house: House, lea: User) -> None:
    for _ in ROUNDS:
        response = _to_approve(open_house)
        came = together(
            _approving(open_house.leo, response),
            lambda response=response: approvals.send_back(lea, response, reason="Shorter"),
        )
        assert len(well(came)) == 1
        open_house.settle()
        response.refresh_from_db()
        approved = came[0] is None
        assert response.state == (Response.State.SENT if approved else Response.State.DRAFT)
        assert [a.approved for a in response.approvals.all()] == [approved]


def test_an_approval_is_kept_or_refused_when_the_customer_writes_at_that_moment(open_house: House) -> None:
    def writes_again(said: str) -> None:
        open_house.hear("Forget it.", author=said, in_reply_to=f"said-{open_house.said}")
        jobs.open_envelopes()
        jobs.judge_conversations()

    for _ in ROUNDS:
        response = _to_approve(open_house)
        came = together(
            _approving(open_house.leo, response),
            lambda response=response: writes_again(response.recipients[0]),
        )
        open_house.settle()
        response.refresh_from_db()
        approved = came[0] is None
        assert came[1] is None
        assert approved or isinstance(came[0], WORDS), came[0]
        assert response.state == (Response.State.SENT if approved else Response.State.DRAFT)


def test_who_approves_while_the_customers_new_words_are_judged_is_refused_not_forgotten(
    open_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    response = _to_approve(open_house)
    open_house.hear("Forget it.", author=response.recipients[0], in_reply_to=f"said-{open_house.said}")
    judging, decided = threading.Event(), threading.Event()
    honest = process.judge

    def slow(*what: Any) -> Any:
        judging.set()
        decided.wait(1)
        return honest(*what)

    def approve() -> None:
        judging.wait(60)
        try:
            approvals.approve(open_house.leo, response, digest=response.digest)
        finally:
            decided.set()

    monkeypatch.setattr(process, "judge", slow)
    came = together(open_house.settle, approve)
    assert isinstance(came[1], WORDS)
    response.refresh_from_db()
    assert response.state == Response.State.DRAFT
    assert not response.approvals.exists()


def test_what_waits_for_approval_cannot_be_changed_under_the_approver(open_house: House, lea: User) -> None:
    for _ in ROUNDS:
        response = _to_approve(open_house)
        came = together(
            _approving(open_house.leo, response),
            lambda response=response: drafts.save(open_house.mona, response.case, text="Something else."),
        )
        assert came[0] is None
        assert isinstance(came[1], commands.Refused)
        open_house.settle()
        response.refresh_from_db()
        assert (response.state, response.text) == (Response.State.SENT, "Do stay.")


def test_of_two_who_judge_an_intent_at_once_one_wins(open_house: House, lea: User) -> None:
    for number in ROUNDS:
        open_house.hear("Hello", author=f"{number}@people.example")
        open_house.settle()
        case = open_house.case(f"{number}@people.example")
        came = together(
            lambda case=case: commands.judge_intent(open_house.mona, case, intent="cancel"),
            lambda case=case: commands.judge_intent(lea, case, intent="praise"),
        )
        assert len(well(came)) == 1
        assert isinstance(next(each for each in came if each is not None), WORDS)


def test_what_was_written_before_the_customer_wrote_again_is_refused_and_kept_as_a_draft(open_house: House) -> None:
    first = open_house.hear("Please end my subscription.")
    open_house.settle()
    commands.judge_intent(open_house.mona, open_house.case(), intent="cancel")
    open_house.settle()
    case = open_house.case()
    seen = queries.last_said(case)
    open_house.hear("And my address is wrong.", in_reply_to=first)
    open_house.settle()
    with pytest.raises(commands.Refused, match="Your text is kept"):
        responses.write(open_house.mona, open_house.case(), text="Do stay.", seen=seen)
    assert list(Response.objects.values_list("state", "text")) == [("draft", "Do stay.")]
