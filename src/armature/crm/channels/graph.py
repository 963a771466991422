"""Meta's Graph, for WhatsApp, Facebook and Instagram. The token goes in a header, never in an address."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.utils.translation.trans_null import gettext_noop as _

from armature.crm.channels import addresses, http
from armature.crm.channels.addresses import Barred
from armature.crm.channels.api import SPARED, Api, Body, refusal, said, unanswered
from armature.crm.channels.brought import NotThere
from armature.crm.channels.http import Reply, Unanswered
from armature.crm.channels.port import (
    LOGIN,
    WINDOW,
    Account,
    Answer,
    Attachment,
    Failed,
    LoginRefused,
    NotGenuine,
    Request,
    Unknown,
    Unreachable,
)
from armature.crm.channels.rates import Limits, limits
from armature.crm.channels.settings import BadSettings, Setting
from armature.crm.channels.signatures import check_equal, check_hmac

SERVER, VERSION = "https://graph.facebook.com", "v23.0"
SETTINGS = (
    Setting("token", _("Access token"), "secret", required=True, help=_("of a system user; one that does not expire")),
    Setting("app_secret", _("Secret of the app"), "secret", required=True, help=_("calls are signed with it")),
    Setting(
        "verify_token", _("Word that proves the address"), "secret", required=True,
        help=_("16 or more random letters and figures; type the same where Meta asks for it"),
    ),
    Setting("version", _("Version of the interface"), default=VERSION),
    Setting("server", _("Address of the interface"), default=SERVER),
)  # fmt: skip
NO_LOGIN = (102, 190)
SLOW = {
    4: 300, 17: 300, 32: 300, 613: 60, 80006: 300, 80007: 300, 130429: 60, 131048: 3600, 131056: 10, 368: 3600,
}  # fmt: skip
"""Codes that mean: not so fast; seconds to wait where the answer does not say."""
ONE_PERSON = (131056,)
"""Of those, what concerns one person only: others can be answered meanwhile."""
OVER = ((131047, 0), (10, 2018278), (10, 2534022))
"""Codes, with the one below them where it matters, that mean: the time for answers is over."""
TRANSIENT = (1, 2, 131000, 131016)
FILES = (".fbsbx.com", ".fbcdn.net", ".cdninstagram.com", ".facebook.com", ".whatsapp.net")
"""Where Meta keeps files; our token goes nowhere else."""
_VERSION = re.compile(r"v\d{1,3}\.\d{1,2}")
_WORD = re.compile(r"\S{16,200}")


@dataclass(frozen=True, slots=True)
class Graph:
    """The interface, as one account uses it."""

    api: Api
    version: str
    proof: str = field(repr=False)

    def read(self, path: str, query: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        """What stands there; raises ``Unreachable``: as ``LoginRefused``, or as ``NotThere`` where it is refused."""
        try:
            reply = self.api.call("GET", self._path(path, query or {}), spare=SPARED)
        except (Barred, Unanswered) as problem:
            raise Unreachable(str(problem)) from problem
        code, _below, words = error_of(reply)
        if reply.status == 401 or code in NO_LOGIN:
            raise LoginRefused(f"Meta no longer takes the token: {words}. Make a new one, and enter it.")
        if reply.status >= 500 or code in SLOW or code in TRANSIENT:
            raise Unreachable(f"Meta cannot be asked now: {words}")
        if not 200 <= reply.status < 300:
            raise NotThere(f"Meta does not give it: {words}")
        found = _content(reply)
        if "error" in found or not found:
            raise Unreachable(f"Meta answered with something else than was asked for: {said(reply)}")
        return found

    def say(self, path: str, body: Body) -> Mapping[str, Any] | Failed | Unknown:
        """Hand something over once; what was answered when it was taken."""
        try:
            reply = self.api.call("POST", self._path(path, {}), body=body)
        except Barred as problem:
            return Failed(str(problem))
        except Unanswered as problem:
            return unanswered(problem)
        return self._refused(reply) or _content(reply)

    def _refused(self, reply: Reply) -> Failed | Unknown | None:
        if 200 <= reply.status < 300:
            return None
        code, below, words = error_of(reply)
        if reply.status == 401 or code in NO_LOGIN:
            return Failed(f"Meta no longer takes the token: {words}", cause=LOGIN)
        if (code, below) in OVER or (code, 0) in OVER:
            return Failed(f"The time for answers is over: {words}", cause=WINDOW)
        if code in SLOW and reply.status < 500:
            return self._slower(reply, code, words)
        if code in TRANSIENT and reply.status < 500:
            return Failed(f"Meta could not take it now: {words}", retryable=True, after=60)
        return refusal(reply, datetime.now(UTC))

    def _slower(self, reply: Reply, code: int, words: str) -> Failed:
        asked = limits(reply.headers, datetime.now(UTC))
        wait = asked.stay_away or SLOW[code]
        if code not in ONE_PERSON:
            self.api.account.budget.told(Limits(stay_away=wait))
        return Failed(f"Meta asks us to be slower: {words}", retryable=True, after=round(wait))

    def fetched(self, url: str, most: int, seconds: float, *, with_token: bool = True) -> Reply:
        """A file, from where Meta says that it is; raises ``Unreachable``."""
        host = urlsplit(url).hostname or ""
        ours = host == urlsplit(self.api.base).hostname
        if with_token and not ours and not host.endswith(FILES):
            raise NotThere(f"Meta names {host[:100]} as the place of a file, which is none of its own")
        self.api.account.budget.spend(SPARED)
        headers = self.api.headers if with_token else {}
        try:
            reply = http.call("GET", url, headers=headers, seconds=seconds, most=most, redirects=2)
        except Barred as problem:
            raise NotThere(str(problem)[:200]) from None
        except Unanswered as problem:
            raise Unreachable(str(problem)) from problem
        if reply.status != 200:
            raise (Unreachable if reply.status >= 500 else NotThere)(f"the file is not given: {reply.status}")
        return reply

    def _path(self, path: str, query: Mapping[str, str]) -> str:
        return f"/{self.version}/{path}?{urlencode({**query, 'appsecret_proof': self.proof})}"


def graph(account: Account, values: Mapping[str, Any]) -> Graph:
    """The interface with an account's settings."""
    token, secret = values["token"], values["app_secret"]
    proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    api = Api(account, values["server"].rstrip("/"), {"authorization": f"Bearer {token}"}, seconds=20.0)
    return Graph(api, values["version"], proof)


