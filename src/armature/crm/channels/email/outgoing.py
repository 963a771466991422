"""The talk with an outgoing server, with an end: one that says a letter now and then must not hold a worker."""

import io
import smtplib
import time
from typing import Any


class Timely:
    """A talk that is over at a moment. Every answer is read by then, however slowly it comes, or it breaks off."""

    file: Any
    sock: Any

    def __init__(self, *where: Any, seconds: float, **how: Any) -> None:
        self.end_in(seconds)
        super().__init__(*where, **how)

    def end_in(self, seconds: float) -> None:
        """From now on."""
        self.until = time.monotonic() + seconds

    def getreply(self) -> tuple[int, bytes]:
        """One answer, of one line or several; raises ``smtplib.SMTPServerDisconnected`` when it does not come."""
        if self.file is None:
            self.file = io.BufferedReader(Bytes(self))
        said: tuple[int, bytes] = super().getreply()  # type: ignore[misc]  # of the class beside it
        return said


class Bytes(io.RawIOBase):
    """What a server says, until the moment."""

    def __init__(self, talk: Timely) -> None:
        self.talk = talk

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        """Wait no longer than is left, nor longer than for any answer."""
        sock, left = self.talk.sock, self.talk.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the server was too slow")
        usual = sock.gettimeout()
        sock.settimeout(left if usual is None else min(usual, left))
        try:
            return int(sock.recv_into(into))
        finally:
            sock.settimeout(usual)


class Plain(Timely, smtplib.SMTP):
    """In the clear, or encrypted after a while."""


class Encrypted(Timely, smtplib.SMTP_SSL):
    """Encrypted from the first byte."""
