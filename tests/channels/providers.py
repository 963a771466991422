"""Calls as mail providers make them: what they document of a mail that came in, truly signed."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import encode_multipart

HOOK = "https://desk.example/hooks/some-hook"
PICTURE = bytes(range(256)) + b"\r\n\n\r--"
TEXT = "Das Zelt ist kaputt 😡, und zwar völlig."
SENDER, OURS = "ingrid@people.example", "help+t5@shop.example"
SECRET = "us:a long password"
RSA = rsa.generate_private_key(65537, 2048)
PUBLIC = base64.b64encode(
    RSA.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
).decode()
BASIC = {"authorization": f"Basic {base64.b64encode(SECRET.encode()).decode()}"}
HEADERS = [
    ("From", f"Ingrid Bærg <{SENDER}>"), ("To", "help@shop.example"), ("Subject", "Zelt – kaputt"),
    ("Message-ID", "<m1@people.example>"), ("In-Reply-To", "<m0@shop.example>"),
    ("Date", "Fri, 27 Nov 2026 10:00:00 +0100"),
]  # fmt: skip


@dataclass(frozen=True)
class Call:
    """One call: its body with its type, and the headers that prove it with ``secret``."""

    secret: str
    body: bytes
    content_type: str
    proof: dict[str, str]

    def changed(self, old: bytes, new: bytes) -> "Call":
        """The same with other bytes, and the old proof."""
        assert old in self.body
        return replace(self, body=self.body.replace(old, new))


def mail(picture: bytes = PICTURE) -> bytes:
    """The mail itself, as the customer's server sent it."""
    made = EmailMessage()
    for name, value in HEADERS:
        made[name] = value
    made.set_content(TEXT)
    made.add_attachment(picture, maintype="image", subtype="png", filename="zelt.png")
    return made.as_bytes()


def _json(given: Any) -> bytes:
    return json.dumps(given).encode()


def _sha(key: str, said: bytes, how: Callable[[], Any] = hashlib.sha256) -> Any:
    return hmac.new(key.encode(), said, how)


def postmark() -> Call:
    named = dict(HEADERS)
    body = _json({
        "FromFull": {"Email": SENDER, "Name": "Ingrid Bærg", "MailboxHash": ""}, "From": SENDER,
        "ToFull": [{"Email": "help@shop.example", "Name": "", "MailboxHash": ""}], "OriginalRecipient": OURS,
        "Subject": named["Subject"], "MessageID": "73e6d360", "Date": named["Date"], "TextBody": TEXT, "HtmlBody": "",
        "Headers": [{"Name": name, "Value": value} for name, value in HEADERS[3:5]],
        "Attachments": [{"Name": "zelt.png", "Content": base64.b64encode(PICTURE).decode(), "ContentType": "image/png",
                         "ContentLength": len(PICTURE)}],
    })  # fmt: skip
    return Call(SECRET, body, "application/json", BASIC)


def mailjet() -> Call:
    body = _json({
        "Sender": SENDER, "Recipient": OURS, "Headers": dict(HEADERS), "Text-part": TEXT,
        "Parts": [{"ContentRef": "Attachment1", "Headers": {
            "Content-Type": 'image/png; name="zelt.png"', "Content-Disposition": 'attachment; filename="zelt.png"',
            "Content-Transfer-Encoding": "base64"}}],
        "Attachment1": base64.b64encode(PICTURE).decode(),
    })  # fmt: skip
    return Call(SECRET, body, "application/json", BASIC)


def sparkpost() -> Call:
    content = {"email_rfc822": base64.b64encode(mail()).decode(), "email_rfc822_is_base64": True}
    message = {"protocol": "smtp", "msg_from": SENDER, "rcpt_to": OURS, "content": content}
    return Call(SECRET, _json([{"msys": {"relay_message": message}}]), "application/json", BASIC)


def sendgrid() -> Call:
    fields: dict[str, Any] = {
        "headers": "\n".join(f"{name}: {value}" for name, value in HEADERS), "text": TEXT,
        "envelope": json.dumps({"from": SENDER, "to": [OURS]}), "charsets": json.dumps({"text": "UTF-8"}),
        "attachment-info": json.dumps({"attachment1": {"filename": "zelt.png", "type": "image/png"}}),
        "attachment1": SimpleUploadedFile("zelt.png", PICTURE, "image/png"),
    }  # fmt: skip
    return Call(SECRET, encode_multipart("xyz", fields), "multipart/form-data; boundary=xyz", BASIC)


def mailersend() -> Call:
    data = {"id": "1", "created_at": "2026-11-27T09:00:00Z", "raw": mail().decode(), "sender": {"email": SENDER},
            "recipients": {"rcptTo": [{"email": OURS}]}}  # fmt: skip
    body = _json({"type": "inbound.message", "data": data})
    return Call(SECRET, body, "application/json", {"signature": _sha(SECRET, body).hexdigest()})


def mailgun(at: float = 0, token: str = "a" * 50) -> Call:
    moment = str(int(at or time.time()))
    fields: dict[str, Any] = {
        "timestamp": moment, "token": token, "signature": _sha(SECRET, f"{moment}{token}".encode()).hexdigest(),
        "sender": SENDER, "recipient": OURS, "body-plain": TEXT, "stripped-text": TEXT, "attachment-count": "1",
        "message-headers": json.dumps(HEADERS), "attachment-1": SimpleUploadedFile("zelt.png", PICTURE, "image/png"),
    }  # fmt: skip
    return Call(SECRET, encode_multipart("xyz", fields), "multipart/form-data; boundary=xyz", {})


def raw(provider: str, mail: bytes) -> Call:
    """A mail as it came, in one field of a form: as SendGrid and Mailgun bring it where that is asked for."""
    if provider == "sendgrid":
        fields = {"email": mail.decode(), "envelope": json.dumps({"from": SENDER, "to": [OURS]})}
        return Call(SECRET, encode_multipart("xyz", fields), "multipart/form-data; boundary=xyz", BASIC)
    moment, token = str(int(time.time())), "a" * 50
    proof = _sha(SECRET, f"{moment}{token}".encode()).hexdigest()
    fields = {"timestamp": moment, "token": token, "signature": proof, "sender": SENDER, "recipient": OURS,
              "body-mime": mail.decode()}  # fmt: skip
    return Call(SECRET, encode_multipart("xyz", fields), "multipart/form-data; boundary=xyz", {})


def mandrill() -> Call:
    message = {"raw_msg": mail().decode(), "email": OURS, "from_email": SENDER}
    events = json.dumps([{"event": "inbound", "ts": 1, "msg": message}])
    proof = base64.b64encode(_sha(SECRET, f"{HOOK}mandrill_events{events}".encode(), hashlib.sha1).digest()).decode()
    body = urlencode({"mandrill_events": events}).encode()
    return Call(SECRET, body, "application/x-www-form-urlencoded", {"x-mandrill-signature": proof})


def postal() -> Call:
    given = {
        "id": 1,
        "rcpt_to": OURS,
        "mail_from": SENDER,
        "message": base64.b64encode(mail()).decode(),
        "base64": True,
    }
    body = _json(given)
    proof = base64.b64encode(RSA.sign(body, padding.PKCS1v15(), hashes.SHA1())).decode()  # as Postal signs
    return Call(PUBLIC, body, "application/json", {"x-postal-signature": proof})


CALLS: dict[str, Callable[[], Call]] = {
    "mailersend": mailersend, "mailgun": mailgun, "mailjet": mailjet, "mandrill": mandrill, "postal": postal,
    "postmark": postmark, "sendgrid": sendgrid, "sparkpost": sparkpost,
}  # fmt: skip
