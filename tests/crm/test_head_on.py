"""Two who change the same thing meet head-on in the database: it is done once more, or told in words; never broken."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from armature.crm import live, passing
from armature.crm.act import notes
from armature.crm.act.models import Case, Note
from house import House
from together import together
from visitors import PART, to_judge, visit


@pytest.fixture
def collisions(open_house: House) -> Iterator[Any]:
    """Have the database break up so many transactions that write a note, with this code."""

    def plan(code: str, times: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE SEQUENCE collided")  # counts on, whatever is rolled back
            cursor.execute(
                "CREATE FUNCTION collide() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF nextval('collided') <= {times} THEN RAISE EXCEPTION 'met' USING ERRCODE = '{code}'; END IF; "
                "RETURN NEW; END $$"
            )
            cursor.execute("CREATE TRIGGER collide BEFORE INSERT ON act_note FOR EACH ROW EXECUTE FUNCTION collide()")

    yield plan
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER IF EXISTS collide ON act_note")
        cursor.execute("DROP FUNCTION IF EXISTS collide")
        cursor.execute("DROP SEQUENCE IF EXISTS collided")


@pytest.mark.parametrize("code", passing.HEAD_ON)
def test_a_deed_that_the_database_broke_up_is_done_once_more(open_house: House, collisions: Any, code: str) -> None:
    case = to_judge(open_house)
    collisions(code, passing.TRIES - 1)
    done = visit(open_house.mona).post(f"/case/{case.pk}/note", {"text": "Kept."}, headers=PART)
    assert done.status_code == 200
    assert [note.text for note in Note.objects.all()] == ["Kept."]


@pytest.mark.parametrize("code", passing.HEAD_ON)
def test_a_deed_that_is_broken_up_again_and_again_is_told_in_words(
    open_house: House, collisions: Any, code: str
) -> None:
    case, client = to_judge(open_house), visit(open_house.mona)
    client.raise_request_exception = False
    collisions(code, 100)
    refused = client.post(f"/case/{case.pk}/note", {"text": "Not kept."}, headers=PART)
    assert refused.status_code == 503
    assert "Reconnecting" in refused.content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM collided")
        assert cursor.fetchone()[0] == passing.TRIES
    assert not Note.objects.exists()


def test_of_two_deeds_that_wait_for_each_other_both_are_done(
    open_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page holds the conversation and wants the case, somebody holds the case and wants the conversation."""
    case = to_judge(open_house)
    client = visit(open_house.leo)

    def the_other_way_round() -> None:
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=case.pk)
            held.set()
            with connection.cursor() as cursor:
                while not waiting(cursor):
                    pass
                cursor.execute("SELECT FROM listen_conversation WHERE id = %s FOR UPDATE", [case.conversation_id])
            live.tell()

    def waiting(cursor: Any) -> bool:
        cursor.execute("SELECT FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()")
        return bool(cursor.fetchone() is not None)

    def page() -> int:
        assert held.wait(60)
        return client.post(f"/case/{case.pk}/hand-over", {"team": "sales", "text": "Yours."}, headers=PART).status_code

    held = threading.Event()
    assert together(the_other_way_round, page) == [None, 200]
    assert (Case.objects.get(pk=case.pk).team, Note.objects.get().text) == ("sales", "Yours.")


def test_a_case_is_read_anew_before_a_deed_is_done_once_more(open_house: House, collisions: Any) -> None:
    """Somebody else takes it between the two tries: the second try sees that."""
    case = to_judge(open_house)
    seen: list[int | None] = []
    honest = notes.add_note

    def add_note(user: Any, case: Case, *, text: str) -> Note:
        seen.append(case.assignee_id)
        try:
            return honest(user, case, text=text)
        finally:
            Case.objects.filter(pk=case.pk).update(assignee=open_house.leo)

    collisions("40P01", 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notes, "add_note", add_note)
        assert visit(open_house.mona).post(f"/case/{case.pk}/note", {"text": "x"}, headers=PART).status_code == 200
    assert seen == [None, open_house.leo.pk]
