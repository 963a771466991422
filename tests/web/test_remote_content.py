"""What strangers send loads nothing from elsewhere, and what we show tells nobody elsewhere that it was read."""

import re

import pytest
from django.test import Client
from test_talk import typed

from armature.crm.act.models import Case, Delivery
from armature.crm.channels.port import Envelope
from armature.crm.listen import commands
from armature.crm.listen.models import Channel, Interaction
from house import MONDAY, House
from visitors import visit

WAYS = """
<img src="https://t.example/1.gif"><img src="//t.example/2.gif" srcset="https://t.example/3.gif 2x">
<img src="HTTPS://t.example/4.gif"><img/src=https://t.example/5.gif><img src=" https://t.example/6.gif">
<img src="cid:photo" srcset="https://t.example/7.gif"><img lowsrc="https://t.example/8.gif" dynsrc="//t.example/9.gif">
<body background="https://t.example/10.gif"><table background="https://t.example/11.gif"><tr>
<td background="https://t.example/12.gif" style="background:url(https://t.example/13.gif)">x</td></tr></table>
<style>@import "https://t.example/14.css"; p{background:url(https://t.example/15.gif)}
@font-face{font-family:x;src:url(https://t.example/16.woff)}</style>
<link rel="stylesheet" href="https://t.example/17.css"><link rel="dns-prefetch" href="//t.example">
<link rel="preconnect" href="https://t.example"><link rel="prefetch" href="https://t.example/18">
<video poster="https://t.example/19.gif"><source src="https://t.example/20.mp4"></video>
<audio src="https://t.example/21.mp3" autoplay></audio><embed src="https://t.example/22.swf">
<object data="https://t.example/23.pdf"></object><iframe src="https://t.example/24.html"></iframe>
<input type="image" src="https://t.example/25.gif"><svg><image href="https://t.example/26.gif"/>
<use xlink:href="https://t.example/27.svg#x"/></svg><script src="https://t.example/28.js"></script>
<meta http-equiv="refresh" content="0;url=https://t.example/29"><base href="https://t.example/">
<bgsound src="https://t.example/30.mp3"><picture><source srcset="https://t.example/31.gif"></picture>
<q cite="https://t.example/32">x</q><a ping="https://t.example/33" href="https://t.example/34">read on</a>
"""


@pytest.fixture
def mailed(house: House) -> Interaction:
    """A letter that tries to load and to tell in every way there is."""
    settings = {"imap_host": "imap.shop.example", "smtp_host": "smtp.shop.example"}
    box = Channel.objects.create(
        kind="email", place="email", address="mail@shop.example", name="Post", brand=house.brand, settings=settings
    )
    raw = (
        "From: Ingrid <ingrid@people.example>\r\nTo: mail@shop.example\r\nSubject: News\r\n"
        "Message-ID: <a@b.example>\r\nDate: Mon, 02 Mar 2026 10:00:00 +0000\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n"
        "Disposition-Notification-To: <tracker@t.example>\r\n\r\n" + WAYS.replace("\n", "\r\n")
    )
    commands.accept(box, [Envelope("created:a", raw.encode(), "message/rfc822", MONDAY)])
    house.settle()
    return Interaction.objects.get(channel=box)


def test_the_original_names_another_server_only_where_somebody_clicks(house: House, mailed: Interaction) -> None:
    shown = visit(house.mona).get(f"/interaction/{mailed.pk}/original")
    page = shown.content.decode()
    assert "read on" in page
    links = re.findall(r"<a\b[^>]*>", page)
    assert links and all('rel="noopener noreferrer nofollow"' in link for link in links)
    assert "t.example" not in re.sub(r"<a\b[^>]*>", "", page)
    assert "url(" not in page and "@import" not in page
    policy = shown.headers["Content-Security-Policy"]
    assert "img-src 'self'" in policy and "t.example" not in policy and "*" not in policy


def test_the_conversation_itself_holds_no_address_that_a_browser_would_load(house: House, mailed: Interaction) -> None:
    case = Case.objects.get(conversation=mailed.conversation_id)
    page = visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    loaded = re.findall(r"<(?:img|script|link|iframe|source|video|audio|embed|object|image|use)\b[^>]*>", page)
    assert loaded
    assert not [one for one in loaded if "t.example" in one]
    assert not re.search(r'(?:src|href|action|formaction|data|poster|ping)="(?:https?:)?//(?!testserver)', page)


def test_nobody_is_told_that_a_letter_was_read(house: House, mailed: Interaction) -> None:
    visit(house.mona).get(f"/interaction/{mailed.pk}/original")
    house.settle()
    assert not Delivery.objects.exists()
    assert not Interaction.objects.filter(direction="out").exists()


def test_no_page_of_ours_tells_another_site_where_it_was_left_from(house: House, mailed: Interaction) -> None:
    Channel.objects.create(kind="web", place="web", address="hello", name="Our page", brand=house.brand)
    inside = visit(house.mona)
    begun = Client().post("/talk/hello", typed("Hello")).headers["Location"]
    for client, address in (
        (inside, "/cases/open"), (inside, f"/interaction/{mailed.pk}/original"), (inside, "/nowhere"),
        (Client(), "/log-in"), (Client(), "/talk/hello"), (Client(), begun), (Client(), "/password"),
    ):  # fmt: skip
        assert client.get(address).headers["Referrer-Policy"] in ("same-origin", "no-referrer"), address
