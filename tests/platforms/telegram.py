"""Telegram's side: a stub of the Bot API, and the updates that it sends."""

import itertools
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from armature.conformance import Bare, Said
from armature.conformance.world import Call as Calls
from armature.crm.channels.port import Account, Attachment, Envelope, Request
from armature.crm.channels.telegram import PROOF, Telegram
from platforms.stub import Answer, Call, Platform, said

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
SECRET = "a-secret-of-the-hook_1234"
BOT, INGRID, GROUP = 110201543, 7001, -100200300
ME = "@shop_bot"
HOOK = "/hook/name"


class BotApi(Platform):
    """The methods that we call."""

    def __init__(self) -> None:
        super().__init__()
        self.token, self.hook = TOKEN, {"url": ""}
        self.messages: list[dict[str, Any]] = []
        self.numbers = itertools.count(9000)

    def reading(self, call: Call) -> bool:
        """All is POST there; what sends begins with that word."""
        return "/send" not in call.path

    def answer(self, call: Call) -> Answer:
        """One method."""
        if call.path.startswith("/file/"):
            return self._file(call)
        _, token, method = call.path.split("/", 2)
        if token != f"bot{self.token}":
            return _wrong(401, "Unauthorized")
        found: Answer = getattr(self, f"_{method.lower()}", lambda _: _wrong(404, "Not Found"))(call)
        return found

    def _getme(self, call: Call) -> Answer:
        return _right({"id": BOT, "is_bot": True, "first_name": "Shop", "username": ME[1:]})

    def _getwebhookinfo(self, call: Call) -> Answer:
        return _right({"pending_update_count": 0, **self.hook})

    def _setwebhook(self, call: Call) -> Answer:
        if not call.fields["url"].startswith("https://"):
            return _wrong(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.hook = {"url": call.fields["url"], "secret": call.fields["secret_token"]}
        return _right(True)

    def _getfile(self, call: Call) -> Answer:
        number = call.fields["file_id"]
        if number not in self.files:
            return _wrong(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        return _right({"file_id": number, "file_path": f"documents/{number}"})

    def _file(self, call: Call) -> Answer:
        token, _, number = call.path.removeprefix("/file/bot").partition("/documents/")
        if token != self.token or number not in self.files:
            return _wrong(404, "Not Found")
        return 200, {"Content-Type": "application/octet-stream"}, self.files[number][1]

    def _sendmessage(self, call: Call) -> Answer:
        if len(call.fields["text"]) > 4096:
            return _wrong(400, "Bad Request: message is too long")
        return self._keep(call, call.fields["text"])

    def _senddocument(self, call: Call) -> Answer:
        return self._keep(call, call.fields["caption"])

    def _sendmediagroup(self, call: Call) -> Answer:
        media = json.loads(call.fields["media"])
        kept = [self._keep(call, one.get("caption", "")) for one in media]
        return _right([json.loads(body)["result"] for _, _, body in kept])

    def _keep(self, call: Call, text: str) -> Answer:
        chat, above = int(call.fields["chat_id"]), call.fields.get("reply_parameters")
        if chat == 666:
            return _wrong(403, "Forbidden: bot was blocked by the user")
        message = {"chat": chat, "text": text, "above": above, "files": [name for name, _ in call.files.values()]}
        self.messages.append(message)
        return _right({"message_id": next(self.numbers), "chat": {"id": chat}, "date": 1, "text": text})


def _right(result: object) -> Answer:
    return said({"ok": True, "result": result})


def _wrong(status: int, words: str) -> Answer:
    return said({"ok": False, "error_code": status, "description": words}, status)


def account(server: str, **more: Any) -> Account:
    """The bot, at this server."""
    settings = {"server": server, "reached_at": "https://desk.example", **more}
    return Account(1, "telegram", ME, settings, {"token": TOKEN, "hook_secret": SECRET}, b"k" * 32, hook=HOOK)


def request(update: object, secret: str = SECRET) -> Request:
    """A call of Telegram."""
    body = update if isinstance(update, bytes) else json.dumps(update, ensure_ascii=False).encode()
    return Request("POST", "https://desk.example/hook/name", {}, {PROOF: secret}, body, datetime.now(UTC))


class TelegramWorld(Bare):
    """Ingrid writes to the bot, alone or in a group."""

    kind = Telegram()
    needed = ("token", "hook_secret")
    nothing = "Telegram tells a bot nothing of what was deleted"

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.account = account(api.address, private_from_groups="yes")
        self.kept: list[Envelope] = []
        self.messages: dict[str, dict[str, Any]] = {}
        self.numbers = itertools.count(1)

    def locked_out(self) -> Account:
        """With the token of no bot."""
        return Account(1, "telegram", ME, self.account.settings, {"token": TOKEN[:-1] + "x", "hook_secret": SECRET})

    def nowhere(self) -> Account:
        """Nobody listens there."""
        return account("http://127.0.0.1:9")

    def through(self, address: str) -> Account:
        """By a proxy."""
        return account(address, private_from_groups="yes")

    def server(self) -> str:
        """The stub."""
        return self.api.address

    def say(self, text: str, *, public: bool = False, answers: str = "", files: Sequence[Attachment] = ()) -> Said:
        """As updates tell it; in a group the bot is named."""
        number = next(self.numbers)
        message: dict[str, Any] = {
            "message_id": number, "date": int(datetime.now(UTC).timestamp()),
            "from": {"id": INGRID, "is_bot": False, "first_name": "Ingrid"},
            "chat": {"id": INGRID, "type": "private"},
        }  # fmt: skip
        if public:
            text = f"{ME} {text}"
            message |= {"chat": {"id": GROUP, "type": "supergroup", "title": "Hikers"}}
            message["entities"] = [{"type": "mention", "offset": 0, "length": len(ME)}]
        if answers:
            message["reply_to_message"] = {"message_id": int(answers.partition("/")[2])}
        for one in files:
            self.api.files[uuid4().hex] = (one.name, one.body)
            file = {"file_id": list(self.api.files)[-1], "file_name": one.name, "mime_type": one.content_type}
            message |= {"document": file, "caption": text}
        message |= {} if files else {"text": text}
        name = f"{message['chat']['id']}/{number}"
        self.messages[name] = message
        self._called({"message": message})
        return Said(name, str(INGRID), public)

    def edit(self, external_id: str, text: str) -> None:
        """As updates tell it."""
        self._called({"edited_message": {**self.messages[external_id], "text": text, "edit_date": _soon()}})

    def _called(self, update: dict[str, Any]) -> None:
        found = self.kind.receive(self.account, request({"update_id": next(self.numbers), **update}))
        looked = [one for asked in found.asked for one in self.kind.look(self.account, {}, asked)[0]]
        self.kept += [*found.envelopes, *looked]

    def arrived(self) -> Sequence[Envelope]:
        """All of it."""
        return self.kept

    def sees(self, *, public: bool) -> list[str]:
        """In the group or alone."""
        return [one["text"] for one in self.api.messages if (one["chat"] == GROUP) == public]

    def call(self) -> Calls:
        """The secret in its header proves a call."""
        return Calls(_genuine, _forged)


def _genuine(text: str) -> Request:
    chat, person = {"id": INGRID, "type": "private"}, {"id": INGRID, "first_name": "Ingrid"}
    return request({"update_id": 1, "message": {"message_id": 1, "date": _soon(), "from": person, "chat": chat,
                                                "text": text}})  # fmt: skip


def _forged(text: str) -> list[tuple[str, Request]]:
    good = _genuine(text)
    bare = Request("POST", good.url, {}, {}, good.body, good.received_at)
    asked = Request("GET", good.url, {}, good.headers, b"", good.received_at)
    return [("no secret", bare), ("another secret", request(good.body, "a-secret-of-the-hook_1235")), ("GET", asked)]


def _soon() -> int:
    return int(datetime.now(UTC).timestamp()) + 1
