"""Other systems call us: what is genuine is kept raw before we say yes, and of all else nothing is kept."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import pytest
from django.test import Client

from armature.crm.listen import secrets
from armature.crm.listen.models import Channel, Envelope, EnvelopeBody, Interaction
from house import House

KEY = b"a key of twenty-four byte"
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"
LINE = {"external_id": "told-1", "author": "ingrid@people.example", "text": "Where is my parcel?", "public": True}


@pytest.fixture
def hook(house: House) -> str:
    """The address of a channel that other programs hand lines to."""
    channel = Channel.objects.create(
        kind="lines", place="shop", name="Shop", address="shop", brand=house.brand, settings={"network": "email"}
    )
    secrets.seal_secret(channel, "hook_secret", SECRET)
    return f"/hook/{channel.hook}"


def signed(body: bytes, name: str = "call-1", at: float | None = None, key: bytes = KEY) -> dict[str, str]:
    stamp = str(int(time.time() if at is None else at))
    proof = base64.b64encode(hmac.new(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()).decode()
    return {"webhook-id": name, "webhook-timestamp": stamp, "webhook-signature": f"v1,{proof}"}


def call(hook: str, body: bytes, headers: dict[str, str], **more: Any) -> int:
    client = Client(enforce_csrf_checks=True)
    return client.post(hook, body, content_type="application/json", headers=headers, **more).status_code


BODY = json.dumps(LINE).encode()


def test_a_genuine_call_is_kept_raw_and_becomes_an_interaction_once(house: House, hook: str) -> None:
    body = b'  {"text":"Where is my parcel?",  "author": "ingrid@people.example"}\n'
    for _ in range(3):
        assert call(hook, body, signed(body)) == 200
    assert [bytes(one.body) for one in EnvelopeBody.objects.all()] == [body]
    house.settle()
    assert list(Interaction.objects.values_list("text", flat=True)) == ["Where is my parcel?"]


NOW = time.time()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(BODY, key=b"another key"),
        signed(BODY + b" "),
        signed(BODY, at=NOW - 400),
        signed(BODY, at=NOW + 4000),  # far enough for a slow machine, where NOW is long over
        {**signed(BODY), "webhook-id": "call-2"},
        {**signed(BODY), "webhook-signature": ""},
        {**signed(BODY), "webhook-signature": "v1,"},
        {**signed(BODY), "webhook-signature": signed(BODY)["webhook-signature"][:11]},
        {**signed(BODY), "webhook-signature": signed(BODY)["webhook-signature"].replace("v1", "v1a")},
        {**signed(BODY), "webhook-signature": "v1,…not base64…"},
        {**signed(BODY), "webhook-timestamp": "now"},
        {**signed(BODY), "webhook-timestamp": "²"},
        {**signed(BODY), "webhook-timestamp": "9" * 40},
        {**signed(BODY), "webhook-id": ""},
    ],
)
def test_of_a_call_that_is_not_genuine_nothing_is_kept(hook: str, headers: dict[str, str]) -> None:
    assert call(hook, BODY, {name: value for name, value in headers.items() if value.isascii()}) == 401
    assert not Envelope.objects.exists()


def test_without_a_secret_nothing_is_genuine(house: House, hook: str) -> None:
    Channel.objects.get(kind="lines").secrets.all().delete()
    assert call(hook, BODY, signed(BODY, key=b"")) == 401


def test_too_much_is_refused_before_it_is_read(hook: str) -> None:
    body = b"x" * (1024 * 1024 + 1)
    assert call(hook, body, signed(body)) == 413
    assert call(hook, BODY, signed(BODY), CONTENT_LENGTH="much") == 413


def test_no_hook_leads_elsewhere(house: House, hook: str) -> None:
    assert call("/hook/nobody", BODY, signed(BODY)) == 404
    channel = Channel.objects.create(kind="email", place="email", name="M", address="m@shop.example", brand=house.brand)
    assert call(f"/hook/{channel.hook}", BODY, signed(BODY)) == 404
    Channel.objects.filter(kind="lines").update(active=False)
    assert call(hook, BODY, signed(BODY)) == 404


def test_what_is_genuine_but_cannot_be_read_is_parked_with_the_reason(house: House, hook: str) -> None:
    body = b"{not json"
    assert call(hook, body, signed(body)) == 200
    house.settle()
    assert "not JSON" in (Envelope.objects.get().parked or "")
