"""A mail server that behaves badly, as the whole product sees it: what is tried again, given back, or asked about."""

from typing import Any

import pytest
from django.utils import timezone

from armature.crm import conservation, jobs
from armature.crm.act import approvals, commands, queries, responses
from armature.crm.act.models import Delivery, Response
from armature.crm.channels.port import Envelope
from armature.crm.listen import commands as listen
from armature.crm.listen.models import Channel, Interaction
from armature.crm.listen.secrets import seal_secret
from house import MONDAY, House
from mail.scripted import scripted

LETTER = b"""From: Ingrid <ingrid@people.example>\r\nTo: mail@shop.example\r\nSubject: My parcel\r
Message-ID: <one@people.example>\r\nDate: Mon, 02 Mar 2026 10:00:00 +0000\r\n\r\nMy parcel is broken.\r\n"""


def _mailbox(house: House, port: int) -> Channel:
    given = {"imap_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "smtp_login": "no", "timeout": 1}
    box = Channel.objects.create(
        kind="email", place="email", address="mail@shop.example", name="Post", brand=house.brand, settings=given
    )
    seal_secret(box, "imap_password", "x")
    return box


def _judged() -> None:
    while jobs.open_envelopes() + jobs.judge_conversations():
        pass


def _answered(house: House, port: int) -> Delivery:
    """A letter came, somebody answered it, and the answer waits to leave through a server at this port."""
    listen.accept(_mailbox(house, port), [Envelope("created:one", LETTER, "message/rfc822", MONDAY)])
    return _written(house, "ingrid@people.example")


def _written(house: House, author: str) -> Delivery:
    _judged()
    if house.case(author).form == "intent":
        commands.judge_intent(house.mona, house.case(author), intent="complaint")
        _judged()
    case = house.case(author)
    response = responses.write(house.mona, case, text="We mend it.", seen=queries.last_said(case))
    _judged()
    if house.case(author).form == "approval":
        approvals.approve(house.leo, queries.response_for(house.leo, response.pk), digest=response.digest)
        _judged()
    return Delivery.objects.get(state="queued", response=response)


def _after_a_while() -> None:
    Delivery.objects.filter(state="queued").update(not_before=timezone.now())


def _state(house: House) -> tuple[Any, ...]:
    house.settle()
    assert not {law.words: found for law, found in conservation.broken() if found}
    return Delivery.objects.latest("pk").state, Response.objects.get().state, house.case().form


def test_what_the_server_takes_later_leaves_once_when_it_does(house: House) -> None:
    with scripted(RCPT="451 4.7.1 greylisted, come again") as server:
        delivery = _answered(house, server.port)
        assert jobs.send() == 1
        delivery.refresh_from_db()
        assert (delivery.state, server.bodies) == ("queued", 0)
        assert "greylisted" in delivery.reason
        assert delivery.not_before > timezone.now()
        assert jobs.send() == 0
        server.answers["RCPT"] = "250 ok"
        _after_a_while()
        assert _state(house) == ("sent", "sent", "feedback")
        assert server.bodies == 1
        _after_a_while()
        house.settle()
        assert server.bodies == 1


@pytest.mark.parametrize("moment", ["MAIL", "RCPT", "DATA", "body"])
def test_what_the_server_refuses_goes_back_to_its_writer_with_the_servers_words(house: House, moment: str) -> None:
    with scripted(**{moment: "550 5.7.1 we know you not"}) as server:
        _answered(house, server.port)
        assert _state(house) == ("failed", "draft", "response")
    assert "we know you not" in Response.objects.get().why


@pytest.mark.parametrize("fault", ["hang up", "silence"])
def test_what_was_handed_over_without_a_word_back_is_asked_about_and_not_sent_again(house: House, fault: str) -> None:
    with scripted(body=fault) as server:
        _answered(house, server.port)
        assert _state(house) == ("unknown", "unknown", "delivery")
        _after_a_while()
        house.settle()
        assert server.bodies == 1


def test_a_server_that_is_away_is_tried_less_and_less_often_and_then_no_more(house: House) -> None:
    with scripted() as server:
        port = server.port
    delivery = _answered(house, port)
    tried = 0
    while Delivery.objects.get().state == "queued":
        tried += jobs.send()
        _after_a_while()
    assert tried == 5
    assert _state(house) == ("failed", "draft", "response")
    delivery.refresh_from_db()
    assert "Nothing answers at 127.0.0.1" in delivery.reason


def test_a_channel_that_is_down_does_not_hold_up_another(house: House) -> None:
    with scripted(greeting="421 too busy") as server:
        mailed = _answered(house, server.port)
        house.hear("My other parcel is broken.", author="other@people.example")
        other = _written(house, "other@people.example")
        house.settle()
    assert Delivery.objects.get(pk=mailed.pk).state == "queued"
    assert Delivery.objects.get(pk=other.pk).state == "sent"
    assert Interaction.objects.filter(direction="out").count() == 2


def test_what_would_break_out_of_its_line_fails_in_words_and_does_not_come_back_again_and_again(house: House) -> None:
    with scripted() as server:
        _answered(house, server.port)
        response = Response.objects.get()
        Channel.objects.filter(kind="email").update(address="mail\r\nBcc: all@people.example@shop.example")
        assert _state(house)[0] == "failed"
        assert (server.heard, server.bodies) == ([], 0)
        response.refresh_from_db()
        assert response.why
