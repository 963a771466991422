"""The one way out: every call of ours to somebody else's server over HTTP goes through here.

A name is resolved once, every address it has is checked, and the connection goes to the address that was checked: no
second answer of a name server, no redirect and no odd way to write an address leads into the company's own network.
"""

import http.client
import io
import math
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from armature.crm.channels.addresses import Barred, check

SECONDS = 10.0
MOST = 1_000_000
LONGEST_LINE = 65_536
AGENT = "Armature"
_AT_MOST = ContextVar("_AT_MOST", default=math.inf)
_MOVED = (301, 302, 303, 307, 308)
_SECRET = ("authorization", "cookie", "proxy-authorization")


class Unanswered(Exception):
    """No answer that can be used. ``sent``: whether the other side may have taken the request all the same."""

    def __init__(self, words: str, *, sent: bool) -> None:
        self.sent = sent
        super().__init__(words)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; ``headers`` have lower-case names, ``url`` is where it came from in the end."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    url: str


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Within this block no call takes longer, whatever its kind allows it."""
    before = _AT_MOST.set(seconds)
    try:
        yield
    finally:
        _AT_MOST.reset(before)


def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    seconds: float = SECONDS,
    most: int = MOST,
    redirects: int = 0,
) -> Reply:
    """Ask once, within ``seconds`` all in all and ``most`` bytes of answer.

    Only ``GET`` and ``HEAD`` follow redirects, ``redirects`` of them at most, each checked like the first; what proves
    who we are goes no further than the server it was meant for. Raises ``Barred`` and ``Unanswered``.
    """
    until = time.monotonic() + min(seconds, _AT_MOST.get())
    given = {name.lower(): value for name, value in (headers or {}).items()}
    left = redirects if method in ("GET", "HEAD") else 0
    while True:
        reply = _once(method, url, given, body, until, most)
        moved = reply.headers.get("location") if reply.status in _MOVED and redirects else None
        if moved is None:
            return reply
        if not left:
            raise Barred(f"{_named(url)} sends us from one address to the next: more than {redirects} times")
        left -= 1
        onward = urljoin(url, moved)
        if _origin(urlsplit(onward)) != _origin(urlsplit(url)):
            given = {name: value for name, value in given.items() if name not in _SECRET}
        url = onward


def hear(url: str, wanted: Callable[[bytes], bool], *, headers: Mapping[str, str], seconds: float) -> bool:
    """Listen to what a server goes on saying, line by line: True at the first line that is wanted, False at the end.

    The end is its own or that of ``seconds``. Raises ``Barred``, and ``Unanswered`` where nothing is said at all.
    """
    until = time.monotonic() + min(seconds, _AT_MOST.get())
    target = check(url)
    addresses = target.allowed(_resolved(target.host, target.port, until))
    talk = _connected(target.host, target.port, target.scheme == "https", addresses, until)
    listening = False
    try:
        talk.request("GET", target.path, None, {"user-agent": AGENT, "accept-encoding": "identity", **headers})
        answer = talk.getresponse()
        if answer.status != 200:
            raise Unanswered(f"{target.host} has nothing to listen to: {answer.status}", sent=True)
        listening = True
        while line := answer.readline(LONGEST_LINE):
            if wanted(line):
                return True
    except ValueError as odd:
        raise Barred(f"{target.host} cannot be asked like that: {odd}") from odd
    except (OSError, http.client.HTTPException) as problem:
        if not listening:
            raise Unanswered(f"{target.host} gave no whole answer: {_words(problem)}", sent=True) from problem
    finally:
        talk.end()
    return False


def _once(method: str, url: str, headers: Mapping[str, str], body: bytes, until: float, most: int) -> Reply:
    target = check(url)
    addresses = target.allowed(_resolved(target.host, target.port, until))
    talk = _connected(target.host, target.port, target.scheme == "https", addresses, until)
    try:
        standard = {"user-agent": AGENT, "accept-encoding": "identity", "connection": "close"}
        if body or method in ("POST", "PUT", "PATCH"):
            standard["content-length"] = str(len(body))
        talk.request(method, target.path, body or None, {**standard, **headers})
        answer = talk.getresponse()
        read = _read(answer, target.host, most)
    except ValueError as odd:  # a header with a line break, a path that is none
        raise Barred(f"{target.host} cannot be asked like that: {odd}") from odd
    except (OSError, http.client.HTTPException) as problem:
        raise Unanswered(f"{target.host} gave no whole answer: {_words(problem)}", sent=True) from problem
    finally:
        talk.end()
    return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, read, url)


def _read(answer: http.client.HTTPResponse, host: str, most: int) -> bytes:
    """All of it, uncompressed as we asked: a small answer that unfolds to a large one is none."""
    if answer.getheader("content-encoding", "identity").lower() not in ("identity", ""):
        raise Unanswered(f"{host} answered compressed, though we asked for plain", sent=True)
    read = answer.read(most + 1)
    if len(read) > most:
        raise Unanswered(f"{host} answered with more than {most} bytes", sent=True)
    if answer.length:  # `http.client` takes what came for all of it
        raise Unanswered(f"{host} gave no whole answer: {answer.length} bytes of it are missing", sent=True)
    return read


def _resolved(host: str, port: int, until: float) -> list[str]:
    """Every address of a name. A name server that does not answer must not hold us: so it is asked beside us."""
    found: list[Any] = []

    def ask() -> None:
        try:
            found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as problem:
            found.append(problem)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(max(0.0, until - time.monotonic()))
    if not found:
        raise Unanswered(f"nobody says in time where {host} is", sent=False)
    if isinstance(found[0], Exception):
        raise Unanswered(f"there is no server {host}: {found[0]}", sent=False)
    return list(dict.fromkeys(str(one[4][0]) for one in found[0]))


def _connected(host: str, port: int, secure: bool, addresses: list[str], until: float) -> "_Talk":
    last: Exception | None = None
    for address in addresses:
        talk = _Talk(host, port, secure, address, until)
        try:
            talk.connect()
        except (OSError, ssl.SSLError) as problem:
            last = problem
        else:
            return talk
    raise Unanswered(f"{host}, port {port} cannot be reached: {_words(last)}", sent=False) from last


class _Talk(http.client.HTTPConnection):
    """A connection to one address that was checked, with an end: whoever says a byte now and then holds nobody."""

    def __init__(self, host: str, port: int, secure: bool, address: str, until: float) -> None:
        super().__init__(host, port)
        self._secure, self._address, self._until = secure, address, until
        self._raw: socket.socket | None = None
        self.default_port = 443 if secure else 80  # so that the Host header names no usual port

    def connect(self) -> None:
        """To the address, not to the name; the certificate must be the name's."""
        raw = socket.create_connection((self._address, self.port), timeout=_left(self._until))
        try:
            if self._secure:
                raw.settimeout(_left(self._until))
                raw = ssl.create_default_context().wrap_socket(raw, server_hostname=self.host)
        except BaseException:
            raw.close()
            raise
        self._raw = raw
        self.sock = _Timely(raw, self._until)

    def end(self) -> None:
        """All is read, or will not be."""
        self.close()
        if self._raw is not None:
            self._raw.close()


class _Timely:
    """A socket whose every step ends at a moment, as `http.client` uses it."""

    def __init__(self, raw: socket.socket, until: float) -> None:
        self._raw, self._until = raw, until

    def sendall(self, data: Any) -> None:
        """All of it, in time."""
        self._raw.settimeout(_left(self._until))
        self._raw.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """For reading."""
        return io.BufferedReader(_Bytes(self._raw, self._until))

    def close(self) -> None:
        """Nothing yet: `http.client` closes before the answer is read where the other side will close; see ``end``."""


class _Bytes(io.RawIOBase):
    def __init__(self, raw: socket.socket, until: float) -> None:
        self._raw, self._until = raw, until

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        self._raw.settimeout(_left(self._until))
        return self._raw.recv_into(into)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("it took too long")
    return left


def _words(problem: Exception | None) -> str:
    return str(problem) or type(problem).__name__


def _named(url: str) -> str:
    return urlsplit(url).hostname or url[:80]


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port
