"""A company with a real mailbox: `armature serve` on a database of its own, its people, and its e-mail channel."""

import json
import os
import subprocess
import sys
import urllib.request
from contextlib import suppress
from pathlib import Path

from armature import postgres
from company import free_port, until
from mailserver import PASSWORD as MAIL_PASSWORD
from mailserver import MailServer

PASSWORD = "a good password"
FOUND = """
import json, sys
import django
django.setup()
from armature.crm import company
from armature.crm.accounts.models import Membership, User
from armature.crm.channels import registry
from armature.crm.listen import queries
from armature.crm.listen.models import Channel
from armature.crm.listen.secrets import seal_secret
given = json.loads(sys.argv[1])
brand = company.found("Fjord Outdoor")
for name, role in given["people"].items():
    user = User.objects.create_user(f"{name}@fjord.example", name.capitalize(), given["password"])
    Membership.objects.create(user=user, role=role)
channel = Channel.objects.create(kind="email", place="email", name="Mailbox", address=given["address"], brand=brand,
                                 settings=given["settings"], active=False)
for name, value in given["secrets"].items():
    seal_secret(channel, name, value)
registry.kind("email").check(queries.account(channel))
registry.kind("email").probe(queries.account(channel))
Channel.objects.update(active=True)
"""


class MailCompany:
    """It runs; ``address`` is where its pages are, ``mailbox`` where its customers write to."""

    def __init__(self, folder: Path, mail: MailServer) -> None:
        self.home = folder / "home"
        account = mail.new_account()
        self.mailbox = account.address
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        home = {"ARMATURE_HOME": str(self.home), "DATABASE_URL": "", "ARMATURE_UNDO_SECONDS": "0"}
        self._environment = {**os.environ, **home}
        self.log = (folder / "serve.log").open("w")
        command = [sys.executable, "-m", "armature", "serve", "--port", str(port)]
        self.served = subprocess.Popen(command, env=self._environment, stdout=self.log, stderr=self.log)
        until(self._ready, "the pages answer")
        self._found(dict(account.settings))

    def _ready(self) -> bool:
        assert self.served.poll() is None, Path(self.log.name).read_text()[-2000:]
        with suppress(OSError), urllib.request.urlopen(f"{self.address}/ready", timeout=5) as answer:
            return bool(answer.status == 200)
        return False

    def _found(self, settings: dict[str, object]) -> None:
        people = {"mona": "agent", "leo": "lead"}
        given = {"people": people, "password": PASSWORD, "address": self.mailbox, "settings": settings,
                 "secrets": {"imap_password": MAIL_PASSWORD}}  # fmt: skip
        environment = self._environment | {
            "DATABASE_URL": self.url, "DJANGO_SETTINGS_MODULE": "armature.site.settings",
            "ARMATURE_SECRET_KEY": (self.home / "secret_key").read_text().strip(),
        }  # fmt: skip
        subprocess.run([sys.executable, "-c", FOUND, json.dumps(given)], env=environment, check=True)

    @property
    def url(self) -> str:
        """Its database."""
        return postgres.Cluster(self.home).url()

    def stop(self) -> None:
        """As a person stops it; it drains and ends well."""
        self.served.terminate()
        assert self.served.wait(60) == 0, Path(self.log.name).read_text()[-2000:]
        self.log.close()
