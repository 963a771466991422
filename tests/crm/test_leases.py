"""A worker that dies, sleeps or meets what it cannot read: nothing is lost, nothing done twice, neighbours go on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection

from armature.crm import conservation, jobs, lease, process
from armature.crm.channels.lines import Demo
from armature.crm.decide.models import Judgement, Todo
from armature.crm.identify import commands as identify
from armature.crm.listen.models import Envelope, Interaction, Unopened
from house import House


def _run_out(queue: type[lease.Lease]) -> None:
    """As if every lease that runs out had done so."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {queue._meta.db_table} SET leased_until = now() - interval '1 second' "
            "WHERE leased_until < 'infinity'"
        )


def _try_till_the_end() -> None:
    for _ in range(lease.TRIES + 1):
        jobs.open_envelopes()
        jobs.judge_conversations()
        for queue in (Unopened, Todo):
            _run_out(queue)


def test_a_worker_whose_lease_ran_out_cannot_write_what_it_opened(open_house: House) -> None:
    open_house.hear("Hello")
    late = lease.claim(Unopened, 10)
    _run_out(Unopened)
    assert jobs.open_envelopes() == 1
    with pytest.raises(lease.LeaseLost):
        process.arrive(late)
    assert Interaction.objects.count() == 1


def test_a_worker_whose_lease_ran_out_cannot_write_what_it_judged(open_house: House) -> None:
    open_house.hear("Hello")
    late = process.arrive(lease.claim(Unopened, 10))
    _run_out(Todo)
    other = lease.claim(Todo, 10)
    with pytest.raises(lease.LeaseLost):
        process.advance(late)
    assert not Judgement.objects.exists()
    assert process.advance(other) == 1


def test_what_a_dead_worker_held_is_free_again_when_its_lease_has_run_out(open_house: House) -> None:
    open_house.hear("Hello")
    lease.claim(Unopened, 10)
    assert jobs.open_envelopes() == 0
    _run_out(Unopened)
    assert jobs.open_envelopes() == 1


def test_an_envelope_that_breaks_its_reader_is_parked_with_the_reason_and_its_neighbours_are_done(
    open_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = Demo.normalise

    def breaks(self: Demo, account: Any, envelope: Any) -> Any:
        if b"poison" in envelope.body:
            raise RecursionError("too deep")
        return honest(self, account, envelope)

    monkeypatch.setattr(Demo, "normalise", breaks)
    for number in range(21):
        open_house.hear("poison" if number == 13 else "Hello", author=f"{number}@people.example")
    jobs.open_envelopes()
    assert Interaction.objects.count() == 20
    assert not Envelope.objects.exclude(parked=None).exists(), "it has more tries"
    _try_till_the_end()
    parked = Envelope.objects.exclude(parked=None).get()
    assert (parked.event_key, parked.parked) == ("created:said-14", "RecursionError: too deep")


@contextmanager
def _refused_by_the_database(table: str, column: str, words: str) -> Iterator[None]:
    """Rows whose text holds these words cannot be stored while this lasts."""
    name = f"no_{words}"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} NOT LIKE '%%{words}%%') NOT VALID")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


def test_an_envelope_that_the_database_refuses_is_parked_with_the_reason_and_its_neighbours_are_done(
    open_house: House,
) -> None:
    with _refused_by_the_database("listen_interaction", "text", "poison"):
        for number in range(21):
            open_house.hear("poison" if number == 13 else "Hello", author=f"{number}@people.example")
        _try_till_the_end()
    assert Interaction.objects.count() == 20
    parked = Envelope.objects.exclude(parked=None).get()
    assert parked.event_key == "created:said-14"
    assert "no_poison" in (parked.parked or "")


def test_a_conversation_that_cannot_be_judged_is_set_aside_in_sight_and_its_neighbours_are_done(
    open_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = process.judge

    def breaks(turns: Any, *rest: Any) -> Any:
        if any(turn.interaction.text == "poison" for turn in turns):
            raise ZeroDivisionError("of poison")
        return honest(turns, *rest)

    monkeypatch.setattr(process, "judge", breaks)
    for number in range(21):
        open_house.hear("poison" if number == 13 else "Hello", author=f"{number}@people.example")
    _try_till_the_end()
    assert Judgement.objects.count() == 20
    seen = {law.words: found for law, found in conservation.broken() if found}
    (line,) = seen["no conversation is set aside"]
    assert "ZeroDivisionError: of poison" in line


@pytest.mark.parametrize("times", [1, 5])
def test_a_database_that_goes_away_is_no_fault_of_the_rows(
    open_house: House, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    left = [times]
    honest = identify.recognise

    def cut_off(recorded: Any) -> Any:
        if left[0]:
            left[0] -= 1
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return honest(recorded)

    monkeypatch.setattr(identify, "recognise", cut_off)
    for number in range(8):
        open_house.hear("Hello", author=f"{number}@people.example")
    for _ in range(times):
        with pytest.raises(OperationalError):
            jobs.open_envelopes()
        assert set(Unopened.objects.values_list("attempts", flat=True)) == {0}
        _run_out(Unopened)
    assert jobs.open_envelopes() == 8


def test_two_transactions_that_meet_head_on_are_both_done(open_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = identify.recognise
    met = []

    def meets(recorded: Any) -> Any:
        if not met:
            met.append(True)
            with connection.cursor() as cursor:
                cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$")
        return honest(recorded)

    monkeypatch.setattr(identify, "recognise", meets)
    open_house.hear("Hello")
    assert jobs.open_envelopes() == 1
