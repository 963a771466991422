"""A text comes in through a real gateway, is judged and answered, arrives, and is reported; STOP is obeyed."""

import urllib.error
import urllib.request
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.urls import reverse

from armature.arm.channel import size
from armature.crm import conservation
from armature.crm.accounts.models import AuditEntry
from armature.crm.act import approvals, commands, queries, responses
from armature.crm.act.models import Case, Delivery, Response
from armature.crm.act.reach import reach
from armature.crm.act.work import Refused
from armature.crm.channels import registry
from armature.crm.channels.port import Failed, LoginRefused, Outgoing, Unreachable
from armature.crm.identify.models import Consent, Identity
from armature.crm.listen import queries as listened
from armature.crm.listen.models import Channel, Envelope, EnvelopeBody, Interaction
from armature.crm.listen.secrets import seal_secret
from house import House
from sms.kannel import Kannel, until
from visitors import visit

KIND = registry.kind("sms")
INGRID = "+4722334455"


def arrived(house: House, text: str) -> bool:
    house.settle()
    return Interaction.objects.filter(text=text).exists()


def sound() -> bool:
    """Whether all that must hold holds."""
    return not [law.words for law, found in conservation.broken() if found]


def written(house: House, case: Case, text: str) -> Response:
    """Mona answers, and where the map asks for it Leo approves; it is not sent yet."""
    if case.form == "intent":
        commands.judge_intent(house.mona, case, intent="cancel")
        house.settle()
        case = house.case(case.identity.address)
    return responses.write(house.mona, case, text=text, seen=queries.last_said(case))


def approved(house: House, response: Response) -> None:
    house.settle()
    response.refresh_from_db()
    if response.state == Response.State.APPROVAL:
        approvals.approve(house.leo, queries.response_for(house.leo, response.pk), digest=response.digest)
    house.settle()


def test_a_text_is_answered_there_and_reported(house: House, channel: Channel, kannel: Kannel) -> None:
    phone = kannel.phone(f"{INGRID} 4799900000 text Please end my subscription, søster €5")
    until(lambda: arrived(house, "Please end my subscription, søster €5"))
    case = house.case(INGRID)
    assert (case.identity.network, case.conversation.talk) == ("phone", INGRID)
    assert not any(b"a-secret" in bytes(one.body) for one in EnvelopeBody.objects.all())
    answer = "Жаль. 👍 " + "x" * 70
    approved(house, written(house, case, answer))
    assert Delivery.objects.get().state == "sent"
    until(lambda: phone.reads("utf-16-be") == answer)
    assert len(phone.heard()) == size(answer, "parts") == 2
    plain = " ".join("It is done, dear Ingrid: [€5] are on their way." for _ in range(4))
    until(lambda: Envelope.objects.filter(event_key__startswith="report:", event_key__endswith=":1").exists())
    house.settle()
    proved = Delivery.objects.get()
    assert proved.proof_at and proved.state == "sent" and sound()

    phone = kannel.phone(f"{INGRID} 4799900000 text And the second thing?")
    until(lambda: arrived(house, "And the second thing?"))
    assert Case.objects.count() == 1, "what one number writes stands together"
    approved(house, written(house, house.case(INGRID), plain))
    until(lambda: len(phone.heard()) == size(plain, "parts") == 2)
    assert "dear Ingrid" in phone.reads("latin-1")


def test_after_stop_nothing_leaves_until_start(house: House, channel: Channel, kannel: Kannel) -> None:
    kannel.phone(f"{INGRID} 4799900000 text Where is my parcel?")
    until(lambda: arrived(house, "Where is my parcel?"))
    response = written(house, house.case(INGRID), "It comes today.")
    phone = kannel.phone(f"{INGRID} 4799900000 text Stopp!")
    until(lambda: Envelope.objects.count() == 2)
    approved(house, response)
    response.refresh_from_db()
    assert response.state != Response.State.SENT and "START" in response.why, "it was released before and is held back"
    assert Interaction.objects.get(text="Stopp!").automatic and not phone.heard()
    assert AuditEntry.objects.filter(verb="forbade us to write", actor_name="the customer").exists()
    here = reach(house.case(INGRID), {})
    assert not here.open and INGRID in here.can.blocked
    case = house.case(INGRID)
    about = "person" if case.person else "identity"
    page = visit(house.mona).get(reverse(about, args=[case.person_id or case.identity_id])).content.decode()
    assert "no text messages: they forbade it" in page
    with pytest.raises(Refused, match="START"):
        written(house, house.case(INGRID), "Please!")

    Consent.objects.update(at=F("at") - timedelta(seconds=2))  # the centre tells seconds; in one second no is no
    phone = kannel.phone(f"{INGRID} 4799900000 text start")
    until(lambda: arrived(house, "start"))
    assert list(Consent.objects.order_by("pk").values_list("given", flat=True)) == [False, True]
    approved(house, written(house, house.case(INGRID), "It comes today after all."))
    until(lambda: phone.heard() == [b"It comes today after all."])
    assert Identity.objects.get().address == INGRID and sound()


@pytest.mark.parametrize("query", ["secret=wrong", "", "secret=", "secret=%C3%A6"])
def test_a_call_without_the_secret_is_not_taken(channel: Channel, live_server: Any, query: str) -> None:
    address = f"{live_server.url}/hook/{channel.hook}?{query}&from=%2B4722334455&text=Hello&charset=UTF-8&id=1"
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(address)
    assert not Envelope.objects.exists()


def test_the_gateway_says_what_it_takes(channel: Channel, kannel: Kannel) -> None:
    account = listened.account(channel)
    assert "knows crm" in KIND.probe(account)
    without = Outgoing("1", (), "Hello")
    assert isinstance(KIND.send(account, without), Failed)
    odd = KIND.send(account, Outgoing("1", ("+",), "Hello"))
    assert isinstance(odd, Failed) and not odd.retryable
    seal_secret(channel, "password", "wrong")
    account = listened.account(Channel.objects.get(pk=channel.pk))
    with pytest.raises(LoginRefused):
        KIND.probe(account)
    refused = KIND.send(account, Outgoing("1", (INGRID,), "Hello"))
    assert isinstance(refused, Failed) and refused.cause == "login"
    channel.settings["gateway"] = f"http://127.0.0.1:{kannel.ports['admin']}"
    with pytest.raises(Unreachable, match="smsbox"):
        KIND.probe(listened.account(channel))
