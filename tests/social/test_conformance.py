"""The checks of all kinds, for Mastodon, against a real server."""

import dataclasses
import html
import re
from collections.abc import Sequence
from typing import Any

import pytest

from armature.conformance import Bare, Conforms, Said
from armature.conformance.world import CannotDo
from armature.crm.channels.mastodon import Mastodon, reading
from armature.crm.channels.mastodon.statuses import stable
from armature.crm.channels.port import Account, Attachment
from social.snac import Instance, Person


class FediverseWorld(Bare):
    """Two people of one server: the company and a customer."""

    kind = Mastodon()
    tick = 1.1
    needed = ("server", "access_token")

    def __init__(self, us: Person, customer: Person) -> None:
        self.us, self.customer = us, customer
        told = {"server": f"http://{us.host}", "most_characters": 5000, "poll_seconds": 5}
        self.account = Account(1, "mastodon", us.handle, told, {"access_token": us.key}, b"k" * 32)

    def locked_out(self) -> Account:
        """Another key."""
        return dataclasses.replace(self.account, secrets={"access_token": "not-this-one"})

    def nowhere(self) -> Account:
        """A port where nobody listens."""
        return self.through("http://127.0.0.1:1")

    def through(self, address: str) -> Account:
        """The server as this address."""
        return dataclasses.replace(self.account, settings={**self.account.settings, "server": address})

    def server(self) -> str:
        """Ours."""
        return f"http://{self.us.host}"

    def say(self, text: str, *, public: bool = False, answers: str = "", files: Sequence[Attachment] = ()) -> Said:
        """A post that mentions us."""
        if files:
            raise CannotDo("snac's API takes no pictures from a customer here")
        more: dict[str, Any] = {"visibility": "public" if public else "direct"}
        if answers:
            more["in_reply_to_id"] = self._number(answers)
        said = self.customer.post(f"@{self.us.handle} {text}", **more)
        return Said(stable(said["id"]), self.customer.handle, public)

    def _number(self, external_id: str) -> str:
        found = [one for one in self.us.mentions() if stable(one["id"]) == external_id]
        return str(found[0]["id"])

    def edit(self, external_id: str, text: str) -> None:
        """Seen when the post is looked at again."""
        self.customer.edit(self._number(external_id), f"@{self.us.handle} {text}")

    def delete(self, external_id: str) -> None:
        """Seen when it is looked at again."""
        self.customer.delete(self._number(external_id))

    def sees(self, *, public: bool) -> list[str]:
        """What mentions the customer."""
        wanted = [one for one in self.customer.mentions() if (one["visibility"] == "public") == public]
        return [html.unescape(re.sub(r"<[^>]*>", "", one["content"])) for one in wanted]


class TestMastodon(Conforms):
    kind_name = "Mastodon"

    @pytest.fixture
    def world(
        self, servers: tuple[Instance, Instance], us: Person, names: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> FediverseWorld:
        settings.MAY_CALL = ["127.0.0.11", "127.0.0.1"]
        monkeypatch.setattr(reading, "CHECKS", (0,) * 50)
        monkeypatch.setattr(reading, "SURELY", 0)
        return FediverseWorld(us, servers[0].add(f"ada{next(names)}"))
