"""A list is brought in on its channel's page: good rows once, bad ones told with their line, nothing lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from armature.crm.accounts.models import AuditEntry, AuditValue, Brand, Membership, Role, User
from armature.crm.listen.models import Channel, Envelope, Interaction
from armature.crm.web import bring_in
from house import House
from visitors import visit

TOP = "call_id,direction,from,to,start,result\n"
GOOD = "c1,in,+4799887766,+4722000000,2026-03-01 14:30:00,missed\n"
BAD = "c2,in,+4799887766,+4722000000,yesterday,missed\n"
NEXT = "c3,in,+4799887755,+4722000000,2026-03-01 15:30:00+01:00,answered\n"


@pytest.fixture
def ada(house: House) -> User:
    """She administers everything."""
    user = User.objects.create_user("ada@shop.example", "Ada", "a good password")
    Membership.objects.create(user=user, role=Role.ADMIN)
    return user


@pytest.fixture
def phone(house: House) -> Channel:
    """The channel of the calls."""
    settings = {"country": "NO"}
    return Channel.objects.create(
        kind="calls", place="phone", name="Phone", address="+4722000000", brand=house.brand, settings=settings
    )


def _send(client: Client, phone: Channel, body: str | bytes, **more: str) -> HttpResponse:
    file = SimpleUploadedFile("calls.csv", body.encode() if isinstance(body, str) else body, "text/csv")
    given = {"layout": "header", "zone": "Europe/Oslo", **more, "file": file}
    return client.post(f"/channels/{phone.pk}/list", given)  # type: ignore[return-value]


def test_good_rows_are_taken_bad_ones_told_with_their_line_and_all_of_it_is_logged(
    house: House, ada: User, phone: Channel
) -> None:
    client = visit(ada)
    page = _send(client, phone, TOP + GOOD + BAD + NEXT)
    words = page.content.decode()
    assert page.status_code == 200
    assert '<th scope="row">3</th>' in words
    assert "the column start is “yesterday”: give a time like 2026-03-01 14:30:00" in words
    assert set(Envelope.objects.values_list("event_key", flat=True)) == {"record:c1", "record:c3"}
    entry = AuditEntry.objects.get(verb="brought in a list", subject=f"channel {phone.pk}")
    told = AuditValue.objects.get(entry=entry).values
    assert told == {"file": "calls.csv", "taken": 2, "known": 0, "refused": 1}
    house.settle()
    said = Interaction.objects.filter(channel=phone).order_by("occurred_at")
    assert [f"{one.occurred_at:%H:%M}" for one in said] == ["13:30", "14:30"]


def test_the_same_list_mended_is_brought_in_again_and_only_what_is_new_is_taken(ada: User, phone: Channel) -> None:
    client = visit(ada)
    _send(client, phone, TOP + GOOD + BAD)
    words = _send(client, phone, TOP + GOOD + BAD.replace("yesterday", "2026-03-01 14:35:00")).content.decode()
    assert "<dt>Taken</dt><dd>1</dd><dt>Known already</dt><dd>1</dd><dt>Left out</dt><dd>0</dd>" in words
    assert Envelope.objects.filter(channel=phone).count() == 2


@pytest.mark.parametrize(
    ("body", "more", "words"),
    [
        ("a,b,c\n1,2,3\n", {}, "line 1 must name the columns; missing: call_id"),
        (TOP + GOOD, {"zone": "Mars/Olympus"}, "There is no such zone"),
        (TOP + GOOD, {"layout": "other"}, "Select a valid choice"),
        ((TOP + GOOD).encode("utf-16"), {}, "not written in UTF-8"),
        ("", {}, "empty"),
        (TOP + GOOD * (bring_in.MOST_LINES + 1), {}, "1000 are taken at once"),
        (TOP + GOOD + "x" * bring_in.MOST_BYTES, {}, "larger than 2 MB"),
    ],
)
def test_what_is_no_such_list_is_refused_at_its_field_and_nothing_is_taken(
    ada: User, phone: Channel, body: str | bytes, more: dict[str, str], words: str
) -> None:
    page = _send(visit(ada), phone, body, **more)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert not Envelope.objects.exists()
    assert not AuditEntry.objects.filter(verb="brought in a list").exists()


def test_only_administrators_of_its_brand_bring_lists_in_and_only_where_lists_are_taken(
    house: House, ada: User, phone: Channel
) -> None:
    other = Brand.objects.create(key="other", name="Other")
    Membership.objects.create(user=house.olga, role=Role.ADMIN, brand=other)
    for user in (house.mona, house.leo, house.olga):
        assert visit(user).get(f"/channels/{phone.pk}/list").status_code == 404
        assert _send(visit(user), phone, TOP + GOOD).status_code in (302, 404)
    assert _send(visit(ada), house.mailbox, TOP + GOOD).status_code == 404
    assert not Envelope.objects.exists()
    assert "Bring in a list" in visit(ada).get(f"/channels/{phone.pk}").content.decode()
    assert "Bring in a list" not in visit(ada).get(f"/channels/{house.mailbox.pk}").content.decode()


def test_a_form_of_another_site_brings_nothing_in(ada: User, phone: Channel) -> None:
    client = visit(ada, enforce_csrf_checks=True)
    assert _send(client, phone, TOP + GOOD).status_code == 403
    assert not Envelope.objects.exists()


def test_who_they_are_is_asked_before_the_form_so_that_no_file_is_lost(ada: User, phone: Channel) -> None:
    client = visit(ada)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0, "reauthenticated": False}]
    session.save()
    assert client.get(f"/channels/{phone.pk}/list").headers["Location"].startswith("/again")
    away = _send(client, phone, TOP + GOOD)
    assert (away.status_code, away.headers["Location"]) == (302, f"/channels/{phone.pk}/list")
    assert not Envelope.objects.exists()
