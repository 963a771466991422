"""The checks of what goes out: as it was approved, to whom it was meant, once; and what did not is not called sent."""

from uuid import uuid4

import pytest

from armature.arm.channel import size
from armature.conformance.faults import FAULTS, PAUSE, SHORT, proxy
from armature.conformance.hearing import LETTERS
from armature.conformance.tools import (
    PATIENCE,
    abilities,
    created,
    events_in,
    eventually,
    handed_over,
    offered,
    openly,
    outgoing,
    polled,
    possible,
    read,
    say,
    sees,
)
from armature.conformance.world import CannotDo, World
from armature.crm.channels.http import at_most
from armature.crm.channels.port import (
    LOGIN,
    Account,
    ByHand,
    Created,
    Failed,
    Finds,
    Outcome,
    Outgoing,
    Sent,
    Unknown,
)


class Answered:
    """What we say, as it arrives."""

    @pytest.mark.parametrize("public", [True, False], ids=["in public", "in private"])
    def test_we_answer_and_they_read_it(self, world: World, public: bool) -> None:
        """Where the channel says that it can be answered, the words arrive there as they were approved."""
        offered(world, public)
        said = say(world, "Can you answer me?", public=public)
        created(world, said)
        words = f"Yes, we can. {LETTERS if not abilities(world).max_length else world.signs} {uuid4().hex[:6]}"
        handed_over(world, outgoing(world, said, words, public=public))
        assert eventually(lambda: [one for one in sees(world, public=public) if words in one]), sees(
            world, public=public
        )

    def test_private_words_are_not_public(self, world: World) -> None:
        """What was meant for one is not read by all."""
        offered(world, False)
        said = say(world, "Only for you.")
        created(world, said)
        words = f"Between us {uuid4().hex[:8]}"
        handed_over(world, outgoing(world, said, words, public=False))
        assert eventually(lambda: [one for one in sees(world, public=False) if words in one])
        try:
            assert not [one for one in sees(world, public=True) if words in one]
        except CannotDo:
            return

    def test_sent_twice_under_one_key_is_there_once(self, world: World) -> None:
        """Or the kind can look whether it is there, so that nobody has to send twice."""
        public, said = openly(world), say(world, "Once is enough.", public=openly(world))
        offered(world, public)
        created(world, said)
        words = f"Once {uuid4().hex[:8]}"
        letter = outgoing(world, said, words, public=public)
        handed_over(world, letter)
        assert eventually(lambda: [one for one in sees(world, public=public) if words in one])
        if abilities(world).idempotent:
            world.kind.send(world.account, letter)
            world.settle()
            assert len([one for one in sees(world, public=public) if words in one]) == 1
        elif isinstance(world.kind, Finds):
            assert world.kind.find(world.account, letter) is not None
        else:
            pytest.skip("a second hand-over is not recognised: what is in doubt is decided by a person")

    def test_what_is_too_long_does_not_leave(self, world: World) -> None:
        """Longer than the channel takes, by its own measure: refused, and nothing of it is there."""
        can = abilities(world)
        if not can.max_length:
            pytest.skip("the channel has no limit")
        public, said = openly(world), say(world, "How much can you say?", public=openly(world))
        sees(world, public=public)
        created(world, said)
        words = f"{uuid4().hex[:8]} " + "ø" * (can.max_length + 500)
        assert size(words, can.unit) > can.max_length
        assert not isinstance(
            world.kind.send(world.account, outgoing(world, said, words, public=public)), Sent | ByHand
        )
        assert not [one for one in sees(world, public=public) if words[:8] in one]

    def test_our_own_words_are_ours(self, world: World) -> None:
        """What we said and read again is known as ours: by its name, or because the kind says so."""
        polled(world)
        public, said = openly(world), say(world, "Do you hear yourself?", public=openly(world))
        offered(world, public)
        created(world, said)
        words = f"We do {uuid4().hex[:8]}"
        letter = outgoing(world, said, words, public=public)
        outcome = handed_over(world, letter)
        world.settle()
        for event in events_in(world, read(world, {})[0]):
            if isinstance(event, Created) and words in event.text:
                assert event.own or event.external_id in (letter.external_id, outcome.external_id)

    def test_a_refused_login_is_no_doubt(self, world: World) -> None:
        """Nothing can have gone out: it fails, and says that the key is at fault."""
        said, locked = say(world, "Who are you?", public=openly(world)), possible(world.locked_out)
        offered(world, said.public)
        outcome = world.kind.send(locked, outgoing(world, said, "Nobody", public=said.public))
        assert isinstance(outcome, Failed), outcome
        assert outcome.cause == LOGIN or not outcome.retryable

    def test_a_server_that_is_away_is_no_success(self, world: World) -> None:
        """It is tried again or decided by a person."""
        said, away = say(world, "Are you there?", public=openly(world)), possible(world.nowhere)
        offered(world, said.public)
        outcome = world.kind.send(away, outgoing(world, said, "No", public=said.public))
        assert isinstance(outcome, Unknown) or (isinstance(outcome, Failed) and outcome.retryable), outcome

    @pytest.mark.parametrize("fault", FAULTS)
    def test_a_bad_day_of_the_server(self, world: World, fault: str) -> None:
        """Never taken for sent; when it asks us to wait we wait; what may have gone out is not sent again blindly."""
        server = possible(world.server)
        said = say(world, "How are you today?", public=openly(world))
        offered(world, said.public)
        created(world, said)
        with proxy(server, world.hands_over) as between:
            account = possible(lambda: world.through(between.address))
            between.fault = fault
            letter = outgoing(world, said, f"Not well {uuid4().hex[:8]}", public=said.public)
            with at_most(SHORT if fault in ("drip", "silence") else PATIENCE):
                outcome = world.kind.send(account, letter)
            assert between.calls, "the server was never asked"
            judge(world, fault, outcome, letter, account)


def judge(world: World, fault: str, outcome: Outcome, letter: Outgoing, account: Account) -> None:
    if fault.startswith("429"):
        assert isinstance(outcome, Failed), outcome
        assert outcome.retryable
        assert 1 <= outcome.after <= PAUSE + 60
    elif fault == "lost answer":
        assert isinstance(outcome, Unknown), outcome
        if isinstance(world.kind, Finds):
            assert eventually(lambda: world.kind.find(account, letter))  # type: ignore[attr-defined]
    else:
        assert isinstance(outcome, Unknown) or (isinstance(outcome, Failed) and outcome.retryable), outcome
