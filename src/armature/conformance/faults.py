"""A proxy in front of a real server that does to us what servers do on a bad day."""

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FAULTS = ("429 seconds", "429 date", "500", "error in 200", "drip", "silence", "lost answer")
"""What it can do: refuse for a while in both ways of saying so, fail, fail under a good status, drip, say nothing, and
do what was asked but lose the answer."""
PAUSE = 2
"""Seconds that 429 asks to wait."""
HOP = {"host", "connection", "content-length", "transfer-encoding", "accept-encoding"}


@dataclass
class Proxy:
    """A running proxy; ``fault`` is what happens to calls that write (empty: they go through); ``calls`` are those."""

    server: str
    address: str = ""
    fault: str = ""
    calls: list[str] = field(default_factory=list)


@contextmanager
def proxy(server: str) -> Iterator[Proxy]:
    """Stand in front of this server (http://host:port) until the end of the block."""
    state = Proxy(server.rstrip("/"))
    running = _Server(state)
    state.address = f"http://127.0.0.1:{running.server_address[1]}"
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        yield state
    finally:
        running.ended.set()
        running.shutdown()
        running.server_close()


class _Between(BaseHTTPRequestHandler):
    """One call, passed on or spoilt as the proxy says."""

    def _any(self) -> None:
        between: _Server = self.server  # type: ignore[assignment]
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = between.state.fault if self.command != "GET" else ""
        if self.command != "GET":
            between.state.calls.append(f"{self.command} {self.path}")
        if fault not in ("", "lost answer"):
            self._misbehave(fault, between.ended)
            return
        status, headers, answer = self._pass_on(between.state.server, body)
        if fault:
            self.close_connection = True
        else:
            self._answer(status, headers, answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any  # noqa: N815  http.server's names

    def _pass_on(self, server: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        asked = urllib.request.Request(  # noqa: S310  the server that a test names
            server + self.path, body or None, headers, method=self.command
        )
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, dict(refused.headers), refused.read()

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _misbehave(self, fault: str, ended: threading.Event) -> None:
        if fault == "429 seconds":
            self._answer(429, {"Retry-After": str(PAUSE)}, b"slow down")
        elif fault == "429 date":
            self._answer(429, {"Retry-After": formatdate(time.time() + PAUSE, usegmt=True)}, b"slow down")
        elif fault == "500":
            self._answer(500, {}, b"broken")
        elif fault == "error in 200":
            self._answer(200, {"Content-Type": "application/json"}, b'{"error": "it did not work"}')
        else:
            self._hang(ended, drip=fault == "drip")

    def _hang(self, ended: threading.Event, *, drip: bool) -> None:
        """Until the test is over; a drip is a letter of a header every fifth of a second."""
        if drip:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not ended.wait(0.2):
            if drip:
                self.wfile.write(b"a")
                self.wfile.flush()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Nothing to say."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, state: Proxy) -> None:
        super().__init__(("127.0.0.1", 0), _Between)
        self.state, self.ended = state, threading.Event()
