"""A post seen in the browser comes in with its author and where it stands; only sending the form writes anything."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from foreign import everything_written

from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import Brand, Membership, Role, User
from armature.crm.act import quoting
from armature.crm.act.models import Note
from armature.crm.act.work import Refused
from armature.crm.listen.models import Interaction
from armature.crm.listen.wanted import Quoted
from house import House
from visitors import stranger, to_judge, visit

POST = "https://social.example/@ann/1234"
GIVEN = {"url": POST, "title": "Ann on tents", "author": "", "text": "The <b>Ridge</b> leaks", "case": ""}

HOSTILE = [
    "javascript:alert(1)", "JavaScript:alert(1)//https://x.example", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
    "//evil.example/x", "https:///x", "ftp://x.example/", "https://me:secret@x.example/",
    "https://x.example/a b", 'https://x.example/"onclick="x', "https://[::1", "https://x.example/\\evil",
    "https://x.example/" + "a" * 2000, "blob:https://x.example/1", "x", "",
]  # fmt: skip


@pytest.mark.parametrize("address", HOSTILE)
def test_hostile_addresses_are_refused(house: House, address: str) -> None:
    client = visit(house.mona)
    answer = client.post("/listening/quote", GIVEN | {"url": address, "brand": house.brand.pk})
    assert answer.status_code == 409
    assert not Quoted.objects.exists()
    with pytest.raises(Refused):
        quoting.address_of(address)
    assert 'href="javascript' not in client.get("/listening/quote", {"url": address}).content.decode()


def test_the_form_is_filled_in_and_looking_writes_nothing(house: House) -> None:
    client = visit(house.mona)
    before = everything_written()
    shown = client.get("/listening/quote", {"url": POST, "title": '"><script>x', "text": "</textarea><script>y"})
    page = shown.content.decode()
    assert f'value="{POST}"' in page and 'value="@ann@social.example"' in page
    assert "<script>x" not in page and "<script>y" not in page
    assert everything_written() == before


def test_a_post_comes_in_with_its_author_and_where_it_stands(house: House) -> None:
    client = visit(house.mona)
    answer = client.post("/listening/quote", GIVEN | {"brand": house.brand.pk}, follow=True)
    page = answer.content.decode()
    said = Interaction.objects.get()
    assert (said.author, said.subject, said.public, said.text) == (
        "@ann@social.example", "Ann on tents", True, "The <b>Ridge</b> leaks",
    )  # fmt: skip
    assert said.channel.place == "mastodon" and said.channel.brand == house.brand
    assert f'href="{POST}" target="_blank" rel="noopener noreferrer nofollow"' in page
    assert Quoted.objects.get().user == house.mona
    again = visit(house.leo).post("/listening/quote", GIVEN | {"brand": house.brand.pk, "text": "other"}, follow=True)
    assert Interaction.objects.count() == 1 and f'href="{POST}"' in again.content.decode()


def test_a_post_is_noted_on_a_case(house: House) -> None:
    case = to_judge(house)
    client = visit(house.mona)
    client.post("/listening/quote", GIVEN | {"case": case.pk, "brand": house.brand.pk})
    note = Note.objects.get()
    assert note.case == case and POST in note.text and "@ann@social.example: The <b>Ridge</b> leaks" in note.text
    assert Interaction.objects.count() == 1, "only what was there"
    page = client.get(f"/cases/open/{case.pk}").content.decode()
    assert "The &lt;b&gt;Ridge&lt;/b&gt; leaks" in page


def test_nobody_brings_in_where_they_have_no_say(house: House) -> None:
    case, other = to_judge(house), Brand.objects.create(key="other", name="Other")
    sam = stranger("sales")
    for user, given in (
        (sam, {"case": case.pk}), (house.nia, {"brand": house.brand.pk}), (house.olga, {"brand": house.brand.pk}),
        (house.olga, {"case": case.pk}), (_of(other), {"brand": house.brand.pk}),
    ):  # fmt: skip
        if user == sam:
            type(case).objects.update(team="support", asks="support")
        answer = visit(user).post("/listening/quote", GIVEN | given)
        assert answer.status_code == 409, user.name
    for user in (house.nia, house.olga):
        with pytest.raises(NotAllowed):
            quoting.bring_in(user, house.brand, quoting.Seen(POST, "", "", "words"))
    assert not Note.objects.exists() and not Quoted.objects.exists()


def _of(brand: Brand) -> User:
    user = User.objects.create_user("uma@shop.example", "Uma", "a good password")
    Membership.objects.create(user=user, role=Role.LEAD, brand=brand)
    return user


def test_an_empty_quote_is_refused_with_the_mend(house: House) -> None:
    answer = visit(house.mona).post("/listening/quote", GIVEN | {"text": "  ", "brand": house.brand.pk})
    assert answer.status_code == 409 and "select the words of the post" in answer.content.decode()


def test_the_log_in_leads_back_to_the_filled_form(house: House) -> None:
    sent = Client().get("/listening/quote", {"url": POST, "text": "x & y"})
    assert sent.status_code == 302
    there = parse_qs(urlsplit(sent.headers["Location"]).query)["next"][0]
    assert parse_qs(urlsplit(there).query) == {"url": [POST], "text": ["x & y"]}


def test_without_our_token_nothing_comes_in(house: House) -> None:
    client = visit(house.mona, enforce_csrf_checks=True)
    assert client.post("/listening/quote", GIVEN | {"brand": house.brand.pk}).status_code == 403
    assert not Quoted.objects.exists()


@pytest.mark.parametrize(
    ("address", "place", "author"),
    [
        ("https://x.com/AcmeCare/status/1", "x", "AcmeCare"),
        ("https://mobile.twitter.com/ann/status/1", "x", "ann"),
        ("https://mastodon.example/@ann", "mastodon", "@ann@mastodon.example"),
        ("https://mastodon.example/@ann@other.example/1", "mastodon", "@ann@other.example"),
        ("https://bsky.app/profile/ann.example/post/1", "bluesky", "ann.example"),
        ("https://www.reddit.com/r/tents/comments/1", "reddit", ""),
        ("https://notx.com/ann/status/1", "blog", ""),
        ("https://www.tiktok.com/@ann/video/1", "tiktok", "ann"),
        ("https://shop.example/review", "blog", ""),
    ],
)
def test_an_address_tells_place_and_author(address: str, place: str, author: str) -> None:
    assert (quoting.place_of(address), quoting.author_of(address)) == (place, author)


def test_the_button_opens_our_form_and_is_there_to_drag(house: House) -> None:
    page = visit(house.mona).get("/listening/button").content.decode()
    assert "javascript:(" in page and "http://testserver/listening/quote?url=" in page
