"""Real mail servers for tests: Dovecot and Postfix in a folder of their own, on free ports, with no way out.

``crm.test`` is our side (one mailbox per address, plus-addresses go to the mailbox before the plus),
``customer.test`` is the world's. Import the fixture ``mailserver`` in a ``conftest.py``.
"""

import os
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import TypeVar

import pytest

from armature.crm.channels.port import Account

PASSWORD = "open-sesame"
SIGNING_KEY = b"the key of the test mailbox 1234"
NOBODY = "nobody@customer.test"
"""Does not exist: mail to it is accepted first and bounces later."""
REFUSED = "refused@customer.test"
"""Does not exist: the server says so at once."""

T = TypeVar("T")


@dataclass(frozen=True)
class MailServer:
    """Two running servers. Every mailbox has the password ``PASSWORD``; nothing needs setting up."""

    folder: Path
    imap_port: int
    smtp_port: int

    def account(self, address: str = "support@crm.test", **settings: object) -> Account:
        """The account that reads and sends as ``address``; ``settings`` replace the usual ones."""
        usual: dict[str, object] = {
            "imap_host": "127.0.0.1",
            "imap_port": self.imap_port,
            "imap_security": "none",
            "smtp_port": self.smtp_port,
            "smtp_security": "none",
            "timeout": 10,
        }
        secrets = {"imap_password": PASSWORD}
        return Account(1, "email", address, {**usual, **settings}, secrets, SIGNING_KEY)

    def new_account(self, **settings: object) -> Account:
        """An account with a mailbox that nobody used before."""
        return self.account(f"s{uuid.uuid4().hex[:10]}@crm.test", **settings)

    def post(self, raw: bytes, sender: str, recipient: str) -> None:
        """Hand over raw bytes as they are; an empty ``sender`` is the null return path."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=20) as server:
            server.sendmail(sender, [recipient], raw)

    def post_as_customer(
        self,
        to: str = "support@crm.test",
        subject: str = "A question",
        text: str = "Where is my order?\n",
        sender: str = "ada@customer.test",
        headers: dict[str, str] | None = None,
    ) -> str:
        """Send a mail as a customer would; its Message-ID without brackets."""
        mail = EmailMessage()
        mail_id = f"{uuid.uuid4()}@customer.test"
        fixed = {"From": sender, "To": to, "Subject": subject, "Message-ID": f"<{mail_id}>"}
        for name, value in {**fixed, "Date": format_datetime(datetime.now(UTC)), **(headers or {})}.items():
            mail[name] = value
        mail.set_content(text)
        self.post(mail.as_bytes(), sender, to)
        return mail_id

    def mailbox(self, address: str) -> list[bytes]:
        """Every mail in somebody's mailbox, raw, in the order of arrival."""
        inbox = self.maildir(address)
        files = [file for part in ("new", "cur") for file in (inbox / part).glob("*") if file.is_file()]
        return [file.read_bytes() for file in sorted(files, key=lambda each: each.name)]

    def maildir(self, address: str) -> Path:
        """Where somebody's mailbox lies on disk."""
        local, _, domain = address.partition("@")
        return self.folder / "mail" / domain / local.partition("+")[0]

    def doveadm(self, *arguments: str) -> str:
        """An administrator's command to the mailbox server."""
        return _run("doveadm", "-c", str(self.folder / "dovecot.conf"), *arguments)

    def wait_for(self, look: Callable[[], T | None], seconds: float = 20) -> T:
        """What ``look`` finds, asked again until that is something; fails the test when the time is over."""
        until = time.monotonic() + seconds
        while not (found := look()):
            if time.monotonic() > until:
                pytest.fail(f"nothing came within {seconds} s; log of the mail server:\n{self.log()}")
            time.sleep(0.05)
        return found

    def log(self) -> str:
        """The last lines that the servers wrote."""
        logs = [self.folder / "postfix.log", self.folder / "dovecot.log"]
        return "\n".join(line for log in logs if log.exists() for line in log.read_text().splitlines()[-25:])


