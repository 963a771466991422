"""The checks of all kinds, for what is only read on the web: feeds, and mentions of our pages on others."""

import dataclasses
import html
import urllib.parse
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from armature.conformance import Bare, Conforms, Said
from armature.conformance.world import Call, CannotDo
from armature.crm.channels.feed import Feed
from armature.crm.channels.port import Account, Attachment, Envelope, Request
from armature.crm.channels.webmention import Webmention
from blog.pages import Pages

ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"
xmlns:thr="http://purl.org/syndication/thread/1.0"><title>News</title>%s</feed>"""
ENTRY = """<entry><id>%s</id><title>On boots</title><author><name>Anna</name></author>%s
<published>%s</published><content type="html">%s</content></entry>"""
TARGET = "https://shop.example/boots"
NOTE = """<!doctype html><html><head><meta charset="utf-8"><title>Notes</title></head><body><article class="h-entry">
<a class="p-author h-card" href="https://ingrid.example/">Ingrid</a>
<time class="dt-published" datetime="%s">Today</time>
<div class="e-content"><p>%s <a href="%s">our boots</a></p></div></article></body></html>"""
HTML = {"Content_Type": "text/html; charset=utf-8"}
FORM = "application/x-www-form-urlencoded"


class FeedWorld(Bare):
    """A feed of somebody else, and who writes there."""

    kind = Feed()
    needed = ("url",)
    nothing = "a feed does not say what is gone from it"

    def __init__(self, pages: Pages) -> None:
        self.pages, self.entries = pages, dict[str, tuple[str, str, str]]()
        self.account = Account(1, "feed", "news", {"url": self._publish(), "poll_seconds": 0})

    def nowhere(self) -> Account:
        """A port where nobody listens."""
        return self.through("http://127.0.0.1:1")

    def through(self, address: str) -> Account:
        """The feed at this address."""
        return dataclasses.replace(self.account, settings={**self.account.settings, "url": f"{address}/feed"})

    def server(self) -> str:
        """Where it is."""
        return self.pages.url

    def say(self, text: str, *, public: bool = False, answers: str = "", files: Sequence[Attachment] = ()) -> Said:
        """A new entry."""
        if not public or files:
            raise CannotDo("a feed is public, and its pictures are in its words")
        name = f"urn:uuid:{uuid4()}"
        answer = f'<thr:in-reply-to ref="{answers}"/>' if answers else ""
        self.entries[name] = (answer, datetime.now(UTC).isoformat(), text)
        self._publish()
        return Said(name, "127.0.0.1/anna", True)

    def edit(self, external_id: str, text: str) -> None:
        """The entry reads otherwise."""
        answer, at, _before = self.entries[external_id]
        self.entries[external_id] = (answer, at, text)
        self._publish()

    def _publish(self) -> str:
        """The words are HTML, which stands in XML."""
        written = [
            ENTRY % (name, answer, at, html.escape(html.escape(text)))
            for name, (answer, at, text) in self.entries.items()
        ]
        return self.pages.put("/feed", ATOM % "".join(reversed(written)))


class MentionsWorld(Bare):
    """Somebody with a site of their own, which tells us when it speaks of a page of ours."""

    kind = Webmention()
    needed = ("targets",)

    def __init__(self, pages: Pages) -> None:
        self.pages, self.reached, self.told = pages, pages.url, list[Envelope]()
        self.sources: dict[str, str] = {}
        self.account = Account(1, "webmention", "shop.example", {"targets": "https://shop.example"}, hook="/hook/x")

    def through(self, address: str) -> Account:
        """Their site as this address."""
        self.reached = address
        return self.account

    def server(self) -> str:
        """Their site."""
        return self.pages.url

    def nowhere(self) -> Account:
        """Every mention stands on a server of its own."""
        raise CannotDo("there is no server that is asked before somebody speaks of us")

    def say(self, text: str, *, public: bool = False, answers: str = "", files: Sequence[Attachment] = ()) -> Said:
        """A page that links to ours."""
        if not public or files or answers:
            raise CannotDo("a mention is a public page: it carries no files and answers no other")
        path = f"/note/{uuid4().hex}"
        self._write(path, text)
        source = f"{self.reached}{path}"
        self._tell(source)
        name = self.told[-1].event_key.split(":")[1]
        self.sources[name] = source
        return Said(name, "ingrid.example", True)

    def edit(self, external_id: str, text: str) -> None:
        """The page reads otherwise, and its site tells us."""
        source = self.sources[external_id]
        self._write(urllib.parse.urlsplit(source).path, text)
        self._tell(source)

    def delete(self, external_id: str) -> None:
        """The page is gone, and its site tells us."""
        source = self.sources[external_id]
        self.pages.put(urllib.parse.urlsplit(source).path, "", 410)
        self._tell(source)

    def asked(self) -> Sequence[Envelope]:
        """All that its site told us."""
        return self.told

    def _write(self, path: str, text: str) -> None:
        now = datetime.now(UTC).isoformat()
        self.pages.put(path, NOTE % (now, html.escape(text), TARGET), **HTML)

    def _tell(self, source: str) -> None:
        self.told += self.kind.receive(self.account, _request(source)).asked

    def call(self) -> Call:
        """Anybody may call: what is wrong is what is no mention of ours."""
        return Call(self._genuine, self._wrong)

    def _genuine(self, text: str) -> Request:
        self._write("/called", text)
        return _request(f"{self.pages.url}/called")

    def _wrong(self, text: str) -> list[tuple[str, Request]]:
        good = self._genuine(text)
        source = f"{self.pages.url}/called"
        return [
            ("no page of ours", _request(source, "https://shop.example.evil.example/boots")),
            ("no page", _request("ftp://shop.example/")),
            ("a page of itself", _request(TARGET)),
            ("no form", dataclasses.replace(good, headers={"content-type": "application/json"})),
            ("nothing", dataclasses.replace(good, body=b"")),
        ]


def _request(source: str, target: str = TARGET) -> Request:
    body = urllib.parse.urlencode({"source": source, "target": target}).encode()
    return Request("POST", "https://desk.example/hook/x", {}, {"content-type": FORM}, body, datetime.now(UTC))


class TestFeed(Conforms):
    kind_name = "feed"

    @pytest.fixture
    def world(self, pages: Pages) -> FeedWorld:
        return FeedWorld(pages)


class TestWebmention(Conforms):
    kind_name = "Webmention"

    @pytest.fixture
    def world(self, pages: Pages) -> MentionsWorld:
        return MentionsWorld(pages)
