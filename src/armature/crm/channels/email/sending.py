"""Handing one mail to the outgoing server. Whoever calls must be able to trust the outcome: see ``Outcome``."""

import smtplib
import ssl
from contextlib import suppress

from armature.crm.channels.addresses import Barred, mail_in_demo
from armature.crm.channels.email.address import proof_address
from armature.crm.channels.email.compose import composed
from armature.crm.channels.email.login import in_words
from armature.crm.channels.email.outgoing import Encrypted, Plain
from armature.crm.channels.email.settings import MailSettings
from armature.crm.channels.port import (
    LOGIN,
    Account,
    Failed,
    LoginRefused,
    Outcome,
    Outgoing,
    Sent,
    Unknown,
    Unreachable,
)

WAIT_AFTER_BODY = 4
"""How much longer than for other answers we wait for the last one: giving up there leaves the outcome unknown."""
TALK = 4
"""How much longer than for one answer all that comes before the mail may take."""

_SETTINGS_WRONG = 900
_LATER = 60


def send(account: Account, settings: MailSettings, outgoing: Outgoing) -> Outcome:
    """Hand it over once, with a copy to our own mailbox that proves acceptance when it arrives."""
    try:
        body = composed(account, outgoing)
        proof = proof_address(account.address, outgoing.external_id, account.signing_key)
        recipients = [wire_address(address) for address in (*outgoing.recipients, *outgoing.copies)]
    except (ValueError, LookupError) as problem:
        return Failed(str(problem))
    if not outgoing.recipients:
        return Failed("There is no recipient: add an address.")
    try:
        server = _connected(settings)
    except LoginRefused as problem:
        return Failed(str(problem), cause=LOGIN)
    except Unreachable as problem:
        return Failed(str(problem), retryable=True, after=_SETTINGS_WRONG)
    try:
        return _handed_over(server, settings, account.address, recipients, proof, body, outgoing.external_id)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            _patience(server, 2)
            server.quit()
        server.close()


def logged_in(settings: MailSettings) -> str:
    """Log in and out again; what the server calls itself. Raises ``Unreachable``."""
    server = _connected(settings)
    greeting = (server.ehlo_resp or server.helo_resp or b"").split(b"\n")[0].decode("utf-8", "replace")
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    return greeting


def wire_address(address: str) -> str:
    """The address as it goes over the wire; raises ``ValueError`` for what is none."""
    local, at, domain = address.strip().rpartition("@")
    if not at or not local or not domain or any(letter in address for letter in " <>\r\n\t,;\x00"):
        raise ValueError(f"“{address[:100]}” is not an e-mail address: correct the recipient.")
    if not local.isascii():
        raise ValueError(f"“{address[:100]}” has letters before the @ that our mail server may not send to.")
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"


def _connected(settings: MailSettings) -> Plain | Encrypted:
    at = settings.outgoing
    context, longest = ssl.create_default_context(), settings.timeout * TALK
    server: Plain | Encrypted | None = None
    try:
        mail_in_demo(at.host, at.port)
        if at.security == "tls":
            server = Encrypted(at.host, at.port, seconds=longest, timeout=settings.timeout, context=context)
        else:
            server = Plain(at.host, at.port, seconds=longest, timeout=settings.timeout)
        if at.security == "starttls":
            server.starttls(context=context)
        if at.user:
            server.login(at.user, at.password)
        server.ehlo_or_helo_if_needed()
    except Barred as barred:
        raise Unreachable(str(barred)) from None
    except (OSError, smtplib.SMTPException) as problem:
        if server is not None:
            server.close()
        for_good = isinstance(problem, smtplib.SMTPAuthenticationError) and problem.smtp_code >= 500
        raise (LoginRefused if for_good else Unreachable)(_words(problem, settings)) from problem
    return server


def _words(problem: Exception, settings: MailSettings) -> str:
    at = settings.outgoing
    if isinstance(problem, smtplib.SMTPAuthenticationError):
        said = _said(problem.smtp_error)
        return f"{at.host}, port {at.port} refused the login of {at.user}: check user name and password ({said})."
    if isinstance(problem, smtplib.SMTPNotSupportedError):
        return f"{at.host}, port {at.port} offers no such encryption or login: check the port and the encryption."
    return in_words(problem, at)


def _handed_over(
    server: Plain | Encrypted,
    settings: MailSettings,
    sender: str,
    recipients: list[str],
    proof: str,
    body: bytes,
    external_id: str,
) -> Outcome:
    try:
        refused = _envelope(server, sender, recipients, proof)
        if refused:
            return refused
        code, said = server.docmd("DATA")
    except (smtplib.SMTPException, OSError) as problem:
        return Failed(_words(problem, settings), retryable=True, after=_LATER)
    if code != 354:
        return _refusal(code, said, "the mail")
    return _body(server, settings, body, external_id)


def _envelope(server: Plain | Encrypted, sender: str, recipients: list[str], proof: str) -> Failed | None:
    code, said = server.mail(sender)
    if code != 250:
        return _refusal(code, said, f"the sender {sender}")
    for address in recipients:
        code, said = server.rcpt(address)
        if code not in (250, 251):
            return _refusal(code, said, f"the recipient {address}")
    # Without the copy there is no proof later, but that is no reason not to answer the customer.
    server.rcpt(proof)
    return None


def _body(server: Plain | Encrypted, settings: MailSettings, body: bytes, external_id: str) -> Outcome:
    stuffed = body.replace(b"\r\n.", b"\r\n..")
    stuffed = (
        (b"." if stuffed.startswith(b".") else b"")
        + stuffed
        + (b"" if stuffed.endswith(b"\r\n") else b"\r\n")
        + b".\r\n"
    )
    try:
        server.send(stuffed)
        _patience(server, settings.timeout * WAIT_AFTER_BODY)
        code, said = server.getreply()
    except (smtplib.SMTPException, OSError) as problem:
        why = in_words(problem, settings.outgoing)
        return Unknown(f"The mail was handed over, but no confirmation came: it may have gone out. {why}")
    return Sent(external_id) if code == 250 else _refusal(code, said, "the mail")


def _refusal(code: int, said: bytes, what: str) -> Failed:
    later = 400 <= code < 500
    return Failed(f"The server refused {what}: {code} {_said(said)}", retryable=later, after=_LATER if later else 0)


def _patience(server: Plain | Encrypted, seconds: float) -> None:
    server.end_in(seconds)
    if server.sock is not None:
        server.sock.settimeout(seconds)


def _said(said: bytes | str) -> str:
    words = said if isinstance(said, str) else said.decode("utf-8", "replace")
    return " ".join(words.replace("\x00", "").split())[:300]
