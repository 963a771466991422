"""Feeds: those of a real WordPress, and those that are not what they should be."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from armature.crm.channels import registry
from armature.crm.channels.feed.parsing import DEEPEST
from armature.crm.channels.port import Account, Created, Edited, Unreachable
from armature.crm.channels.settings import BadSettings
from armature.crm.jobs.listening import read
from armature.crm.listen.models import Channel, Interaction
from blog.pages import Pages
from blog.site import Site
from house import House

KIND: Any = registry.kind("feed")
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"
xmlns:thr="http://purl.org/syndication/thread/1.0"><title>News</title>%s</feed>"""
ENTRY = """<entry><id>urn:%(id)s</id><title>%(title)s</title><author><name>Anna</name></author>%(more)s
<published>2020-01-01T10:00:00Z</published><content type="html">%(words)s</content></entry>"""


def feed_of(url: str) -> Account:
    return Account(1, "feed", "news", {"url": url, "poll_seconds": 0})


def entry(number: str, words: str, more: str = "") -> str:
    return ENTRY % {"id": number, "title": f"Title {number}", "words": words, "more": more}


def events(url: str, cursor: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """What one look finds, and the cursor after it."""
    found = list[Any]()
    for envelopes, after in KIND.fetch(feed_of(url), cursor, 2):
        found += [event for one in envelopes for event in KIND.normalise(feed_of(url), one)]
        cursor = after
    return found, cursor


@pytest.mark.parametrize("kind", ["comments-rss2", "comments-atom"])
def test_comments_of_a_real_site_are_heard(house: House, site: Site, kind: str) -> None:
    channel = Channel.objects.create(
        kind="feed", place="blog", name="Comments", address=kind, brand=house.brand,
        settings={"url": f"{site.url}/?feed={kind}", "poll_seconds": 0},
    )  # fmt: skip
    site.comment(f"Said before by {kind}.", name="Rune")
    read(channel.pk, 0)
    time.sleep(1.1)  # a site tells its versions apart by the second
    site.comment(f"I want to cancel by {kind} &amp; more.", name="Rune")
    assert read(channel.pk, 0) == 1
    assert read(channel.pk, 0) == 0
    house.settle()
    said = Interaction.objects.get()
    assert said.text.startswith(f"I want to cancel by {kind} & more.") and said.public
    assert "Our new boots" in said.subject and said.author == "127.0.0.1/rune"


def test_what_is_new_reads_otherwise_or_did_not_change(pages: Pages) -> None:
    url = pages.put("/feed", ATOM % entry("1", "Old."), ETag='"one"')
    found, cursor = events(url, {})
    assert found == []
    assert events(url, cursor)[0] == [] and pages.asked[-1][1]["if-none-match"] == '"one"'
    answer = '<thr:in-reply-to ref="urn:1"/>'
    more = "".join(entry(each, f"&lt;p&gt;Words {each}.&lt;/p&gt;", answer) for each in "234")
    pages.put("/feed", ATOM % (entry("1", "Old, mended.") + more), ETag='"two"')
    found, cursor = events(url, cursor)
    assert [one.external_id for one in found] == ["urn:2", "urn:3", "urn:4"]
    assert isinstance(found[0], Created) and found[0].references == ("urn:1",)
    assert (found[0].text, found[0].subject, found[0].author) == ("Words 2.", "Title 2", "127.0.0.1/anna")
    assert found[0].occurred_at == datetime(2020, 1, 1, 10, tzinfo=UTC)
    pages.put("/feed", ATOM % entry("3", "Other words."), ETag='"three"')
    found, cursor = events(url, cursor)
    assert [(type(one), one.external_id, one.text) for one in found] == [(Edited, "urn:3", "Other words.")]
    pages.put("/feed", ATOM % (entry("2", "&lt;p&gt;Words 2.&lt;/p&gt;") + entry("3", "Other words.")))
    assert events(url, cursor)[0] == []


BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c "&b;&b;&b;&b;">]><rss version="2.0">&c;</rss>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><rss version="2.0">&b;</rss>'
BAD = {
    "broken": (ATOM % "<entry>", "broken XML"),
    "page": ("<html><body><p>A page</p></body></html>", "neither RSS nor Atom"),
    "bomb": (BOMB, "XML entities"),
    "outside": (OUTSIDE, "XML entities"),
    "charset": ((ATOM % entry("1", "Grüße")).encode("latin-1"), "not in the charset"),
    "unknown": (ATOM.replace("utf-8", "klingon") % "", "charset"),
    "deep": (ATOM % ("<a>" * (DEEPEST + 1) + "</a>" * (DEEPEST + 1)), "without end"),
    "huge": (b" " * 5_000_001, "more than 5000000 bytes"),
    "empty": (b"", "is empty"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_honest_feed_is_refused_in_words(pages: Pages, name: str) -> None:
    body, words = BAD[name]
    with pytest.raises(Unreachable, match=words):
        events(pages.put("/bad", body), {})


def test_a_server_that_says_no_and_an_address_that_is_none(pages: Pages, settings: Any) -> None:
    with pytest.raises(Unreachable, match="gone for good"):
        events(pages.put("/gone", "", 410), {})
    with pytest.raises(Unreachable, match="404"):
        events(f"{pages.url}/nothing", {})
    pages.put("/moved", "", 301, Location="/feed")
    pages.put("/feed", ATOM % entry("1", "Here."))
    assert KIND.probe(feed_of(f"{pages.url}/moved")) == "“News” can be read: 1 entries now."
    with pytest.raises(BadSettings, match="url"):
        KIND.check(feed_of("ftp://blog.example/feed"))
    settings.MAY_CALL = []
    with pytest.raises(Unreachable, match="inside a network"):
        events(f"{pages.url}/feed", {})
