"""Other sites speak of our pages: a call says where, a worker looks, and only what really links to us is heard."""

import time
import urllib.parse
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from armature.crm.channels import registry
from armature.crm.channels.webmention.parsing import what_it_says
from armature.crm.jobs.listening import read
from armature.crm.listen import looking
from armature.crm.listen.models import Asked, Channel, Envelope, Interaction, Revision
from blog.pages import Pages
from house import House

KIND: Any = registry.kind("webmention")
TARGET = "https://shop.example/boots"
ENTRY = """<!doctype html><html><head><meta charset="utf-8"><title>Ingrid's notes</title></head><body>
<article class="h-entry"><h1 class="p-name">On boots</h1>
<a class="p-author h-card" href="https://ingrid.example/">Ingrid Øre</a>
<time class="dt-published" datetime="2020-05-01T10:00:00+02:00">May</time>
<div class="e-content"><p>I want to cancel <a href="%s">my boots</a>!</p>%s</div></article></body></html>"""
HTML = {"Content_Type": "text/html; charset=utf-8"}


@pytest.fixture
def channel(house: House, pages: Pages) -> Channel:
    """Our site, as it hears what others say of its pages."""
    return Channel.objects.create(
        kind="webmention", place="blog", name="Mentions", address="shop.example", brand=house.brand,
        settings={"targets": "https://shop.example, https://other.example/blog"},
    )  # fmt: skip


def tell(channel: Channel, source: str, target: str = TARGET) -> tuple[int, str]:
    """Somebody's site calls us."""
    body = urllib.parse.urlencode({"source": source, "target": target})
    answer = Client(enforce_csrf_checks=True).post(
        f"/hook/{channel.hook}", body, content_type="application/x-www-form-urlencoded"
    )
    return answer.status_code, answer.content.decode()


def hear(house: House, channel: Channel) -> None:
    """A worker looks, and a minute goes by, so that the same call counts again."""
    for one in Envelope.objects.filter(event_key__startswith="asked:"):
        Envelope.objects.filter(pk=one.pk).update(event_key=f"earlier {one.pk}")
    read(channel.pk, 0)
    house.settle()


def test_heard_updated_and_gone(house: House, channel: Channel, pages: Pages) -> None:
    source = pages.put("/note", ENTRY % (TARGET, ""), **HTML)
    assert tell(channel, source)[0] == 202
    assert pages.asked == []  # nobody is called before a worker looks
    hear(house, channel)
    said = Interaction.objects.get()
    assert said.text.startswith("I want to cancel my boots!") and source in said.text
    assert (said.author, said.public, said.subject, said.occurred_at.year) == ("ingrid.example", True, "On boots", 2020)
    assert house.case("ingrid.example").identity.name == "Ingrid Øre"

    tell(channel, source)
    hear(house, channel)
    assert Revision.objects.count() == 0 and len(pages.asked) == 2
    pages.put("/note", ENTRY % (TARGET, "<p>Soon, please.</p>"), **HTML)
    tell(channel, source)
    hear(house, channel)
    said.refresh_from_db()
    assert "Soon, please." in said.text and said.edited_at
    pages.put("/note", ENTRY % ("https://elsewhere.example/", ""), **HTML)
    tell(channel, source)
    hear(house, channel)
    said.refresh_from_db()
    assert said.text == "" and said.deleted_at and not Asked.objects.exists()


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_takes_back_what_it_said(house: House, channel: Channel, pages: Pages, status: int) -> None:
    source = pages.put("/note", ENTRY % (TARGET, ""), **HTML)
    tell(channel, source)
    hear(house, channel)
    pages.put("/note", "", status)
    tell(channel, source)
    hear(house, channel)
    assert Interaction.objects.get().deleted_at
    tell(channel, f"{source}/never")
    hear(house, channel)
    assert Interaction.objects.count() == 1 and Revision.objects.filter(interaction=None).count() == 0


