"""Two real servers of the Fediverse that federate: snac2, each on a loopback address of its own at port 80.

Its package is Debian 13's; it runs on Debian 12 too, so it is fetched by apt with lists and a cache of its own, checked
by apt's keys, and unpacked beside the system. Nothing is installed.
"""

import base64
import html
import json
import os
import re
import shutil
import signal
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

VERSION = "2.75-2"
SUITE = "trixie"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
NEEDS = (
    "The tests against real servers of the Fediverse need apt-get, dpkg-deb, the package debian-archive-keyring, "
    f"a way to Debian's mirror (snac2 {VERSION} of {SUITE}), and root for port 80 of 127.0.0.11 and 127.0.0.12."
)
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"


class Missing(AssertionError):
    """The servers cannot be had: a test that cannot run has failed."""


def unpacked(folder: Path) -> Path:
    """The program, fetched once per machine and user; raises ``Missing`` saying what is wrong."""
    kept = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "armature-tests" / f"snac2-{VERSION}"
    program = kept / "usr" / "bin" / "snac"
    if program.exists():
        return program
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb") and KEYRING.exists() and os.geteuid() == 0):
        raise Missing(NEEDS)
    source = folder / "suite.sources"
    source.write_text(f"Types: deb\nURIs: {_mirror()}\nSuites: {SUITE}\nComponents: main\nSigned-By: {KEYRING}\n")
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True)
    apart = [
        "Dir::Etc::SourceParts=/dev/null", f"Dir::Etc::SourceList={source}", f"Dir::State::Lists={folder}/lists",
        f"Dir::Cache={folder}/cache", "APT::Sandbox::User=root",
    ]  # fmt: skip
    options = [word for each in apart for word in ("-o", each)]
    _run(["apt-get", "-qq", *options, "update"], folder)
    _run(["apt-get", "-qq", *options, "download", f"snac2={VERSION}"], folder)
    (package,) = folder.glob("snac2_*.deb")
    fresh = kept.with_name(f"{kept.name}.{os.getpid()}")
    fresh.parent.mkdir(parents=True, exist_ok=True)
    _run(["dpkg-deb", "-x", str(package), str(fresh)], folder)
    if not program.exists():
        fresh.rename(kept)
    return program


def _mirror() -> str:
    """The mirror that this machine uses for Debian itself."""
    words = [
        word
        for path in (Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*")))
        if path.is_file()
        for line in path.read_text().splitlines()
        if not line.startswith("#")
        for word in line.split()
    ]
    found = [word for word in words if re.fullmatch(r"https?://\S+/debian/?", word)]
    if not found:
        raise Missing(NEEDS)
    return found[0]


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise Missing(f"{NEEDS}\n{' '.join(command[:1])} said: {done.stdout}{done.stderr}")


@dataclass
class Instance:
    """One server. ``host`` is its address, ``home`` its folder."""

    program: Path
    home: Path
    host: str
    process: subprocess.Popen[bytes] | None = None
    passwords: dict[str, str] = field(default_factory=dict)

    def make(self) -> None:
        """Its folder, as it wants it."""
        answers = f"{self.host}\n80\n{self.host}\n\nadmin@example.org\n"
        subprocess.run([self.program, "init", self.home], input=answers, text=True, check=True, capture_output=True)
        path = self.home / "server.json"
        settings = json.loads(path.read_text())
        settings.update(
            host=self.host, address=self.host, port=80, protocol="http", prefix="", disable_sandbox=True,
            disable_email_notifications=True, min_account_age=0,
        )  # fmt: skip
        path.write_text(json.dumps(settings))

    def start(self) -> None:
        """Run it until ``stop``."""
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen([self.program, "httpd", self.home], stdout=log, stderr=log)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://{self.host}/api/v1/instance", timeout=2).close()
                return
            except (OSError, urllib.error.URLError):
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        raise Missing(f"{NEEDS}\nsnac2 did not start: {(self.home / 'log').read_text()[-2000:]}")

    def stop(self) -> None:
        """End it."""
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def add(self, name: str) -> "Person":
        """Somebody new here, with a key for the API."""
        done = subprocess.run([self.program, "adduser", self.home, name], text=True, check=True, capture_output=True)
        found = re.search(r"password is (\S+)", done.stdout + done.stderr)
        assert found, done.stdout + done.stderr
        return Person(self.host, name, found[1], self._key(name, found[1]))

    def _key(self, name: str, password: str) -> str:
        app = _call(
            f"http://{self.host}/api/v1/apps",
            {"client_name": "tests", "redirect_uris": OUT_OF_BAND, "scopes": "read write follow"},
        )
        asked = urllib.parse.urlencode(
            {"response_type": "code", "client_id": app["client_id"], "redirect_uri": OUT_OF_BAND, "scope": "read write"}
        )
        page = urllib.request.urlopen(f"http://{self.host}/oauth/authorize?{asked}", timeout=10).read().decode()
        fields = {
            html.unescape(one[0]): html.unescape(one[1])
            for one in re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page)
        }
        fields |= {"login": name, "passwd": password}
        action = re.search(r'<form[^>]*action="([^"]+)"', page)
        target = urllib.parse.urljoin(f"http://{self.host}/oauth/authorize", action[1] if action else "")
        body = urllib.parse.urlencode(fields).encode()
        answer = urllib.request.urlopen(urllib.request.Request(target, body), timeout=10).read().decode().strip()
        code = re.sub(r"<[^>]+>", " ", answer).split()[-1]
        given = {
            "grant_type": "authorization_code", "code": code, "client_id": app["client_id"],
            "client_secret": app["client_secret"], "redirect_uri": OUT_OF_BAND, "scope": "read write",
        }  # fmt: skip
        return str(_call(f"http://{self.host}/oauth/token", given)["access_token"])


