"""What a worker does with a claim when much goes wrong at once: leases are given back, tries are not used up."""

from typing import Any

import pytest
from django.db import OperationalError, connection

from armature.crm import jobs, lease, process
from armature.crm.channels.lines import Demo
from armature.crm.identify import commands as identify
from armature.crm.listen.models import Interaction, Unopened
from house import House
from test_leases import _run_out


def _many(house: House, number: int = 21) -> None:
    for one in range(number):
        house.hear("Hello", author=f"{one}@people.example")


def test_when_nothing_works_it_is_not_the_rows_fault_and_most_of_them_keep_their_tries(
    open_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any) -> Any:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(Demo, "normalise", breaks)
        _many(open_house)
        assert jobs.open_envelopes() == 0
    attempts = list(Unopened.objects.order_by("pk").values_list("attempts", flat=True))
    assert attempts == [1] * jobs.EVERYWHERE + [0] * (21 - jobs.EVERYWHERE)
    _run_out(Unopened)
    jobs.open_envelopes()
    assert Interaction.objects.count() == 21


def test_a_worker_whose_lease_is_lost_in_the_middle_leaves_the_rows_to_the_other(
    open_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, other = process.arrive, []

    def late(held: lease.Claim) -> lease.Claim:
        _run_out(Unopened)
        other.append(lease.claim(Unopened, 10))
        return honest(held)

    _many(open_house, 3)
    with monkeypatch.context() as slow:
        slow.setattr(process, "arrive", late)
        assert jobs.open_envelopes() == 0
    assert not Interaction.objects.exists()
    assert len(process.arrive(other[0]).keys) == 3


@pytest.mark.parametrize(("away", "tried"), [(1, 0), (jobs.RELEASE_TRIES, 1)])
def test_a_lease_is_given_back_as_soon_as_the_database_is_there_again(
    open_house: House, monkeypatch: pytest.MonkeyPatch, away: int, tried: int
) -> None:
    """For a while; when it stays away longer, the lease runs out by itself."""
    honest, failing = lease.release, [OperationalError("away")] * away

    def release(queue: type[lease.Lease], held: lease.Claim) -> None:
        if failing:
            raise failing.pop()
        honest(queue, held)

    def cut_off(recorded: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(lease, "release", release)
    monkeypatch.setattr(jobs.time, "sleep", lambda _: None)
    _many(open_house, 3)
    with monkeypatch.context() as broken:
        broken.setattr(identify, "recognise", cut_off)
        with pytest.raises(OperationalError):
            jobs.open_envelopes()
    assert set(Unopened.objects.values_list("attempts", flat=True)) == {tried}
    _run_out(Unopened)
    jobs.open_envelopes()
    assert Interaction.objects.count() == 3
