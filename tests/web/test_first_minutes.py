"""The first minutes: a file is dropped and its report read; the list of a real start counts what there is."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from armature.crm import jobs
from armature.crm.accounts.models import AuditEntry, Brand, Membership, Role, Team, User
from armature.crm.act import first_steps
from armature.crm.act.models import CannedResponse, StartMark, Tryout
from armature.crm.listen.models import Channel
from house import House
from visitors import visit

CSV = b"""date,from,to,subject,text
2026-03-02 10:00,ann@people.example,help@shop.example,Kettle,"My kettle leaks, this is terrible <script>x()</script>"
2026-03-02 11:00,help@shop.example,ann@people.example,Re: Kettle,We send another one.
2026-03-03 10:00,bob@else.example,help@shop.example,Parcel,Where is my parcel?
"""


def dropped(client: Client, body: bytes = CSV, name: str = "own.csv", **more: Any) -> Any:
    """A file put into the form."""
    return client.post("/try", {"file": SimpleUploadedFile(name, body), **more})


def test_a_lead_drops_a_file_and_reads_what_nobody_answered(house: House) -> None:
    leo = visit(house.leo)
    there = dropped(leo)["Location"]
    assert "Being read and judged" in leo.get(there).content.decode()
    jobs.try_out()
    page = leo.get(there).content.decode()
    assert "What nobody answered: 1 conversation<" in page and "bob@else.example" in page
    assert "&lt;script&gt;" in page and "<script>x()" not in page
    leo.post(f"{there}/ours", {"ours": ["bob@else.example"]})
    assert Tryout.objects.get().ours == ["bob@else.example"]
    assert "Throw it all away" in page
    leo.post(f"{there}/throw-away")
    assert leo.get(there).status_code == 404 and not Tryout.objects.exists()


def test_only_who_dropped_it_and_administrators_of_the_company_see_the_report(house: House) -> None:
    there = dropped(visit(house.leo))["Location"]
    other = User.objects.create_user("lou@shop.example", "Lou", "a good password")
    Membership.objects.create(user=other, role=Role.LEAD)
    assert visit(other).get(there).status_code == 404
    assert visit(house.mona).get("/try").status_code == 404
    assert dropped(visit(house.mona)).status_code == 404
    Membership.objects.create(user=house.olga, role=Role.ADMIN)
    assert visit(house.olga).get(there).status_code == 200


def test_a_lead_of_one_brand_cannot_try_with_the_map_of_another(house: House) -> None:
    other = Brand.objects.create(key="other", name="Other")
    Membership.objects.create(user=house.olga, role=Role.LEAD, brand=house.brand)
    assert dropped(visit(house.olga), brand=other.pk).status_code == 404
    assert dropped(visit(house.olga), brand=house.brand.pk).status_code == 302


@pytest.mark.parametrize(("body", "words"), [(b"", "empty"), (b"a,b\n1,2\n", "Rename the one with what was said")])
def test_what_cannot_be_read_says_why_where_it_was_dropped(house: House, body: bytes, words: str) -> None:
    page = dropped(visit(house.leo), body)
    assert page.status_code == 422 and words in page.content.decode()


def done(user: User) -> set[str]:
    """The steps that are done."""
    return {step.key for step in first_steps.of(user) if step.done}


def test_each_step_is_done_by_what_there_is(house: House) -> None:
    User.objects.exclude(pk=house.olga.pk).update(is_active=False)
    Membership.objects.create(user=house.olga, role=Role.ADMIN)
    olga = visit(house.olga)
    assert done(house.olga) == set()
    channel = Channel.objects.create(kind="email", place="email", name="M", address="a@b.example", brand=house.brand)
    assert done(house.olga) == set(), "set up, and nobody knows yet whether it works"
    Channel.objects.filter(pk=channel.pk).update(checked_at="2026-03-02T10:00Z", problem="wrong password")
    assert done(house.olga) == set()
    Channel.objects.filter(pk=channel.pk).update(problem="")
    assert done(house.olga) == {"mailbox"}
    User.objects.filter(pk=house.mona.pk).update(is_active=True)
    assert done(house.olga) == {"mailbox", "colleague"}, "an agent releases nothing"
    User.objects.filter(pk=house.leo.pk).update(is_active=True)
    assert olga.post("/first-steps/map")["Location"] == "/map"
    CannedResponse.objects.create(
        name="Hello", shortcut="h", text="Hello", team=Team.objects.get(key="support"), by=house.olga
    )
    assert done(house.olga) == {"mailbox", "colleague", "map", "canned", "approvals"}
    assert "5 of 6 done" in olga.get("/cases/open").content.decode()
    first_steps.backed_up(10, 1000)
    assert first_steps.of(house.olga) == [], "all is done: the list goes by itself"
    assert AuditEntry.objects.filter(verb="made a backup").count() == 1


def test_the_list_is_for_administrators_of_the_company_and_can_be_put_away(house: House) -> None:
    heading = "A real start"
    assert heading not in visit(house.leo).get("/cases/open").content.decode()
    assert visit(house.leo).post("/first-steps/away").status_code == 404
    assert not StartMark.objects.exists()
    Membership.objects.create(user=house.olga, role=Role.ADMIN)
    olga = visit(house.olga)
    assert heading in olga.get("/cases/open").content.decode()
    olga.post("/first-steps/away")
    assert heading not in olga.get("/cases/open").content.decode()


def test_the_empty_desk_of_a_lead_has_the_place_to_drop_a_file(house: House) -> None:
    page = visit(house.leo).get("/cases/open").content.decode()
    assert re.search(r'<form method="post" action="/try" enctype="multipart/form-data"', page)
    assert 'action="/try"' not in visit(house.mona).get("/cases/open").content.decode()