@dataclass(frozen=True)
class Person:
    """Somebody on a server, at their own program: what they do and see."""

    host: str
    name: str
    password: str
    key: str

    @property
    def handle(self) -> str:
        """As others write it."""
        return f"{self.name}@{self.host}"

    def call(self, path: str, given: Mapping[str, Any] | None = None, method: str = "") -> Any:
        """The API as they use it."""
        return _call(f"http://{self.host}{path}", given, self.key, method)

    def post(self, text: str, **more: Any) -> dict[str, Any]:
        """Say something."""
        found: dict[str, Any] = self.call("/api/v1/statuses", {"status": text, "visibility": "public", **more})
        return found

    def edit(self, number: str, text: str) -> None:
        """Change it."""
        self.call(f"/api/v1/statuses/{number}", {"status": text}, "PUT")

    def follow(self, number: str) -> None:
        """Hear of what somebody does; snac tells nobody else that a post was deleted."""
        self.call(f"/api/v1/accounts/{number}/follow", method="POST")

    def delete(self, number: str) -> None:
        """Take it back: on the page of their server, because its API cannot."""
        secret = base64.b64encode(f"{self.name}:{self.password}".encode()).decode()
        said = self.call(f"/api/v1/statuses/{number}")
        body = urllib.parse.urlencode({"id": said["uri"], "actor": said["account"]["uri"], "action": "Delete"}).encode()
        request = urllib.request.Request(f"http://{self.host}/{self.name}/admin/action", body)
        request.add_header("Authorization", f"Basic {secret}")
        try:
            urllib.request.urlopen(request, timeout=10).close()
        except urllib.error.HTTPError as refused:  # it answers with a way back
            if refused.code != 303:
                raise

    def told(self) -> list[dict[str, Any]]:
        """What they were told of, latest first."""
        found: list[dict[str, Any]] = self.call("/api/v1/notifications")
        return found

    def mentions(self) -> list[dict[str, Any]]:
        """What was said to them, latest first."""
        return [one["status"] for one in self.told() if one["type"] == "mention" and one.get("status")]


def _call(url: str, given: Mapping[str, Any] | None = None, key: str = "", method: str = "") -> Any:
    body = urllib.parse.urlencode(given).encode() if given is not None else None
    request = urllib.request.Request(url, body, method=method or ("POST" if body else "GET"))
    if key:
        request.add_header("Authorization", f"Bearer {key}")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())


@contextmanager
def two(folder: Path) -> Iterator[tuple[Instance, Instance]]:
    """Two servers that federate."""
    (folder / "apt").mkdir()
    program = unpacked(folder / "apt")
    both = Instance(program, folder / "one", "127.0.0.11"), Instance(program, folder / "two", "127.0.0.12")
    try:
        for one in both:
            one.make()
            one.start()
        yield both
    finally:
        for one in both:
            one.stop()


def eventually(look: Any, seconds: float = 60.0) -> Any:
    """What ``look`` gives, as soon as it is something; fails after a while."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.3)
    raise AssertionError(f"nothing came within {seconds:.0f} seconds")


if __name__ == "__main__":  # to look at them by hand
    with two(Path(sys.argv[1])) as servers:
        print([one.host for one in servers], flush=True)
        signal.pause()
