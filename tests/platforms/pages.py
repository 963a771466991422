"""The side of Facebook and Instagram: a stub of pages, comments and messages, and a customer."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from armature.conformance import Bare, Said
from armature.conformance.world import Call as Calls
from armature.crm.channels.meta import Facebook, Instagram
from armature.crm.channels.port import Account, Attachment, Envelope
from platforms import meta
from platforms.stub import Answer, Call, said

PAGE, IG, INGRID = "108011122233344", "17841405822304914", "6411222333444555"


class Pages(meta.GraphApi):
    """Comments under what is there, messages to whom we name; a comment is answered in private once."""

    def __init__(self) -> None:
        super().__init__()
        self.comments: list[dict[str, Any]] = []
        self.answered: set[str] = set()
        self.there: dict[str, Any] = {PAGE: {"name": "Shop"}, IG: {"username": "shop"}, INGRID: {"name": "Ingrid Berg"}}

    def given(self, call: Call, path: str) -> Answer:
        """Who somebody is, or what stands under a comment."""
        number, _, edge = path.partition("/")
        if edge == "conversations":
            talk = [one for one in self.sent if call.fields["user_id"] == one["recipient"].get("id", INGRID)]
            return said({"data": [{"id": "t_1", "messages": {"data": [one["as_kept"] for one in talk]}}]})
        if edge:
            below = [one for one in self.comments if one["above"] == number]
            return said({"data": [{**one, "message": one["text"]} for one in below]})
        if number not in self.there:
            return meta.error(400, 100, "Unsupported get request. Object does not exist", error_subcode=33)
        return said({"id": number, **self.there[number]})

    def said(self, call: Call, path: str) -> Answer:
        """A comment or a message."""
        above, edge = path.split("/")
        if edge == "messages":
            return self._message(call, above)
        name, me = f"{900 + next(self.numbers)}", IG if edge in ("replies", "mentions") else PAGE
        name = name if me == IG else f"700_{name}"
        where = above if edge != "mentions" else call.fields.get("comment_id", call.fields.get("media_id"))
        made = {"id": name, "above": where, "text": call.fields["message"], "from": {"id": me}, "created_time": _at(),
                "timestamp": _at()}  # fmt: skip
        self.comments.append(made)
        return said({"id": name})

    def _message(self, call: Call, sender: str) -> Answer:
        to = call.fields["recipient"]
        comment = to.get("comment_id") or to.get("post_id")
        if comment in self.answered:
            return meta.error(400, 10900, "Activity already replied to")
        if comment:
            self.answered.add(comment)
        elif to["id"] == "404":
            return meta.error(400, 10, "(#10) This message is sent outside of allowed window.", error_subcode=2018278)
        name = f"m_{next(self.numbers)}" if sender == PAGE else f"aWdf{next(self.numbers)}"
        kept = {"id": name, "message": call.fields["message"]["text"], "from": {"id": sender}, "created_time": _at()}
        self.sent.append({**call.fields, "sender": sender, "as_kept": kept})
        return said({"recipient_id": to.get("id", INGRID), "message_id": name})


def account(server: str, kind: str = "facebook", **more: Any) -> Account:
    """Our page or our account, at this server."""
    return Account(
        1, kind, PAGE if kind == "facebook" else IG, {"server": server, **more}, meta.SECRETS, b"k" * 32
    )  # fmt: skip


class PageWorld(Bare):
    """Ingrid comments on what a page of ours says, and writes to it."""

    kind: Facebook | Instagram = Facebook()
    needed = ("token", "app_secret", "verify_token")

    def __init__(self, api: Pages) -> None:
        self.api, self.account = api, account(api.address, self.kind.key)
        self.kept: list[Envelope] = []
        self.said: dict[str, dict[str, Any]] = {}
        self.edits = 0

    def locked_out(self) -> Account:
        """With a token that has expired."""
        return Account(
            1, self.kind.key, self.account.address, self.account.settings, {**meta.SECRETS, "token": "EAAold"}
        )

    def nowhere(self) -> Account:
        """Nobody listens there."""
        return account("http://127.0.0.1:9", self.kind.key)

    def through(self, address: str) -> Account:
        """By a proxy."""
        return account(address, self.kind.key)

    def server(self) -> str:
        """The stub."""
        return self.api.address

    def say(self, text: str, *, public: bool = False, answers: str = "", files: Sequence[Attachment] = ()) -> Said:
        """As calls tell it."""
        if public:
            name = self.comment(text, answers)
        else:
            message: dict[str, Any] = {"mid": f"m_{uuid4().hex}", "text": text}
            message |= {"reply_to": {"mid": answers}} if answers else {}
            for one in files:
                self.api.files[one.name] = (one.name, one.body)
                url = f"{self.api.address}/file/{one.name}"
                message["attachments"] = [{"type": "image", "payload": {"url": url}}]
            name = message["mid"]
            self.told(messaging={"message": message})
        return Said(name, INGRID, public)

    def comment(self, text: str, answers: str) -> str:
        """A comment on what we posted."""
        name = f"700_{uuid4().int % 10**12}"
        self.said[name] = {
            "item": "comment", "comment_id": name, "post_id": f"{PAGE}_700", "parent_id": answers or f"{PAGE}_700",
            "from": {"id": INGRID, "name": "Ingrid"}, "created_time": now(), "message": text,
        }  # fmt: skip
        self.told(change={"field": "feed", "value": {**self.said[name], "verb": "add"}})
        return name

    def edit(self, external_id: str, text: str) -> None:
        """As calls tell it."""
        if external_id in self.said:
            value = {**self.said[external_id], "verb": "edited", "message": text}
            self.told(change={"field": "feed", "value": value})
            return
        self.edits += 1
        self.told(messaging={"message_edit": {"mid": external_id, "text": text, "num_edit": self.edits}})

    def delete(self, external_id: str) -> None:
        """As calls tell it."""
        if external_id in self.said:
            self.told(change={"field": "feed", "value": {**self.said[external_id], "verb": "remove"}})
            return
        self.told(messaging={"message": {"mid": external_id, "is_deleted": True}})

    def told(self, messaging: dict[str, Any] | None = None, change: dict[str, Any] | None = None) -> None:
        """A call of Meta."""
        self.hear(call(self.account.address, messaging=messaging, change=change))

    def hear(self, given: object) -> list[Envelope]:
        """A call comes, and what it points at is looked at."""
        found = self.kind.receive(self.account, meta.request(given))
        looked = [one for asked in found.asked for one in self.kind.look(self.account, {}, asked)[0]]
        self.kept += [*found.envelopes, *looked]
        return [*found.envelopes, *looked]

    def arrived(self) -> Sequence[Envelope]:
        """All of it."""
        return self.kept

    def sees(self, *, public: bool) -> list[str]:
        """Under the comment, or in the talk."""
        if public:
            return [one["text"] for one in self.api.comments]
        return [one["message"]["text"] for one in self.api.sent]

    def call(self) -> Calls:
        """Signed with the secret of the app."""

        def given(text: str) -> dict[str, Any]:
            if self.kind.key == "instagram":
                return call(
                    IG, change={"field": "comments", "value": {"id": "1", "text": text, "from": {"id": INGRID}}}
                )
            value = {"item": "comment", "comment_id": "700_1", "verb": "add", "message": text, "from": {"id": INGRID}}
            return call(PAGE, change={"field": "feed", "value": value})

        return Calls(lambda text: meta.request(given(text)), lambda text: meta.forged(given(text)))


class InstagramWorld(PageWorld):
    """Ingrid comments on our pictures, and writes to us."""

    kind = Instagram()
    nothing = "Instagram tells nothing of it"

    def comment(self, text: str, answers: str) -> str:
        """A comment on a picture of ours."""
        name = str(uuid4().int % 10**12)
        value = {"id": name, "text": text, "from": {"id": INGRID, "username": "ingrid"}, "media": {"id": "18001"}}
        self.told(change={"field": "comments", "value": value | ({"parent_id": answers} if answers else {})})
        return name


def call(me: str, messaging: dict[str, Any] | None = None, change: dict[str, Any] | None = None) -> dict[str, Any]:
    """A call with one thing in it."""
    entry: dict[str, Any] = {"id": me, "time": now()}
    if messaging is not None:
        talk = {"sender": {"id": INGRID}, "recipient": {"id": me}, "timestamp": now() * 1000}
        entry["messaging"] = [{**talk, **json.loads(json.dumps(messaging))}]
    if change is not None:
        entry["changes"] = [change]
    return {"object": "page" if me == PAGE else "instagram", "entry": [entry]}


def now() -> int:
    return int(datetime.now(UTC).timestamp()) + 1


def _at() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