@pytest.fixture(scope="session")
def mailserver() -> Iterator[MailServer]:
    """Dovecot and Postfix, running; they need root, as mail servers do."""
    missing = [name for name in ("dovecot", "postfix") if not shutil.which(name, path=_path())]
    if missing or os.geteuid() != 0:
        why = f"{' and '.join(missing)} not installed" if missing else "not run as root"
        mend = "apt-get install dovecot-imapd dovecot-lmtpd postfix, and run as root"
        pytest.fail(f"The real mail servers cannot start: {why}. To mend: {mend}")
    folder = Path(tempfile.mkdtemp(prefix="armature-mail-"))
    try:
        yield from _running(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _running(folder: Path) -> Iterator[MailServer]:
    # The mail users must be able to walk to their folders.
    folder.chmod(0o755)
    imap, lmtp, auth, smtp = _free_ports(4)
    server = MailServer(folder, imap, smtp)
    try:
        _start_dovecot(folder, imap, lmtp, auth)
        _start_postfix(folder, smtp, lmtp, auth)
        server.wait_for(lambda: all(map(_answers, (imap, lmtp, smtp))))
        yield server
    finally:
        for stop in (["postfix", "-c", f"{folder}/postfix"], ["doveadm", "-c", f"{folder}/dovecot.conf"]):
            with suppress(AssertionError):
                _run(*stop, "stop")


def _start_dovecot(folder: Path, imap: int, lmtp: int, auth: int) -> None:
    for name in ("base", "state", "mail"):
        (folder / name).mkdir()
    shutil.chown(folder / "mail", "nobody", "nogroup")
    (folder / "dovecot.conf").write_text(
        f"""
base_dir = {folder}/base
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%d/%n
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
first_valid_gid = 1
recipient_delimiter = +
imap_idle_notify_interval = 30 s
auth_failure_delay = 0
mail_max_userip_connections = 100
default_process_limit = 200
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail/%d/%n allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {auth}
  }}
}}
"""
    )
    _run("dovecot", "-c", str(folder / "dovecot.conf"))


def _start_postfix(folder: Path, smtp: int, lmtp: int, auth: int) -> None:
    place = folder / "postfix"
    for each in (place, folder / "queue", folder / "data"):
        each.mkdir()
    shutil.chown(folder / "data", "postfix", "postfix")
    master = Path("/usr/share/postfix/master.cf.dist")
    master = master if master.exists() else Path("/etc/postfix/master.cf.proto")
    lines = []
    for line in master.read_text().splitlines():
        words = line.split()
        if words[:2] == ["smtp", "inet"]:
            words[0] = f"127.0.0.1:{smtp}"
        # Columns: service, type, private, unprivileged, chroot. Nothing here is set up to be locked in.
        if len(words) >= 8 and not line.startswith(("#", " ")):
            words[4] = "n"
            line = " ".join(words)
        lines.append(line)
    bounces = "nobody unix - n n - - pipe user=nobody argv=/bin/sh -c {echo no such person here; exit 67}"
    (place / "master.cf").write_text("\n".join([*lines, bounces]) + "\n")
    (place / "no-such-user").write_text(f"/^{REFUSED}$/ error:5.1.1 no such person here\n/^{NOBODY}$/ nobody:\n")
    (place / "main.cf").write_text(
        f"""
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
multi_instance_name = postfix-armature
multi_instance_enable = yes
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
myhostname = mail.crm.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
local_transport = error:no local mail
virtual_mailbox_domains = crm.test customer.test
virtual_mailbox_maps = static:1
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
transport_maps = regexp:{place}/no-such-user
default_transport = error:nothing leaves this machine
relay_transport = error:nothing leaves this machine
recipient_delimiter = +
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth}
smtpd_recipient_restrictions = permit_mynetworks, reject
message_size_limit = 100000000
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 1000
mailbox_size_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
lmtp_destination_concurrency_limit = 5
"""
    )
    _run("postfix", "-c", str(place), "start")


def _run(*command: str) -> str:
    environment = {**os.environ, "PATH": _path()}
    # Into a file: a server that stays would keep a pipe open for ever.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, timeout=60, env=environment)
        said.seek(0)
        words = said.read()
    assert done.returncode == 0, f"{' '.join(command)}\n{words}"
    return words


def _path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin:/sbin:/bin"


def _free_ports(number: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        return bool(connection.recv(10))
    return False
