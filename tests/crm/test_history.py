"""A channel that was just set up brings its past along: it is kept, and no rule, clock or agent is troubled with it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from armature.crm.accounts.models import Membership, Role
from armature.crm.act.models import Case
from armature.crm.channels.lines import Demo
from armature.crm.channels.port import Envelope
from armature.crm.decide.models import Judgement
from armature.crm.listen import commands, setting_up
from armature.crm.listen.history import HISTORY
from armature.crm.listen.models import Channel, Interaction
from house import House
from visitors import visit

OLD = "Where was my parcel, three weeks ago?"


@pytest.fixture
def fetched(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """The mailbox is read by us, and was started now."""
    monkeypatch.setattr(Demo, "polls", True)
    Channel.objects.filter(pk=house.mailbox.pk).update(begun_at=timezone.now())
    return house


def _hear(house: House, text: str, **ago: int) -> str:
    return house.hear(text, occurred_at=(timezone.now() - timedelta(**ago)).isoformat())


def test_what_is_older_than_a_day_before_the_start_is_set_aside(fetched: House) -> None:
    _hear(fetched, OLD, days=21)
    fetched.settle()
    said = Interaction.objects.get()
    assert said.automatic == HISTORY
    assert Judgement.objects.get().stop == "end"
    assert not Case.objects.filter(ended_at=None).exists()


def test_what_came_the_day_before_is_work(fetched: House) -> None:
    _hear(fetched, "Where is my parcel?", hours=20)
    fetched.settle()
    assert fetched.case().form == "intent"


@pytest.mark.parametrize(("arrived", "is_history"), [(0, False), (21, True)])
def test_a_mail_from_a_clock_that_is_years_behind_is_work_when_it_has_just_arrived(
    house: House, arrived: int, is_history: bool
) -> None:
    """What counts is when the server of the mailbox received it, where its author's clock says something older."""
    Channel.objects.filter(pk=house.mailbox.pk).update(
        kind="email", address="help@shop.example", begun_at=timezone.now()
    )
    mail = (
        b"From: ingrid@people.example\r\nTo: help@shop.example\r\nSubject: Tent\r\nMessage-ID: <a1@people.example>\r\n"
        b"Date: Sat, 1 Jan 2000 00:03:00 +0000\r\n\r\nMy tent is broken.\r\n"
    )
    at = timezone.now() - timedelta(days=arrived)
    commands.accept(Channel.objects.get(pk=house.mailbox.pk), [Envelope("created:a1", mail, "message/rfc822", at)])
    house.settle()
    assert (Interaction.objects.get().automatic == HISTORY) is is_history
    assert Case.objects.filter(ended_at=None).exists() is not is_history


def test_an_answer_to_history_is_work_and_shows_what_was_said_before(fetched: House) -> None:
    first = _hear(fetched, OLD, days=21)
    fetched.settle()
    fetched.hear("Still nothing!", in_reply_to=first, occurred_at=timezone.now().isoformat())
    fetched.settle()
    case = fetched.case()
    assert case.form == "intent"
    shown = visit(fetched.mona).get(f"/cases/open/{case.pk}").content.decode()
    assert OLD in shown and HISTORY in shown and f"automatic: {HISTORY}" not in shown


def test_what_a_person_types_in_or_another_program_hands_in_is_never_history(house: House) -> None:
    Channel.objects.filter(pk=house.mailbox.pk).update(begun_at=timezone.now())
    _hear(house, "A letter of three weeks ago", days=21)
    house.settle()
    assert house.case().form == "intent"


def test_a_pause_makes_no_history(house: House) -> None:
    channel = house.mailbox
    Membership.objects.filter(user=house.leo).update(role=Role.ADMIN)
    Channel.objects.filter(pk=channel.pk).update(kind="lines", active=False)
    channel.refresh_from_db()
    for deed in (setting_up.start, setting_up.pause, setting_up.start):
        deed(house.leo, channel)
        begun = Channel.objects.get(pk=channel.pk).begun_at
        assert begun is not None
        channel.refresh_from_db()
        assert channel.begun_at == begun
