"""What opens a door stops opening it: links that are old or used, log-ins of who left, keys put aside."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.core.cache import cache
from django.test import Client
from test_talk import typed

from armature.crm import jobs
from armature.crm.accounts import commands, seal, sessions
from armature.crm.accounts.models import Membership, Role, User
from armature.crm.channels.email.address import thread_address
from armature.crm.channels.port import Envelope
from armature.crm.listen import commands as listen
from armature.crm.listen import queries as listened
from armature.crm.listen.models import Channel, Interaction
from armature.crm.listen.secrets import open_secrets, seal_secret
from house import MONDAY, House
from visitors import to_answer, visit

NEW = {"password1": "correct horse battery", "password2": "correct horse battery"}
OLD_KEY, NEW_KEY = "only for tests", "another key, made after the first one leaked"


@pytest.fixture
def link(house: House, settings: Any) -> str:
    """A link for a new password, as Mona got it."""
    cache.clear()
    settings.MAIL_GOES_OUT = True
    Client().post("/password", {"email": "mona@shop.example"})
    found = re.search(r"http://testserver(/password/new/\S+)", str(mail.outbox[0].body))
    assert found
    return found[1]


def _opens(link: str) -> bool:
    """Whether a link for a new password shows its form; and nothing is changed by looking."""
    page = Client().get(link, follow=True).content.decode()
    assert ("is over" in page) != ("Ten characters" in page)
    return "Ten characters" in page


def test_a_link_for_a_new_password_lasts_an_hour(link: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.PASSWORD_RESET_TIMEOUT == 3600
    honest = PasswordResetTokenGenerator._now

    def later(seconds: int) -> None:
        monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: honest(self) + timedelta(seconds=seconds))

    later(3500)
    assert _opens(link)
    later(3700)
    assert not _opens(link)


def test_a_form_for_a_new_password_that_was_opened_before_its_link_was_used_is_over_too(link: str) -> None:
    first, second = Client(), Client()
    where = [browser.get(link, follow=True).redirect_chain[-1][0] for browser in (first, second)]
    assert first.post(where[0], NEW).headers["Location"] == "/password/done"
    late = second.post(where[1], dict.fromkeys(NEW, "another horse battery"), follow=True)
    assert "is over" in late.content.decode()
    assert User.objects.get(email="mona@shop.example").check_password(NEW["password1"])


@pytest.mark.parametrize("what", ["password changed", "logged in since", "closed", "other address"])
def test_a_link_for_a_new_password_is_over_when_the_account_is_another(house: House, link: str, what: str) -> None:
    Membership.objects.create(user=house.olga, role=Role.ADMIN)
    mona = User.objects.get(pk=house.mona.pk)
    if what == "password changed":
        mona.set_password("something else entirely")
        mona.save()
    elif what == "logged in since":
        Client().post("/log-in", {"login": "mona@shop.example", "password": "a good password"})
    elif what == "closed":
        commands.deactivate(house.olga, mona)
    else:
        User.objects.filter(pk=mona.pk).update(email="mona@elsewhere.example")
    assert not _opens(link)


def test_a_log_in_of_somebody_whose_account_was_closed_stays_dead_when_it_is_opened_again(house: House) -> None:
    Membership.objects.create(user=house.olga, role=Role.ADMIN)
    client = visit(house.mona)
    key = client.session.session_key or ""
    commands.deactivate(house.olga, house.mona)
    commands.reactivate(house.olga, house.mona)
    assert client.get("/cases/open").status_code == 302
    assert not sessions.standing([key])


def test_a_password_changed_on_one_machine_ends_the_log_ins_of_all_others(house: House) -> None:
    here, there = visit(house.mona), visit(house.mona)
    given = {"oldpassword": "a good password", **NEW}
    assert here.post("/profile/password", given).status_code == 302
    assert here.get("/cases/open").status_code == 200
    assert there.get("/cases/open").status_code == 302
    assert not sessions.standing([there.cookies["armature"].value])


def _another_key(settings: Any, *, fallback: bool) -> None:
    settings.SECRET_KEY = NEW_KEY
    settings.SECRET_KEY_FALLBACKS = [OLD_KEY] if fallback else []


@pytest.mark.parametrize("fallback", [True, False])
def test_log_ins_live_on_under_a_new_key_only_as_long_as_the_old_one_is_named(
    house: House, settings: Any, fallback: bool
) -> None:
    client = visit(house.mona)
    key = client.session.session_key or ""
    _another_key(settings, fallback=fallback)
    assert bool(sessions.standing([key])) == fallback
    assert client.get("/cases/open").status_code == (200 if fallback else 302)


@pytest.mark.parametrize("fallback", [True, False])
def test_a_link_of_the_old_key_opens_only_as_long_as_that_is_named(link: str, settings: Any, fallback: bool) -> None:
    _another_key(settings, fallback=fallback)
    assert _opens(link) == fallback


def test_what_is_encrypted_is_read_under_a_new_key_and_written_with_it(house: House, settings: Any) -> None:
    TOTP.activate(house.mona, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    seal_secret(house.mailbox, "imap_password", "open sesame")
    kept = Authenticator.objects.get(user=house.mona).data["secret"]
    _another_key(settings, fallback=True)
    assert seal.unseal(kept) == "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    assert open_secrets(house.mailbox) == {"imap_password": "open sesame"}
    again = seal.seal("a new one")
    seal_secret(house.mailbox, "imap_password", "another")
    _another_key(settings, fallback=False)
    assert seal.unseal(again) == "a new one"
    assert open_secrets(house.mailbox) == {"imap_password": "another"}


def test_a_password_that_no_named_key_opens_is_missing_and_stops_no_page(
    house: House, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    case = to_answer(house)
    seal_secret(house.mailbox, "imap_password", "open sesame")
    _another_key(settings, fallback=False)
    assert open_secrets(house.mailbox) == {}
    assert "ARMATURE_SECRET_KEY_FALLBACKS" in caplog.text and "open sesame" not in caplog.text
    assert visit(house.mona).get(f"/cases/open/{case.pk}").status_code == 200


def test_a_customers_page_is_found_under_a_new_key(house: House, settings: Any) -> None:
    Channel.objects.create(kind="web", place="web", address="hello", name="Our page", brand=house.brand)
    begun = Client().post("/talk/hello", typed("It broke."))
    assert begun.status_code == 302
    _another_key(settings, fallback=True)
    assert "It broke." in Client().get(begun.headers["Location"]).content.decode()
    _another_key(settings, fallback=False)
    assert Client().get(begun.headers["Location"]).status_code == 404


def _mailed_to(channel: Channel, marked: str, number: int) -> int:
    """The conversation into which a customer's mail to this address of ours comes."""
    raw = (
        f"From: eve@people.example\r\nTo: {marked}\r\nSubject: Quite another subject\r\n"
        f"Message-ID: <{number}@people.example>\r\nDate: Mon, 02 Mar 2026 10:00:00 +0000\r\n\r\nThank you.\r\n"
    )
    listen.accept(channel, [Envelope(f"created:{number}", raw.encode(), "message/rfc822", MONDAY)])
    while jobs.everything():
        pass
    return Interaction.objects.get(channel=channel, external_id=f"{number}@people.example").conversation_id


@pytest.mark.parametrize("fallback", [True, False])
def test_an_answer_to_a_mail_that_the_old_key_marked_comes_home(house: House, settings: Any, fallback: bool) -> None:
    given = {"imap_host": "imap.shop.example", "smtp_host": "smtp.shop.example"}
    channel = Channel.objects.create(
        kind="email", place="email", address="mail@shop.example", name="Post", brand=house.brand, settings=given
    )
    seal_secret(channel, "imap_password", "x")
    first = _mailed_to(channel, "mail@shop.example", 1)
    account = listened.account(Channel.objects.get(pk=channel.pk))
    marked = thread_address(channel.address, str(first), account.signing_key)
    _another_key(settings, fallback=fallback)
    seal_secret(channel, "imap_password", "x")
    assert (_mailed_to(channel, marked, 2) == first) == fallback
