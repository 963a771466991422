"""The checks of all kinds, for Bluesky, against a real network."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import pytest

from armature.conformance import Bare, Conforms, Said
from armature.conformance.world import CannotDo
from armature.crm.channels.bluesky import Bluesky, watching
from armature.crm.channels.port import Account, Attachment
from bluesky.conftest import HERE
from bluesky.network import Person


class PublicWorld(Bare):
    """The company and a customer, before everybody."""

    kind = Bluesky()
    needed = ("app_password",)
    nothing = "a post is not edited there"

    def __init__(self, us: Person, customer: Person) -> None:
        self.us, self.customer = us, customer
        told = {"server": us.url, "poll_seconds": 5}
        self.account = Account(1, "bluesky", us.handle, told, {"app_password": us.app_password()}, b"k" * 32)

    def locked_out(self) -> Account:
        """Another password."""
        return dataclasses.replace(self.account, secrets={"app_password": "abcd-efgh-ijkl-mnop"})

    def nowhere(self) -> Account:
        """A port where nobody listens."""
        return self.through("http://127.0.0.1:1")

    def through(self, address: str) -> Account:
        """The server as this address."""
        return dataclasses.replace(self.account, settings={**self.account.settings, "server": address})

    def server(self) -> str:
        """Where everybody is."""
        return self.us.url

    def hands_over(self, method: str, path: str) -> bool:
        """A log-in says nothing to anybody."""
        return path.startswith("/xrpc/com.atproto.repo.putRecord")

    def say(self, text: str, *, public: bool = False, answers: str = "", files: Sequence[Attachment] = ()) -> Said:
        """A post that names us."""
        if not public:
            raise CannotDo("messages of two are a service of Bluesky's own that nobody else can run")
        more: dict[str, Any] = {}
        if files:
            images = [{"alt": one.name, "image": self.customer.upload(one.body, one.content_type)} for one in files]
            more["embed"] = {"$type": "app.bsky.embed.images", "images": images}
        uri = self.customer.post(f"@{self.us.handle} {text}", names=self.us, answers=answers, **more)
        return Said(uri, self.customer.handle, True)

    def delete(self, external_id: str) -> None:
        """Seen when the post is looked for again."""
        self.customer.delete(external_id)

    def sees(self, *, public: bool) -> list[str]:
        """What they are told of."""
        if not public:
            raise CannotDo("nothing is said there in private")
        return [str(one["record"]["text"]) for one in self.customer.told() if one["reason"] == "reply"]


class TestBluesky(Conforms):
    kind_name = "Bluesky"

    @pytest.fixture
    def world(self, us: Person, ingrid: Person, settings: Any, monkeypatch: pytest.MonkeyPatch) -> PublicWorld:
        settings.MAY_CALL = HERE
        monkeypatch.setattr(watching, "CHECKS", (0,) * 200)
        monkeypatch.setattr(watching, "SURELY", 0)
        return PublicWorld(us, ingrid)
