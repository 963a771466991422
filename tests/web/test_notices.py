"""Notices: a list, a count, read or not; by mail for who wants it, not in quiet hours, never twice, no foreign case."""

import smtplib
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from armature.crm import jobs
from armature.crm.accounts import post
from armature.crm.accounts.models import User
from armature.crm.act import assigning, listening, marking, notice_list, notice_mail, restricted
from armature.crm.act.models import Case, Notice, NoticeWish
from armature.crm.listen.wanted import ListeningQuery
from house import House
from visitors import to_judge, visit


def tell(user: User, case: Case | None = None, kind: str = "mention", text: str = "") -> Notice:
    """Somebody is told something, two minutes ago."""
    return Notice.objects.create(user=user, case=case, kind=kind, text=text, at=timezone.now() - timedelta(minutes=2))


@pytest.fixture
def wanted(house: House, settings: Any) -> House:
    """Mona wants mail when she is mentioned, and mail goes out."""
    settings.MAIL_GOES_OUT = True
    settings.ADDRESS = "https://desk.example"
    notice_list.wish(house.mona, {"mention": (True, True)})
    return house


def test_what_somebody_is_told_is_listed_counted_and_read(house: House) -> None:
    case = to_judge(house)
    one, _ = tell(house.mona, case, text="Leo asks you"), tell(house.leo, case, text="not for Mona")
    client = visit(house.mona)
    assert "Notices, 1 unread" in client.get("/cases/open").content.decode()
    page = client.get("/notices").content.decode()
    assert "Leo asks you" in page and "not for Mona" not in page
    assert client.post(f"/notices/{one.pk}/read").headers["Location"] == f"/cases/open/{case.pk}"
    assert "Notices, 0 unread" in client.get("/cases/open").content.decode()


def test_reading_all_leaves_what_came_since(house: House) -> None:
    first, second = tell(house.mona), tell(house.mona)
    visit(house.mona).post("/notices/read", {"upto": first.pk})
    assert list(Notice.objects.filter(read_at=None)) == [second]


def test_notices_of_others_are_not_there(house: House) -> None:
    theirs = tell(house.leo)
    assert visit(house.mona).post(f"/notices/{theirs.pk}/read").status_code == 404
    visit(house.mona).post("/notices/read", {"upto": theirs.pk})
    assert Notice.objects.get().read_at is None


def test_of_a_case_that_is_no_longer_theirs_nothing_is_told(wanted: House) -> None:
    case = to_judge(wanted)
    tell(wanted.mona, case, text="about the zeppelin")
    restricted.restrict(wanted.leo, case)
    client = visit(wanted.mona)
    page = client.get("/notices").content.decode()
    assert "zeppelin" not in page and "no longer see" in page and f"case {case.pk}" not in page
    assert "Notices, 0 unread" in client.get("/cases/open").content.decode()
    assert notice_mail.send_due() == 0
    assert not mail.outbox


def test_a_kind_that_is_not_wanted_is_not_shown(house: House) -> None:
    tell(house.mona, kind="reply")
    visit(house.mona).post("/notices/wish", {"shown": ["mention"], "mailed": ["reply"]})
    assert notice_list.unread(house.mona) == 0
    assert NoticeWish.objects.get(user=house.mona, kind="reply").mailed
    assert not NoticeWish.objects.get(user=house.mona, kind="mention").mailed


def test_who_wants_mail_gets_one_letter_about_all_that_is_new_and_none_twice(wanted: House) -> None:
    case = to_judge(wanted)
    tell(wanted.mona, case, text="words of a colleague")
    tell(wanted.mona, case)
    tell(wanted.leo, case)
    assert (jobs.tell_by_mail(), jobs.tell_by_mail()) == (1, 0)
    assert [one.to for one in mail.outbox] == [["mona@shop.example"]]
    words = str(mail.outbox[0].body)
    assert mail.outbox[0].subject == "2 notices in Armature"
    assert f"https://desk.example/cases/open/{case.pk}" in words
    assert "parcel" not in words
    tell(wanted.mona, case)
    assert notice_mail.send_due() == 1


