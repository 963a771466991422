"""Log-in in two steps, its limits, and new passwords by mail."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.test import Client

from armature.crm.accounts import factors
from armature.crm.accounts.models import AuditEntry, Brand, Membership, Role, Session, User
from house import House
from visitors import PART, visit

WORDS = {"login": "mona@shop.example", "password": "a good password"}
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _no_tries_yet(db: None) -> None:
    cache.clear()


def digits() -> str:
    """What the app shows now."""
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


def test_with_an_app_the_password_alone_opens_nothing(house: House) -> None:
    TOTP.activate(house.mona, SECRET)
    browser = Client()
    assert browser.post("/log-in", WORDS).headers["Location"] == "/log-in/second"
    assert browser.get("/cases/open").status_code == 302
    assert "not right" in browser.post("/log-in/second", {"code": "000000"}).content.decode()
    assert browser.get("/cases/open").status_code == 302
    assert browser.post("/log-in/second", {"code": digits()}).status_code == 302
    assert browser.get("/cases/open").status_code == 200


def test_a_code_works_once(house: House) -> None:
    TOTP.activate(house.mona, SECRET)
    code = digits()
    first, second = Client(), Client()
    for browser in (first, second):
        browser.post("/log-in", WORDS)
        browser.post("/log-in/second", {"code": code})
    assert first.get("/cases/open").status_code == 200
    assert second.get("/cases/open").status_code == 302


def test_the_key_of_an_app_does_not_stand_in_the_database(house: House) -> None:
    TOTP.activate(house.mona, SECRET)
    assert SECRET not in str(Authenticator.objects.get().data)


def test_a_brand_that_wants_two_steps_lets_nobody_work_with_one(house: House) -> None:
    Brand.objects.update(demands_mfa=True)
    browser = visit(house.mona)
    for address in ("/cases/open", "/", "/profile", "/map"):
        assert browser.get(address).headers["Location"] == "/profile/log-in", address
    assert browser.get("/cases/open?part=list", headers=PART).headers["HX-Redirect"] == "/profile/log-in"
    assert "wants you to log in in two steps" in browser.get("/profile/log-in").content.decode()
    TOTP.activate(house.mona, SECRET)
    assert browser.get("/cases/open").status_code == 200
    assert not factors.missing(house.olga)


def test_the_installation_can_want_it_from_everybody(house: House, settings: Any) -> None:
    settings.MFA_DEMANDED = True
    assert visit(house.olga).get("/cases/open").headers["Location"] == "/profile/log-in"


def test_an_app_is_turned_on_with_its_own_code_after_the_password_and_gives_recovery_codes(house: House) -> None:
    browser = Client()
    browser.post("/log-in", WORDS)
    asked = browser.get("/profile/app")
    assert asked.headers["Location"].startswith("/again")
    assert browser.post(asked.headers["Location"], {"password": "wrong"}).status_code == 200
    browser.post(asked.headers["Location"], {"password": WORDS["password"]})
    page = browser.get("/profile/app").content.decode()
    secret = re.search(r"<code>(\w+)</code>", page)
    assert secret and "data:image/svg" in page
    code = format_hotp_value(hotp_value(secret[1], next(iter(yield_hotp_counters_from_time()))))
    assert browser.post("/profile/app", {"code": code}).headers["Location"] == "/profile/codes"
    codes = re.findall(r"<code>(\w+)</code>", browser.get("/profile/codes").content.decode())
    assert len(codes) == 10
    other = Client()
    other.post("/log-in", WORDS)
    other.post("/log-in/second", {"code": codes[0]})
    assert other.get("/cases/open").status_code == 200


def test_whoever_lost_the_factor_is_helped_by_an_administrator(house: House) -> None:
    TOTP.activate(house.mona, SECRET)
    Membership.objects.create(user=house.olga, role=Role.ADMIN)
    logged_in = visit(house.mona)
    visit(house.olga).post(f"/team/people/{house.mona.pk}/factors")
    assert logged_in.get("/cases/open").status_code == 302
    assert Client().post("/log-in", WORDS).headers["Location"] == "/"
    assert AuditEntry.objects.filter(verb="took away the second factors", actor=house.olga).exists()


def test_after_five_wrong_passwords_the_right_one_waits_too_in_every_process(house: House) -> None:
    for _ in range(5):
        assert Client().post("/log-in", WORDS | {"password": "wrong"}).status_code == 200
    page = Client().post("/log-in", WORDS)
    assert "Too many tries" in page.content.decode()
    assert Client().post("/log-in", WORDS | {"login": "leo@shop.example"}).status_code == 302
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_cache")
        assert cursor.fetchone()[0] > 0


def test_a_new_password_comes_by_mail_once_and_ends_all_other_log_ins(house: House, settings: Any) -> None:
    settings.MAIL_GOES_OUT = True
    elsewhere = visit(house.mona)
    Client().post("/password", {"email": "MONA@shop.example"})
    assert [one.to for one in mail.outbox] == [["mona@shop.example"]]
    link = re.search(r"http://testserver(/password/new/\S+)", str(mail.outbox[0].body))
    assert link
    browser = Client()
    form = browser.get(link[1], follow=True)
    assert "Ten characters" in form.content.decode()
    where = form.redirect_chain[-1][0]
    new = {"password1": "correct horse battery", "password2": "correct horse battery"}
    assert browser.post(where, new).headers["Location"] == "/password/done"
    assert elsewhere.get("/cases/open").status_code == 302
    assert Client().post("/log-in", WORDS).status_code == 200
    assert Client().post("/log-in", WORDS | {"password": "correct horse battery"}).status_code == 302
    assert "is over" in Client().get(link[1], follow=True).content.decode()


def test_who_asks_for_a_new_password_learns_nothing_about_who_works_here(house: House, settings: Any) -> None:
    settings.MAIL_GOES_OUT = True
    known = Client().post("/password", {"email": "mona@shop.example"})
    unknown = Client().post("/password", {"email": "nobody@shop.example"})
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert "Nobody logs in here" in str(mail.outbox[1].body)
    assert "testserver/password/new" not in str(mail.outbox[1].body)


def test_a_closed_account_gets_no_new_password(house: House, settings: Any) -> None:
    settings.MAIL_GOES_OUT = True
    User.objects.filter(pk=house.mona.pk).update(is_active=False)
    Client().post("/password", {"email": "mona@shop.example"})
    assert not any("/password/new" in str(one.body) for one in mail.outbox)


def test_somebody_logs_out_everywhere_else(house: House) -> None:
    here, there = visit(house.mona), visit(house.mona)
    page = here.get("/profile/log-in").content.decode()
    assert "this one" in page
    here.post("/profile/log-in/others")
    assert here.get("/cases/open").status_code == 200
    assert there.get("/cases/open").status_code == 302
    assert Session.objects.filter(user=house.mona).count() == 1


def test_nobody_makes_an_account_alone(house: House) -> None:
    before = User.objects.count()
    assert Client().get("/sign-up").status_code == 404
    assert (
        Client().post("/sign-up", {"email": "eve@shop.example", "password1": "correct horse battery"}).status_code
        == 404
    )
    assert User.objects.count() == before


def test_an_administrators_link_for_a_new_password_works_once(house: House) -> None:
    Membership.objects.create(user=house.olga, role=Role.ADMIN)
    page = visit(house.olga).post(f"/team/people/{house.mona.pk}/password").content.decode()
    link = re.search(r"http://testserver(/password/new/[^<]+)", page)
    assert link
    browser = Client()
    where = browser.get(link[1], follow=True).redirect_chain[-1][0]
    new = {"password1": "correct horse battery", "password2": "correct horse battery"}
    assert browser.post(where, new).status_code == 302
    assert "is over" in Client().get(link[1], follow=True).content.decode()
