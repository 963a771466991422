"""Calls of mail providers, read by django-anymail: is it really theirs, and which mails does it bring?

Providers that only say where a mail lies (Amazon SES, Brevo, Mailtrap, Resend) are not here: reading what was kept must
need no network.
"""

import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.encoders import encode_base64
from email.message import Message
from functools import partial
from hashlib import sha256
from importlib import import_module, util
from io import BytesIO
from typing import Any

from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.http.multipartparser import MultiPartParserError

from armature.crm.channels.mail_provider import form
from armature.crm.channels.port import NotGenuine, Request

SKEW = 900
"""Seconds that the time in a signature may be off: a call of longer ago may be one that somebody overheard."""
MISSING = "needs the package django-anymail: install armature[providers]"


@dataclass(frozen=True, slots=True)
class Provider:
    """Where anymail reads its calls, and which of the view's secrets ours is."""

    module: str
    view: str
    secret: str = "webhook_secret"  # noqa: S105  # its name there

    @property
    def signs(self) -> bool:
        """Whether calls are signed; else they carry user and password."""
        return self.secret != "webhook_secret"  # noqa: S105


PROVIDERS: Mapping[str, Provider] = {
    "mailersend": Provider("mailersend", "MailerSendInboundWebhookView", "inbound_secret"),
    "mailgun": Provider("mailgun", "MailgunInboundWebhookView", "webhook_signing_key"),
    "mailjet": Provider("mailjet", "MailjetInboundWebhookView"),
    "mandrill": Provider("mandrill", "MandrillCombinedWebhookView", "webhook_key"),
    "postal": Provider("postal", "PostalInboundWebhookView", "webhook_key"),
    "postmark": Provider("postmark", "PostmarkInboundWebhookView"),
    "sendgrid": Provider("sendgrid", "SendGridInboundWebhookView"),
    "sparkpost": Provider("sparkpost", "SparkPostInboundWebhookView"),
}


def problems(provider: str, secret: str) -> dict[str, str]:
    """What is wrong with the fields of an account, by field."""
    if util.find_spec("anymail") is None:
        return {"provider": MISSING}
    if not secret.isascii():
        return {"hook_secret": "has letters that no key has: copy it once more"}
    if not PROVIDERS[provider].signs and not all(secret.partition(":")[::2]):
        return {"hook_secret": "is no user:password: give both, with a colon between, as in the address you give them"}
    if len(secret) < 12:
        return {"hook_secret": "is too short to prove anything: 12 letters or more"}
    return {}


def verified(provider: str, secret: str, request: Request) -> tuple[str, str]:
    """The type of a genuine call's body, and a name under which it is taken once; raises ``NotGenuine``.

    Mailgun signs a token and not its words: what comes with a token that was used is another's.
    """
    name = sha256(request.body).hexdigest()
    given = request.headers.get("content-type", "")
    try:
        call = _Call(request.headers, request.body, given)
        _view(provider, secret, request.url).run_validators(call)
        if provider == "mailgun":
            if abs(time.time() - int(call.POST["timestamp"])) > SKEW:
                raise NotGenuine("its signature is too old or from the future")
            name = str(call.POST["token"])
    except (SuspiciousOperation, MultiPartParserError, ValueError, KeyError, TypeError) as wrong:
        raise NotGenuine(str(wrong)[:200]) from None
    return given, name


def mails(provider: str, body: bytes, content_type: str) -> Iterator[bytes]:
    """The mails that a kept call brings, each as it would lie in a mailbox; raises ``ValueError`` in words."""
    try:
        call = _Call({}, body, content_type)
        for event in _view(provider, "user:password", "").parse_events(call):
            if getattr(event, "event_type", "") == "inbound":
                if not event.message.get("From"):
                    raise ValueError("it names no sender")
                yield _raw(event.message, sha256(body).hexdigest()[:24])
    except _odd() as wrong:
        raise ValueError(f"This is no mail as {provider} brings it: {str(wrong)[:200]}") from wrong


def _raw(mail: Message, mark: str) -> bytes:
    """A mail with what the provider heard from the sending server above it, as a mailbox would have it.

    ``mark`` parts what has no boundaries yet: the same call gives the same bytes.
    """
    for number, part in enumerate(mail.walk()):
        if part.is_multipart() and part.get_content_maintype() == "multipart" and not part.get_boundary():
            part.set_boundary(f"=_{number}_{mark}")
    heard = {
        "Return-Path": f"<{sender}>" if (sender := getattr(mail, "envelope_sender", None)) else "",
        "Delivered-To": getattr(mail, "envelope_recipient", None) or "",
    }
    above = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in heard.items() if value)
    return above.encode("utf-8", "replace") + _bytes(mail)


def _bytes(mail: Message) -> bytes:
    """As it goes over the wire: files that are held as they are become base64, so that no byte of them changes."""
    for part in mail.walk():
        if not part.is_multipart() and "content-transfer-encoding" not in part:
            words = part.get_payload()
            if part.get_content_maintype() != "text" or not str(words).isascii():
                encode_base64(part)
    try:
        return mail.as_bytes()
    except UnicodeEncodeError:  # words beyond ASCII that were put in as they stand
        return mail.as_string().encode("utf-8", "surrogateescape")


def _view(provider: str, secret: str, url: str) -> Any:
    """anymail's view, used for reading only: nothing of it is reached by an address of ours."""
    known = PROVIDERS[provider]
    make: Callable[..., Any] = getattr(import_module(f"anymail.webhooks.{known.module}"), known.view)
    if provider == "mandrill":
        make = partial(make, webhook_url=url)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it says of settings that we do not use
        return make(**{known.secret: secret})


def _odd() -> tuple[type[Exception], ...]:
    """What anymail and Django raise for a body that is not what it should be."""
    from anymail.exceptions import AnymailError

    known = (
        SuspiciousOperation,
        MultiPartParserError,
        LookupError,
        TypeError,
        AttributeError,
        ValueError,
        AssertionError,
        RecursionError,
    )
    return (AnymailError, ImproperlyConfigured, *known)


class _Call(WSGIRequest):
    """A call as a request of Django, made of what came or of what was kept."""

    def __init__(self, headers: Mapping[str, str], body: bytes, content_type: str) -> None:
        given = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        about = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(body))}
        super().__init__({**given, **about, "wsgi.input": BytesIO(body)})
        self._body = body  # whole, however long: the hook has weighed it
        self.content_type_given = content_type

    def parse_file_upload(self, META: Any, post_data: Any) -> form.Form:  # noqa: N803  its name there
        """Read as a whole: a mail may be as long as the hook lets it be."""
        return form.read(self._body, self.content_type_given, self.encoding or "utf-8")
