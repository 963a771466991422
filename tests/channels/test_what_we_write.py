"""A mail of ours: copies and files are in it, byte for byte, and nobody's name breaks out of its field."""

from email import message_from_bytes
from email.policy import default

import pytest

from armature.crm.channels.email.compose import composed
from armature.crm.channels.port import Account, Attachment, Outgoing

ACCOUNT = Account(1, "email", "hello@shop.example", signing_key=b"x" * 32)


def _mail(**more: object) -> Outgoing:
    given = {"external_id": "a@shop.example", "recipients": ("ingrid@people.example",), "text": "Hello", **more}
    return Outgoing(**given)  # type: ignore[arg-type]


def test_copies_and_files_are_in_the_mail_as_they_were_approved() -> None:
    body = bytes(range(256))
    files = (Attachment("plan é.pdf", "application/pdf", body), Attachment("a.eml", "message/rfc822", b"x"))
    raw = composed(ACCOUNT, _mail(copies=("boss@people.example",), attachments=files))
    mail = message_from_bytes(raw, policy=default)
    assert mail["Cc"] == "boss@people.example"
    there = list(mail.iter_attachments())
    assert [(one.get_filename(), one.get_content_type(), one.get_payload(decode=True)) for one in there] == [
        ("plan é.pdf", "application/pdf", body),
        ("a.eml", "application/octet-stream", b"x"),
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"copies": ("a@b.example\r\nBcc: x@y.example",)},
        {"attachments": (Attachment("a\r\nb", "text/plain", b"x"),)},
        {"author_name": "Mona\nBcc: x@y.example"},
    ],
)
def test_what_would_break_out_of_its_field_is_refused(more: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="control character"):
        composed(ACCOUNT, _mail(**more))


@pytest.mark.parametrize("bad", [{"external_id": "no-at"}, {"references": ("a b@x",)}, {"in_reply_to": "<a@b>"}])
def test_an_id_that_would_not_be_one_field_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="Message-ID"):
        composed(ACCOUNT, _mail(**bad))


@pytest.mark.parametrize(("answered", "kind"), [("", "auto-generated"), ("b@people.example", "auto-replied")])
def test_what_a_machine_says_is_marked_so_that_no_machine_answers(answered: str, kind: str) -> None:
    mail = message_from_bytes(composed(ACCOUNT, _mail(automatic=True, in_reply_to=answered)), policy=default)
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == (kind, "All")
    assert "Auto-Submitted" not in message_from_bytes(composed(ACCOUNT, _mail(in_reply_to=answered)), policy=default)


def test_of_a_long_conversation_the_nearest_mails_are_named() -> None:
    ids = tuple(f"{number:03}{'x' * 40}@people.example" for number in range(100))
    raw = composed(ACCOUNT, _mail(in_reply_to=ids[0], references=ids))
    named = message_from_bytes(raw, policy=default)["References"].split()
    assert 5 < len(named) < 100
    assert named == [f"<{each}>" for each in reversed(ids[: len(named)])]


def test_without_a_key_nothing_is_signed() -> None:
    with pytest.raises(ValueError, match="no key to sign with"):
        composed(Account(1, "email", "hello@shop.example"), _mail())
