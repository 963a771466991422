"""Another program as a channel: signed calls in and out, over real HTTP on both sides."""

import base64
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from armature.crm.act import approvals, commands, queries, responses
from armature.crm.act.models import Delivery, Response
from armature.crm.channels import registry
from armature.crm.channels.port import Failed, LoginRefused, NotGenuine, Outgoing, Sent, Unknown
from armature.crm.channels.rates import UNCOUNTED
from armature.crm.channels.settings import BadSettings
from armature.crm.channels.signatures import sign_webhook, standard_webhook
from armature.crm.listen import queries as listened
from armature.crm.listen.models import Channel, Envelope, Interaction
from armature.crm.listen.secrets import seal_secret
from channels.programs import OURS, Program
from house import House, make_house

KIND = registry.kind("webhook")
OLD, NEW = (f"whsec_{base64.b64encode(letter * 32).decode()}" for letter in (b"o", b"n"))
INGRID = "ingrid@people.example"


def test_it_is_the_scheme_that_others_know() -> None:
    """The example of the specification."""
    secret, name, body = (
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
    )
    headers = sign_webhook(secret, name, body, datetime.fromtimestamp(1614265330, UTC))
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert standard_webhook(secret, headers, body, datetime.fromtimestamp(1614265330 + 299, UTC)) == name
    with pytest.raises(NotGenuine, match="too far"):
        standard_webhook(secret, headers, body, datetime.fromtimestamp(1614265330 + 301, UTC))


@pytest.fixture
def program() -> Iterator[Program]:
    found = Program()
    yield found
    found.end()


@pytest.fixture
def channel(transactional_db: None, settings: Any, program: Program) -> Channel:
    settings.MAY_CALL = ["127.0.0.1"]
    house = make_house()
    found = Channel.objects.create(
        kind="webhook", place="forum", name="Forum", address="forum", brand=house.brand,
        settings={"url": program.url, "network": "email"},
    )  # fmt: skip
    seal_secret(found, "hook_secret", OLD)
    seal_secret(found, "send_secret", OURS)
    return found


def told(live_server: Any, channel: Channel, line: object, name: str, secret: str = OLD, skew: int = 0) -> int:
    """The other program calls us; the status it hears."""
    body = json.dumps(line).encode()
    headers = sign_webhook(secret, name, body, datetime.fromtimestamp(time.time() + skew, UTC))
    asked = urllib.request.Request(f"{live_server.url}/hook/{channel.hook}", body, headers)
    try:
        with urllib.request.urlopen(asked) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


def line(name: str, text: str = "", **more: Any) -> dict[str, Any]:
    return {"external_id": name, "author": INGRID, "text": text, **more}


def house_of(channel: Channel) -> House:
    from armature.crm.accounts.models import User

    people = {name: User.objects.get(name=name.capitalize()) for name in ("mona", "leo", "nia", "olga")}
    return House(channel.brand, channel, **people)


def test_a_message_there_and_back(live_server: Any, channel: Channel, program: Program) -> None:
    house = house_of(channel)
    for _ in range(3):
        assert told(live_server, channel, line("m1", "Please end my contract.", talk="t"), "call-1") == 200
    assert Envelope.objects.count() == 1, "a repeated call is the same"
    assert told(live_server, channel, line("m2", "At once!", talk="t"), "call-2") == 200
    edited = line("m1", "Please end my subscription.", event="edited", occurred_at="2099-01-01T00:00:00Z")
    assert told(live_server, channel, edited, "call-3") == 200
    assert told(live_server, channel, line("m2", event="deleted"), "call-4") == 200
    house.settle()
    said = {one.external_id: (one.text, bool(one.deleted_at)) for one in Interaction.objects.all()}
    assert said == {"m1": ("Please end my subscription.", False), "m2": ("", True)}
    assert Interaction.objects.values("conversation").distinct().count() == 1

    commands.judge_intent(house.mona, house.case(), intent="cancel")
    house.settle()
    written = responses.write(house.mona, house.case(), text="Do stay.", seen=queries.last_said(house.case()))
    house.settle()
    written.refresh_from_db()
    program.answers = [(429, {"Retry-After": "1"}, b"slowly"), (200, {}, b'{"id": "post-9", "external_id": "x9"}')]
    approvals.approve(house.leo, queries.response_for(house.leo, written.pk), digest=written.digest)
    house.settle()
    waits = Delivery.objects.get()
    assert (waits.state, waits.attempt) == ("queued", 1) and "429" in waits.reason
    end = time.monotonic() + 10
    while Delivery.objects.get().state == "queued" and time.monotonic() < end:
        time.sleep(0.3)
        Delivery.objects.update(not_before=datetime.now(UTC))
        house.settle()
    sent = Delivery.objects.get()
    assert (sent.state, sent.provider_id, sent.interaction.external_id) == ("sent", "post-9", "x9")
    (first, words), (second, _same) = program.calls
    assert first["webhook-id"] == second["webhook-id"] == str(sent.key), "it is one, however often it is tried"
    assert (words["to"], words["text"], words["type"]) == ([INGRID], "Do stay.", "response")

    assert told(live_server, channel, {"event": "failed", "external_id": "x9", "reason": "banned"}, "call-5") == 200
    house.settle()
    assert Response.objects.get().state != "sent" and "banned" in Response.objects.get().why


