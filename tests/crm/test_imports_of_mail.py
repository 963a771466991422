"""Mail and tickets of other desks come in through the same job: threads whole, own mails as ours, bad ones told."""

import io
import json
import mailbox
import zipfile
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner

from armature.cli import imports as command
from armature.crm.listen.imports import faults
from armature.crm.listen.imports.models import Import
from armature.crm.listen.models import Channel, File, Interaction
from house import House
from test_imports import brought, given, mapped, some

FIRST = (
    b"From: Ingrid <ingrid@people.example>\r\nTo: hello@shop.example\r\nSubject: Kettle\r\n"
    b"Message-ID: <1@people.example>\r\nDate: Sat, 3 Feb 2024 10:00:00 +0000\r\n\r\nMy kettle is broken.\r\n"
)
OURS = (
    b"From: Shop <hello+x@shop.example>\r\nTo: ingrid@people.example\r\nSubject: Re: Kettle\r\n"
    b"Message-ID: <2@shop.example>\r\nIn-Reply-To: <1@people.example>\r\nReferences: <1@people.example>\r\n"
    b"Date: Sun, 4 Feb 2024 10:00:00 +0000\r\n\r\nWe send a new one.\r\n"
)
THANKS = (
    b"From: ingrid@people.example\r\nTo: hello@shop.example\r\nSubject: Re: Kettle\r\n"
    b"Message-ID: <3@people.example>\r\n"
    b"In-Reply-To: <2@shop.example>\r\nReferences: <1@people.example> <2@shop.example>\r\n"
    b"Date: Mon, 5 Feb 2024 10:00:00 +0000\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\n\r\nThank you!\r\n--b\r\nContent-Type: text/plain; name=a.txt\r\n"
    b"Content-Disposition: attachment; filename=a.txt\r\n\r\nfile\r\n--b--\r\n"
)
AWAY = (
    b"From: per@people.example\r\nTo: hello@shop.example\r\nSubject: Away\r\nMessage-ID: <4@people.example>\r\n"
    b"Auto-Submitted: auto-replied\r\nDate: Mon, 5 Feb 2024 11:00:00 +0000\r\n\r\nI am away.\r\n"
)


@pytest.fixture
def post(house: House) -> House:
    """The mailbox of the house is one of mail."""
    Channel.objects.filter(pk=house.mailbox.pk).update(kind="email")
    house.mailbox.refresh_from_db()
    return house


def _mbox(folder: Path, *mails: bytes) -> bytes:
    box = mailbox.mbox(folder / "made.mbox")
    for mail in mails:
        box.add(mail.replace(b"\r\n", b"\n"))
    box.close()
    return (folder / "made.mbox").read_bytes()


