"""Another program on the other side of a signed webhook."""

import base64
import hashlib
import hmac
import http.server
import json
import threading
from typing import Any

OURS = f"whsec_{base64.b64encode(b'u' * 32).decode()}"


class Program:
    """The other side: a real server that checks each call by its own means, and answers as it is told."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.key = b"u" * 32
        program = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                status, headers, said = program.answer(
                    {name.lower(): word for name, word in self.headers.items()}, body
                )
                self.send_response(status)
                for name, word in {**headers, "Content-Length": str(len(said))}.items():
                    self.send_header(name, word)
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_words: object) -> None:
                """Quietly."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/answers"

    def answer(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        wanted = f"v1,{base64.b64encode(hmac.new(self.key, signed, hashlib.sha256).digest()).decode()}"
        if wanted not in headers["webhook-signature"].split():
            return 401, {}, b'{"error": "signature"}'
        self.calls.append((headers, json.loads(body)))
        return self.answers.pop(0) if self.answers else (204, {}, b"")

    def end(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