def test_what_does_not_link_to_us_is_not_heard(house: House, channel: Channel, pages: Pages) -> None:
    for number, (page, kind) in enumerate(
        [
            (ENTRY % ("https://shop.example/boots2", ""), "text/html"),
            (f"<p>{TARGET}</p><!-- <a href='{TARGET}'>x</a> -->", "text/html"),
            (f"{TARGET}-2 and {TARGET}/more", "text/plain"),
            (f'{{"url": "{TARGET}"}}', "application/json"),
            ("<div>" * 500 + f'<a href="{TARGET}">x</a>', "text/html"),
            (f'<a href="{TARGET}">x</a>' + "x" * 1_000_001, "text/html"),
        ]
    ):
        tell(channel, pages.put(f"/{number}", page, Content_Type=kind))
    hear(house, channel)
    assert not Interaction.objects.exists() and len(pages.asked) == 6


def test_calls_that_are_refused_are_not_kept(channel: Channel, pages: Pages) -> None:
    source = f"{pages.url}/note"
    for given, words in (
        ((source, "https://shop.example.evil.example/boots"), "none of our pages"),
        ((source, "https://other.example/blogs/1"), "none of our pages"),
        ((source, "http://shop.example/boots"), "none of our pages"),
        (("ftp://x.example/", TARGET), "source is missing"),
        ((source, ""), "target is missing"),
        ((TARGET, TARGET), "same page"),
    ):
        status, said = tell(channel, *given)
        assert status == 400 and words in said
    assert Client().post(f"/hook/{channel.hook}", b"{}", content_type="application/json").status_code == 400
    assert not Envelope.objects.exists() and pages.asked == []
    assert tell(channel, source, "https://other.example/blog/1")[0] == 202
    assert Client().get(f"/hook/{channel.hook}").status_code == 200


def test_what_cannot_be_reached_is_tried_again_and_nothing_inside_is_called(
    house: House, channel: Channel, pages: Pages, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = pages.put("/busy", "", 503)
    tell(channel, source)
    hear(house, channel)
    assert Asked.objects.get().tries == 1 and len(pages.asked) == 1
    hear(house, channel)
    assert len(pages.asked) == 1
    for _ in range(5):
        Asked.objects.update(not_before=timezone.now())
        hear(house, channel)
    assert not Asked.objects.exists() and len(pages.asked) == 5
    settings.MAY_CALL = []
    tell(channel, source)
    hear(house, channel)
    assert not Asked.objects.exists() and len(pages.asked) == 5
    settings.MAY_CALL = ["127.0.0.1"]
    monkeypatch.setattr(KIND, "look", lambda *given: 1 / 0)
    tell(channel, source)
    hear(house, channel)
    assert Asked.objects.get().tries == 1
    Asked.objects.all().delete()
    monkeypatch.setattr(looking, "MOST", 1)
    assert [tell(channel, f"{source}/{number}")[0] for number in range(2)] == [202, 429]


def test_likes_pages_without_marks_and_other_charsets() -> None:
    like = f'<div class="h-entry"><a class="u-like-of" href="{TARGET}"></a></div>'
    found = what_it_says(like.encode(), "text/html", "https://a.example/1", TARGET)
    assert found and (found.reaction, found.author) == ("like", "a.example")
    plain = f"<title>News</title><ul><li>Grüße von <a href='{TARGET}#top'>hier</a></li><li>Other</li></ul>"
    page = f'<meta charset="iso-8859-1">{plain}'.encode("latin-1")
    found = what_it_says(page, "text/html", "https://a.example/1", TARGET)
    assert found and (found.text, found.title) == ("Grüße von hier", "News")
    endless = '<div class="h-entry p-name">' * 190 + f'<a href="{TARGET}">Ours</a>' + "word " * 150_000
    started = time.monotonic()
    assert what_it_says(endless.encode(), "text/html", "https://a.example/1", TARGET)
    assert time.monotonic() - started < 10
    odd = f'<div class="h-entry"><a class="u-url" href="http://[">x</a><a href="{TARGET}">Ours</a></div>'
    found = what_it_says(odd.encode(), "text/html", "https://a.example/1", TARGET)
    assert found and "Ours" in found.text
    assert what_it_says(f"See {TARGET}.".encode(), "text/plain", "https://a.example/1", TARGET)
    assert registry.installed().disabled == {}
