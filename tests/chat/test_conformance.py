"""The checks of all kinds, for Matrix, against a real server."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import pytest

from armature.conformance import Bare, Conforms, Said
from armature.conformance.world import CannotDo
from armature.crm.channels.matrix import Matrix
from armature.crm.channels.matrix.settings import external_id
from armature.crm.channels.port import Account, Attachment
from chat.synapse import Person


class RoomsWorld(Bare):
    """A room of many and a room of two, with the company and a customer in both."""

    kind = Matrix()
    needed = ("homeserver", "access_token")

    def __init__(self, us: Person, customer: Person) -> None:
        self.customer = customer
        self.account = Account(
            1, "matrix", us.handle, {"homeserver": us.url, "join": True}, {"access_token": us.key}, b"k" * 32
        )
        self.us = us
        self.many = customer.make_room(name="Boots")
        self.two = customer.make_room(preset="trusted_private_chat", is_direct=True, invite=[us.handle])
        us.join(self.many)
        us.join(self.two)

    def locked_out(self) -> Account:
        """Another key."""
        return dataclasses.replace(self.account, secrets={"access_token": "not-this-one"})

    def nowhere(self) -> Account:
        """A port where nobody listens."""
        return self.through("http://127.0.0.1:1")

    def through(self, address: str) -> Account:
        """The server as this address."""
        return dataclasses.replace(self.account, settings={**self.account.settings, "homeserver": address})

    def server(self) -> str:
        """Where everybody is."""
        return self.us.url

    def say(self, text: str, *, public: bool = False, answers: str = "", files: Sequence[Attachment] = ()) -> Said:
        """A message that names us."""
        if files:
            raise CannotDo("files of customers are named, which its own tests check")
        room = self.many if public else self.two
        more: dict[str, Any] = {}
        if answers:
            more["m.relates_to"] = {"m.in_reply_to": {"event_id": answers.partition("/")[2]}}
        return Said(
            external_id(room, self.customer.say(room, text, to=self.us.handle, **more)), self.customer.handle, public
        )

    def edit(self, external_id: str, text: str) -> None:
        """Said otherwise."""
        room, _, event = external_id.partition("/")
        self.customer.edit(room, event, text)

    def delete(self, external_id: str) -> None:
        """Taken back."""
        room, _, event = external_id.partition("/")
        self.customer.redact(room, event)

    def sees(self, *, public: bool) -> list[str]:
        """What we said in that room."""
        said = self.customer.read(self.many if public else self.two)
        return [str(one["content"]["body"]) for one in said if one["sender"] == self.us.handle]


class TestMatrix(Conforms):
    kind_name = "Matrix"

    @pytest.fixture
    def world(self, us: Person, ingrid: Person, settings: Any) -> RoomsWorld:
        settings.MAY_CALL = ["127.0.0.1"]
        return RoomsWorld(us, ingrid)
