"""A small web server of somebody else: pages that a test writes, and what was asked for."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Pages:
    """What stands where: path to status, headers and body."""

    url: str = ""
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def put(self, path: str, body: bytes | str, status: int = 200, **headers: str) -> str:
        """A page from now on; its address."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = status, given, body.encode() if isinstance(body, str) else body
        return f"{self.url}{path}"


@contextmanager
def serving() -> Iterator[Pages]:
    """The server, until the end."""
    shown = Pages()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            given = {name.lower(): value for name, value in self.headers.items()}
            shown.asked.append((self.path, given))
            status, headers, body = shown.pages.get(self.path, (404, {}, b"nothing here"))
            if headers.get("ETag") and given.get("if-none-match") == headers["ETag"]:
                status, body = 304, b""
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *given: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shown.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield shown
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
