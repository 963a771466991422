"""Reading channels: the other side's silence slows us down, our own database's does not."""

from typing import Any

import pytest
from django.db import connection

from armature.crm.channels.lines import Demo
from armature.crm.channels.port import Unreachable
from armature.crm.channels.settings import BadSettings
from armature.crm.jobs import listening
from armature.crm.jobs.listening import Listener
from house import House
from together import together


def _pauses(house: House, monkeypatch: pytest.MonkeyPatch, fetch: Any, turns: int = 4) -> list[float]:
    """What a listener waits for between its turns, with ``fetch`` in place of the channel's own."""
    monkeypatch.setattr(Demo, "fetch", fetch)
    listener, pauses = Listener(house.mailbox.pk), []

    def wait(seconds: float) -> bool:
        pauses.append(seconds)
        if len(pauses) == turns:
            listener.stop.set()
        return listener.stop.is_set()

    monkeypatch.setattr(listener.stop, "wait", wait)
    together(listener.run)
    return pauses


def test_a_channel_that_does_not_answer_is_asked_less_and_less_often(
    open_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(*_: Any) -> Any:
        raise Unreachable("nobody there")

    assert _pauses(open_house, monkeypatch, fetch) == list(listening.BACK_OFF)
    open_house.mailbox.refresh_from_db()
    assert open_house.mailbox.problem == "nobody there"


def test_a_channel_that_is_not_set_up_says_what_is_missing(open_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(*_: Any) -> Any:
        raise BadSettings({"imap_password": "is missing"})

    assert _pauses(open_house, monkeypatch, fetch) == list(listening.BACK_OFF)
    open_house.mailbox.refresh_from_db()
    assert open_house.mailbox.problem == "imap_password: is missing"


def test_a_database_that_goes_away_again_and_again_does_not_slow_the_reading_down(
    open_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(*_: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    assert set(_pauses(open_house, monkeypatch, fetch)) == {1.0}
