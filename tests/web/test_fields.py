"""What a form was not asked for changes nothing, and what cannot be read breaks nothing: every page, every field."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import models, transaction
from django.test import Client
from django.urls import reverse
from matrix import ROUTES, World, everything_written, make_world
from test_front_state import ONLY_DONE

from armature.crm import web
from armature.crm.accounts.models import Brand, Membership, Role, Team, User
from armature.crm.act.models import Approval, Case, Response
from armature.crm.decide import paths
from house import House
from visitors import visit

MORE = {
    "id": "1", "pk": "1", "is_staff": "1", "is_superuser": "1", "is_active": "", "workspace": "1", "role_id": "1",
    "user_id": "1", "author": "1", "author_id": "1", "by": "1", "by_id": "1", "sender": "Somebody else", "owner": "1",
    "state": "sent", "status": "done", "asked_by": "", "approved": "1", "approved_by": "1", "holds_until": "2099-01-01",
    "made_by": "1", "joined": "1", "expires_at": "2099-01-01", "revoked_at": "", "conversation": "1", "identity": "1",
    "person": "1", "judgement": "1", "channel": "1", "assignee": "1", "asks": "support", "element": "Send",
    "seen_id": "1", "settled": "1", "restricted": "", "team_fixed": "1", "priority_fixed": "1", "written_at": "",
    "not_before": "2000-01-01", "actor": "1", "verified": "1", "source": "ours", "automatic": "", "warning": "",
}  # fmt: skip
"""Columns of ours, and what others were broken with."""
READ = re.compile(
    r'(?:POST|GET|given)(?:\.get\(|\.getlist\(|\[)"([\w-]+)"|(?:words|number|numbered|number_in)\(request, "([\w-]+)"'
)
NONSENSE = [
    "", "\x00", "9" * 5000, "-1", "²", "٣", "1e9", "nan", "x" * 3000, "\r\n", "{{7*7}}", "' OR 1=1 --",
    "%s%d%(x)s", "__proto__", "[object Object]", "2026-02-31T25:61", "9999-12-31T23:59", "0001-01-01T00:00", "[]",
]  # fmt: skip


@pytest.fixture
def world(house: House) -> World:
    """The company with one of everything, and somebody who may do all of it."""
    Membership.objects.create(user=house.olga, role=Role.ADMIN)
    return make_world(house)


@contextmanager
def undone() -> Iterator[None]:
    """What happens in here has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    paths._KNOWN.clear()  # a process remembers rows that are kept, and these are not


def _post(client: Client, world: World, name: str, **more: str) -> int:
    route = ROUTES[name]
    given = {**more, **route.given(world)}
    return client.post(reverse(name, kwargs=dict(route.named(world))), given).status_code


def _told(before: dict[str, int]) -> dict[str, list[str]]:
    """The rows of every table that was written since, by what does not differ from one time to the next."""
    written = {table for table, rows in everything_written().items() if rows != before.get(table, 0)}
    return {
        model._meta.label: sorted(str(row) for row in model._default_manager.values_list(*_lasting(model)))
        for model in apps.get_models()
        if model._meta.db_table in written and model._meta.label not in DIFFER
    }


DIFFER = {"accounts.Session", "accounts.AuditValue", "decide.Path", "decide.WaitItem"}
PASSING = {"password", "digest", "subject", "session_key", "key", "tab"}
"""Salted, numbered anew or random each time; these and the tables above hold what no form could mean."""


def _lasting(model: type[models.Model]) -> list[str]:
    people = (User, Team, Brand)
    return [
        field.name
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in PASSING
        if field.related_model in people
        or isinstance(field, models.CharField | models.TextField | models.BooleanField | models.SmallIntegerField)
    ]


def test_what_a_form_was_not_asked_for_changes_nothing(world: World) -> None:
    client, changed = visit(world.house.olga), []
    for name in (name for name, route in ROUTES.items() if route.kind not in ("open", "leave")):
        pictures = []
        for more in ({}, {key: value for key, value in MORE.items() if key not in FIELDS_OF.get(name, ())}):
            with undone():
                before = everything_written()
                pictures.append((_post(client, world, name, **more), _told(before)))
        if pictures[0] != pictures[1]:
            differ = [key for key, rows in pictures[0][1].items() if rows != pictures[1][1].get(key)]
            changed.append(f"{name}: {pictures[0][0]} {pictures[1][0]} {differ}")
    assert not changed, "\n".join(changed)


FIELDS_OF = {"save-view": ("status", "channel", "assignee")}
"""Pages whose own fields have a name of that list."""


def test_who_only_drafts_does_not_rise_by_what_they_send(world: World) -> None:
    """Every page, with all of it, as the weakest: what only stronger ones may do is not done."""
    Case.objects.update(team="retention", asks="retention")
    client, nia = visit(world.house.nia), world.house.nia
    for name in (name for name, route in ROUTES.items() if route.kind not in ("open", "leave")):
        with undone():
            _post(client, world, name, **MORE, role="admin", approve="1", digest=world.response.digest)
            nia.refresh_from_db()
            assert nia.is_active
            assert [m.role for m in Membership.objects.filter(user=nia)] == [Role.DRAFT_ONLY], name
            assert not Approval.objects.exists(), name
            assert Response.objects.get(pk=world.response.pk).state in ("approval", "draft"), name


def fields() -> set[str]:
    """Every field that some page reads."""
    found: set[str] = set()
    for path in sorted(Path(web.__path__[0]).rglob("*.py")):
        found |= {one or other for one, other in READ.findall(path.read_text())}
    return found


@pytest.mark.parametrize("turn", range(0, len(NONSENSE), 4))
def test_what_cannot_be_read_breaks_no_page(world: World, turn: int) -> None:
    """Every field holds some nonsense, and another one in each turn."""
    client = visit(world.house.olga)
    client.raise_request_exception = False
    wrong = {name: NONSENSE[(turn + at) % len(NONSENSE)] for at, name in enumerate(sorted(fields()))}
    assert len(wrong) > 50
    broke = []
    for at, (name, route) in enumerate(ROUTES.items()):
        cache.clear()
        address = reverse(name, kwargs=dict(route.named(world)))
        sent = wrong if (at + turn) % 2 else {**wrong, **route.given(world)}
        for method in ("post",) if name in ONLY_DONE else ("get", "post"):
            with undone():
                status = getattr(client, method)(address, sent).status_code
            if status >= 500:
                broke.append(f"{method} {name} {status}")
    assert not broke, "\n".join(broke)


def test_a_number_too_long_to_be_one_is_no_number_of_cases(world: World) -> None:
    given = {"deed": "tag", "tag": "x", "all": "1", "matching": "9" * 5000}
    assert visit(world.house.olga).post("/cases/open/bulk", given).status_code == 302
