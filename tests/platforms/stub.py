"""A real HTTP server that speaks the interfaces of the closed platforms, as far as we call them.

It is not the platform: what it answers was written from public documentation. ``spoil`` is what it does to the next
calls that write: an answer of its own, or ``LOST`` (it does what was asked, and hangs up without a word).
"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

LOST = "lost"
Answer = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True)
class Call:
    """One call, read: its fields whether they came in the query, as JSON or as a form; its files."""

    method: str
    path: str
    headers: Mapping[str, str]
    fields: dict[str, Any]
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)


class Platform:
    """What a platform does; a subclass says what it answers."""

    def __init__(self) -> None:
        self.address = ""
        self.calls: list[Call] = []
        self.spoil: list[Answer | str] = []
        self.files: dict[str, tuple[str, bytes]] = {}

    def answer(self, call: Call) -> Answer:
        """What it says to a call."""
        raise NotImplementedError

    def reading(self, call: Call) -> bool:
        """Whether a call only asks."""
        return call.method == "GET"

    def handle(self, call: Call) -> Answer | None:
        """What it says on this day; None is silence."""
        self.calls.append(call)
        if not self.spoil or self.reading(call):
            return self.answer(call)
        spoilt = self.spoil.pop(0)
        if isinstance(spoilt, str):
            self.answer(call)
            return None
        return spoilt


def said(value: object, status: int = 200, **headers: str) -> Answer:
    """JSON as an answer."""
    return status, {"Content-Type": "application/json", **headers}, json.dumps(value).encode()


@contextmanager
def running(platform: Platform) -> Iterator[None]:
    """The platform has an address until the end of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(platform))
    server.daemon_threads = True
    platform.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(platform: Platform) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            found = platform.handle(_read(self.command, self.path, dict(self.headers.items()), body))
            if found is None:
                self.close_connection = True
                return
            status, headers, answer = found
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(answer))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_DELETE = _any  # noqa: N815  http.server's names

        def log_message(self, *_words: object) -> None:
            """Quietly."""

    return Handler


def _read(method: str, path: str, headers: dict[str, str], body: bytes) -> Call:
    parts, headers = urlsplit(path), {name.lower(): value for name, value in headers.items()}
    fields: dict[str, Any] = dict(parse_qsl(parts.query))
    files: dict[str, tuple[str, bytes]] = {}
    kind = headers.get("content-type", "")
    if kind.startswith("application/json"):
        fields |= json.loads(body)
    elif kind.startswith("application/x-www-form-urlencoded"):
        fields |= dict(parse_qsl(body.decode()))
    elif kind.startswith("multipart/form-data"):
        for part in BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body).get_payload():
            name = part.get_param("name", header="content-disposition")
            if part.get_filename() is None:
                fields[name] = part.get_payload(decode=True).decode()
            else:
                files[name] = (part.get_filename(), part.get_payload(decode=True))
    return Call(method, parts.path, headers, fields, files)
