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
