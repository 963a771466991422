"""What a form was not asked for changes nothing, and what cannot be read breaks nothing: every page, every field."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models, transaction
from django.test import Client
from django.urls import reverse
from foreign import World, drawn_revision, everything_written, make_world
from matrix import ROUTES
from matrix_given import Given
from test_front_state import ONLY_DONE

from armature.crm import web
from armature.crm.accounts.models import Brand, Membership, Role, Team, User
from armature.crm.act.digest import digest_of
from armature.crm.act.models import Approval, Case, Response
from armature.crm.decide import paths, versions
from house import House
from visitors import visit

MORE = {
    "id": "1", "pk": "1", "is_staff": "1", "is_superuser": "1", "is_active": "", "workspace": "1", "role_id": "1",
    "sender": "Somebody else", "state": "sent", "status": "done", "asked_by": "", "approved": "1",
    "holds_until": "2099-01-01", "joined": "1", "expires_at": "2099-01-01", "revoked_at": "", "judgement": "1",
    "asks": "sales", "element": "Send", "seen_id": "1", "settled": "1", "restricted": "", "team_fixed": "1",
    "priority_fixed": "1", "written_at": "2099-01-01", "not_before": "2000-01-01", "at": "2099-01-01", "verified": "1",
    "source": "ours", "automatic": "yes", "warning": "yes", "version": "77", "snoozed_until": "2099-01-01",
}  # fmt: skip
"""Columns of ours, and what others were broken with."""
SOMEBODY = (
    "user_id", "author", "author_id", "by", "by_id", "owner", "owner_id", "approved_by", "made_by", "made_by_id",
    "actor", "assignee", "assignee_id", "user", "added_by", "added_by_id",
)  # fmt: skip
"""Columns that hold one of us: another one is sent than whoever sends it."""


def more_than_asked(world: World, name: str) -> dict[str, str]:
    """For a page: values for columns that its form has not, each of them possible."""
    known = world.case.identity
    there = {"conversation": world.case.conversation_id, "identity": known.pk, "person": known.person_id,
             "channel": world.house.mailbox.pk, "case_id": world.case.pk}  # fmt: skip
    more = MORE | dict.fromkeys(SOMEBODY, str(world.house.nia.pk)) | {key: str(value) for key, value in there.items()}
    return {key: value for key, value in more.items() if key not in FIELDS_OF.get(name, ())}


READ = re.compile(
    r'(?:POST|GET|given)(?:\.get\(|\.getlist\(|\[)"([\w-]+)"|(?:words|number|numbered|number_in)\(request, "([\w-]+)"'
)
NONSENSE = [
    "", "\x00", "9" * 5000, "-1", "²", "٣", "1e9", "nan", "x" * 3000, "\r\n", "{{7*7}}", "' OR 1=1 --",
    "%s%d%(x)s", "__proto__", "[object Object]", "2026-02-31T25:61", "9999-12-31T23:59", "0001-01-01T00:00", "[]",
]  # fmt: skip

BREAKING = ["", "\x00", "9" * 5000, "\u00b2", "x" * 3000, "2026-02-31T25:61", "0001-01-01T00:00"]
"""Those of them that have broken a page somewhere."""


@pytest.fixture
def world(house: House) -> World:
    """The company with one of everything, and somebody who may do all of it."""
    Membership.objects.create(user=house.olga, role=Role.ADMIN)
    world = make_world(house)
    # A file was put beside the words since they were written: as they stand now they can be decided about.
    world.response.refresh_from_db()
    world.response.digest = digest_of(world.response)
    world.response.save()
    return world


@contextmanager
def undone() -> Iterator[None]:
    """What happens in here has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    paths._KNOWN.clear()  # a process remembers rows that are kept, and these are not


def _post(client: Client, world: World, name: str, **more: str) -> int:
    route = ROUTES[name]
    given = {**more, **route.given(world), **FITS.get(name, lambda _world: {})(world)}
    return client.post(reverse(name, kwargs={**route.named(world), **NAMED.get(name, dict)()}), given).status_code


def _redrawn() -> SimpleUploadedFile:
    body = versions.newest_maps()["reactive"].body
    return SimpleUploadedFile("draft.bpmn", body.replace("Judge intent", "Say why").encode())


