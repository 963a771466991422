"""A server of Mastodon's kind that has a stream tells us at once; one that has none is looked at after a while."""

import http.server
import json
import threading
import time
from collections.abc import Iterator

import pytest

from armature.crm.channels import registry
from armature.crm.channels.mastodon import waiting
from armature.crm.channels.mastodon.settings import mastodon_settings
from armature.crm.channels.port import Account

LONG = 60.0
"""Seconds that nobody waits here when a test goes well."""


class Server:
    """The stream of a server: ``said`` line by line, then open until the test is over; ``status`` of the stream."""

    def __init__(self) -> None:
        self.said: list[bytes] = []
        self.status, self.asked, self.over = 200, list[tuple[str, str]](), threading.Event()
        self.elsewhere = ""
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append((self.path, self.headers.get("authorization", "")))
                if self.path == "/api/v2/instance":
                    self._say(200, json.dumps({"configuration": {"urls": {"streaming": server.elsewhere}}}).encode())
                    return
                self._say(server.status, b"".join(server.said))
                if server.status == 200:
                    server.over.wait(LONG)

            def _say(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)
                self.wfile.flush()

            def log_message(self, *_words: object) -> None:
                """Quietly."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def end(self) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def server(settings: object) -> Iterator[Server]:
    settings.MAY_CALL = ["127.0.0.1"]  # type: ignore[attr-defined]
    waiting._NONE.clear()
    made = Server()
    yield made
    made.end()


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long it would have slept until the next look."""
    found: list[float] = []
    monkeypatch.setattr(waiting.time, "sleep", found.append)
    return found


def account(server: Server) -> Account:
    given = {"server": server.address, "poll_seconds": 15}
    return Account(1, "mastodon", "shop@mastodon.example", given, {"access_token": "t0ken"}, b"k" * 32)


def test_a_notification_ends_the_waiting(server: Server, slept: list[float]) -> None:
    server.said = [b":)\n", b"event: notification\n", b"data: {}\n\n"]
    assert registry.kind("mastodon").wait(account(server), {}, LONG)
    assert slept == []
    assert server.asked[-1] == (waiting.STREAM, "Bearer t0ken")


def test_what_is_no_notification_is_waited_through_and_the_end_is_ours(server: Server, slept: list[float]) -> None:
    server.said = [b":thump\n" * 50, b"event: notifications\n", b"data: event: notification\n\n"]
    begin = time.monotonic()
    assert registry.kind("mastodon").wait(account(server), {}, 0.5)
    assert time.monotonic() - begin >= 0.5 and slept == []


@pytest.mark.parametrize("status", [401, 404, 500])
def test_a_server_without_a_stream_is_looked_at_after_a_while_and_not_asked_again(
    server: Server, slept: list[float], status: int
) -> None:
    server.status = status
    for _ in range(2):
        registry.kind("mastodon").wait(account(server), {}, LONG)
    assert [path for path, _ in server.asked].count(waiting.STREAM) == 1
    assert slept == [15, 15]


def test_a_stream_that_ends_at_once_does_not_make_us_ask_without_a_pause(server: Server, slept: list[float]) -> None:
    server.over.set()
    registry.kind("mastodon").wait(account(server), {}, LONG)
    assert slept == [15]


def test_the_stream_of_a_large_server_is_where_it_says(server: Server) -> None:
    api = mastodon_settings(account(server)).api
    for told, wanted in {
        "wss://stream.example": "https://stream.example",
        "": server.address,
        "ftp://x": server.address,
        "wss://": server.address,
    }.items():
        server.elsewhere = told
        assert waiting._address(api) == f"{wanted}{waiting.STREAM}"
