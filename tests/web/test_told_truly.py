"""The database is in trouble in the middle of a deed: whoever did it is told what is true, and twice is once."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection
from django.test import Client

from armature.crm.act import notes
from armature.crm.act.models import Note
from armature.crm.decide.models import Todo
from crm.together import together
from house import House, make_house
from visitors import PART, to_answer, to_judge, visit


@pytest.fixture
def open_house(transactional_db: None) -> House:
    """A company that other connections see too."""
    return make_house()


@contextmanager
def held_by_another(statement: str, *given: object) -> Iterator[None]:
    """Somebody else holds what this statement locks, and we wait a short while only."""
    known = connection.get_connection_params()
    where = {key: known[key] for key in ("host", "port", "user", "password", "dbname") if key in known}
    with psycopg.connect(**where) as other:
        other.execute(statement, given)  # type: ignore[call-overload]
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '300ms'")
        yield


def _claim(client: Client, number: int, **more: str) -> tuple[int, str, bool]:
    came = client.post(f"/case/{number}/claim", {"view": "open"}, headers=more)  # type: ignore[arg-type]
    return came.status_code, came.content.decode(), "Armature-Done" in came.headers


def test_when_the_process_cannot_go_on_at_once_what_was_done_is_shown(open_house: House) -> None:
    case = to_judge(open_house)
    mona = visit(open_house.mona)
    with held_by_another("LOCK TABLE decide_judgement IN SHARE MODE"):
        came = mona.post(f"/case/{case.pk}/intent", {"view": "open", "intent": "cancel"}, headers=PART)
    assert came.status_code == 200
    assert "Judged: cancellation." in came.content.decode()
    assert open_house.case().form == "intent"
    Todo.objects.update(leased_until=None)  # the two seconds after which a worker tries again are over
    open_house.settle()
    assert open_house.case().form == "response"


def test_when_what_was_done_cannot_be_shown_it_is_said_that_it_was_done(open_house: House) -> None:
    case = to_answer(open_house)
    mona = visit(open_house.mona)
    with held_by_another("LOCK TABLE act_note IN ACCESS EXCLUSIVE MODE"):
        status, words, told = _claim(mona, case.pk, **PART)
    assert (status, told) == (503, True)
    assert "The case is yours." in words and "What you did is kept" in words
    case.refresh_from_db()
    assert case.assignee == open_house.mona


def test_a_note_that_is_sent_once_more_because_no_answer_came_is_one_note(open_house: House) -> None:
    case = to_answer(open_house)
    mona = visit(open_house.mona)
    for words in ("Call them.", "Call them.", "Call them today.", "Call them."):
        came = mona.post(f"/case/{case.pk}/note", {"view": "open", "text": words}, headers=PART)
        assert "Note kept" in came.content.decode()
    visit(open_house.leo).post(f"/case/{case.pk}/note", {"view": "open", "text": "Call them."}, headers=PART)
    kept = list(Note.objects.order_by("pk").values_list("author__name", "text"))
    assert kept == [("Mona", "Call them."), ("Mona", "Call them today."), ("Leo", "Call them.")]


def test_a_note_that_is_sent_twice_at_the_same_moment_is_one_note(open_house: House) -> None:
    case = to_answer(open_house)
    together(*[lambda: notes.add_note(open_house.mona, case, text="Call them.")] * 4)
    assert Note.objects.count() == 1
