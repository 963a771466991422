"""A proxy in front of a real server that does to us what servers do on a bad day."""

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FAULTS = ("429 seconds", "429 date", "500", "error in 200", "cut off", "drip", "silence", "lost answer")
"""What it can do: refuse for a while in both ways of saying so, fail, fail under a good status, stop in the middle of
its answer, drip, say nothing, and do what was asked but lose the answer."""
PAUSE = 2
"""Seconds that 429 asks to wait."""
SHORT = 1.0
"""Seconds that a call may take while a server drips or says nothing."""
Hits = Callable[[str, str], bool]
"""Whether a call is meant, by its method and path."""
HOP = {"host", "connection", "content-length", "transfer-encoding", "accept-encoding"}


@dataclass
class Proxy:
    """A running proxy; ``fault`` is what happens to calls that it ``hits`` (empty: they go through).

    ``calls`` are those that it hits, ``held`` so many of them hang now.
    """

    server: str
    hits: Hits
    address: str = ""
    fault: str = ""
    calls: list[str] = field(default_factory=list)
    held: int = 0
    free: threading.Event = field(default_factory=threading.Event)

    def let_go(self) -> None:
        """Whatever hangs is over: those calls end without an answer."""
        self.free.set()


def writes(method: str, path: str) -> bool:
    """Calls that change something, as HTTP says it."""
    return method not in ("GET", "HEAD")


def whatever(method: str, path: str) -> bool:
    """All calls."""
    return True


@contextmanager
def proxy(server: str, hits: Hits = writes) -> Iterator[Proxy]:
    """Stand in front of this server (http://host:port) until the end of the block."""
    state = Proxy(server.rstrip("/"), hits)
    running = _Server(state)
    state.address = f"http://127.0.0.1:{running.server_address[1]}"
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        yield state
    finally:
        state.let_go()
        running.shutdown()
        running.server_close()


class _Between(BaseHTTPRequestHandler):
    """One call, passed on or spoilt as the proxy says."""

    def _any(self) -> None:
        between: _Server = self.server  # type: ignore[assignment]
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        hit = between.state.hits(self.command, self.path)
        fault = between.state.fault if hit else ""
        if hit:
            between.state.calls.append(f"{self.command} {self.path}")
        if fault not in ("", "lost answer"):
            self._misbehave(fault, between)
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

    def _misbehave(self, fault: str, between: "_Server") -> None:
        if fault == "429 seconds":
            self._answer(429, {"Retry-After": str(PAUSE)}, b"slow down")
        elif fault == "429 date":
            self._answer(429, {"Retry-After": formatdate(time.time() + PAUSE, usegmt=True)}, b"slow down")
        elif fault == "500":
            self._answer(500, {}, b"broken")
        elif fault == "error in 200":
            self._answer(200, {"Content-Type": "application/json"}, b'{"error": "it did not work"}')
        elif fault == "cut off":
            self.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"id": "12')
            self.close_connection = True
        else:
            with between.held():
                self._hang(between.state.free, drip=fault == "drip")

    def _hang(self, free: threading.Event, *, drip: bool) -> None:
        """Until the test is over; a drip is a letter of a header every fifth of a second."""
        self.close_connection = True
        try:
            if drip:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not free.wait(0.2):
                if drip:
                    self.wfile.write(b"a")
        except OSError:  # whoever called has given up
            return

    def log_message(self, *_: object) -> None:
        """Nothing to say."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, state: Proxy) -> None:
        super().__init__(("127.0.0.1", 0), _Between)
        self.state, self._counting = state, threading.Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        """A call that hangs is counted as long as it does."""
        self._held(1)
        try:
            yield
        finally:
            self._held(-1)

    def _held(self, more: int) -> None:
        with self._counting:
            self.state.held += more
