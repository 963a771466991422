"""Every route x everybody x what is not theirs: it is not there, nothing is written, and no word of it gets out."""

import re
from collections.abc import Iterator
from typing import Any

import contents
import pytest
from django.test import Client
from django.urls import reverse
from foreign import SECRET, World, everything_written, make, make_world, people
from matrix import ROUTES
from matrix_given import Route

from armature.crm.accounts.models import User
from armature.crm.act import queries
from house import House
from visitors import visit

TOKEN = re.compile(r"\b[A-Za-z0-9]{32,}\b")
"""Random letters, in which anything may stand by chance."""
OF_ONESELF = frozenset(
    {"act_noticewish", "listen_queryfollower", "accounts_user", "accounts_auditentry", "accounts_auditvalue"}
)


def test_every_route_is_described() -> None:
    there = set(contents.names())
    assert there - set(ROUTES) == set(), (
        "describe them in tests/web/matrix.py or matrix_process.py: what do they name, whose is it?"
    )
    assert set(ROUTES) - there == set(), "these routes are gone"


@pytest.fixture
def world(house: House) -> World:
    """The company with what is foreign to all who are tried."""
    return make_world(house)


def test_the_secret_is_there_for_those_whose_it_is(world: World) -> None:
    page = visit(world.house.leo).get(f"/cases/open/{world.case.pk}").content.decode()
    assert page.count(SECRET) > 5


@pytest.mark.parametrize("who", people())
def test_nothing_foreign_is_there_for(who: str, world: World) -> None:
    user = make(who, world)
    faults = list(_faults(who, user, world))
    assert not faults, "\n".join(faults)


def _faults(who: str, user: User | None, world: World) -> Iterator[str]:
    client = visit(user) if user else Client()
    if who == "closed account":
        User.objects.filter(pk=user.pk).update(is_active=False)  # type: ignore[union-attr]
    out = who in ("nobody", "closed account")
    assert out or not queries.cases_for(User.objects.get(pk=user.pk)).exists()  # type: ignore[union-attr]
    before = everything_written()
    for name, route in ROUTES.items():
        address = reverse(name, kwargs=dict(route.named(world)))
        for method in () if route.kind == "leave" else ("get", "post"):
            answer = getattr(client, method)(address, dict(route.given(world)))
            where = f"{who}: {method.upper()} {name} ({answer.status_code})"
            if wrong := _wrong(answer, route, method, out):
                yield f"{where}: {wrong}"
            after = everything_written()
            changed = {table for table in after if after[table] != before.get(table, 0)}
            if changed - (OF_ONESELF if route.kind == "own" else frozenset()):
                yield f"{where}: wrote {', '.join(sorted(changed))}"
            before = after
            if SECRET in TOKEN.sub("", b"".join(answer).decode(errors="replace")) or SECRET in str(answer.headers):
                yield f"{where}: tells the secret"


def _wrong(answer: Any, route: Route, method: str, out: bool) -> str:
    status = answer.status_code
    if status >= 500:
        return "broke"
    if route.kind == "open":
        return ""
    if out:
        at_the_door = status == 302 and answer.headers["Location"].startswith("/log-in?")
        return "" if at_the_door else "did not ask for the log-in"
    if route.kind == "foreign":
        return "" if status in (404, 405) else "is there"
    if route.kind == "admin":
        return "" if status in (200, 302, 404, 405, 422) else "neither shown nor hidden"
    return ""