FITS: dict[str, Callable[[World], Given]] = {
    "availability": lambda world: {"presence": "away"},
    "keep-profile": lambda world: {"name": "Olga the Second"},
    "change": lambda world: {"text": "Other words.", "digest": world.response.digest},
    "approve": lambda world: {"digest": world.response.digest},
    "assign": lambda world: {"to": world.house.leo.pk, "seen": world.house.mona.pk},
    "hand-over": lambda world: {"team": "sales", "text": "Please go on."},
    "save-view": lambda world: {"name": "Theirs", "intent": "complaint"},
    "change-map-draft": lambda world: {"do": "name", "name": "Theirs", "revision": drawn_revision()},
    "give-up-map-draft": lambda world: {"revision": drawn_revision()},
    "keep-map-canvas": lambda world: {"revision": drawn_revision(), "xml": _redrawn()},
    "publish-map": lambda world: {"do": "publish", "note": "Words", "revision": drawn_revision()},
    "map-start": lambda world: {"from": "reactive", "name": "Another"},
    "map-assign": lambda world: {"where": f"channel-{world.house.mailbox.pk}", "map": "reactive"},
    "map-publisher": lambda world: {"user": world.house.mona.pk, "on": "1"},
    "tables": lambda world: {"name": "Theirs"},
    "say-bound": lambda world: {"bound": "60"},
    "change-who-judges": lambda world: {"do": "keep J04", "revision": 0, "judging": "off"},
    "rule-lists": lambda world: {"name": "Theirs", "entries": "one"},
}
"""What makes a deed of the matrix one that goes well for an administrator of all."""
NAMED: dict[str, Callable[[], dict[str, object]]] = {
    "begin-table": lambda: {"key": "business_rules"},
    "change-who-judges": lambda: {"key": "who_judges"},
    "close-account": lambda: {"number": User.objects.get(name="Leo").pk},
}
"""And about whom it goes well."""
ANOTHER_STATE = {
    "claim", "judge-intent", "draft", "write", "looked", "wake", "untag", "reopen", "check", "split", "merge",
    "undo-merge", "discard", "take-over", "attach", "detach", "run-macro", "take-canned", "send-now", "join-person",
    "split-person", "part-persons", "undo-bulk", "remove-view", "canned-drop", "macro-drop", "read-notice",
    "read-all-notices", "unname", "lift", "seen-to", "name-reader", "listening-aside", "listening-stop", "upload-scans",
    "read-scan-again", "probe-channel", "give-label", "take-back-label", "begin-map-draft", "map-back", "map-bring-in",
    "map-unassign", "incident-words", "incident-decide", "incident-rest", "incident-close", "case-incident",
    "table-row", "change-table", "bring-in-table", "publish-table", "rule-list", "carry-on-list", "publish-who-judges",
}  # fmt: skip
"""Deeds that the one case of this world is not ready for."""
AUDITED = {
    "map-events", "survey-export", "import-to-mend", "take-figure", "take-rows", "reader-use", "open-again",
    "log-out-everywhere", "drop-factors", "password-link", "end-other-log-ins",
}  # fmt: skip
"""Deeds of which nothing stands in a table but that they were done."""


def _told(before: dict[str, int]) -> dict[str, list[str]]:
    """The rows of every table that was written since, by what does not differ from one time to the next."""
    written = {table for table, rows in everything_written().items() if rows != before.get(table, 0)}
    return {
        model._meta.label: sorted(_line(row, written) for row in model._default_manager.all())
        for model in apps.get_models()
        if model._meta.db_table in written and model._meta.label not in DIFFER
    }


DIFFER = {"accounts.Session", "accounts.AuditValue", "decide.Path", "decide.WaitItem"}
PASSING = {"password", "digest", "subject", "session_key", "key", "tab", "external_id", "hook", "revision"}
"""Salted, numbered anew or random each time; these and the tables above hold what no form could mean."""


