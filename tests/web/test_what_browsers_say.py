"""What a browser says of itself is only words: it forges no line, no address, and runs on no page."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from test_talk import typed

from armature.crm.accounts.models import Session
from armature.crm.listen.models import Channel, Knock
from house import House

WORDS = {"login": "mona@shop.example", "password": "a good password"}
BAD = ["<script>alert(1)</script>", "\x1b[2J\x1b]0;x\x07", "x" * 5000, "{{7*7}}", "\u202egnp", '" onload="x']


@pytest.mark.parametrize("agent", BAD)
def test_the_name_of_a_browser_stands_in_the_list_of_log_ins_as_words(house: House, agent: str) -> None:
    cache.clear()
    browser = Client(headers={"User-Agent": agent})
    assert browser.post("/log-in", WORDS).status_code == 302
    page = browser.get("/profile/log-in")
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()
    assert 'onload="x' not in page.content.decode()
    assert len(Session.objects.latest("begun_at").agent) <= 200


def test_an_address_that_a_stranger_forwards_counts_only_behind_our_proxy(house: House, settings: Any) -> None:
    Channel.objects.create(kind="web", place="web", address="hello", name="Our page", brand=house.brand)
    forged = {"X-Forwarded-For": "203.0.113.7"}
    Client(headers=forged, REMOTE_ADDR="198.51.100.1").post("/talk/hello", typed("One."))
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    forged = {"X-Forwarded-For": "6.6.6.6, 203.0.113.7"}
    Client(headers=forged, REMOTE_ADDR="198.51.100.1").post("/talk/hello", typed("Two."))
    assert Knock.objects.count() == 2
    assert Knock.objects.values("source").distinct().count() == 2, "what our proxy says counts, and nothing before it"


def test_who_guesses_passwords_does_not_get_more_tries_by_forging_their_address(house: House) -> None:
    cache.clear()
    for number in range(40):
        browser = Client(headers={"X-Forwarded-For": f"203.0.113.{number}"})
        last = browser.post("/log-in", {"login": f"somebody-{number}@shop.example", "password": "wrong"})
    assert last.status_code == 429 or "Too many tries" in last.content.decode()
