"""An own case with somebody else's thing in the form: files, drafts, messages, words and people that are not theirs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from foreign import World, everything_written, make_world

from armature.crm.accounts.models import Membership, Role, Team, User
from armature.crm.act import attaching, drafts, notes
from armature.crm.act.models import CannedResponse, Macro, ResponseFile, Tag, Tagging
from armature.crm.listen import files
from armature.crm.listen.models import File, Interaction
from house import House
from visitors import PART, to_answer, visit

NAMES = [
    "\u200b.htaccess", "..\\..\\x", "../../etc/passwd", "a\x00.txt", "n" * 300 + ".txt", "ﬁle.txt", "CON", "nul.txt",
    "a/b/c.txt", "\u202egpj.txt", ".", "..", "", " ", "q\"uo'te\r\nX: y.txt", "<b>.txt", "%2e%2e%2fx",
]  # fmt: skip


@pytest.fixture
def world(house: House) -> World:
    """What is of support, and foreign to the lead of sales."""
    return make_world(house)


@pytest.fixture
def sam(world: World) -> User:
    """Leads sales, where a case of their own waits for an answer."""
    user = User.objects.create_user("sam@shop.example", "Sam", "a good password")
    Membership.objects.create(user=user, role=Role.LEAD, team=Team.objects.get(key="sales"))
    return user


def _own_case(world: World) -> int:
    case = to_answer(world.house, author="other@people.example")
    type(case).objects.filter(pk=case.pk).update(team="sales", asks="sales")
    return case.pk


def test_somebody_elses_thing_in_the_form_of_an_own_case_is_not_there(world: World, sam: User) -> None:
    own, client = _own_case(world), visit(sam)
    foreign_draft = drafts.save(world.house.mona, to_answer(world.house, author="third@people.example"), text="qz7")
    Tagging.objects.create(case=world.case, tag=Tag.objects.create(name="late"), user=world.house.leo)
    forms = {
        "take-over": {"draft": foreign_draft.pk},
        "detach": {"file": ResponseFile.objects.get().pk},
        "macro": {"macro": Macro.objects.get().pk},
        "split": {"said": world.said.pk},
        "merge": {"into": world.case.pk},
        "assign": {"to": world.house.olga.pk},
        "untag": {"tag": Tag.objects.get().pk},
    }
    for deed, given in forms.items():
        before = everything_written()
        answer = client.post(f"/case/{own}/{deed}", {"view": "open", **given}, headers=PART, follow=True)
        changed = {table for table, rows in everything_written().items() if rows != before.get(table, 0)}
        assert answer.status_code in (200, 404, 409), deed
        assert "qz7" not in answer.content.decode(), deed
        allowed = {"accounts_auditentry", "accounts_auditvalue"} if deed == "untag" else set()
        assert changed - allowed == set(), (deed, changed)
    assert Tagging.objects.get().case_id == world.case.pk
    assert b"qz7" not in client.get(f"/case/{own}/canned?words=qz7").content
    assert CannedResponse.objects.get().text == "qz7 words"


def test_a_file_is_there_for_whoever_sees_its_case_and_for_nobody_else(world: World, sam: User) -> None:
    body = b"what they sent us"
    File.objects.filter(pk=world.file.pk).update(digest=files.write(body))
    ours = ResponseFile.objects.get()
    ResponseFile.objects.filter(pk=ours.pk).update(digest=files.write(body))
    for address in (f"/file/{world.file.pk}", f"/response-file/{ours.pk}"):
        assert visit(world.house.leo).get(address).content == body
        for client in (visit(sam), visit(world.house.nia, headers={"X-Other": "1"})):
            seen = client.get(address)
            assert (seen.status_code == 200) == (client.session["_auth_user_id"] == str(world.house.nia.pk)), address
        assert Client().get(address).status_code == 302
    Membership.objects.filter(user=world.house.leo).delete()
    for address in (f"/file/{world.file.pk}", f"/response-file/{ours.pk}"):
        assert visit(world.house.leo).get(address).status_code == 404


def test_a_file_that_is_not_on_disk_as_it_was_is_not_there(world: World) -> None:
    digest = files.write(b"as it was")
    File.objects.filter(pk=world.file.pk).update(digest=digest)
    files.path(digest).write_bytes(b"something else")
    client = visit(world.house.leo)
    assert client.get(f"/file/{world.file.pk}").status_code == 404
    files.path(digest).unlink()
    assert client.get(f"/file/{world.file.pk}").status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_a_files_name_is_only_data(house: House, name: str) -> None:
    case = to_answer(house)
    sent = SimpleUploadedFile("x", b"words", "text/html")
    sent._name = name  # type: ignore[attr-defined]  # as a browser that is none sends it
    visit(house.mona).post(f"/case/{case.pk}/attach", {"files": sent}, headers=PART)
    for kept in ResponseFile.objects.all():
        assert kept.name == attaching.clean_name(kept.name)
        assert not set(kept.name) & set("/\\\x00\r\n\u200b\u202e")
        assert 0 < len(kept.name) <= 255
        assert kept.content_type != "text/html" or kept.name.endswith(".html")
        assert files.path(kept.digest).name == kept.digest
    assert not ResponseFile.objects.filter(name__contains="htaccess").exists()


def test_a_note_of_an_own_case_never_stands_in_another(world: World, sam: User) -> None:
    own = _own_case(world)
    visit(sam).post(f"/case/{own}/note", {"text": "mine", "case": world.case.pk, "number": world.case.pk})
    note = notes.Note.objects.get(text="mine")
    assert note.case_id == own
    assert not Interaction.objects.filter(text="mine").exists()
