"""Opening the mailbox: every way it can fail is told in words that the person who set it up can act on."""

import imaplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError, UnexpectedCommandStatusError

from armature.crm.channels.addresses import Barred, mail_in_demo
from armature.crm.channels.email.settings import MailSettings, Server
from armature.crm.channels.port import Unreachable

BROKEN = (OSError, imaplib.IMAP4.error, ImapToolsError)


class Folder(NamedTuple):
    """A folder as the server sees it: message numbers only mean something together with ``validity``."""

    client: imaplib.IMAP4
    name: str
    validity: int
    next_uid: int


@contextmanager
def logged_in(settings: MailSettings) -> Iterator[BaseMailBox]:
    """The mailbox, logged in and closed again; raises ``Unreachable``."""
    box = None
    try:
        box = _connected(settings.incoming, settings.timeout)
        _log_in(box, settings.incoming)
        yield box
    except BROKEN as problem:
        raise Unreachable(in_words(problem, settings.incoming)) from problem
    finally:
        if box is not None:
            with suppress(*BROKEN):
                box.client.logout()
            with suppress(*BROKEN):
                box.client.shutdown()


def opened(box: BaseMailBox, name: str) -> Folder:
    """The folder, opened for reading only, so that we mark no mail as seen; raises ``Unreachable``."""
    try:
        box.folder.set(name, readonly=True)
    except MailboxFolderSelectError as problem:
        said = f"{name} cannot be opened ({_short(problem)}): check the names of the folders."
        raise Unreachable(said) from problem
    return Folder(box.client, name, _number(box.client, "UIDVALIDITY"), _number(box.client, "UIDNEXT"))


def in_words(problem: BaseException, server: Server) -> str:
    """What went wrong with this server and what to look at."""
    where = f"{server.host}, port {server.port}"
    if isinstance(problem, ssl.SSLCertVerificationError):
        return f"The certificate of {where} is not valid for it ({problem.verify_message}): check the server's name."
    if isinstance(problem, ssl.SSLError):
        return f"No encrypted connection to {where}: check port and encryption ({_short(problem)})."
    if isinstance(problem, TimeoutError):
        return f"{where} does not answer in time: check name, port and firewall, or try later."
    if isinstance(problem, socket.gaierror):
        return f"There is no server named {server.host}: check the spelling."
    if isinstance(problem, ConnectionRefusedError):
        return f"Nothing answers at {where}: check the port, or whether the server is up."
    if isinstance(problem, MailboxLoginError):
        return f"{where} refused the login of {server.user}: check user name and password ({_short(problem)})."
    if "STARTTLS" in str(problem) or "TLS not supported" in str(problem):
        return f"{where} offers no encryption by STARTTLS: choose another port or encryption."
    return f"The connection to {where} broke off ({_short(problem)})."


def _connected(server: Server, timeout: int) -> BaseMailBox:
    try:
        mail_in_demo(server.host, server.port)
    except Barred as barred:
        raise Unreachable(str(barred)) from None
    if server.security == "tls":
        return MailBox(server.host, server.port, timeout=timeout, ssl_context=ssl.create_default_context())
    return MailBoxUnencrypted(server.host, server.port, timeout=timeout)


def _log_in(box: BaseMailBox, server: Server) -> None:
    if server.security == "starttls":
        box.client.starttls(ssl.create_default_context())
    if (server.user + server.password).isascii():
        box.login(server.user, server.password, initial_folder=None)
    else:
        box.login_utf8(server.user, server.password, initial_folder=None)


def _number(client: imaplib.IMAP4, name: str) -> int:
    found = client.response(name)[1]
    if not found or not isinstance(found[-1], bytes):
        raise imaplib.IMAP4.error(f"the server does not tell {name}")
    return int(found[-1])


def _short(problem: BaseException) -> str:
    words = " ".join(str(problem).split())
    if isinstance(problem, UnexpectedCommandStatusError):
        said = problem.command_result[1]
        words = " ".join(each.decode("utf-8", "replace") for each in said if isinstance(each, bytes))
    return (words[:200] or type(problem).__name__).replace("\x00", "")
