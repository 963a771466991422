"""A channel whose server drips, or says nothing, slows no other: what the others hear and say goes on beside it.

A real worker; real servers behind the proxy that misbehaves. What is asserted is that all of it happened while the bad
call was still open, never how long it took.
"""

import threading
from typing import Any

import pytest

from armature.conformance.faults import proxy, whatever
from armature.crm.act.models import Delivery
from armature.crm.channels import feed, lines, webhook
from armature.crm.channels.api import Api
from armature.crm.jobs import loop, sending
from armature.crm.listen import commands
from armature.crm.listen.models import Channel, Interaction
from blog.pages import serving
from channels.neighbours import at_work, let_leave, program_of, until, written
from channels.programs import Program
from house import MONDAY, House, make_house

HOW_MANY = 20
VERY_LONG = 600.0
ATOM = (
    """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>%s</feed>"""
)
ENTRY = """<entry><id>urn:%02d</id><title>Boots</title><author><name>Anna</name></author>
<content type="html">Words %02d.</content></entry>"""


@pytest.fixture
def house(transactional_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> House:
    """A company that may call the servers of the tests, and waits very long for each of them."""
    settings.MAY_CALL = ["127.0.0.1"]
    settings.UNDO_SECONDS = 3600  # nothing leaves before the test says so
    for module in (webhook, feed.settings):
        monkeypatch.setattr(module, "Api", _patient)
    monkeypatch.setattr(loop, "keep_collector_calm", lambda: None)
    return make_house()


def _patient(*given: Any, seconds: float) -> Api:
    return Api(*given, seconds=VERY_LONG)


@pytest.mark.parametrize("fault", ["drip", "silence"])
def test_what_one_server_holds_up_holds_up_no_other_channel(house: House, fault: str) -> None:
    slow, well = Program(), Program()
    try:
        with proxy(slow.url.removesuffix("/answers")) as between:
            bad = program_of(house, f"{between.address}/answers", "bad")
            good = program_of(house, well.url, "good")
            written(bad, 3)
            written(good, HOW_MANY)
            between.fault = fault
            with at_work():
                let_leave(bad)
                until(lambda: between.held)
                let_leave(good)
                before = MONDAY.isoformat()
                for number in range(HOW_MANY):
                    line = {
                        "external_id": f"later-{number:02}",
                        "author": "karl@people.example",
                        "text": f"No. {number}",
                    }
                    commands.accept(good.mailbox, [lines.envelope(line | {"occurred_at": before}, MONDAY)])
                until(lambda: len(well.calls) == HOW_MANY)
                heard = Interaction.objects.filter(channel=good.mailbox, external_id__startswith="later-")
                until(lambda: heard.count() == HOW_MANY)
                sent = Delivery.objects.filter(channel=good.mailbox)
                until(lambda: set(sent.values_list("state", flat=True)) == {"sent"})
                assert between.held == 1, "the bad call is open all the while"
                there = list(
                    Delivery.objects.filter(channel=bad.mailbox).order_by("pk").values_list("state", flat=True)
                )
                assert there == ["sending", "queued", "queued"]
                assert [one.external_id for one in heard.order_by("pk")] == [f"later-{n:02}" for n in range(HOW_MANY)]
                assert [words["to"][0] for _, words in well.calls] == [
                    f"good-{number}@people.example" for number in range(HOW_MANY)
                ]
                between.fault = ""
                between.let_go()
            assert between.calls and not between.held
    finally:
        slow.end()
        well.end()


@pytest.mark.parametrize("fault", ["drip", "silence"])
def test_what_one_server_holds_up_while_it_is_read_holds_up_no_other(house: House, fault: str) -> None:
    with serving() as slow, serving() as well, proxy(slow.url, whatever) as between:
        between.fault = fault
        well.put("/feed", ATOM % "")
        for name, url in (("bad", between.address), ("good", well.url)):
            Channel.objects.create(
                kind="feed", place="blog", name=name, address=name, brand=house.brand,
                settings={"url": f"{url}/feed", "poll_seconds": 0},
            )  # fmt: skip
        with at_work():
            until(lambda: between.held and Channel.objects.get(name="good").cursor)
            well.put("/feed", ATOM % "".join(ENTRY % (number, number) for number in range(HOW_MANY)))
            heard = Interaction.objects.filter(channel__name="good")
            until(lambda: heard.count() == HOW_MANY)
            assert between.held == 1, "the bad call is open all the while"
            said = [one.external_id for one in heard.order_by("pk")]
            assert said == [f"urn:{number:02}" for number in range(HOW_MANY)]
            between.fault = ""
            between.let_go()


def test_of_more_channels_than_threads_who_waited_longest_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is busy all the time gives way."""
    due, done, may = [1, 2, 3], list[int](), threading.Semaphore(0)

    def send(channel: int) -> int:
        may.acquire()
        done.append(channel)
        return 1

    monkeypatch.setattr(sending, "MOST", 2)
    monkeypatch.setattr(sending.outbox, "expire", lambda channel: 0)
    monkeypatch.setattr(sending.jobs, "send", lambda channel: send(channel))
    monkeypatch.setattr(sending.connections, "close_all", lambda: None)
    senders = sending.Senders()
    while not {1, 2, 3} <= set(done):
        senders.look_after(due)
        assert len([one for one in senders.running.values() if one.is_alive()]) <= 2
        may.release()
    due.clear()
    for one in senders.running.values():
        one.stop.set()
    may.release(10)
    senders.stop()
