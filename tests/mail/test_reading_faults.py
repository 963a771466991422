"""Whatever happens to the connection or the folder, nothing is skipped and nothing counts twice."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from armature.crm.channels.port import Account, Unreachable
from mail.exchange import KIND, fetched
from mail.scripted import cut_off
from mailserver import PASSWORD, MailServer


def delivered(server: MailServer, account: Account, number: int, size: int = 100) -> list[str]:
    """So many mails put into the mailbox as the server itself stores them."""
    fetched(account, {})
    inbox = server.maildir(account.address) / "new"
    keys = []
    for at in range(number):
        key = f"{uuid.uuid4()}@customer.test"
        file = server.folder / f"mail-{uuid.uuid4()}"
        head = f"From: ada@customer.test\r\nMessage-ID: <{key}>\r\nSubject: {at}\r\n\r\n"
        file.write_bytes(head.encode() + b"x" * size + b"\r\n")
        file.chmod(0o644)
        file.rename(inbox / f"{1_700_000_000 + at}.M{at}P{uuid.uuid4().hex}.test")
        keys.append(f"created:{key}")
    return keys


def test_five_hundred_mails_come_in_bounded_batches_in_order(mailserver: MailServer) -> None:
    account = mailserver.new_account()
    keys = delivered(mailserver, account, 500)
    batches = list(KIND.fetch(account, {}, 64))
    assert [len(envelopes) for envelopes, _ in batches] == [64] * 7 + [52]
    assert [each.event_key for envelopes, _ in batches for each in envelopes] == keys
    uids = [cursor["INBOX"]["uid"] for _, cursor in batches]
    assert uids == sorted(uids)
    assert fetched(account, batches[-1][1])[0] == []
    assert [each.event_key for each in fetched(account, batches[2][1])[0]] == keys[3 * 64 :]


def test_a_batch_is_bounded_in_bytes_too(mailserver: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("armature.crm.channels.email.reading.BATCH_BYTES", 100_000)
    account = mailserver.new_account()
    keys = delivered(mailserver, account, 10, size=30_000)
    batches = list(KIND.fetch(account, {}, 64))
    assert [len(envelopes) for envelopes, _ in batches] == [3, 3, 3, 1]
    assert [each.event_key for envelopes, _ in batches for each in envelopes] == keys


def test_only_the_beginning_of_a_mail_that_is_too_large_is_fetched(
    mailserver: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("armature.crm.channels.email.reading.WHOLE_BYTES", 10_000)
    monkeypatch.setattr("armature.crm.channels.email.reading.CUT_BYTES", 2_000)
    account = mailserver.new_account()
    keys = delivered(mailserver, account, 2, size=50_000) + delivered(mailserver, account, 1)
    envelopes, _ = fetched(account, {})
    assert sorted(each.event_key for each in envelopes) == sorted(keys)
    assert sorted(len(each.body) for each in envelopes)[1:] == [2_000, 2_000]
    (event,) = KIND.normalise(account, max(envelopes, key=lambda each: len(each.body)))
    assert "only its beginning was fetched" in event.warning  # type: ignore[union-attr]


def test_mail_numbers_dealt_anew_bring_the_same_keys_again(mailserver: MailServer) -> None:
    account = mailserver.new_account()
    keys = delivered(mailserver, account, 5)
    found, cursor = fetched(account, {})
    assert [each.event_key for each in found] == keys
    for name in ("dovecot-uidlist", "dovecot.index.log", "dovecot.index.cache", "dovecot.index", "dovecot-uidvalidity"):
        (mailserver.maildir(account.address) / name).unlink(missing_ok=True)
    keys += delivered_again(mailserver, account)
    assert KIND.wait(account, cursor, 20)
    again, after = fetched(account, cursor)
    assert after["INBOX"]["validity"] != cursor["INBOX"]["validity"]
    assert sorted(each.event_key for each in again) == sorted(keys)
    assert fetched(account, after)[0] == []


def delivered_again(server: MailServer, account: Account) -> list[str]:
    key = server.post_as_customer(account.address)
    server.wait_for(lambda: any(key.encode() in raw for raw in server.mailbox(account.address)))
    return [f"created:{key}"]


def test_nothing_is_marked_as_seen_and_seen_mail_is_read_all_the_same(mailserver: MailServer) -> None:
    account = mailserver.new_account()
    keys = delivered(mailserver, account, 2)
    mailserver.doveadm("flags", "add", "-u", account.address, r"\Seen", "mailbox", "INBOX", "1")
    assert [each.event_key for each in fetched(account, {})[0]] == keys
    seen = mailserver.doveadm("search", "-u", account.address, "mailbox", "INBOX", "SEEN")
    assert len(seen.splitlines()) == 1


def test_a_deleted_mail_leaves_no_hole_for_the_others(mailserver: MailServer) -> None:
    account = mailserver.new_account()
    keys = delivered(mailserver, account, 4)
    _, cursor = fetched(account, {}, 100)
    mailserver.doveadm("expunge", "-u", account.address, "mailbox", "INBOX", "uid", "4")
    assert not KIND.wait(account, cursor, 0)
    more = delivered_again(mailserver, account)
    assert [each.event_key for each in fetched(account, cursor)[0]] == more
    assert [each.event_key for each in fetched(account, {})[0]] == keys[:3] + more


def test_several_folders_keep_a_place_each(mailserver: MailServer) -> None:
    account = mailserver.new_account(folders="INBOX, Überweisungen/Größe")
    mailserver.doveadm("mailbox", "create", "-u", account.address, "Überweisungen.Größe")
    account = mailserver.account(account.address, folders="INBOX,Überweisungen.Größe")
    keys = delivered(mailserver, account, 2)
    _, cursor = fetched(account, {})
    mailserver.doveadm("move", "-u", account.address, "Überweisungen.Größe", "mailbox", "INBOX", "uid", "1")
    assert KIND.wait(account, cursor, 20)
    assert [each.event_key for each in fetched(account, cursor)[0]] == keys[:1]


@pytest.mark.parametrize("after", [40, 900, 60_000])
def test_a_connection_that_breaks_in_the_middle_loses_nothing(mailserver: MailServer, after: int) -> None:
    account = mailserver.new_account()
    keys = delivered(mailserver, account, 40, size=5_000)
    got: list[str] = []
    cursor = {}
    with cut_off(mailserver.imap_port, after) as port, pytest.raises(Unreachable) as told:
        for envelopes, after_these in KIND.fetch(mailserver.account(account.address, imap_port=port), {}, 5):
            got += [each.event_key for each in envelopes]
            cursor = after_these
    assert f"port {port}" in str(told.value)
    assert len(got) < 40
    got += [each.event_key for each in fetched(account, cursor)[0]]
    assert got == keys


def test_the_listener_is_told_when_the_server_goes_while_it_waits(mailserver: MailServer) -> None:
    account = mailserver.new_account()
    _, cursor = fetched(account, {})
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(KIND.wait, account, cursor, 60)
        mailserver.wait_for(lambda: account.address in mailserver.doveadm("who"))
        mailserver.doveadm("kick", account.address)
        with pytest.raises(Unreachable, match="broke off"):
            waiting.result(30)


def test_waiting_ends_when_its_time_is_over(mailserver: MailServer) -> None:
    account = mailserver.new_account()
    _, cursor = fetched(account, {})
    assert KIND.wait(account, cursor, 0.2) is False


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"imap_user": "x@crm.test", "imap_password": "wrong"}, "refused the login of x@crm.test: check user name"),
        ({"folders": "INBOX,Nowhere"}, "Nowhere cannot be opened (Mailbox doesn't exist: Nowhere"),
        ({"imap_port": 1}, "Nothing answers at 127.0.0.1, port 1: check the port"),
        ({"imap_host": "no-such-host.invalid"}, "There is no server named no-such-host.invalid"),
        ({"imap_security": "tls"}, "No encrypted connection to 127.0.0.1"),
        ({"imap_security": "starttls"}, "offers no encryption by STARTTLS"),
    ],
)
def test_what_keeps_us_out_is_told_in_words(mailserver: MailServer, settings: dict[str, object], words: str) -> None:
    secrets = {"imap_password": str(settings.pop("imap_password", PASSWORD))}
    base = mailserver.account("s@crm.test", **settings)
    account = Account(1, "email", base.address, base.settings, secrets, base.signing_key)
    with pytest.raises(Unreachable) as told:
        list(KIND.fetch(account, {}, 10))
    assert words in str(told.value)
    with pytest.raises(Unreachable):
        KIND.probe(account)


def test_a_probe_says_as_whom_it_got_in(mailserver: MailServer) -> None:
    account = mailserver.new_account()
    said = KIND.probe(account)
    assert f"Reads INBOX as {account.address}; sends as {account.address} through mail.crm.test" in said
