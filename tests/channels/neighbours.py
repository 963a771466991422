"""Two channels side by side with a real worker: answers that wait to leave, and when they do."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connections
from django.utils import timezone

from armature.crm import live
from armature.crm.act import commands as deeds
from armature.crm.act import queries, responses
from armature.crm.act.models import Delivery
from armature.crm.jobs import loop
from armature.crm.listen.models import Channel
from armature.crm.listen.secrets import seal_secret
from channels.programs import OURS
from house import House

PATIENCE = 120.0
"""Seconds until what must come has not come; it says nothing of how fast it comes."""


@contextmanager
def at_work() -> Iterator[None]:
    """A worker, until the end of the block."""
    stop = threading.Event()

    def work() -> None:
        try:
            loop.work(stop)
        finally:
            connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join(PATIENCE)
        assert not worker.is_alive()


def until(what: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


def program_of(house: House, url: str, name: str) -> House:
    """The same company at the channel of another program."""
    channel = Channel.objects.create(
        kind="webhook", place="forum", name=name, address=name, brand=house.brand,
        settings={"url": url, "network": "email"},
    )  # fmt: skip
    seal_secret(channel, "hook_secret", OURS)
    seal_secret(channel, "send_secret", OURS)
    return House(house.brand, channel, house.mona, house.leo, house.nia, house.olga)


def written(house: House, how_many: int) -> None:
    """So many answers wait to leave."""
    people = [f"{house.mailbox.address}-{number}@people.example" for number in range(how_many)]
    for author in people:
        house.hear("My parcel is broken.", author)
    house.settle()
    for author in people:
        deeds.judge_intent(house.mona, house.case(author), intent="complaint")
    house.settle()
    for author in people:
        case = house.case(author)
        responses.write(house.mona, case, text=f"We are sorry, {author}.", seen=queries.last_said(case))
    house.settle()
    assert Delivery.objects.filter(channel=house.mailbox, state="queued").count() == how_many


def let_leave(house: House) -> None:
    Delivery.objects.filter(channel=house.mailbox).update(not_before=timezone.now())
    live.wake()