def _line(row: models.Model, written: set[str]) -> str:
    """All of a row but what is numbered anew; of a time only the year: no page sets clocks within it."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key and field.name not in PASSING]
    return str([(field.name, _value(row, field)) for field in fields if not _anew(field, written)])


def _anew(field: Any, written: set[str]) -> bool:
    other = field.related_model
    return bool(other) and other not in (User, Team, Brand) and other._meta.db_table in written


def _value(row: models.Model, field: Any) -> object:
    value = getattr(row, field.attname)
    return value.year if isinstance(value, datetime) else "a text" if isinstance(field, models.JSONField) else value


def _changed(world: World, names: set[str]) -> tuple[set[str], list[str]]:
    """The deeds that went well, and those that wrote something else because more was sent than was asked for."""
    client, well, changed = visit(world.house.olga), set(), []
    for name in sorted(names):
        if ROUTES[name].kind in ("open", "leave"):
            continue
        pictures = []
        for more in ({}, more_than_asked(world, name)):
            with undone():
                before = everything_written()
                pictures.append((_post(client, world, name, **more), _told(before)))
        if set(pictures[0][1]) - {"accounts.AuditEntry"}:
            well.add(name)
        if pictures[0] != pictures[1]:
            differ = [key for key, rows in pictures[0][1].items() if rows != pictures[1][1].get(key)]
            changed.append(f"{name}: {pictures[0][0]} {pictures[1][0]} {differ}")
    return well, changed


def test_what_a_form_was_not_asked_for_changes_nothing(world: World) -> None:
    well, changed = _changed(world, ONLY_DONE | {"canned-new", "macro-new", "teams", "brands"})
    assert not changed, "\n".join(changed)
    tried = {name for name in ONLY_DONE if ROUTES[name].kind not in ("open", "leave")}
    assert tried - well - ANOTHER_STATE == AUDITED, "a deed that does not go well shows nothing"


def test_a_page_that_took_more_than_it_asks_for_would_be_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The safeguard taken out: every row that is written takes whatever the form sends under the name of a column."""
    sent: dict[str, str] = {}
    honest_post, honest_save = _post, models.Model.save

    def post(client: Client, world: World, name: str, **more: str) -> int:
        sent.clear()
        sent.update(more)
        return honest_post(client, world, name, **more)

    def save(self: models.Model, **more: Any) -> None:
        for field in self._meta.concrete_fields:
            careless = isinstance(field, models.CharField | models.BooleanField) or field.related_model is User
            if careless and field.attname in sent and self._meta.label != "accounts.AuditEntry":
                given = sent[field.attname][: field.max_length]
                setattr(self, field.attname, bool(given) if isinstance(field, models.BooleanField) else given)
        more.pop("update_fields", None)
        honest_save(self, **more)

    monkeypatch.setitem(globals(), "_post", post)
    monkeypatch.setattr(models.Model, "save", save)
    wanted = {"note", "canned-new", "macro-new", "restrict", "note-about-person", "invite", "bulk", "change"}
    caught = {line.partition(":")[0] for line in _changed(world, wanted)[1]}
    assert wanted <= caught, caught


FIELDS_OF = {"save-view": ("status", "channel", "assignee"), "begin-table": ("version",)}
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


def _one_wrong(world: World, name: str) -> Iterator[dict[str, Any]]:
    """What goes well, with one field after the other nonsense: no other field is refused before this one is read.

    Each field gets three sorts, another three than the field before it.
    """
    well = {**ROUTES[name].given(world), **FITS.get(name, lambda _world: {})(world)}
    for at, field in enumerate(sorted(well), start=len(name)):
        yield from ({**well, field: BREAKING[(at + more) % len(BREAKING)]} for more in (0, 2, 4))


@pytest.mark.parametrize("part", range(4))
def test_one_field_that_cannot_be_read_breaks_no_page(world: World, part: int) -> None:
    client = visit(world.house.olga)
    client.raise_request_exception = False
    broke, asked = [], 0
    for name in [name for name in ROUTES if ROUTES[name].kind not in ("open", "leave")][part::4]:
        address = reverse(name, kwargs=dict(ROUTES[name].named(world)))
        for sent in _one_wrong(world, name):
            asked += 1
            with undone():
                status = client.post(address, sent).status_code
            if status >= 500:
                broke.append(f"{name} {status}: {str(sent)[:200]}")
    assert not broke, "\n".join(broke)
    assert asked > 40


@pytest.mark.parametrize("turn", range(0, len(NONSENSE), 4))
def test_what_cannot_be_read_breaks_no_page(world: World, turn: int) -> None:
    """Every field of every page holds some nonsense at once, and another one in each turn."""
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
