"""Who is at a case, and a look at what the machine decided alone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from armature.crm.act import endings, presence, samples
from armature.crm.act.models import Presence, Sample, SampleMark
from armature.crm.act.work import Refused
from armature.crm.decide.models import Judgement
from house import House
from test_endings import broken
from visitors import stranger, to_judge


def test_who_looks_and_who_writes_are_told_apart_and_oneself_is_not_shown(house: House) -> None:
    case = to_judge(house)
    assert presence.around(house.mona, case.pk, False) == []
    assert presence.around(house.leo, case.pk, True) == [presence.Present(case.pk, house.mona.pk, "Mona", False)]
    assert [one.writing for one in presence.around(house.mona, case.pk, False)] == [True]


def test_a_screen_that_asks_often_writes_seldom(house: House) -> None:
    case = to_judge(house)
    presence.around(house.mona, case.pk, False)
    with CaptureQueriesContext(connection) as asked:
        for _ in range(5):
            presence.around(house.mona, case.pk, False)
    assert not [query for query in asked if query["sql"].strip().startswith("INSERT")]


def test_who_has_gone_is_shown_no_longer_and_forgotten_soon(house: House) -> None:
    case = to_judge(house)
    presence.around(house.mona, case.pk, False)
    Presence.objects.update(seen_at=timezone.now() - timedelta(seconds=presence.GONE_AFTER + 1))
    assert presence.around(house.leo, case.pk, False) == []
    Presence.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    assert presence.forget() == 2
    presence.around(house.mona, case.pk, False)
    presence.leave(house.mona, case.pk)
    assert not Presence.objects.exists()


def test_nobody_is_seen_at_a_case_that_one_may_not_see_nor_leaves_a_sign_there(house: House) -> None:
    case = to_judge(house)
    presence.around(house.mona, case.pk, True)
    sam = stranger("legal")
    assert presence.around(sam, case.pk, True) == []
    assert not Presence.objects.filter(user=sam).exists()


def _drawn(share: float = 2.0) -> int:
    for _ in range(3):
        SampleMark.objects.update(at=timezone.now() - timedelta(minutes=5))
        found = samples.draw(share)
        if found:
            return found
    return 0


def _decided_alone(house: House) -> None:
    to_judge(house)
    Judgement.objects.filter(current=True).update(stop="end", outcome="no_response", reason="thanks")


def test_what_the_machine_decided_alone_is_drawn_once(house: House) -> None:
    _decided_alone(house)
    assert samples.draw() == 0
    assert _drawn() == 1
    assert Sample.objects.get().case == house.case()
    assert _drawn() == 0


def test_what_a_person_took_part_in_is_not_drawn(house: House) -> None:
    endings.end(house.mona, to_judge(house), how="no_response", reason="thanks")
    assert _drawn() == 0


def test_no_share_is_no_sample(house: House) -> None:
    _decided_alone(house)
    assert _drawn(0.0) == 0


def test_a_wrong_decision_takes_the_case_up_again_and_each_is_checked_once(house: House) -> None:
    case = to_judge(house)
    endings.end(house.mona, case, how="no_response", reason="thanks")
    Sample.objects.create(judgement=Judgement.objects.get(current=True), case=case)
    samples.check(house.leo, house.case(), right=False)
    assert house.case().form == "response"
    assert Sample.objects.get().right is False
    with pytest.raises(Refused):
        samples.check(house.mona, house.case(), right=True)
    assert broken() == []
