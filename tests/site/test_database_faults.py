"""The database dies, is stopped at once, freezes, or is full: nothing that was said yes to is lost, nobody restarts."""

import os
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
from alone import Alone, threads, told

from armature import postgres
from killing.desk import CUT_OFF, Person
from killing.ground import until

GENEROUS = 30.0
"""Seconds within which a page must say that the database does not answer: five, on a machine that has time."""


def _ask(alone: Alone, path: str, person: Person | None = None) -> tuple[int, str]:
    opener = person.browser if person else urllib.request.build_opener()
    try:
        with opener.open(alone.ground.address + path, timeout=GENEROUS) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


class Writer(threading.Thread):
    """Leaves notes on a case without a pause, and keeps those that the page said yes to."""

    def __init__(self, person: Person, case: int) -> None:
        super().__init__(daemon=True)
        self.person, self.case, self.stop = person, case, threading.Event()
        self.promised: list[str] = []

    def run(self) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            words = f"{self.person.name} {number}"
            try:
                if self.person._post(f"/case/{self.case}/note", {"text": words, "view": "open"}) == 200:
                    self.promised.append(words)
            except CUT_OFF:
                self.stop.wait(0.1)


@contextmanager
def writing(alone: Alone, case: int) -> Iterator[list[Writer]]:
    """Three people at work."""
    writers = [Writer(alone.person(name), case) for name in ("ann", "ben", "cleo")]
    for writer in writers:
        writer.start()
    try:
        yield writers
    finally:
        for writer in writers:
            writer.stop.set()
        for writer in writers:
            writer.join(60)
            assert not writer.is_alive()


def _more(writers: list[Writer]) -> None:
    """Until each has been told yes three times more."""
    had = [len(writer.promised) for writer in writers]
    until(
        lambda: all(len(w.promised) >= h + 3 for w, h in zip(writers, had, strict=True)), 120, "pages that take notes"
    )


def _same(alone: Alone, before: dict[str, int]) -> None:
    """The same processes still run, and do their work."""
    assert {name: part.pid for name, part in alone.parts.items()} == before
    assert all(part.poll() is None for part in alone.parts.values())
    assert alone.case()


def test_a_killed_session_and_a_server_stopped_at_once_lose_nothing_that_was_said_yes_to(alone: Alone) -> None:
    case, before = alone.case(), {name: part.pid for name, part in alone.parts.items()}
    with writing(alone, case) as writers:
        for _ in range(2):
            _more(writers)
            backends = alone.asked("SELECT pid FROM pg_stat_activity WHERE usename = 'armature_app'")
            os.kill(backends[0][0], signal.SIGKILL)
            _more(writers)
            told(alone.database()[:1], signal.SIGQUIT)  # as `pg_ctl stop -m immediate` does
            alone.cluster.revive()
        _more(writers)
    kept = [words for (words,) in alone.asked("SELECT text FROM act_note WHERE case_id = %s", case)]
    assert len(kept) == len(set(kept))
    assert {words for writer in writers for words in writer.promised} <= set(kept)
    statuses = {status for writer in writers for status in writer.person.answers}
    assert statuses <= {200, 302, 503}, statuses
    _same(alone, before)


def test_a_frozen_database_holds_nobody_up(alone: Alone) -> None:
    ann, before = alone.person(), {name: part.pid for name, part in alone.parts.items()}
    assert _ask(alone, "/cases/open", ann)[0] == 200
    frozen = alone.database()
    told(frozen, signal.SIGSTOP)
    try:
        used = []
        for _ in range(2):
            with ThreadPoolExecutor(24) as crowd:
                start = time.monotonic()
                answers = list(crowd.map(lambda _: _ask(alone, "/cases/open", ann), range(24)))
            assert time.monotonic() - start < GENEROUS
            assert {status for status, _ in answers} == {503}
            assert all("Reconnecting" in words for _, words in answers)
            assert _ask(alone, "/up")[0] == 200
            assert _ask(alone, "/ready")[0] == 503
            used.append(threads(alone.parts["web"]))
        assert used[1] <= used[0] + 4, "threads pile up"
    finally:
        told(frozen, signal.SIGCONT)
    until(alone.ground.ready, 60, "the pages after the thaw")
    until(lambda: _ask(alone, "/cases/open", ann)[0] == 200, 60, "a page after the thaw")
    _same(alone, before)


def test_a_database_that_takes_no_more_connections_is_told_in_words_and_passes(alone: Alone) -> None:
    ann, before = alone.person(), {name: part.pid for name, part in alone.parts.items()}
    with psycopg.connect(alone.cluster.url(role=postgres.OWNER), autocommit=True) as owner:
        owner.execute("ALTER ROLE armature_app CONNECTION LIMIT 0")
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'armature_app'")
        try:
            with ThreadPoolExecutor(20) as crowd:
                answers = list(crowd.map(lambda _: _ask(alone, "/cases/open", ann), range(40)))
        finally:
            owner.execute("ALTER ROLE armature_app CONNECTION LIMIT -1")
    assert {status for status, _ in answers} <= {200, 503}
    assert any(status == 503 for status, _ in answers)
    assert all("Reconnecting" in words for status, words in answers if status == 503)
    until(lambda: _ask(alone, "/cases/open", ann)[0] == 200, 60, "a page afterwards")
    _same(alone, before)
