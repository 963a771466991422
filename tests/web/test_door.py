"""Nobody gets in without logging in; the first administrator gets in once."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from armature.crm.accounts.models import Membership, Role, User
from armature.crm.web.urls import urlpatterns
from house import House
from visitors import PART, to_judge, visit

OPEN = {"log-in", "first-run", "up", "ready", "script-words"}
BY_LINK = {
    "account_login", "account_logout", "log-out", "mfa_authenticate", "mfa_login_webauthn", "account_inactive", "join",
    "account_signup", "account_reset_password", "account_reset_password_done", "account_reset_password_from_key_done",
    "account_reset_password_from_key",
}  # fmt: skip
"""Pages of the door itself: each has its own tests."""
FIRST = {"name": "Ada", "email": "ada@shop.example", "password": "correct horse battery"}


def open_to_all(name: str) -> bool:
    """What asks for no log-in: the door itself, the pages of customers, and where other systems call."""
    return name in OPEN | BY_LINK or name in ("hook", "survey", "survey-thanks", "rate") or name.startswith("talk")


def addresses() -> Iterator[tuple[str, str]]:
    """Every address of the product with its name."""
    given = {
        "token": "t", "view": "open", "number": 1, "pk": 1, "uidb36": "1", "key": "k", "slug": "hello",
        "language": "en", "hook": "h", "kind": "web", "page": 1, "form": "svg", "group": "volume", "step": "S",
        "change": 1, "proposal": 1,
    }  # fmt: skip
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        names = pattern.pattern.converters
        yield str(pattern.name), reverse(str(pattern.name), kwargs={name: given[name] for name in names})


@pytest.mark.parametrize(("name", "address"), [a for a in addresses() if not open_to_all(a[0])])
def test_every_page_but_the_marked_ones_asks_for_a_log_in(house: House, name: str, address: str) -> None:
    for method in ("get", "post"):
        response = getattr(Client(), method)(address)
        assert (response.status_code, response.headers["Location"][:8]) == (302, "/log-in?")


@pytest.mark.parametrize(("name", "address"), [a for a in addresses() if a[0] in OPEN - {"first-run"}])
def test_the_marked_pages_are_open(house: House, name: str, address: str) -> None:
    assert Client().get(address).status_code == 200


def test_a_part_asked_for_without_a_session_sends_the_whole_page_to_the_door_and_back(house: House) -> None:
    case = to_judge(house)
    here = f"http://testserver/cases/open/{case.pk}?write=note"
    response = Client().post(f"/case/{case.pk}/draft", {"text": "x"}, headers={**PART, "HX-Current-URL": here})
    assert response.headers["HX-Redirect"] == f"/log-in?next=%2Fcases%2Fopen%2F{case.pk}%3Fwrite%3Dnote"


def test_logging_in_leads_back_but_never_to_another_site(house: House) -> None:
    words = {"login": "MONA@shop.example", "password": "a good password"}
    assert Client().post("/log-in?next=/cases/done", words).headers["Location"] == "/cases/done"
    assert Client().post("/log-in?next=https://evil.example/", words).headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_are_told_in_the_same_words(house: House) -> None:
    pages = [
        Client().post("/log-in", {"login": who, "password": "wrong"}).content.decode()
        for who in ("mona@shop.example", "nobody@shop.example")
    ]
    assert all("do not belong together" in page for page in pages)


def test_a_closed_account_is_out_at_once(house: House) -> None:
    client = visit(house.mona)
    User.objects.filter(pk=house.mona.pk).update(is_active=False)
    assert client.get("/cases/open").status_code == 302


def test_the_first_run_page_needs_its_token_and_works_once(db: None, settings: object) -> None:
    settings.FIRST_RUN_TOKEN = "the-token"  # type: ignore[attr-defined]
    browser = Client()
    assert browser.get("/log-in").status_code == 503
    assert browser.get("/start/wrong").status_code == 404
    assert browser.post("/start/wrong", FIRST).status_code == 404
    assert browser.get("/start/the-token").status_code == 200
    assert browser.post("/start/the-token", FIRST).headers["Location"] == "/"
    assert Membership.objects.get().role == Role.ADMIN
    assert browser.get("/", follow=True).status_code == 200
    for again in (browser, Client()):
        assert again.get("/start/the-token").status_code == 404
        assert again.post("/start/the-token", {**FIRST, "email": "eve@shop.example"}).status_code == 404
    assert User.objects.count() == 1


def test_without_a_token_there_is_no_first_run_page(db: None) -> None:
    assert Client().get("/start/x").status_code == 404
    assert not User.objects.exists()


def test_an_easy_password_is_refused_beside_its_field(db: None, settings: object) -> None:
    settings.FIRST_RUN_TOKEN = "the-token"  # type: ignore[attr-defined]
    page = Client().post("/start/the-token", {**FIRST, "password": "short"})
    assert page.status_code == 200
    assert b"id_password_error" in page.content
    assert not User.objects.exists()