def test_only_signed_calls_are_taken_while_the_secret_is_changed(live_server: Any, channel: Channel) -> None:
    assert told(live_server, channel, line("a", "A"), "c1", NEW) == 401
    seal_secret(channel, "hook_secret", f"{NEW} {OLD}")
    assert told(live_server, channel, line("a", "A"), "c1", NEW) == 200
    assert told(live_server, channel, line("b", "B"), "c2", OLD) == 200
    seal_secret(channel, "hook_secret", NEW)
    assert told(live_server, channel, line("c", "C"), "c3", OLD) == 401
    assert told(live_server, channel, line("d", "D"), "c4", NEW, skew=-310) == 401
    assert told(live_server, channel, line("d", "D"), "c4", NEW, skew=310) == 401
    assert told(live_server, channel, line("d", "D"), "c4", NEW, skew=-290) == 200
    assert Envelope.objects.count() == 3


def test_what_the_other_side_answers_is_told_truly(channel: Channel, program: Program) -> None:
    def sent() -> Any:
        account = listened.account(Channel.objects.get(kind="webhook"))
        return KIND.send(replace(account, budget=UNCOUNTED), Outgoing("k", (INGRID,), "Hello"))

    def told_us(status: int, words: bytes = b"") -> Any:
        program.answers = [(status, {}, words)]
        return sent()

    assert KIND.probe(listened.account(channel)).endswith("takes signed calls.")
    assert told_us(200, b"not json") == told_us(204) == Sent("k")
    gone = told_us(410, b'{"error": "no such thread"}')
    assert isinstance(gone, Failed) and not gone.retryable and "410 no such thread" in gone.reason
    assert isinstance(told_us(302), Failed)
    assert isinstance(told_us(500), Unknown)
    seal_secret(channel, "send_secret", f"{NEW} {OURS}")
    assert isinstance(sent(), Sent), "both keys sign while one takes the place of the other"
    program.key = b"n" * 32
    assert isinstance(sent(), Sent)
    seal_secret(channel, "send_secret", OLD)
    refused = sent()
    assert isinstance(refused, Failed) and refused.cause == "login"
    with pytest.raises(LoginRefused):
        KIND.probe(listened.account(Channel.objects.get(kind="webhook")))
    program.end()
    down = sent()
    assert isinstance(down, Failed) and down.retryable
    program.__init__()  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value"),
    [("url", "ftp://x"), ("send_secret", ""), ("hook_secret", "whsec_short"), ("hook_secret", "whsec_c2hvcnQ="),
     ("hook_secret", "")],
)  # fmt: skip
def test_a_bad_setting_is_named(name: str, value: str) -> None:
    from armature.crm.channels.port import Account

    given = {"url": "https://forum.example/answers", "send_secret": OURS, "hook_secret": OLD}
    secrets = {key: word for key, word in (given | {name: value}).items() if key != "url"}
    with pytest.raises(BadSettings) as wrong:
        KIND.check(Account(1, "webhook", "forum", {"url": value if name == "url" else given["url"]}, secrets))
    assert list(wrong.value.problems) == [name]
