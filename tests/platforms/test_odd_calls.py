"""Calls that are genuine and yet odd: each is opened, or parked with words, and never breaks what opens it."""

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from armature.crm.channels import registry
from armature.crm.channels.port import Account, Envelope, Request
from platforms import meta, pages, telegram, whatsapp
from platforms.stub import running

SAMPLES = Path(__file__).parent.parent / "samples"
ODD: list[Any] = [
    None, 0, -1, 7, 1e99, True, "", "x", "\x00", "\ud800", [], {}, [None], [[]], {"id": None}, "9" * 400, ["x"] * 3,
]  # fmt: skip
WORLDS: dict[str, tuple[Account, Any]] = {
    "telegram": (telegram.account("SERVER"), telegram.request),
    "whatsapp": (whatsapp.account("SERVER"), meta.request),
    "facebook": (pages.account("SERVER"), meta.request),
    "instagram": (pages.account("SERVER", "instagram"), meta.request),
}


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a call where something stands."""
    for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        yield node, key
        yield from places(node[key])


def spoilt(found: Any, chance: random.Random) -> Any:
    """The call with one to three things in it replaced, or gone."""
    call = copy.deepcopy(found)
    for _ in range(chance.randint(1, 3)):
        node, key = chance.choice(list(places(call)) or [([0], 0)])
        if isinstance(node, dict) and chance.random() < 0.3:
            del node[key]
        else:
            node[key] = copy.deepcopy(chance.choice(ODD))
    return call


def opened(kind: Any, account: Account, request: Request) -> tuple[int, int]:
    """How many envelopes of a call were read, and how many parked."""
    found, read, parked = kind.receive(account, request), 0, 0
    looked: list[Envelope] = [one for asked in found.asked for one in kind.look(account, {}, asked)[0]]
    for one in (*found.envelopes, *found.asked, *looked):
        assert "\x00" not in one.event_key.encode().decode()
    for one in (*found.envelopes, *looked):
        try:
            events = kind.normalise(account, one)
        except ValueError as refused:
            assert str(refused)
            parked += 1
            continue
        read += 1
        for event in events:
            for name in event.__slots__:
                value = getattr(event, name)
                if isinstance(value, str):
                    assert "\x00" not in value.encode().decode(), (name, value)
    return read, parked


@pytest.mark.parametrize("name", WORLDS)
def test_a_spoilt_call_is_read_or_parked_and_never_breaks_anything(name: str, settings: Any) -> None:
    settings.MAY_CALL = ["127.0.0.1"]
    (account, signed), kind, chance = WORLDS[name], registry.kind(name), random.Random(5)
    api = {"telegram": telegram.BotApi, "whatsapp": whatsapp.CloudApi}.get(name, pages.Pages)()
    read = parked = 0
    with running(api):
        where = Account(1, name, account.address, {**account.settings, "server": api.address}, account.secrets)
        for path in sorted((SAMPLES / name).iterdir()):
            sample = json.loads(path.read_text().replace("SERVER", api.address))
            for _ in range(150):
                body = json.dumps(spoilt(sample, chance)).encode()
                more, odd = opened(kind, where, signed(body))
                read, parked = read + more, parked + odd
    assert read > 100 and parked > 100, (read, parked)
