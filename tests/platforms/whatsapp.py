"""WhatsApp's side: a stub of the Cloud API, and a customer."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from armature.conformance import Bare, Said
from armature.conformance.world import Call as Calls
from armature.conformance.world import CannotDo
from armature.crm.channels.port import Account, Attachment, Envelope
from armature.crm.channels.whatsapp import WhatsApp
from platforms import meta
from platforms.stub import Answer, Call, said

NUMBER, PHONE_ID, SHEENA = "+15550783881", "106540352242922", "16505551234"


class CloudApi(meta.GraphApi):
    """A number of ours there."""

    def given(self, call: Call, path: str) -> Answer:
        """The number, or where a file is."""
        if path == PHONE_ID:
            return said({"display_phone_number": "+1 555-078-3881", "verified_name": "Shop", "quality_rating": "GREEN"})
        if path not in self.files:
            return meta.error(400, 100, "Unsupported get request. Object does not exist", error_subcode=33)
        body = self.files[path][1]
        return said({"url": f"{self.address}/file/{path}", "mime_type": "image/jpeg", "file_size": len(body)})

    def said(self, call: Call, path: str) -> Answer:
        """A message, or a file for one."""
        if path == f"{PHONE_ID}/media":
            number = str(10_000 + next(self.numbers))
            self.files[number] = call.files["file"]
            return said({"id": number})
        assert path == f"{PHONE_ID}/messages"
        name = f"wamid.OURS{next(self.numbers)}"
        self.sent.append(call.fields)
        contacts = [{"input": call.fields["to"], "wa_id": call.fields["to"].removeprefix("+")}]
        return said({"messaging_product": "whatsapp", "contacts": contacts, "messages": [{"id": name}]})


def account(server: str) -> Account:
    """Our number, at this server."""
    return Account(1, "whatsapp", NUMBER, {"server": server, "phone_id": PHONE_ID}, meta.SECRETS, b"k" * 32)


def call(**value: Any) -> dict[str, Any]:
    """A call with one change."""
    metadata = {"display_phone_number": NUMBER[1:], "phone_number_id": PHONE_ID}
    change = {"value": {"messaging_product": "whatsapp", "metadata": metadata, **value}, "field": "messages"}
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}


def message(kind: str, name: str = "", **more: Any) -> dict[str, Any]:
    """A message of Sheena's, in a call."""
    given = {"from": SHEENA, "id": name or f"wamid.{uuid4().hex}", "timestamp": str(_now()), "type": kind, **more}
    return call(contacts=[{"profile": {"name": "Sheena"}, "wa_id": SHEENA}], messages=[given])


class WhatsAppWorld(Bare):
    """Sheena writes to our number."""

    kind = WhatsApp()
    needed = ("token", "app_secret", "verify_token", "phone_id")

    def __init__(self, api: CloudApi) -> None:
        self.api, self.account = api, account(api.address)
        self.kept: list[Envelope] = []

    def locked_out(self) -> Account:
        """With a token that has expired."""
        secrets = {**meta.SECRETS, "token": "EAAJB0expired"}
        return Account(1, "whatsapp", NUMBER, self.account.settings, secrets)

    def nowhere(self) -> Account:
        """Nobody listens there."""
        return account("http://127.0.0.1:9")

    def through(self, address: str) -> Account:
        """By a proxy."""
        return account(address)

    def server(self) -> str:
        """The stub."""
        return self.api.address

    def say(self, text: str, *, public: bool = False, answers: str = "", files: Sequence[Attachment] = ()) -> Said:
        """As calls tell it."""
        if public:
            raise CannotDo("nothing there is public")
        name, more = f"wamid.{uuid4().hex}", {"context": {"from": NUMBER[1:], "id": answers}} if answers else {}
        if files:
            self.api.files[number := uuid4().hex] = (files[0].name, files[0].body)
            image = {"id": number, "mime_type": files[0].content_type, "caption": text}
            self._called(message("image", name, image=image, **more))
        else:
            self._called(message("text", name, text={"body": text}, **more))
        return Said(name, f"+{SHEENA}", False)

    def edit(self, external_id: str, text: str) -> None:
        """As calls tell it, where the number is used in the app too."""
        new = {"type": "text", "text": {"body": text}}
        self._called(message("edit", edit={"original_message_id": external_id, "message": new}))

    def delete(self, external_id: str) -> None:
        """Likewise."""
        self._called(message("revoke", revoke={"original_message_id": external_id}))

    def _called(self, given: dict[str, Any]) -> None:
        found = self.kind.receive(self.account, meta.request(given))
        looked = [one for asked in found.asked for one in self.kind.look(self.account, {}, asked)[0]]
        self.kept += [*found.envelopes, *looked]

    def arrived(self) -> Sequence[Envelope]:
        """All of it."""
        return self.kept

    def sees(self, *, public: bool) -> list[str]:
        """What came to her phone."""
        if public:
            raise CannotDo("nothing there is public")
        return [json.dumps(one, ensure_ascii=False) for one in self.api.sent]

    def call(self) -> Calls:
        """Signed with the secret of the app."""
        return Calls(lambda text: meta.request(_text(text)), lambda text: meta.forged(_text(text)))


def _text(text: str) -> dict[str, Any]:
    return message("text", "wamid.ONE", text={"body": text})


def _now() -> int:
    return int(datetime.now(UTC).timestamp()) + 1
