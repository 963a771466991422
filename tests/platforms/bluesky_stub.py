"""A server of the tests that answers as a real one of Bluesky's network was recorded to, with its refusals."""

import json
from pathlib import Path
from typing import Any

from armature.crm.channels.port import Account
from platforms.stub import Answer, Call, Platform, said

SAMPLES = Path(__file__).parent.parent / "samples" / "bluesky"
PASSWORD = "abcd-efgh-ijkl-mnop"
HANDLE = "bootshop.test"


def sample(name: str) -> Any:
    """What was recorded."""
    return json.loads((SAMPLES / f"{name}.json").read_text())


def refusal(name: str) -> Answer:
    """A recorded answer with its status."""
    found = sample(name)
    return said(found["body"], found["status"])


class Server(Platform):
    """The methods that we call. ``good`` is the access key that is taken now."""

    def __init__(self) -> None:
        super().__init__()
        self.password, self.good, self.refresh = PASSWORD, "", "refresh-0"
        self.made = 0
        self.notices: list[dict[str, Any]] = []
        self.posts: dict[str, dict[str, Any]] = {}
        self.records: dict[str, dict[str, Any]] = {}
        self.hidden: set[str] = set()
        self.page = 100

    def reading(self, call: Call) -> bool:
        """What says nothing: all but the post itself."""
        return not call.path.endswith("putRecord")

    def answer(self, call: Call) -> Answer:
        """One method."""
        method = call.path.removeprefix("/xrpc/")
        if method.startswith("com.atproto.server."):
            return self._log_in(method, call)
        if call.headers.get("authorization") != f"Bearer {self.good}":
            return refusal("invalid_token") if "authorization" in call.headers else refusal("no_token")
        found: Answer = getattr(self, f"_{method.rpartition('.')[2].lower()}")(call)
        return found

    def asked(self, method: str) -> int:
        """How often."""
        return sum(call.path.endswith(method) for call in self.calls)

    def _log_in(self, method: str, call: Call) -> Answer:
        fresh = method.endswith("createSession")
        if fresh and (call.fields["password"] != self.password or call.fields["identifier"] != HANDLE):
            return refusal("wrong_password")
        if not fresh and call.headers.get("authorization") != f"Bearer {self.refresh}":
            return said({"error": "ExpiredToken", "message": "Token has expired"}, 400)
        self.made += 1
        self.good, self.refresh = f"access-{self.made}", f"refresh-{self.made}"
        return said({**sample("session")["body"], "accessJwt": self.good, "refreshJwt": self.refresh})

    def _listnotifications(self, call: Call) -> Answer:
        start = int(call.fields.get("cursor") or 0)
        page = self.notices[start : start + self.page]
        more = {"cursor": str(start + self.page)} if start + self.page < len(self.notices) else {}
        return said({"notifications": page, **more})

    def _getunreadcount(self, call: Call) -> Answer:
        return said({"count": len(self.notices)})

    def _getposts(self, call: Call) -> Answer:
        return said({"posts": [one for uri, one in self.posts.items() if uri not in self.hidden]})

    def _getpostthread(self, call: Call) -> Answer:
        return said(sample("thread"))

    def _getrecord(self, call: Call) -> Answer:
        uri = f"at://{call.fields['repo']}/{call.fields['collection']}/{call.fields['rkey']}"
        found = self.records.get(uri) or (self.posts.get(uri) or {}).get("record")
        return said({"uri": uri, "value": found}) if found else refusal("record_not_found")

    def _resolvehandle(self, call: Call) -> Answer:
        people = sample("people")
        did = people.get(call.fields["handle"].partition(".")[0])
        return said({"did": did}) if did else refusal("handle_not_found")

    def _uploadblob(self, call: Call) -> Answer:
        return said({"blob": {"$type": "blob", "ref": {"$link": "bafkrei"}, "mimeType": "image/png", "size": 1}})

    def _putrecord(self, call: Call) -> Answer:
        uri = f"at://{call.fields['repo']}/{call.fields['collection']}/{call.fields['rkey']}"
        if self.records.setdefault(uri, call.fields["record"]) != call.fields["record"]:
            return refusal("invalid_swap")
        return said({**sample("put")["body"], "uri": uri})


def account(server: str, **more: Any) -> Account:
    """Ours, at this server."""
    told = {"server": server, "poll_seconds": 5, **more}
    return Account(1, "bluesky", HANDLE, told, {"app_password": PASSWORD}, b"k" * 32)