def _zip(*mails: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        for number, mail in enumerate(mails):
            packed.writestr(f"in/{number}.eml", mail)
    return kept.getvalue()


@pytest.mark.parametrize("kind", ["mbox", "mails"])
def test_mails_come_in_once_with_their_threads_files_and_direction(post: House, tmp_path: Path, kind: str) -> None:
    mails = (THANKS, OURS, FIRST, AWAY)  # in no order
    job = given(post, _mbox(tmp_path, *mails) if kind == "mbox" else _zip(*mails), name=f"old.{kind}")
    assert job.kind == kind
    job = brought(post, mapped(post, job))
    assert (job.state, some(job)) == ("done", {"new": 4}), list(job.rows.values())
    ours = Interaction.objects.get(direction="out")
    thread = Interaction.objects.filter(conversation=ours.conversation_id)
    assert sorted(thread.values_list("external_id", flat=True)) == [
        "1@people.example", "2@shop.example", "3@people.example",
    ]  # fmt: skip
    assert all(one.historic for one in thread) and File.objects.get().name == "a.txt"
    away = Interaction.objects.get(external_id="4@people.example")
    assert "brought in" not in away.automatic and away.automatic
    assert some(brought(post, mapped(post, given(post, _zip(*mails))))) == {"known": 4}


def test_a_mail_of_nobody_is_told_and_comes_back_in_an_mbox_to_mend(post: House, tmp_path: Path) -> None:
    nobody = FIRST.replace(b"From: Ingrid <ingrid@people.example>\r\n", b"").replace(b"<1@", b"<9@")
    job = brought(post, mapped(post, given(post, _zip(FIRST, nobody))))
    assert some(job) == {"new": 1, "faulty": 1} and "From is missing" in job.rows.get().why
    body = b"".join(faults.written(job))
    assert body.startswith(b"From to-mend\nX-Not-Taken: 1.eml: ")
    mended = body.replace(b"\nTo: hello", b"\nFrom: per@people.example\nTo: hello")
    assert some(brought(post, mapped(post, given(post, mended)))) == {"new": 1}


TICKET = {
    "id": 7, "subject": "Kettle", "requester_id": 1, "created_at": "2024-02-03T10:00:00Z", "description": "Broken",
    "requester": {"id": 1, "name": "Ingrid", "email": "Ingrid@people.example"},
    "assignee": {"id": 2, "name": "Mona", "email": "mona@shop.example"},
    "comments": [
        {"id": 1, "author_id": 1, "created_at": "2024-02-03T10:00:00Z", "plain_body": "It is broken", "public": True},
        {"id": 2, "author_id": 2, "created_at": "2024-02-03T11:00:00Z", "body": "Check stock", "public": False},
        {"id": 3, "author_id": 2, "created_at": "2024-02-03T12:00:00Z", "body": "A new one comes", "public": True},
    ],
}  # fmt: skip
TALK = {
    "id": 5, "inbox_id": 1, "meta": {"sender": {"id": 9, "name": "Per", "email": "", "phone_number": "+4799887766"}},
    "messages": [
        {"id": 1, "content": "Where is it?", "message_type": 0, "created_at": 1706954400, "private": False},
        {"id": 2, "content": "Mona was assigned", "message_type": 2, "created_at": 1706954401, "private": False},
        {"id": 3, "content": "On its way", "message_type": 1, "created_at": 1706954402, "sender": {"id": 2}},
        {"id": 4, "content": "He is angry", "message_type": 1, "created_at": 1706954403, "private": True},
    ],
}  # fmt: skip


def _said(job: Import) -> list[tuple[str, str, str]]:
    found = Interaction.objects.filter(channel=job.channel_id).order_by("occurred_at")
    return [(one.direction, one.author, one.text) for one in found]


@pytest.mark.parametrize("shape", ["lines", "list"])
def test_tickets_of_zendesk_become_conversations_without_the_notes(house: House, shape: str) -> None:
    broken = b'{"id": 8, "comments": [{"id":\n' if shape == "lines" else b""
    second = {**TICKET, "id": 9, "comments": [{**TICKET["comments"][0], "created_at": "never"}]}  # type: ignore[index]
    tickets = [json.dumps(one).encode() for one in (TICKET, second)]
    body = b"\n".join(tickets) + b"\n" + broken if shape == "lines" else b"[" + b",\n".join(tickets) + b"]"
    job = brought(house, mapped(house, given(house, body, name="tickets.json")))
    assert job.kind == "zendesk"
    assert some(job) == {"new": 2, "left_out": 1, "faulty": 2 if shape == "lines" else 1}
    assert _said(job) == [
        ("in", "ingrid@people.example", "It is broken"),
        ("out", "mona@shop.example", "A new one comes"),
    ]
    assert Interaction.objects.values("conversation").distinct().count() == 1


@pytest.mark.parametrize("wrapped", [False, True])
def test_conversations_of_chatwoot_come_in_without_what_only_happened(house: House, wrapped: bool) -> None:
    body = {"payload": [TALK]} if wrapped else [TALK]
    job = brought(house, mapped(house, given(house, json.dumps(body), name="conversations.json")))
    assert (job.kind, some(job)) == ("chatwoot", {"new": 2, "left_out": 1}), list(job.rows.values())
    assert [(way, text) for way, _, text in _said(job)] == [("in", "Where is it?"), ("out", "On its way")]


def test_the_command_brings_in_a_folder_of_mails_and_says_what_is_to_be_mended(
    post: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command.home, "database", lambda *_, **__: nullcontext())
    monkeypatch.setattr(command.home, "set_up", lambda: None)
    folder = tmp_path / "mails"
    (folder / "in").mkdir(parents=True)
    (folder / "in" / "1.eml").write_bytes(FIRST)
    (folder / "2.eml").write_bytes(b" ")
    asked = [str(folder), "--as", "leo@shop.example", "--channel", str(post.mailbox.pk)]
    dry = CliRunner().invoke(command.imports, [*asked, "--dry-run"])
    assert "dry run: 1 new, 1 faulty" in dry.output and not Interaction.objects.exists()
    run = CliRunner().invoke(command.imports, [*asked, "--to-mend", str(tmp_path / "mend.mbox")])
    assert run.exit_code == 2 and "2.eml: this mail is empty" in run.output
    assert Interaction.objects.get().external_id == "1@people.example"
    refused = CliRunner().invoke(command.imports, [*asked[:2], "mona@shop.example", *asked[3:]])
    assert refused.exit_code == 1 and "bring in files" in refused.output
