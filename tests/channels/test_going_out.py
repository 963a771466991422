"""The one way out: nothing of ours is led into the company's network, and no server holds a worker."""

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from armature.crm.channels import addresses, http
from armature.crm.channels.addresses import Barred
from armature.crm.channels.http import Unanswered

PATIENT = 3600
Script = Callable[[socket.socket, bytes], None]


class Server:
    """A web server of a few lines: what it says is a script; what it was asked is kept."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self.script: Script = lambda talk, _asked: talk.sendall(answer(b"well"))
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                talk, _ = self.socket.accept()
            except OSError:
                return
            with talk:
                asked = talk.recv(65536)
                if b"content-length: 4" in asked and not asked.endswith(b"said"):
                    asked += talk.recv(65536)
                self.asked.append(asked)
                with suppress(OSError):
                    self.script(talk, asked)


def answer(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.socket.close()


@pytest.fixture
def inside(settings: Any) -> None:
    """The installation names this machine."""
    settings.MAY_CALL = ["127.0.0.1"]


@pytest.mark.parametrize(
    "host",
    """127.0.0.1 localhost 2130706433 0x7f.1 127.1 0 0.0.0.0 [::1] [::ffff:127.0.0.1] [64:ff9b::7f00:1] [2002:7f00:1::]
    [fec0::1] [fe80::1] [fc00::1] 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 192.0.0.1 198.18.0.1
    224.0.0.1 255.255.255.255 [ff02::1] １２７.０.０.１ 127.0.0.1. [::127.0.0.1] [2001::1] 192.88.99.1""".split(),
)  # fmt: skip
def test_no_way_to_write_an_address_leads_inside(host: str, server: Server, settings: Any) -> None:
    settings.MAY_CALL = []
    for scheme, port in (("http", server.port), ("https", 443), ("http", 80)):
        with pytest.raises((Barred, Unanswered)) as refused:
            http.call("GET", f"{scheme}://{host}:{port}/", seconds=3)
        assert isinstance(refused.value, Barred) or "there is no server" in str(refused.value)
    assert not server.asked


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "gopher://example.org/", "ftp://example.org/", "https://example.org@127.0.0.1/", "https://",
     "https://ann:pw@example.org/", "https://example.org:99999/", "https://exa mple.org/", "//example.org/", "https://[::1"],
)  # fmt: skip
def test_what_is_no_address_of_a_web_server_is_named(url: str) -> None:
    with pytest.raises(Barred):
        http.call("GET", url)


def _resolves(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """A name server that answers this, one after another; the names it was asked for."""
    asked: list[str] = []

    def ask(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, 0, 0, "", (one, port)) for one in answers[min(len(asked), len(answers)) - 1]]

    monkeypatch.setattr(socket, "getaddrinfo", ask)
    return asked


def test_one_address_inside_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    _resolves(monkeypatch, ["93.184.215.14", "127.0.0.1"])
    with pytest.raises(Barred, match=r"127\.0\.0\.1"):
        http.call("GET", "https://example.org/")


def test_the_connection_goes_to_the_address_that_was_checked(
    monkeypatch: pytest.MonkeyPatch, server: Server, settings: Any
) -> None:
    settings.MAY_CALL = ["rebinding.example"]
    connected: list[Any] = []

    def connect(where: tuple[str, int], **_: Any) -> socket.socket:
        connected.append(where)
        raw = socket.socket()
        raw.connect(("127.0.0.1", server.port))
        return raw

    asked = _resolves(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    monkeypatch.setattr(socket, "create_connection", connect)
    assert http.call("GET", "http://rebinding.example/").body == b"well"
    assert connected == [("93.184.215.14", 80)]
    assert asked == ["rebinding.example"]
    assert b"\r\nHost: rebinding.example\r\n" in server.asked[0]


@pytest.mark.parametrize("url", ["http://example.org/", "https://example.org:8443/"])
def test_a_public_server_is_only_called_over_https_at_its_usual_port(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _resolves(monkeypatch, ["93.184.215.14"])
    with pytest.raises(Barred, match="https at port 443"):
        http.call("GET", url)


@pytest.mark.usefixtures("inside")
def test_what_the_installation_names_is_called(server: Server) -> None:
    reply = http.call("POST", f"http://127.0.0.1:{server.port}/a<b?q=ä", headers={"X-Key": "k"}, body=b"said")
    assert (reply.status, reply.body) == (200, b"well")
    assert server.asked[0].startswith(b"POST /a%3Cb?q=%C3%A4 HTTP/1.1\r\n")
    assert b"\r\n\r\nsaid" in server.asked[0] and b"X-Key: k" in server.asked[0].replace(b"x-key", b"X-Key")


@pytest.mark.usefixtures("inside")
def test_a_redirect_is_checked_like_the_first_address(server: Server) -> None:
    server.script = lambda talk, _: talk.sendall(answer(b"", "302 Found", Location="http://169.254.169.254/secrets"))
    with pytest.raises(Barred, match=r"169\.254"):
        http.call("GET", f"http://127.0.0.1:{server.port}/", redirects=3)


@pytest.mark.usefixtures("inside")
def test_redirects_end_and_are_not_followed_unasked(server: Server) -> None:
    server.script = lambda talk, _: talk.sendall(answer(b"", "302 Found", Location="/again"))
    with pytest.raises(Barred, match="more than 3 times"):
        http.call("GET", f"http://127.0.0.1:{server.port}/", redirects=3)
    assert http.call("GET", f"http://127.0.0.1:{server.port}/").status == 302
    assert http.call("POST", f"http://127.0.0.1:{server.port}/").status == 302


@pytest.mark.usefixtures("inside")
def test_what_proves_who_we_are_goes_to_no_other_server(server: Server) -> None:
    other = Server()
    server.script = lambda talk, _: talk.sendall(
        answer(b"", "302 Found", Location=f"http://127.0.0.1:{other.port}/"),
    )
    http.call("GET", f"http://127.0.0.1:{server.port}/", headers={"Authorization": "Bearer s3cret"}, redirects=1)
    other.socket.close()
    assert b"s3cret" in server.asked[0] and b"s3cret" not in other.asked[0]


def _drip_head(talk: socket.socket, _asked: bytes) -> None:
    for letter in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100:
        talk.sendall(bytes([letter]))
        time.sleep(0.1)


def _drip_body(talk: socket.socket, _asked: bytes) -> None:
    talk.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(1000):
        talk.sendall(b"x")
        time.sleep(0.1)


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("drip", [_drip_head, _drip_body])
def test_a_server_that_says_a_letter_now_and_then_holds_nobody(server: Server, drip: Script) -> None:
    server.script = drip
    began = time.monotonic()
    with pytest.raises(Unanswered) as why:
        http.call("GET", f"http://127.0.0.1:{server.port}/", seconds=1)
    assert time.monotonic() - began < 3
    assert why.value.sent


@pytest.mark.usefixtures("inside")
def test_whoever_calls_may_be_less_patient_than_the_kind(server: Server) -> None:
    server.script = _drip_body
    with http.at_most(0.5), pytest.raises(Unanswered, match=r"too long|timed out"):
        http.call("GET", f"http://127.0.0.1:{server.port}/", seconds=PATIENT)
    server.script = lambda talk, _: talk.sendall(answer(b"well"))
    assert http.call("GET", f"http://127.0.0.1:{server.port}/", seconds=3).body == b"well"


@pytest.mark.usefixtures("inside")
def test_too_much_is_no_answer_whether_plain_or_folded_small(server: Server) -> None:
    server.script = lambda talk, _: talk.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 3000)
    with pytest.raises(Unanswered, match="more than 2000 bytes"):
        http.call("GET", f"http://127.0.0.1:{server.port}/", most=2000)
    server.script = lambda talk, _: talk.sendall(answer(gzip.compress(b"x" * 10**7), **{"Content-Encoding": "gzip"}))
    with pytest.raises(Unanswered, match="compressed"):
        http.call("GET", f"http://127.0.0.1:{server.port}/")


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize(
    "half",
    [b"Content-Length: 1000\r\n\r\n{}", b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"],
    ids=["by length", "in chunks"],
)
def test_half_an_answer_is_none(server: Server, half: bytes) -> None:
    server.script = lambda talk, _: talk.sendall(b"HTTP/1.1 200 OK\r\n" + half)
    with pytest.raises(Unanswered, match="no whole answer") as why:
        http.call("GET", f"http://127.0.0.1:{server.port}/")
    assert why.value.sent


@pytest.mark.usefixtures("inside")
def test_an_answer_is_read_to_its_end_when_the_other_side_closes_behind_it(server: Server) -> None:
    for more in ({}, {"Connection": "close"}):
        server.script = lambda talk, _, more=more: talk.sendall(answer(b"x" * 300_000, "401 Unauthorized", **more))
        assert len(http.call("GET", f"http://127.0.0.1:{server.port}/").body) == 300_000


@pytest.mark.usefixtures("inside")
def test_it_is_told_whether_the_other_side_may_have_taken_it(server: Server) -> None:
    server.script = lambda talk, _: None
    with pytest.raises(Unanswered) as swallowed:
        http.call("POST", f"http://127.0.0.1:{server.port}/", body=b"x")
    assert swallowed.value.sent
    closed = socket.create_server(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    closed.close()
    with pytest.raises(Unanswered) as refused:
        http.call("POST", f"http://127.0.0.1:{port}/", body=b"x")
    assert not refused.value.sent


@pytest.mark.usefixtures("inside")
def test_a_certificate_must_be_that_of_the_name(server: Server) -> None:
    with pytest.raises(Unanswered) as why:
        http.call("GET", f"https://127.0.0.1:{server.port}/", seconds=3)
    assert not why.value.sent
    assert isinstance(why.value.__cause__, ssl.SSLError | OSError)


@pytest.mark.usefixtures("inside")
def test_a_header_of_two_lines_is_refused(server: Server) -> None:
    with pytest.raises(Barred):
        http.call("GET", f"http://127.0.0.1:{server.port}/", headers={"X": "a\r\nX-Admin: yes"})
    assert not server.asked or b"X-Admin" not in server.asked[0]


def test_what_is_neither_host_nor_network_is_named(settings: Any) -> None:
    settings.MAY_CALL = ["10.0.0.1/8"]
    with pytest.raises(ValueError, match="ARMATURE_MAY_CALL"):
        addresses.named(tuple(settings.MAY_CALL))
