"""One step alone: what it said beside what people did or what is known today, counted by hand."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from armature.arm import alone
from armature.crm.accounts.access import Refused
from armature.crm.accounts.models import BusinessHours, Team
from armature.crm.act import approvals, assigning, commands, endings, persons, queries, responses, same_person
from armature.crm.act.models import Case
from armature.crm.act.models import Sample as Drawn
from armature.crm.decide import drafts, versions
from armature.crm.decide.drawn import Draft
from armature.crm.decide.models import Judgement
from armature.crm.learn.alone import lists, steps
from armature.crm.learn.alone.sample import Sample
from armature.crm.listen.models import Interaction
from armature.crm.understand import commands as understand
from armature.crm.understand import queries as readings
from armature.crm.understand.models import Reading
from house import House
from visitors import stranger, to_answer, to_approve, to_judge

AS_IT_WAS = steps.Chosen()


def look(step: str, tried: steps.Chosen = AS_IT_WAS, **over: Any) -> list[alone.Pair]:
    return steps.LOOKS[step](Sample(over), tried).pairs


def shares(pairs: list[alone.Pair], by: Any = alone.by_output) -> dict[Any, tuple[int, int]]:
    """Of each, how many were compared and how many agree."""
    return {(one.output, one.key) if one.key else one.output: (one.cases, one.agree) for one in alone.counts(pairs, by)}


def write(house: House, case: Case, text: str = "We are sorry.", **more: Any) -> Any:
    response = responses.write(house.mona, case, text=text, seen=queries.last_said(case), **more)
    house.settle()
    return response


def draft(house: House, row: str, **then: object) -> Draft:
    body = json.loads(versions.newest_tables()["business_rules"].body)
    next(one for one in body["rows"] if one["id"] == row)["then"].update(then)
    return drafts.begin(house.leo, "table", "business_rules", name="Rules", body=json.dumps(body))


def test_a_persons_word_beside_the_suggestion_by_intent(house: House) -> None:
    case = to_judge(house, "Please cancel my subscription.", author="a@people.example")
    commands.judge_intent(house.mona, case, intent="cancel")
    case = to_judge(house, "Please cancel my subscription now.", author="b@people.example")
    commands.judge_intent(house.mona, case, intent="complaint")
    to_judge(house, "Please cancel it.", author="c@people.example")
    assert shares(look("intent"), alone.by_class) == {("intent", "cancel"): (2, 1)}
    assert shares(look("intent", steps.chosen(0, None)), alone.by_class) == {("intent", "cancel"): (2, 1)}
    assert shares(look("rules"))["judging"] == (2, 1)


def test_the_team_that_wrote_agrees_and_one_that_it_was_handed_to_differs(house: House) -> None:
    write(house, to_answer(house, author="a@people.example"))
    other = to_answer(house, author="b@people.example")
    assigning.hand_over(house.mona, other, team=Team.objects.get(key="legal"), note="Yours.")
    assert shares(look("rules"))["team"] == (2, 1)
    (differs,) = [one for one in look("rules") if one.output == "team" and not one.agrees]
    assert (differs.key, differs.said, differs.held) == ("business_rules:R04", "retention", "legal")


def test_a_draft_is_held_against_the_same_deeds(house: House) -> None:
    write(house, to_answer(house, author="a@people.example"))
    other = to_answer(house, author="b@people.example")
    assigning.hand_over(house.mona, other, team=Team.objects.get(key="legal"), note="Yours.")
    tried = steps.chosen(None, draft(house, "R04", team="legal", mode="none", reason="x"))
    assert shares(look("rules", tried))["team"] == (2, 1)
    assert shares(look("rules", tried))["mode"] == (1, 0)
    assert shares(look("rules"))["mode"] == (1, 1)


def test_ending_without_an_answer_differs_from_a_rule_that_promises_one(house: House) -> None:
    endings.end(house.mona, to_answer(house), how="closed")
    house.settle()
    assert shares(look("rules"))["mode"] == (1, 0)
    assert shares(look("rules"))["priority"] == (1, 1)


def test_words_that_were_taken_back_are_no_answer(house: House) -> None:
    response = to_approve(house)
    assert shares(look("rules"))["mode"] == (1, 1)
    responses.take_back(house.mona, response)
    house.settle()
    assert "mode" not in shares(look("rules"))


def test_an_approval_that_changed_nothing_differs_and_one_that_sent_back_agrees(house: House) -> None:
    response = to_approve(house)
    approvals.approve(house.leo, response, digest=response.digest)
    house.settle()
    assert shares(look("rules"))["approval"] == (1, 0)
    case = to_answer(house, author="b@people.example")
    again = write(house, case)
    approvals.send_back(house.leo, queries.response_for(house.leo, again.pk), reason="Kinder.")
    house.settle()
    write(house, house.case("b@people.example"), "We are very sorry.")
    assert shares(look("rules"))["approval"] == (2, 1)


def test_a_decision_of_the_machine_that_was_looked_over(house: House) -> None:
    house.hear("Where is my parcel?", public=False)
    house.settle()
    judgement = Judgement.objects.get(current=True)
    Drawn.objects.create(judgement=judgement, case=house.case(), right=False, checked_at=timezone.now())
    assert shares(look("rules"))["whole"] == (1, 0)
    Drawn.objects.update(right=True)
    assert shares(look("rules"))["whole"] == (1, 1)
    assert "whole" not in shares(look("rules", steps.chosen(None, draft(house, "R00", team="legal"))))


def test_hours_that_changed_differ_and_the_channel_does_not(house: House) -> None:
    to_judge(house)
    assert shares(look("where"))["channel"] == (1, 1)
    was = next(one for one in look("where") if one.output == "business_hours")
    assert was.agrees
    BusinessHours.objects.update(week=[[] for _ in range(7)])
    now = next(one for one in look("where") if one.output == "business_hours")
    assert (now.said, now.held) == (was.said, not was.said) and not now.agrees


def test_what_was_learned_of_a_customer_since_differs(house: House) -> None:
    house.hear("This is a terrible service!", author="a@people.example")
    house.hear("It is terrible again, I complain!", author="a@people.example")
    house.settle()
    counted = {one.interaction: one.said for one in look("known") if one.output == "complaints_30d"}
    assert all(one.agrees for one in look("known"))
    for one in Interaction.objects.filter(direction="in"):
        assert one.pk in counted
    first = Reading.objects.select_related("reader").earliest("occurred_at")
    praise = replace(readings.as_value(first), intent="praise", confirmed=True)
    understand.correct(understand.Read(first.interaction_id, first.identity_id, first.occurred_at, praise), house.mona)
    differ = [one for one in look("known") if not one.agrees]
    assert [(one.output, one.said, one.held) for one in differ] == [("complaints_30d", 1, 0)]


def test_persons_that_people_joined_or_parted_since_differ(house: House) -> None:
    for author in ("a@people.example", "b@people.example", "c@people.example"):
        to_judge(house, author=author)
    kept, gone = (persons.know(house.mona, house.case(f"{one}@people.example").identity) for one in "ab")
    assert shares([one for one in look("known") if one.output == alone.PERSON]) == {"person": (3, 3)}
    merge = same_person.join(house.mona, kept, gone)
    assert shares([one for one in look("known") if one.output == alone.PERSON]) == {"person": (3, 1)}
    same_person.undo(house.mona, merge)
    assert shares([one for one in look("known") if one.output == alone.PERSON]) == {"person": (3, 3)}


def test_an_address_that_was_given_away_parts_both(house: House) -> None:
    for author in ("a@people.example", "b@people.example"):
        to_judge(house, author=author)
    kept, gone = (persons.know(house.mona, house.case(f"{one}@people.example").identity) for one in "ab")
    same_person.join(house.mona, kept, gone)
    same_person.split(house.mona, kept, house.case("b@people.example").identity)
    held = {one.held for one in look("known") if one.output == alone.PERSON}
    assert held == {"parted"}


def test_a_sample_is_the_newest_of_a_part(house: House) -> None:
    for number in range(5):
        to_judge(house, author=f"{number}@people.example")
    newest = Sample({"last": 2})
    assert len(newest.numbers) == 2 and newest.upto == max(newest.numbers)
    house.hear("Later.", author="z@people.example")
    house.settle()
    assert Sample({"last": 2, "upto": newest.upto}).numbers == newest.numbers
    assert Sample({"channel": 10**12}).numbers == []
    assert all(look(step, channel=10**12) == [] for step in steps.STEPS)


@pytest.mark.parametrize("step", steps.STEPS)
def test_the_statements_are_as_many_for_one_as_for_many(house: House, step: str) -> None:
    for number in range(6):
        write(house, to_answer(house, author=f"{number}@people.example"))
    tried = steps.chosen(0, draft(house, "R04", team="legal"))

    def cost(last: int) -> int:
        with CaptureQueriesContext(connection) as found:
            pairs = look(step, tried, last=last)
            lists.differing(house.leo, pairs, 0)
        return len(found)

    cost(6)
    assert cost(6) == cost(2) <= 20


def test_lists_hold_what_stands_in_cases_that_one_may_see(house: House) -> None:
    endings.end(house.mona, to_answer(house), how="closed")
    house.settle()
    pairs = look("rules")
    mine, theirs = lists.differing(house.leo, pairs, 0), lists.differing(stranger(), pairs, 0)
    assert (mine.seen, mine.hidden, len(mine.lines)) == (1, 0, 1)
    assert (theirs.seen, theirs.hidden, theirs.lines) == (0, 1, [])
    assert mine.lines[0].case == house.case().pk


def test_a_list_goes_on_behind_its_last_line(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PAGE", 2)
    for number in range(5):
        endings.end(house.mona, to_answer(house, author=f"{number}@people.example"), how="closed")
    house.settle()
    pairs, after, numbers = look("rules"), 0, list[int]()
    while page := lists.differing(house.leo, pairs, after):
        numbers += [line.number for line in page.lines]
        after = page.more
        if not after:
            break
    assert numbers == sorted(numbers, reverse=True) and len(numbers) == len(set(numbers)) == 5


def test_a_draft_that_cannot_run_and_a_reader_that_is_gone_say_so(house: House) -> None:
    with pytest.raises(Refused, match="cannot run"):
        steps.chosen(None, Draft(kind="table", key="business_rules", body="{}"))
    with pytest.raises(Refused, match="not kept any more"):
        steps.chosen(987654, None)
