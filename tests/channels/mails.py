"""Raw mails and the account that gets them."""

from datetime import UTC, datetime
from pathlib import Path

from armature.crm.channels.email import Email
from armature.crm.channels.email.message_ids import event_key
from armature.crm.channels.port import Account, Created, Envelope, Event

SAMPLES = Path(__file__).parent.parent / "samples" / "mail"
ACCOUNT = Account(1, "email", "support@crm.test", signing_key=b"sixteen bytes or more")
RECEIVED = datetime(2026, 3, 6, 12, tzinfo=UTC)
OUR_ID = "0d1f8a6e-4c7b-4b0f-9b2e-2f6a0f3f7a11@crm.test"


def sample(name: str) -> bytes:
    """A mail as a real program writes it."""
    return (SAMPLES / f"{name}.eml").read_bytes()


def events(raw: bytes, content_type: str = "message/rfc822") -> list[Event]:
    """What the e-mail channel makes of it."""
    return Email().normalise(ACCOUNT, Envelope(event_key(raw), raw, content_type, RECEIVED))


def created(raw: bytes) -> Created:
    """The one thing that somebody said with it."""
    (event,) = events(raw)
    assert isinstance(event, Created)
    return event


def mail(text: str | bytes = "Hello", **headers: str | bytes) -> bytes:
    """A mail with these headers, "_" for "-" in names, in place of the usual ones; "" drops one."""
    usual: dict[str, str | bytes] = {
        "From": "ada@customer.test",
        "To": "support@crm.test",
        "Message-ID": "<m1@customer.test>",
        "Date": "Thu, 5 Mar 2026 10:00:00 +0000",
    }
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [_bytes(name) + b": " + _bytes(value) for name, value in {**usual, **given}.items() if value]
    return b"\r\n".join(lines) + b"\r\n\r\n" + _bytes(text)


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()
