"""A real Matrix server: Synapse from PyPI, in an environment of its own that is made once per machine and user."""

import hashlib
import hmac
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

VERSION = "1.163.2"
NEEDS = f"The tests against a real Matrix server need Synapse {VERSION} from PyPI: pip must be able to install it."
NAME = "chat.test"
CONFIG = """
server_name: chat.test
pid_file: {home}/pid
media_store_path: {home}/media
signing_key_path: {home}/signing.key
log_config: {home}/log.yaml
report_stats: false
registration_shared_secret: {secret}
macaroon_secret_key: {secret}
form_secret: {secret}
trusted_key_servers: []
federation_domain_whitelist: []
presence: {{enabled: false}}
database: {{name: sqlite3, args: {{database: "{home}/db"}}}}
listeners: [{{port: {port}, type: http, bind_addresses: [127.0.0.1], resources: [{{names: [client, media]}}]}}]
rc_message: &much {{per_second: 1000, burst_count: 1000}}
rc_registration: *much
rc_login: {{address: *much, account: *much, failed_attempts: *much}}
rc_joins: {{local: *much, remote: *much}}
rc_invites: {{per_room: *much, per_user: *much, per_issuer: *much}}
"""
LOG = "{version: 1, handlers: {out: {class: logging.StreamHandler}}, root: {level: WARNING, handlers: [out]}}\n"


class Missing(AssertionError):
    """The server cannot be had: a test that cannot run has failed."""


def python() -> Path:
    """The Python that has Synapse; raises ``Missing`` saying what is wrong."""
    kept = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "armature-tests" / f"synapse-{VERSION}"
    program = kept / "bin" / "python"
    if (kept / "complete").exists():
        return program
    kept.parent.mkdir(parents=True, exist_ok=True)
    for command in (
        [sys.executable, "-m", "venv", "--clear", kept],
        [program, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", f"matrix-synapse=={VERSION}"],
    ):
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
        if done.returncode:
            raise Missing(f"{NEEDS}\n{done.stdout}{done.stderr}")
    (kept / "complete").touch()
    return program


@dataclass
class Server:
    """The server while it runs."""

    home: Path
    port: int
    secret: str = field(default_factory=lambda: secrets.token_hex(16))
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Run it until ``stop``."""
        program = python()
        given = {"home": self.home, "port": self.port, "secret": self.secret}
        (self.home / "config.yaml").write_text(CONFIG.format(**given))
        (self.home / "log.yaml").write_text(LOG)
        command = [program, "-m", "synapse.app.homeserver", "-c", self.home / "config.yaml"]
        keys = subprocess.run([*command, "--generate-keys"], capture_output=True, text=True)
        if keys.returncode:
            raise Missing(f"{NEEDS}\n{keys.stdout}{keys.stderr}")
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen([*command], stdout=log, stderr=log, cwd=self.home)
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/_matrix/client/versions", timeout=2).close()
                return
            except OSError:
                time.sleep(0.1)
        raise Missing(f"{NEEDS}\nIt did not start: {(self.home / 'log').read_text()[-3000:]}")

    def stop(self) -> None:
        """End it."""
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def add(self, name: str) -> "Person":
        """Somebody new, by the interface that the shared secret opens."""
        path = f"{self.url}/_synapse/admin/v1/register"
        nonce = call("GET", path)["nonce"]
        words = "\0".join([nonce, name, "a good password", "notadmin"]).encode()
        proof = hmac.new(self.secret.encode(), words, hashlib.sha1).hexdigest()
        made = call("POST", path, {
            "nonce": nonce, "username": name, "displayname": name.capitalize(), "password": "a good password",
            "admin": False, "mac": proof,
        })  # fmt: skip
        return Person(self.url, made["user_id"], made["access_token"])


@dataclass
class Person:
    """Somebody on the server, at their own program: what they do and see."""

    url: str
    handle: str
    key: str
    said: int = 0

    def call(self, method: str, path: str, given: Mapping[str, Any] | None = None) -> Any:
        """The interface as they use it."""
        return call(method, f"{self.url}/_matrix/client/v3{path}", given, self.key)

    def make_room(self, **more: Any) -> str:
        """A room of many, where everybody may come in."""
        found: str = self.call("POST", "/createRoom", {"preset": "public_chat", **more})["room_id"]
        return found

    def join(self, room: str) -> None:
        """Go into a room."""
        self.call("POST", f"/join/{room}", {})

    def say(self, room: str, text: str, *, to: str = "", **more: Any) -> str:
        """Say something, to somebody if named; the name of the event."""
        self.said += 1
        content = {"msgtype": "m.text", "body": text, "m.mentions": {"user_ids": [to]} if to else {}, **more}
        path = f"/rooms/{room}/send/m.room.message/{self.handle[1:4]}{self.said}{secrets.token_hex(4)}"
        found: str = self.call("PUT", path, content)["event_id"]
        return found

    def edit(self, room: str, event: str, text: str) -> None:
        """Say it otherwise."""
        new = {"msgtype": "m.text", "body": text, "m.mentions": {}}
        self.say(
            room, f"* {text}", **{"m.new_content": new, "m.relates_to": {"rel_type": "m.replace", "event_id": event}}
        )

    def redact(self, room: str, event: str) -> None:
        """Take it back."""
        self.call("PUT", f"/rooms/{room}/redact/{event}/{secrets.token_hex(4)}", {})

    def read(self, room: str) -> list[dict[str, Any]]:
        """What was said in a room, oldest first."""
        found = self.call("GET", f"/rooms/{room}/messages?dir=b&limit=100")["chunk"]
        return [one for one in reversed(found) if one["type"] == "m.room.message" and one["content"]]

    def invited(self) -> list[str]:
        """Rooms that they are asked into."""
        found = self.call("GET", "/sync?timeout=0")["rooms"]
        return sorted(found.get("invite", {}))


def call(method: str, url: str, given: Mapping[str, Any] | None = None, key: str = "") -> Any:
    """Ask the server."""
    body = json.dumps(given or {}).encode() if method != "GET" else None
    request = urllib.request.Request(urllib.parse.quote(url, safe=":/?&=%$!@.-_~"), body, method=method)
    if key:
        request.add_header("Authorization", f"Bearer {key}")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        raise AssertionError(f"{method} {url}: {refused.code} {refused.read().decode()}") from refused


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """The server, until the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(folder, port)
    try:
        server.start()
        yield server
    finally:
        server.stop()
