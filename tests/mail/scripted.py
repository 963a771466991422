"""Small servers that break off at a chosen moment, for the faults that a real server does not make on demand."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Scripted:
    """An SMTP server that answers by a table and can fall silent, hang up or never come to an end; ``heard`` is what
    clients said."""

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = {
            "greeting": "220 ready",
            "EHLO": "250 scripted",
            "MAIL": "250 ok",
            "RCPT": "250 ok",
            "DATA": "354 go on",
            "body": "250 accepted",
            "RSET": "250 ok",
            "QUIT": "221 bye",
            **answers,
        }
        self.heard: list[str] = []
        self.bodies = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.open: list[socket.socket] = []
        self.ended = threading.Event()

    def serve(self) -> None:
        """Answer clients until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                self.open.append(client)
                with suppress(OSError):
                    self._talk(client)

    def _talk(self, client: socket.socket) -> None:
        lines = client.makefile("rb")
        if not self._say(client, "greeting"):
            return
        while line := lines.readline():
            word = line.decode("ascii", "replace").split()[0].upper()
            self.heard.append(line.decode("ascii", "replace").strip())
            if not self._say(client, word):
                return
            if word == "DATA" and self.answers["DATA"].startswith("354"):
                while lines.readline() not in (b".\r\n", b""):
                    pass
                self.bodies += 1
                if not self._say(client, "body"):
                    return

    def _say(self, client: socket.socket, word: str) -> bool:
        """Whether the talk goes on: "hang up" ends it, "silence" leaves the client waiting, "drip" says a little for
        as long as anybody listens."""
        said = self.answers.get(word, "500 what")
        if said.startswith("drip "):
            self._drip(client, said.removeprefix("drip ").encode())
            return False
        if said == "hang up":
            client.shutdown(socket.SHUT_RDWR)
            client.close()
            return False
        if said != "silence":
            client.sendall(said.encode() + b"\r\n")
        return said != "silence"

    def _drip(self, client: socket.socket, little: bytes) -> None:
        with suppress(OSError):
            while not self.ended.wait(0.1):
                client.sendall(little)


@contextmanager
def scripted(**answers: str) -> Iterator[Scripted]:
    """The server, answering in a thread of its own."""
    server = Scripted(answers)
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        with suppress(OSError):
            server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()
        for client in server.open:
            client.close()
        thread.join(10)


class Proxy:
    """Passes a connection on to a real server and cuts it after so many bytes of answers."""

    def __init__(self, to_port: int, cut_after: int) -> None:
        self.to_port, self.cut_after = to_port, cut_after
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]

    def serve(self) -> None:
        """Pass on one connection."""
        with suppress(OSError):
            client, _ = self.listener.accept()
            with client, socket.create_connection(("127.0.0.1", self.to_port)) as real:
                back = threading.Thread(target=self._forward, args=(client, real))
                back.start()
                left = self.cut_after
                while left > 0 and (data := real.recv(min(4096, left))):
                    client.sendall(data)
                    left -= len(data)
                for each in (client, real):
                    with suppress(OSError):
                        each.shutdown(socket.SHUT_RDWR)
                back.join(10)

    def _forward(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(4096):
                target.sendall(data)


@contextmanager
def cut_off(to_port: int, cut_after: int) -> Iterator[int]:
    """The port of a proxy whose only connection breaks in the middle."""
    proxy = Proxy(to_port, cut_after)
    thread = threading.Thread(target=proxy.serve)
    thread.start()
    try:
        yield proxy.port
    finally:
        with suppress(OSError):
            proxy.listener.shutdown(socket.SHUT_RDWR)
        proxy.listener.close()
        thread.join(10)