def faults(values: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the settings that all three have."""
    problems = {}
    if not _VERSION.fullmatch(values["version"]):
        problems["version"] = f"is “{values['version'][:40]}”: give it like {VERSION}"
    if not _WORD.fullmatch(values["verify_token"]):
        problems |= {"verify_token": "must be 16 or more letters and figures without a space"}
    if any(letter.isspace() for letter in values["token"]):
        problems |= {"token": "holds a space: copy it again"}
    if fault := addresses.server_fault(values["server"].rstrip("/"), SERVER):
        problems["server"] = fault
    return problems


def number_fault(given: str, like: str) -> str:
    """Why this is not the number of something at Meta; empty when it can be one."""
    return "" if given.isascii() and given.isdecimal() and len(given) <= 30 else f"is “{given[:40]}”: {like}"


def check_signed(account: Account, request: Request) -> None:
    """Raise ``NotGenuine`` unless the app's secret has signed the raw bytes of this call."""
    if request.method != "POST":
        raise NotGenuine("Meta calls with POST")
    form, _equals, given = request.headers.get("x-hub-signature-256", "").partition("=")
    if form != "sha256":
        raise NotGenuine("the call is not signed")
    check_hmac(account.secrets.get("app_secret", ""), request.body, given)


def handshake(account: Account, request: Request) -> Answer:
    """Meta asks whether this address is ours: whoever knows the word hears back what they said."""
    if request.query.get("hub.mode") != "subscribe":
        raise NotGenuine("this is neither a call of Meta nor its question whether the address is ours")
    check_equal(request.query.get("hub.verify_token", ""), account.secrets.get("verify_token", ""))
    challenge = request.query.get("hub.challenge", "")
    if not (challenge.isascii() and challenge.isalnum() and len(challenge) <= 200):
        raise NotGenuine("the challenge is none that Meta sends")
    return Answer(body=challenge.encode())


def uploaded(graph: Graph, path: str, body: Body, file: Attachment) -> str | Failed:
    """The number of a file that was handed over; nothing was said yet, so trying again is safe."""
    found = graph.say(path, body)
    if isinstance(found, Failed):
        return found
    number = "" if isinstance(found, Unknown) else str(found.get("id") or "")
    return number or Failed(f"“{file.name}” could not be handed over.", retryable=True, after=60)


def error_of(reply: Reply) -> tuple[int, int, str]:
    """Code and code below it, 0 where there is none, and what was said in words."""
    error = _content(reply).get("error")
    if not isinstance(error, Mapping):
        return 0, 0, said(reply)
    data = error.get("error_data")
    details = data.get("details", "") if isinstance(data, Mapping) else ""
    words = " ".join(f"{error.get('message', '')} {details}".replace("\x00", "").split())[:300]
    code, below = (one if isinstance(one := error.get(name), int) else 0 for name in ("code", "error_subcode"))
    return code, below, f"{reply.status} {words}"


def _content(reply: Reply) -> Mapping[str, Any]:
    try:
        found = json.loads(reply.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}


def check_settings(problems: Mapping[str, str]) -> None:
    """Raise ``BadSettings`` when there is a problem."""
    if problems:
        raise BadSettings(problems)
