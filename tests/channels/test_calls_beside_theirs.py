"""Our calls beside what they say: nothing of theirs is moved, taken away or promised by a call that we make."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from armature.cli.calls import _bring_in
from armature.crm import conservation, jobs, lease, process
from armature.crm.accounts.models import Promise, Team, User
from armature.crm.act import assigning as hands
from armature.crm.act import bulk, cases, endings, joining, marking, notes, queries
from armature.crm.act import commands as judging
from armature.crm.act.models import Case, Clock
from armature.crm.act.work import Refused
from armature.crm.decide import assigning, drafts, versions
from armature.crm.decide.models import Judgement, Wait, WaitItem
from armature.crm.identify.models import Identity
from armature.crm.listen.models import Channel, Interaction, Unopened
from armature.crm.understand.models import Reading
from channels.test_calls import END, called, channel, house
from channels.test_calls_we_make import OURS, _published, _ring
from house import House
from visitors import visit

__all__ = ["channel", "house"]


@pytest.fixture(autouse=True)
def in_force(house: House, channel: Channel, anna: User) -> None:
    assigning.assign(anna, _published(anna))


def _laws() -> list[str]:
    return [line for law in conservation.LAWS for line in law.broken()]


def _rings(house: House, channel: Channel, name: str, **more: str) -> Case:
    """They call, and it is worked on."""
    assert called(channel, END | {"call_id": name} | more, f"in-{name}") == 200
    house.settle()
    return Case.objects.latest("pk")


def test_a_call_whose_map_is_taken_away_before_it_is_judged_enters_no_map_ever(
    house: House, channel: Channel, anna: User
) -> None:
    assert called(channel, OURS | {"call_id": "c1"}, "c1") == 200
    arrived = process.arrive(lease.claim(Unopened, 10))
    word = assigning.wheres("out")[0].decides
    assert arrived.keys and word is not None
    assigning.end(anna, word)
    process.advance(arrived)
    assert Interaction.objects.filter(external_id="c1").exists() and not Judgement.objects.exists()
    assigning.assign(anna, word.map.key)
    _rings(house, channel, "in")
    assert list(Judgement.objects.values_list("interaction__external_id", flat=True)) == ["in"]
    assert not _laws()


def test_open_work_stays_with_its_team_and_where_it_stood_when_we_call(house: House, channel: Channel) -> None:
    case = _rings(house, channel, "in", at="2026-03-01T09:00:20Z")
    Case.objects.filter(pk=case.pk).update(team="claims")
    _ring(house, channel, "missed", "c1")
    after = Case.objects.get()
    assert (after.team, after.last_in_at) == ("claims", case.last_in_at)
    assert Wait.objects.filter(element="CallAgain", state="open").count() == 1
    endings.end(house.mona, after, how="closed", reason="")
    _ring(house, channel, "missed", "c2")
    again = Case.objects.get()
    assert (again.team, again.ended_at) == ("support", None) and again.last_in_at > case.last_in_at
    assert not _laws()


def test_what_they_say_and_a_call_of_ours_in_one_batch_is_theirs(house: House, channel: Channel) -> None:
    mine = cases.Touched(1, 1, datetime(2026, 3, 3, tzinfo=UTC), "", "support", started=True, ours=True)
    said = cases.Touched(1, 1, datetime(2026, 3, 2, tzinfo=UTC), "", "claims", "complaint", new_words=True)
    for one in (cases._together(said, mine), cases._together(mine, said)):
        assert (one.at, one.team, one.intent) == (said.at, "claims", "complaint")
        assert (one.new_words, one.started, one.ours) == (True, True, False)


def test_no_answer_is_promised_for_a_call_of_ours_whatever_they_said_before(house: House, channel: Channel) -> None:
    Promise.objects.create(brand=house.brand, first=60, next=60, resolution=600, round_the_clock=True)
    _rings(house, channel, "in", result="answered")
    _ring(house, channel, "missed", "c1")
    first = Case.objects.get()
    assert first.ended_at is None
    endings.end(house.mona, first, how="closed", reason="")
    Case.objects.update(settled=True)
    _ring(house, channel, "missed", "c2")
    assert Case.objects.latest("pk").follows_id == first.pk
    assert set(Clock.objects.values_list("name", flat=True)) == {"resolution"}
    _rings(house, channel, "missed")
    assert set(Clock.objects.values_list("name", flat=True)) == {"first", "resolution"}


def test_an_answer_that_waits_to_be_released_is_not_taken_back_by_a_call_of_ours(
    house: House, channel: Channel
) -> None:
    _rings(house, channel, "in")
    Wait.objects.update(form="approval")
    Case.objects.update(form="approval")
    _ring(house, channel, "missed", "c1")
    assert Wait.objects.get(form="approval").state == "open"
    assert WaitItem.objects.filter(wait__element="CallAgain").count() == 1, "what they said goes its own way"


def _merged(house: House, case: Case, other: Case) -> None:
    joining.undo(house.mona, joining.merge(house.mona, case, into=other))


def _in_bulk(house: House) -> None:
    chosen = queries.cases_for(house.mona)
    job = bulk.ask(house.mona, deed="end", values={"how": "no_response", "reason": "one cause"}, chosen=chosen)
    while jobs.bulk_work():
        pass
    assert not Case.objects.filter(ended_at=None).exists()
    bulk.undo(house.mona, job)
    while jobs.bulk_work():
        pass


def test_every_deed_of_the_desk_can_be_done_to_a_case_that_we_began(house: House, channel: Channel) -> None:
    _ring(house, channel, "missed", "c1")
    assert called(channel, OURS | {"call_id": "c2", "to": "+4799887766"}, "c2") == 200
    house.settle()
    mona, (case, other) = house.mona, Case.objects.order_by("pk")
    team = Team.objects.exclude(key=case.team).first()
    assert team is not None
    deeds: list[Callable[[Case], object]] = [
        lambda one: hands.claim(mona, one), lambda one: hands.put_back(mona, one),
        lambda one: hands.assign(mona, one, to=house.leo, seen=None),
        lambda one: marking.snooze(mona, one, until=timezone.now() + timedelta(days=1)),
        lambda one: marking.wake(mona, one), lambda one: marking.set_priority(mona, one, priority=1),
        lambda one: marking.tag(mona, one, name="phone"), lambda one: notes.add_note(mona, one, text="Rang twice."),
        lambda one: hands.hand_over(mona, one, team=team, note="Yours."),
        lambda one: endings.end(mona, one, how="no_response", reason="enough"),
        lambda one: endings.reopen(mona, one),
        lambda one: _merged(house, one, other), lambda one: _in_bulk(house),
    ]  # fmt: skip
    for deed in deeds:
        deed(Case.objects.get(pk=case.pk))
        assert not _laws()
    assert set(Case.objects.values_list("status", "team")) == {("open", "support"), ("open", team.key)}


def test_a_call_of_ours_can_be_replayed_from_its_case(house: House, channel: Channel) -> None:
    _ring(house, channel, "missed", "c1")
    page = visit(house.leo).get(f"/case/{Case.objects.get().pk}/replay")
    assert page.status_code == 200 and "Nobody answered" in page.content.decode()
    assert "We started it." in page.content.decode() and "It came in." not in page.content.decode()


def test_what_they_said_is_judged_though_a_call_of_ours_waits_beside_it(house: House, channel: Channel) -> None:
    case = _rings(house, channel, "in")
    _ring(house, channel, "missed", "c1")
    judging.judge_intent(house.mona, case, intent="complaint")
    house.settle()
    assert set(Reading.objects.values_list("interaction__external_id", flat=True)) == {"in"}
    assert Wait.objects.filter(element="CallAgain", state="open").count() == 1
    assert not _laws()


def test_a_case_that_only_we_began_has_no_intent_to_correct(house: House, channel: Channel) -> None:
    _ring(house, channel, "missed", "c1")
    with pytest.raises(Refused, match="what they said"):
        judging.judge_intent(house.mona, Case.objects.get(), intent="complaint")
    page = visit(house.mona).post(f"/case/{Case.objects.get().pk}/intent", {"intent": "complaint"})
    assert page.status_code == 302, "told in words, not by a broken page"


def test_a_case_that_only_we_began_says_why_it_is_there(house: House, channel: Channel, anna: User) -> None:
    _ring(house, channel, "busy", "c1")
    page = visit(house.mona).get(f"/cases/open/{Case.objects.get().pk}").content.decode()
    assert "what we start is not judged by its words" in page and "Line busy" in page
    assert "no person wrote it" not in page
    _rings(house, channel, "in")
    assert (
        "what we start is not judged"
        not in visit(house.mona).get(f"/cases/open/{Case.objects.get().pk}").content.decode()
    )
    word = assigning.wheres("out")[0].decides
    assert word is not None
    told = visit(anna).post("/maps/in-force/end", {"word": word.pk}, follow=True).content.decode()
    assert "what we start is kept and asks for nothing" in told and "for the rest is in force there again" not in told


def test_calls_of_a_list_enter_no_map_and_give_nobody_the_name_of_whoever_called_them(
    house: House, channel: Channel, tmp_path: Path
) -> None:
    names = "call_id,direction,from,to,start,result,name"
    old, file = "o1,out,200,+4799887766,2024-03-02T09:00:00Z,missed,Mona", tmp_path / "calls.csv"
    file.write_text(f"{names}\n{old}\n")
    assert _bring_in(file, "pbx", "header", "UTC") == (1, 0, 0)
    house.settle()
    assert Interaction.objects.get().direction == "out"
    assert not Case.objects.exists() and not Identity.objects.exists()
    assert called(channel, OURS | {"call_id": "o1"}, "o1") == 200
    house.settle()
    assert not Case.objects.exists(), "it is the same call still"


def test_a_conversation_in_which_only_we_called_counts_no_messages(house: House, channel: Channel) -> None:
    _ring(house, channel, "missed", "c1")
    page = visit(house.mona).get(f"/cases/open/{Case.objects.get().pk}").content.decode()
    assert "0 messages" not in page


def test_versions_compared_say_which_way_a_map_was_turned(house: House, anna: User) -> None:
    key = "calls-that-we-make"
    body = versions.newest_maps()[key].body.replace(' arm:start="ours"', "")
    drafts.begin(anna, "map", key, name="", body=body)
    page = visit(anna).get(f"/maps/{key}/versions?from=1&to=draft").content.decode()
    assert "what begins here" in page and "What we start: a call we make" in page and "What they say or do" in page
