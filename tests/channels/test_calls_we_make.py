"""What we start enters a map of its own: calls that we make, from the phone system to the work they bring."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from armature.arm.call import RESULTS
from armature.arm.rule.catalogue import CALLS
from armature.arm.rule.finding import Unfit
from armature.crm import conservation
from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import Promise, User
from armature.crm.act import endings
from armature.crm.act import work as desk_work
from armature.crm.act.models import Case, Clock, Notice
from armature.crm.decide import assigning, drafts, drawing, library, publishing, versions
from armature.crm.decide.drawn import Draft
from armature.crm.decide.models import Judgement, MapAssignment, Wait
from armature.crm.learn.replays import commands as replays
from armature.crm.learn.replays import past, work
from armature.crm.listen.models import Channel, Direction, Interaction
from armature.crm.understand.models import Reading
from channels.test_calls import END, INGRID, called, channel, house
from house import House
from visitors import visit

OURS = END | {"direction": "out", "from": "200", "to": INGRID}


__all__ = ["channel", "house"]


def _published(anna: User, name: str = "Calls that we make") -> str:
    shipped = library.shipped("calls")
    assert shipped is not None
    draft = library.start(anna, shipped, name)
    publishing.publish(anna, [draft], "From the library")
    return draft.key


def _ring(house: House, channel: Channel, result: str, name: str) -> Interaction:
    assert called(channel, OURS | {"call_id": name, "result": result}, f"hook-{name}") == 200
    house.settle()
    return Interaction.objects.get(external_id=name)


def test_without_a_map_for_it_what_we_start_is_kept_and_asks_for_nothing(house: House, channel: Channel) -> None:
    _ring(house, channel, "missed", "c1")
    assert not Judgement.objects.exists() and not Case.objects.exists()


def test_whom_we_did_not_reach_is_called_again_and_an_answered_call_is_only_noted(
    house: House, channel: Channel, anna: User
) -> None:
    assigning.assign(anna, _published(anna))
    missed = _ring(house, channel, "missed", "c1")
    first = Judgement.objects.get(interaction=missed)
    assert (first.element, first.map.key) == ("CallAgain", "calls-that-we-make")
    case, wait = Case.objects.get(), Wait.objects.get()
    assert (case.status, case.identity.address, case.team) == ("open", INGRID, "support")
    assert wait.due_at is not None or wait.next_timer_at is not None
    answered = _ring(house, channel, "answered", "c2")
    assert Judgement.objects.get(interaction=answered).element == "EndReached"
    assert not Reading.objects.exists(), "nobody reads our own note as if a customer had written it"
    assert not [line for law in conservation.LAWS for line in law.broken()]


def test_calls_from_before_a_map_was_in_force_never_enter_it(house: House, channel: Channel, anna: User) -> None:
    _ring(house, channel, "missed", "c1")
    assigning.assign(anna, _published(anna))
    _ring(house, channel, "missed", "c2")
    assert list(Judgement.objects.values_list("interaction__external_id", flat=True)) == ["c2"]


def test_what_comes_in_keeps_its_map_when_one_for_what_we_start_is_in_force(
    house: House, channel: Channel, anna: User
) -> None:
    word = assigning.assign(anna, _published(anna))
    assert word.direction == Direction.OUT and versions.for_the_rest() != word.map
    assert called(channel, END | {"call_id": "in"}, "in") == 200
    house.settle()
    assert Judgement.objects.get(interaction__external_id="in").map.key == "reactive"
    mails = {one.channel.name for one in assigning.wheres()}
    ours = {one.channel.name: one.decides for one in assigning.wheres(Direction.OUT)}
    assert "Phone" in mails and "Mailbox" in mails and ours == {"Phone": word}


def test_the_most_exact_word_decides_for_what_we_start_too(house: House, channel: Channel, anna: User) -> None:
    everywhere = assigning.assign(anna, _published(anna))
    here = assigning.assign(anna, _published(anna, "Calls from here"), channel=channel)
    (where,) = assigning.wheres(Direction.OUT)
    assert (where.decides, list(where.overruled)) == (here, [everywhere])
    _ring(house, channel, "busy", "c1")
    assert Judgement.objects.get().map == here.map
    assigning.end(anna, here)
    assigning.end(anna, everywhere)
    _ring(house, channel, "busy", "c2")
    assert Judgement.objects.count() == 1, "none has to be in force for what we start"
    with pytest.raises(Refused, match="everything else"):
        assigning.end(anna, MapAssignment.objects.get())


def test_a_call_is_no_new_word_of_theirs_and_no_answer_is_promised_for_it(
    house: House, channel: Channel, anna: User
) -> None:
    Promise.objects.create(brand=house.brand, first=60, next=60, resolution=600, round_the_clock=True)
    assigning.assign(anna, _published(anna))
    assert called(channel, END | {"call_id": "in"}, "in") == 200
    house.settle()
    case = Case.objects.get()
    Case.objects.filter(pk=case.pk).update(assignee=house.mona)
    _ring(house, channel, "missed", "c1")
    assert not Notice.objects.filter(kind=Notice.Kind.REPLY).exists()
    assert set(Clock.objects.filter(case=case).values_list("name", flat=True)) == {"first", "resolution"}
    assert called(channel, OURS | {"call_id": "c2", "to": "+4799887766"}, "other") == 200
    house.settle()
    other = Case.objects.exclude(pk=case.pk).get()
    assert other.opened_at.year > 2000 and other.form == "response"
    assert "first" not in Clock.objects.filter(case=other).values_list("name", flat=True)


def test_a_map_for_what_we_start_asks_nobody_why_it_was_said(anna: User) -> None:
    body = library.shipped("calls").files()[0].decode()  # type: ignore[union-attr]
    asks = body.replace('arm:form="response"', 'arm:form="intent"')
    draft = library.new_map(anna, "Judging ourselves", asks)
    with pytest.raises(Unfit, match="not judged by its words"):
        publishing.publish(anna, [draft], "Wrong")


def test_rules_know_every_way_in_which_a_call_can_end() -> None:
    assert tuple(CALLS) == RESULTS


def test_a_start_is_what_it_says_or_is_refused_by_name(anna: User) -> None:
    body = library.shipped("calls").files()[0].decode()  # type: ignore[union-attr]
    draft = library.new_map(anna, "Odd", body.replace('arm:start="ours"', 'arm:start="their"'))
    with pytest.raises(Unfit, match='"their" is not one of'):
        publishing.publish(anna, [draft], "Wrong")


def test_a_map_in_force_does_not_turn_around(house: House, anna: User) -> None:
    key = _published(anna)
    body = versions.newest_maps()[key].body
    turned = drafts.begin(anna, "map", key, name="", body=body.replace(' arm:start="ours"', ""))
    assigning.assign(anna, key)
    with pytest.raises(Unfit, match="must stay what it is"):
        publishing.publish(anna, [turned], "The other way")
    assert [one.place for one in drawing.findings(turned) if one.error] == ["Called"], "and while it is drawn"
    assigning.end(anna, MapAssignment.objects.get(direction="out"))
    publishing.publish(anna, [turned], "Nobody used it")
    assert assigning.assign(anna, key).direction == Direction.IN


def test_only_who_publishes_puts_one_in_force(house: House, anna: User) -> None:
    key = _published(anna)
    with pytest.raises(NotAllowed):
        assigning.assign(house.leo, key)


def test_a_batch_takes_as_many_queries_however_many_calls_we_made(house: House, channel: Channel, anna: User) -> None:
    assigning.assign(anna, _published(anna))
    counts = []
    for many in (2, 12):
        for each in range(many):
            name = f"b{many}-{each}"
            assert called(channel, OURS | {"call_id": name, "to": f"+47221100{each:02}"}, name) == 200
        with CaptureQueriesContext(connection) as captured:
            house.settle()
        counts.append(len(captured))
    assert counts[1] <= counts[0] + 2, "the identities of the second batch are partly new"


def test_the_live_map_and_a_replay_know_the_ways_of_what_we_started(house: House, channel: Channel, anna: User) -> None:
    key = _published(anna)
    assigning.assign(anna, key)
    for number, result in enumerate(("missed", "answered", "answered")):
        _ring(house, channel, result, f"c{number}")
    assert called(channel, END | {"call_id": "in"}, "in") == 200
    house.settle()
    body = versions.newest_maps()[key].body
    draft = drafts.begin(anna, "map", key, name="", body=body.replace("call = answered", "call = voicemail"))
    job = replays.begin(anna, [draft], {})
    assert (job.total, job.over) == (3, {"direction": "out"})
    both = library.new_map(anna, "Theirs", versions.newest_maps()["reactive"].body)
    with pytest.raises(Refused, match="one after the other"):
        replays.begin(anna, [draft, both], {})
    bench, them = work.Bench(work.Tried({"maps": {key: draft.body}})), past.numbers(job.over, 0, 0, job.upto, 9)
    found = {one.interaction.external_id: bool(one.found) for one in bench.compare(them)}
    assert found == {"c0": False, "c1": True, "c2": True}


def test_all_of_it_is_on_the_page_of_all_maps(house: House, channel: Channel, anna: User) -> None:
    client = visit(anna)
    before = client.get("/maps").content.decode()
    assert "what we start is kept and asks for nothing" in before
    key = _published(anna)
    client.post("/maps/in-force", {"where": f"channel-{channel.pk}", "map": key})
    word = MapAssignment.objects.get(direction="out")
    page = client.get("/maps").content.decode()
    assert "what we start is kept and asks for nothing" not in page and "Calls that we make (what we start)" in page
    client.post("/maps/in-force", {"where": "all", "map": key})
    rest: Any = MapAssignment.objects.get(direction="out", channel=None)
    assert "everything that we start" in client.get(f"/maps/{key}").content.decode()
    for held in (word, rest):
        assert client.post("/maps/in-force/end", {"word": held.pk}).status_code == 302
    assert MapAssignment.objects.count() == 1


def test_a_case_that_we_began_says_so_in_the_list_and_can_be_taken_up_again(
    house: House, channel: Channel, anna: User
) -> None:
    assigning.assign(anna, _published(anna))
    _ring(house, channel, "missed", "c1")
    case = Case.objects.get()
    assert "We called, nobody answered" in visit(house.mona).get("/cases/open").content.decode()
    page = visit(house.mona).get(f"/cases/open/{case.pk}")
    assert page.status_code == 200 and "We called, nobody answered" in page.content.decode()
    endings.end(house.mona, case, how="no_response", reason="enough")
    endings.reopen(house.mona, Case.objects.get())
    again = Case.objects.get()
    assert (again.ended_at, again.form) == (None, "response")
    assert not [line for law in conservation.LAWS for line in law.broken()]


def test_where_a_map_has_no_step_that_answers_nothing_is_taken_up_and_it_is_said(
    house: House, channel: Channel, anna: User
) -> None:
    body = library.shipped("calls").files()[0].decode()  # type: ignore[union-attr]
    only_noted = body.replace("call = answered", "call = busy")
    key = library.new_map(anna, "Only noted", only_noted.replace('arm:form="response"', 'arm:form="executive"')).key
    publishing.publish(anna, list(Draft.objects.all()), "No answer in it")
    assigning.assign(anna, key)
    _ring(house, channel, "busy", "c1")
    with pytest.raises(desk_work.Refused, match="no step in which somebody answers"):
        endings.reopen(house.mona, Case.objects.get())
    assert Case.objects.get().ended_at is not None
