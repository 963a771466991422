"""Log what was said: typed once by one of us, heard like anything else, by whom and who typed it kept apart."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from armature.crm.accounts.models import Brand, Membership, Role, User
from armature.crm.act.models import Case
from armature.crm.identify.models import Identity, Recognition
from armature.crm.listen.models import Channel, File, Interaction
from house import House
from visitors import visit

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100
SCRIPT = {"X-Typed": "1"}


def log(client: Client, **more: Any) -> Any:
    """The form sent by the page's script."""
    given = {"key": "k1", "kind": "phone", "text": "My kettle leaks.", "name": "Per", **more}
    return client.post("/log", given, headers=SCRIPT)


def heard() -> Interaction:
    """What was logged."""
    return Interaction.objects.get(external_id__startswith="log-")


def test_a_call_is_logged_and_waits_like_any_message(house: House) -> None:
    house.let_the_reader_judge()
    answer = log(visit(house.mona), handle="per@people.example", reporter="The driver", subject="Kettle")
    assert answer.json()["said"]
    house.settle()
    said = heard()
    assert (said.kind, said.text, said.subject, said.channel.place) == ("call", "My kettle leaks.", "Kettle", "phone")
    assert (said.author, said.reporter, said.typed_by) == ("per@people.example", "The driver", house.mona)
    assert Identity.objects.get(address="per@people.example").network == "email"
    case = Case.objects.get(conversation=said.conversation)
    assert case.status == "open" and case.form, "somebody is asked to judge or to answer it"
    page = visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    assert "Passed on by <bdi>The driver</bdi>, typed in by <bdi>Mona</bdi>" in page


def test_pressed_twice_or_sent_again_it_is_one_and_another_key_is_another(house: House) -> None:
    mona = visit(house.mona)
    assert [log(mona).status_code, log(mona).status_code] == [200, 200]
    assert log(visit(house.leo), text="Another's, under the same key").status_code == 200
    log(mona, key="k2", text="Something else")
    house.settle()
    assert Interaction.objects.filter(external_id__startswith="log-").count() == 3
    assert Channel.objects.filter(address__startswith="log:").count() == 1, "its channel is made once"


def test_somebody_who_is_known_is_found_while_typing_and_is_who_said_it(house: House) -> None:
    house.hear("Where is my parcel?", name="Ingrid Moe")
    house.settle()
    mona, known = visit(house.mona), Identity.objects.get(address="ingrid@people.example")
    page = mona.get("/log/people?q=ingr").content.decode()
    assert f'value="{known.pk}"' in page
    log(mona, sender=known.pk, kind="card")
    house.settle()
    assert Recognition.objects.get(interaction=heard(), current=True).identity == known


def test_whom_one_may_not_see_is_neither_found_nor_taken(house: House) -> None:
    other = Brand.objects.create(key="other", name="Other")
    Membership.objects.create(user=house.olga, role=Role.AGENT, brand=other)
    house.hear("Where is my parcel?", name="Ingrid Moe")
    house.settle()
    olga, known = visit(house.olga), Identity.objects.get(address="ingrid@people.example")
    assert "ingrid" not in olga.get("/log/people?q=ingrid").content.decode().replace("q=ingrid", "")
    assert "handle" in log(olga, sender=known.pk).json()["problems"]
    assert log(olga, brand=house.brand.pk).status_code == 422, "a brand that is not theirs"
    assert log(olga, brand=other.pk).status_code == 200
    house.settle()
    assert heard().channel.brand == other


def test_who_only_drafts_logs_nothing(house: House) -> None:
    nia = visit(house.nia)
    assert [nia.get("/log").status_code, log(nia).status_code, nia.get("/log/people?q=ab").status_code] == [404] * 3


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("kind", {"kind": "pigeon"}), ("text", {"text": " "}), ("name", {"name": ""}), ("handle", {"handle": "ab"}),
        ("said_at", {"said_at": "2999-01-01T10:00"}), ("said_at", {"said_at": "yesterday"}),
        ("said_at", {"said_at": "1990-01-01T10:00"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    house: House, field: str, given: dict[str, str]
) -> None:
    answer = log(visit(house.mona), **given)
    assert (answer.status_code, set(answer.json()["problems"])) == (422, {field})
    page = visit(house.mona).post("/log", {"key": "k", "kind": "fax", "name": "Per", "text": "Kept", **given})
    assert page.status_code == 422 and ("Kept" in page.content.decode() or field == "text")
    house.settle()
    assert not Interaction.objects.exists()


def test_photos_of_the_card_stand_with_what_was_said(house: House) -> None:
    log(visit(house.mona), kind="card", photo=[SimpleUploadedFile("../../card.png", PNG, "text/html")])
    house.settle()
    kept = File.objects.get()
    assert (kept.interaction, kept.name, kept.content_type) == (heard(), "card.png", "image/png")


@pytest.mark.parametrize("body", [b"<html>", b"%PDF-1.4", b""])
def test_what_is_no_picture_is_not_taken(house: House, body: bytes) -> None:
    answer = log(visit(house.mona), photo=[SimpleUploadedFile("a.png", body or b"x", "image/png")])
    assert set(answer.json()["problems"]) == {"photo"}


def test_when_it_was_said_is_when_the_button_was_pressed_or_what_was_typed(house: House) -> None:
    mona = visit(house.mona)
    log(mona, now="1", pressed_at="1767261600000", said_at="2026-02-02T10:00")
    log(mona, key="k2", now="", pressed_at="1767261600000", said_at="2026-02-02T10:00")
    house.settle()
    times = [f"{one.occurred_at:%Y-%m-%d %H:%M}" for one in Interaction.objects.order_by("pk")]
    assert times == ["2026-01-01 10:00", "2026-02-02 10:00"]


def test_no_other_program_can_say_who_of_us_typed(house: House) -> None:
    house.hear("Words", typed_by=house.leo.pk, reporter="Leo")
    house.settle()
    said = Interaction.objects.get()
    assert (said.typed_by, said.reporter) == (None, "")


def test_colleagues_of_one_brand_have_it_chosen_for_them(house: House) -> None:
    lou = User.objects.create_user("lou@shop.example", "Lou", "a good password")
    Membership.objects.create(user=lou, role=Role.AGENT)
    Brand.objects.create(key="other", name="Other")
    assert set(log(visit(lou)).json()["problems"]) == {"brand"}, "two brands: one has to be chosen"
    assert log(visit(lou), brand=house.brand.pk).status_code == 200
