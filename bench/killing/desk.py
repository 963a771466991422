"""People at work on the real pages, as a browser would: log in, look, judge, write, approve; again when cut off."""

from __future__ import annotations

import http.client
import http.cookiejar
import random
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field

INTENTS = ("cancel", "complaint", "purchase", "question")
CUT_OFF = (urllib.error.URLError, OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Promise:
    """A change that the server has said yes to: who did what to which case or response, and the words."""

    who: str
    what: str
    number: int
    text: str = ""


@dataclass
class Person:
    """One person with a browser. ``promises`` is what the server acknowledged, ``answers`` counts by status."""

    name: str
    address: str
    password: str
    chance: random.Random
    promises: list[Promise] = field(default_factory=list)
    answers: dict[int, int] = field(default_factory=dict)
    answered_at: list[float] = field(default_factory=list)
    cut_off: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.cookies = http.cookiejar.CookieJar()
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.written = 0

    def run(self) -> None:
        """Work until told to stop; what is cut off is tried again a moment later."""
        while not self.stop.is_set():
            try:
                self._turn()
            except CUT_OFF:
                self.cut_off += 1
                self.stop.wait(0.2)

    def _turn(self) -> None:
        view = self.chance.choice(("approve", "approve", "intent", "intent", "open"))
        page = self._get(f"/cases/{view}")
        if 'name="password"' in page:
            self._log_in()
        elif numbers := sorted(set(re.findall(rf"/cases/{view}/(\d+)", page))):
            self._work_on(view, int(self.chance.choice(numbers)))

    def _log_in(self) -> None:
        self._get("/log-in")
        self._post("/log-in", {"login": f"{self.name}@shop.example", "password": self.password})

    def _work_on(self, view: str, number: int) -> None:
        page = self._get(f"/cases/{view}/{number}")
        to_approve = re.search(r"/response/(\d+)/approve", page)
        digest = re.search(r'name="digest" value="(\w+)"', page)
        seen = re.search(r'name="seen" value="(\d+)"', page)
        if to_approve and digest:
            self._decide(int(to_approve[1]), digest[1])
        elif f"/case/{number}/write" in page and seen:
            self._write(number, seen[1])
        elif view == "intent":
            if self.chance.random() < 0.3:
                self._do("claim", f"/case/{number}/claim", number)
            self._do("intent", f"/case/{number}/intent", number, intent=self.chance.choice(INTENTS))
            if seen:
                self._write(number, seen[1])
        elif self.chance.random() < 0.1:
            self._do("note", f"/case/{number}/note", number, text=self._words("Note"))

    def _decide(self, response: int, digest: str) -> None:
        if self.chance.random() < 0.85:
            self._do("approve", f"/response/{response}/approve", response, digest=digest)
        else:
            self._do("send_back", f"/response/{response}/send-back", response, reason=self._words("Shorter"))

    def _write(self, number: int, seen: str) -> None:
        text = self._words("We are sorry. We look into it")
        if self.chance.random() < 0.2:
            self._do("draft", f"/case/{number}/draft", number, text=text)
        self._do("write", f"/case/{number}/write", number, text=text, seen=seen)

    def _words(self, beginning: str) -> str:
        self.written += 1
        return f"{beginning}, {self.name} {self.written}."

    def _do(self, what: str, path: str, number: int, **fields: str) -> None:
        if self._post(path, fields) in (200, 302):
            text = fields.get("text") or fields.get("digest") or fields.get("reason") or fields.get("intent") or ""
            self.promises.append(Promise(self.name, what, number, text))

    def _get(self, path: str) -> str:
        try:
            with self.browser.open(self.address + path, timeout=30) as answer:
                page: str = answer.read().decode()
                self._note(answer.status)
                return page
        except urllib.error.HTTPError as refused:
            self._note(refused.code)
            raise

    def _post(self, path: str, fields: Mapping[str, str]) -> int:
        token = next((cookie.value for cookie in self.cookies if cookie.name == "csrftoken"), "") or ""
        body = urllib.parse.urlencode(fields).encode()
        headers = {"X-CSRFToken": token, "Referer": self.address + "/", "Origin": self.address}
        if path != "/log-in":
            headers["HX-Request"] = "true"
        request = urllib.request.Request(self.address + path, body, headers)
        try:
            with self.browser.open(request, timeout=30) as answer:
                answer.read()
                self._note(answer.status)
                return int(answer.status) if "HX-Redirect" not in answer.headers else 401
        except urllib.error.HTTPError as refused:
            self._note(refused.code)
            return refused.code

    def _note(self, status: int) -> None:
        self.answers[status] = self.answers.get(status, 0) + 1
        if status < 500:
            self.answered_at.append(time.time())
