"""Kannel as it runs at a company: bearerbox, smsbox, and a phone that is its own fakesmsc."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_to_bytes

FAKESMSC = "/usr/lib/kannel/test/fakesmsc"
NEEDS = "The tests of text messages need Kannel and its fake message centre: apt-get install kannel kannel-extras"
SECONDS = 15.0
CONFIG = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = {secret}
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = FAKE
port = {centre}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {send}
sendsms-interface = 127.0.0.1
http-request-retry = 5
http-queue-delay = 1

group = sendsms-user
username = crm
password = {secret}
concatenation = true
max-messages = 10

group = sms-service
keyword = default
get-url = "{hook}?secret={hook_secret}&from=%p&to=%P&text=%b&charset=%C&id=%I&at=%T"
max-messages = 0
catch-all = true
"""


class Missing(AssertionError):
    """Kannel is not here: a test that cannot run has failed."""


@dataclass
class Kannel:
    """A gateway that runs. ``said`` are messages that the phone wrote, for their numbers."""

    folder: Path
    ports: dict[str, int]
    password: str
    hook_secret: str
    phones: list["Phone"] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where it takes messages."""
        return f"http://127.0.0.1:{self.ports['send']}"

    def phone(self, *says: str) -> "Phone":
        """A phone that says this (``from to text words``) and then listens; the one before hangs up."""
        for one in self.phones:
            one.hang_up()
        found = Phone(self.folder / f"phone-{len(self.phones)}.log", self.ports["centre"], says)
        self.phones.append(found)
        return found


class Phone:
    """fakesmsc, as it was started."""

    def __init__(self, log: Path, centre: int, says: tuple[str, ...]) -> None:
        self.log = log
        words = ["-m", "1", *says] if says else ["-m", "0", "1 1 text nothing"]
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [FAKESMSC, "-H", "127.0.0.1", "-r", str(centre), "-i", "0.1", *words], stdout=out, stderr=out
            )

    def heard(self) -> list[bytes]:
        """The parts that came to it, in order; the alphabet is the sender's choice."""
        found = re.findall(rb"Got message \d+: <\S+ \S+ (?:udh \S+ )?(\S+) (.*)>", self.log.read_bytes())
        return [words if form == b"text" else unquote_to_bytes(words.replace(b"+", b" ")) for form, words in found]

    def reads(self, charset: str = "utf-8") -> str:
        """All of it as one text."""
        return b"".join(self.heard()).decode(charset)

    def hang_up(self) -> None:
        """No more."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def until(what: object, seconds: float = SECONDS) -> None:
    """Wait for a function to be true."""
    end = time.monotonic() + seconds
    while not what():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)


@contextmanager
def running(folder: Path, hook: str, hook_secret: str) -> Iterator[Kannel]:
    """A gateway whose messages go to this hook."""
    if not (shutil.which("bearerbox") and shutil.which("smsbox") and Path(FAKESMSC).exists()):
        raise Missing(NEEDS)
    ports = {name: _free() for name in ("admin", "boxes", "centre", "send")}
    found = Kannel(folder, ports, "only-for-tests", hook_secret)
    config = folder / "kannel.conf"
    config.write_text(CONFIG.format(hook=hook, hook_secret=hook_secret, secret=found.password, **ports))
    started = []
    try:
        for box, port in (("bearerbox", "boxes"), ("smsbox", "send")):
            with (folder / f"{box}.log").open("wb") as out:
                started.append(subprocess.Popen([box, "-v", "1", str(config)], stdout=out, stderr=out))
            until(lambda port=port: _open(ports[port]))
        yield found
    finally:
        for one in found.phones:
            one.hang_up()
        for process in reversed(started):
            process.kill()
            process.wait()


def _free() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _open(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0
