"""Mailbox servers that answer oddly, late or not at all: no mail is skipped, and what is wrong is told in words."""

import base64
import ssl

import pytest

from armature.crm.channels.email import Email, waiting
from armature.crm.channels.email.login import in_words
from armature.crm.channels.email.settings import Server
from armature.crm.channels.port import Account, Cursor, Unreachable
from channels.scripted_imap import mailbox

KIND = Email()
READ: Cursor = {"INBOX": {"validity": 7, "uid": 2, "since": "2026-01-01"}}
CAN_IDLE = [b"* CAPABILITY IMAP4rev1 IDLE\r\n"] * 3


def bodies(account: Account) -> list[bytes]:
    return [each.body for envelopes, _ in KIND.fetch(account, {}, 10) for each in envelopes]


def test_the_mails_of_a_plain_server_are_read_in_order() -> None:
    with mailbox() as server:
        assert bodies(server.account()) == [b"First", b"Other"]


def test_lines_that_tell_nothing_of_a_mail_are_passed_over() -> None:
    sizes = b"* 1 FETCH (FLAGS ())\r\n* 1 FETCH (UID 1 RFC822.SIZE 5)\r\n* 2 FETCH (UID 2 RFC822.SIZE 5)\r\n"
    mails = b"* 9 FETCH (BODY[] {4}\r\nLost)\r\n* 1 FETCH (BODY[] {5}\r\nFirst UID 1)\r\n"
    with mailbox(UID_SIZES=[sizes], UID_MAILS=[mails]) as server:
        assert bodies(server.account()) == [b"First"]


def test_where_a_search_finds_nothing_nothing_is_fetched_and_the_place_is_kept() -> None:
    with mailbox(UID_SEARCH=[b"* SEARCH\r\n"]) as server:
        assert [place["INBOX"]["uid"] for _, place in KIND.fetch(server.account(), {}, 10)] == [2]
        assert not [line for line in server.heard if "FETCH" in line]


def test_a_time_that_is_none_does_not_keep_a_mail_away() -> None:
    mails = b'* 1 FETCH (UID 1 INTERNALDATE "no time" BODY[] {5}\r\nFirst)\r\n'
    with mailbox(UID_MAILS=[mails]) as server:
        assert bodies(server.account()) == [b"First"]


@pytest.mark.parametrize("command", ["UID_SEARCH", "UID_SIZES", "UID_MAILS"])
def test_a_server_that_refuses_a_command_is_told_in_words(command: str) -> None:
    with (
        mailbox(**{command: [b"NO not now"]}) as server,
        pytest.raises(Unreachable, match=r"broke off \(the server answered NO"),
    ):
        bodies(server.account())


def test_a_server_that_does_not_number_its_mails_is_not_read() -> None:
    with mailbox(EXAMINE=[b"* 2 EXISTS\r\n"]) as server, pytest.raises(Unreachable, match="does not tell UIDVALIDITY"):
        bodies(server.account())


def test_a_password_with_letters_of_other_tongues_arrives_whole() -> None:
    with mailbox() as server:
        assert bodies(server.account(password="größe")) == [b"First", b"Other"]
        given = server.heard[server.heard.index("AUTHENTICATE PLAIN") + 1]
    assert base64.b64decode(given).decode().split("\0")[1:] == ["support@crm.test", "größe"]


def test_where_a_server_cannot_tell_of_new_mail_we_look_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "LOOK_EVERY", 0.01)
    with mailbox(NOOP=[b"", b"* 3 EXISTS\r\n"]) as server:
        assert KIND.wait(server.account(), READ, 20) is True
        assert server.heard.count("NOOP") == 2
        assert KIND.wait(server.account(), READ, 0.1) is False


def test_mail_that_came_before_we_waited_is_not_waited_for() -> None:
    with mailbox(CAPABILITY=CAN_IDLE) as server:
        assert KIND.wait(server.account(), {}, 60) is True
        assert "IDLE" not in server.heard


def test_a_server_tells_of_new_mail_while_we_wait() -> None:
    with mailbox(CAPABILITY=CAN_IDLE, IDLE=[b"* OK still here\r\n* 3 EXISTS\r\n"]) as server:
        assert KIND.wait(server.account(), READ, 60) is True


@pytest.mark.parametrize("end", [b"* BYE going down\r\n", b"IDLE1 NO not now\r\n", b"hang up"])
def test_a_server_that_ends_the_waiting_is_not_taken_for_a_silent_one(end: bytes) -> None:
    with mailbox(CAPABILITY=CAN_IDLE, IDLE=[end]) as server, pytest.raises(Unreachable, match="broke off"):
        KIND.wait(server.account(), READ, 60)


def _certificate() -> ssl.SSLCertVerificationError:
    problem = ssl.SSLCertVerificationError("x")
    problem.verify_message = "Hostname mismatch"
    return problem


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (_certificate(), "is not valid for it (Hostname mismatch): check the server's name"),
        (ssl.SSLError("wrong version"), "No encrypted connection to mail.test, port 993"),
        (TimeoutError(), "does not answer in time"),
        (ConnectionResetError(), "broke off (ConnectionResetError)"),
    ],
)
def test_each_way_a_connection_fails_has_words_of_its_own(problem: Exception, words: str) -> None:
    assert words in in_words(problem, Server("mail.test", 993, "tls", "u", "p"))
