"""Whoever knocks learns nothing about who works here: same words, same status, same work done for the answer."""

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.test import Client

from armature.crm.accounts import invitations
from armature.crm.accounts.models import Invitation, Membership, Role, User
from house import House

KNOWN, CLOSED, UNKNOWN = "mona@shop.example", "leo@shop.example", "nobody@shop.example"


@pytest.fixture(autouse=True)
def _no_tries_yet(db: None) -> None:
    cache.clear()


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password that was hashed: that is what takes the time of a log-in."""
    found: list[str] = []
    honest = MD5PasswordHasher.encode

    def encode(self: MD5PasswordHasher, password: str, salt: str) -> str:
        found.append(password)
        return honest(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode)
    return found


@pytest.fixture
def addresses(house: House) -> list[str]:
    """Of somebody here, of somebody who left, of somebody with a second factor, of nobody; and none at all."""
    User.objects.filter(email=CLOSED).update(is_active=False)
    TOTP.activate(house.nia, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    return [KNOWN, CLOSED, "nia@shop.example", UNKNOWN, "NOBODY@SHOP.EXAMPLE", "nobody@elsewhere.example"]


def _words(page: str, address: str) -> str:
    """A page without what was typed into it and without the mark of its form."""
    return re.sub(r'value="[^"]*"', "", page).replace(address, "")


def test_a_wrong_password_is_answered_alike_for_everybody_and_hashed_once(
    addresses: list[str], hashed: list[str]
) -> None:
    pages = set()
    for address in addresses:
        hashed.clear()
        answer = Client().post("/log-in", {"login": address, "password": "wrong"})
        assert hashed == ["wrong"], address
        pages.add((answer.status_code, _words(answer.content.decode(), address)))
    assert len(pages) == 1


def test_too_many_tries_are_refused_alike_for_everybody(addresses: list[str]) -> None:
    pages = set()
    for address in (KNOWN, CLOSED, UNKNOWN):
        cache.clear()
        for _ in range(6):
            answer = Client().post("/log-in", {"login": address, "password": "wrong"})
        assert "Too many tries" in answer.content.decode()
        pages.add((answer.status_code, _words(answer.content.decode(), address)))
    assert len(pages) == 1


@pytest.mark.parametrize("mail_goes_out", [True, False])
def test_asking_for_a_new_password_is_answered_alike_and_costs_one_letter(
    addresses: list[str], settings: Any, mail_goes_out: bool
) -> None:
    settings.MAIL_GOES_OUT = mail_goes_out
    pages = set()
    for address in addresses:
        mail.outbox.clear()
        browser = Client()
        asked = browser.post("/password", {"email": address})
        shown = browser.get(asked.headers["Location"])
        pages.add((asked.status_code, asked.headers["Location"], _words(shown.content.decode(), address)))
        assert len(mail.outbox) == mail_goes_out, address
        assert all(one.to == [address.lower()] for one in mail.outbox)
    assert len(pages) == 1


def test_letters_to_one_address_are_counted_whoever_it_belongs_to(addresses: list[str], settings: Any) -> None:
    settings.MAIL_GOES_OUT = True
    for address in (KNOWN, UNKNOWN):
        mail.outbox.clear()
        answers = [Client().post("/password", {"email": address}).status_code for _ in range(7)]
        assert len(mail.outbox) == 5
        assert answers == [302] * 5 + [429] * 2


def test_an_invitation_that_is_over_and_one_that_never_was_are_answered_alike(house: House, hashed: list[str]) -> None:
    Membership.objects.create(user=house.olga, role=Role.ADMIN)
    revoked, token = invitations.invite(house.olga, email="a@shop.example", roles=[(None, None, Role.AGENT)])
    invitations.revoke(house.olga, revoked)
    joined, used = invitations.invite(house.olga, email="b@shop.example", roles=[(None, None, Role.AGENT)])
    Invitation.objects.filter(pk=joined.pk).update(joined=house.mona)
    pages = set()
    for dead in (token, used, "x" * len(token)):
        hashed.clear()
        for answer in (
            Client().get(f"/join/{dead}"),
            Client().post(f"/join/{dead}", {"name": "Eve", "password": "correct horse battery"}),
        ):
            pages.add((answer.status_code, answer.content.decode().replace(dead, "")))
        assert hashed == []
    assert len(pages) == 1


def test_an_invitation_to_somebody_who_meanwhile_works_here_says_nothing_of_them(house: House) -> None:
    Membership.objects.create(user=house.olga, role=Role.ADMIN)
    _, token = invitations.invite(house.olga, email="c@shop.example", roles=[(None, None, Role.AGENT)])
    User.objects.create_user("c@shop.example", "Cora Secret", "a good password")
    answer = Client().post(f"/join/{token}", {"name": "Eve", "password": "correct horse battery"})
    assert answer.status_code == 404
    assert "Cora" not in answer.content.decode()
