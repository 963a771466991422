"""A mailbox server that says what a test wants of it, for answers that no real server gives on demand."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from armature.crm.channels.port import Account

USUAL = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
    "EXAMINE": b"* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 3] x\r\n",
    "UID SEARCH": b"* SEARCH 1 2\r\n",
    "UID SIZES": b"* 1 FETCH (UID 1 RFC822.SIZE 5)\r\n* 2 FETCH (UID 2 RFC822.SIZE 5)\r\n",
    "UID MAILS": b"* 1 FETCH (UID 1 BODY[] {5}\r\nFirst)\r\n* 2 FETCH (UID 2 BODY[] {5}\r\nOther)\r\n",
}


class ScriptedMailbox:
    """``answers`` stand before the last line of each answer; one that begins with "NO" is that line itself."""

    def __init__(self, answers: dict[str, list[bytes]]) -> None:
        self.answers = {name: list(some) for name, some in answers.items()}
        self.heard: list[str] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]

    def account(self, user: str = "support@crm.test", password: str = "secret") -> Account:
        """The account that reads from here."""
        given = {"imap_host": "127.0.0.1", "imap_port": self.port, "imap_security": "none", "timeout": 5}
        secrets = {"imap_password": password}
        return Account(1, "email", "support@crm.test", {**given, "imap_user": user}, secrets, b"sixteen bytes or more")

    def serve(self) -> None:
        """Answer clients, one after another, until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                with suppress(OSError), client:
                    self._talk(client)

    def _talk(self, client: socket.socket) -> None:
        client.sendall(b"* OK ready\r\n")
        lines = client.makefile("rb")
        while line := lines.readline():
            tag, command = line.decode().split(maxsplit=1)
            self.heard.append(command.strip())
            if command.startswith("AUTHENTICATE"):
                client.sendall(b"+ \r\n")
                self.heard.append(lines.readline().decode().strip())
            if not self._answered(client, tag, self._name(command)):
                return

    def _name(self, command: str) -> str:
        words = command.split()
        if words[0] != "UID":
            return words[0]
        return "UID SEARCH" if words[1] == "SEARCH" else "UID SIZES" if "RFC822.SIZE" in command else "UID MAILS"

    def _answered(self, client: socket.socket, tag: str, name: str) -> bool:
        """Whether the talk goes on."""
        planned = self.answers.get(name, [])
        said = planned.pop(0) if planned else USUAL.get(name, b"")
        if said == b"hang up":
            return False
        if name == "IDLE":
            client.sendall(b"+ idling\r\n" + said)
        elif said.startswith((b"NO", b"BAD")):
            client.sendall(f"{tag} ".encode() + said + b"\r\n")
        else:
            client.sendall(said + f"{tag} OK done\r\n".encode())
        return True


@contextmanager
def mailbox(**answers: list[bytes]) -> Iterator[ScriptedMailbox]:
    """The server, answering in a thread of its own; ``_`` stands for a blank in the names of commands."""
    server = ScriptedMailbox({name.replace("_", " "): some for name, some in answers.items()})
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        with suppress(OSError):
            server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()
        thread.join(10)