def test_a_letter_about_a_spike_leads_to_its_query(wanted: House) -> None:
    notice_list.wish(wanted.leo, {"spike": (True, True)})
    one = listening.keep(wanted.leo, ListeningQuery(name="Parcels", purpose="brand", text="parcel"))
    told = tell(wanted.leo, kind="spike", text="Parcels: 12 posts in an hour")
    Notice.objects.filter(pk=told.pk).update(query=one)
    assert notice_mail.send_due() == 1
    where = f"https://desk.example/listening/{one.pk}"
    assert f"- Suddenly heard much more: Parcels: 12 posts in an hour {where}" in str(mail.outbox[0].body)


def test_what_was_read_meanwhile_or_is_younger_than_a_minute_is_not_mailed(wanted: House) -> None:
    notice_list.read(wanted.mona, tell(wanted.mona))
    Notice.objects.create(user=wanted.mona, kind="mention")
    assert notice_mail.send_due() == 0


def test_in_quiet_hours_mail_waits_and_goes_out_afterwards(wanted: House) -> None:
    User.objects.filter(pk=wanted.mona.pk).update(quiet_from=time(22), quiet_until=time(7))
    Notice.objects.create(user=wanted.mona, kind="mention", at=datetime(2026, 3, 2, 12, tzinfo=UTC))
    for hour, out in ((23, 0), (3, 0), (6, 0), (8, 1)):
        assert notice_mail.send_due(datetime(2026, 3, 3, hour, 30, tzinfo=UTC)) == out, hour


def test_a_letter_that_does_not_go_out_is_tried_again(wanted: House, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(wanted.mona)

    def refuse(*_: object) -> None:
        raise smtplib.SMTPServerDisconnected("gone")

    with monkeypatch.context() as broken:
        broken.setattr(post, "send_mail", refuse)
        assert notice_mail.send_due() == 0
    assert notice_mail.send_due() == 1


def test_a_closed_account_gets_no_mail(wanted: House) -> None:
    tell(wanted.mona)
    User.objects.filter(pk=wanted.mona.pk).update(is_active=False)
    assert notice_mail.send_due() == 0


def test_the_list_is_paged_and_costs_the_same(house: House, django_assert_max_num_queries: Any) -> None:
    case = to_judge(house)
    for _ in range(60):
        tell(house.mona, case)
    client = visit(house.mona)
    with django_assert_max_num_queries(14):
        page = client.get("/notices").content.decode()
    assert page.count("Open case") == 50
    older = page.split('href="?before=')[1].split('"')[0]
    assert client.get(f"/notices?before={older}").content.decode().count("Open case") == 10


def test_who_has_or_follows_a_case_hears_once_that_they_wrote_again(house: House) -> None:
    case = to_judge(house)
    assigning.claim(house.mona, case)
    marking.follow(house.leo, case)
    for _ in range(2):
        house.hear("And the lid is missing too.", in_reply_to="said-1")
        house.settle()
    told = list(Notice.objects.filter(kind="reply").values_list("user", "case"))
    assert sorted(told) == sorted([(house.mona.pk, case.pk), (house.leo.pk, case.pk)])
    notice_list.read_all(house.mona, Notice.objects.latest("pk").pk)
    house.hear("Hello?", in_reply_to="said-1")
    house.settle()
    assert Notice.objects.filter(kind="reply", user=house.mona).count() == 2
    assert Notice.objects.filter(kind="reply", user=house.leo).count() == 1


def test_first_words_and_what_others_said_tell_nobody(house: House) -> None:
    case = to_judge(house)
    assigning.claim(house.mona, case)
    to_judge(house, author="b@people.example")
    assert not Notice.objects.filter(kind="reply").exists()
