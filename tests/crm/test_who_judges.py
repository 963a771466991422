"""Automatic is measured before it is allowed: on every road of publishing, with enough cases drawn by chance."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from armature.arm.let_through import Count, by_row
from armature.arm.rule import rewriting
from armature.arm.rule.finding import Unfit, errors
from armature.arm.rule.table import DecisionTable as Table
from armature.crm import rows
from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import AuditEntry, Brand, Membership, Role, User
from armature.crm.act import restricted
from armature.crm.decide import drafts, publishing, tables, versions
from armature.crm.decide.drawn import Draft
from armature.crm.decide.models import Judgement
from armature.crm.learn import labelling
from armature.crm.learn.models import Label
from armature.crm.learn.who_judges import bound, gate, measured, report
from armature.crm.learn.who_judges.models import JudgesRule
from armature.crm.understand.models import Reading
from house import House
from labelled import SURE, labelled

KEY = "who_judges"


def in_force() -> Table:
    return tables.published(versions.newest_tables()[KEY])


def counts(since: object = None) -> dict[str, Count]:
    ready = gate.in_force(KEY)
    assert ready is not None
    return by_row(ready, measured.sample(KEY, True, since=since), measured.messages(KEY, True).facts)  # type: ignore[arg-type]


def drawn(house: House, row: str = "J04", judging: str = "automatic") -> Draft:
    changed = rewriting.with_output(in_force(), row, "judging", judging)
    return drafts.begin(house.leo, "table", KEY, name="Who", body=changed.to_json().decode())


def bounded(share: float) -> None:
    JudgesRule.objects.update_or_create(pk=1, defaults={"bound": share})


def refusal(user: User, draft: Draft) -> str:
    with pytest.raises(Unfit) as refused:
        publishing.publish(user, [draft], "Nobody looks")
    assert in_force().rows[3].then["judging"] == "draft"
    return str(refused.value)


def test_automatic_is_refused_while_nothing_is_measured_and_says_what_is_missing(house: House, anna: User) -> None:
    words = refusal(anna, drawn(house))
    assert words.startswith("Row J04: nobody would look at what falls here. That takes at least 30 labelled messages")
    assert "0 fall here so far. Choose" in words and "until 52 more are labelled" in words


def test_at_the_bound_it_is_put_in_force_and_with_one_right_reading_less_it_is_not(house: House, anna: User) -> None:
    numbers = labelled(house, 33, 2)
    bounded(Count(35, 33).lower)
    draft = drawn(house)
    Label.objects.filter(interaction=numbers[0]).update(verdict=None, unknown=True)
    words = refusal(anna, draft)
    assert "Of 35 labelled messages drawn by chance the reader was right about 32" in words
    Label.objects.filter(interaction=numbers[0]).update(verdict=Label.objects.get(pk=numbers[0]).suggestion_id)
    assert publishing.publish(anna, [draft], "Measured")
    assert in_force().rows[3].then["judging"] == "automatic"
    house.hear(SURE, author="new@people.example", public=False)
    house.settle()
    assert "business_rules:R04" in Judgement.objects.latest("id").rows, "nobody was asked"


def test_twenty_nine_cases_are_too_few_and_thirty_are_enough(house: House, anna: User) -> None:
    numbers = labelled(house, 30)
    bounded(0.5)
    draft = drawn(house)
    Label.objects.filter(interaction=numbers[0]).update(at=None)
    assert "29 fall here so far" in refusal(anna, draft)
    Label.objects.filter(interaction=numbers[0]).update(at=timezone.now())
    assert publishing.publish(anna, [draft], "Measured")


def test_what_was_chosen_because_the_reader_was_unsure_proves_nothing(house: House, anna: User) -> None:
    labelled(house, 31)
    bounded(0.5)
    Label.objects.update(drawn=Label.Drawn.UNSURE)
    assert "0 fall here" in refusal(anna, drawn(house))


def test_deleted_words_and_restricted_cases_count_nowhere(house: House) -> None:
    numbers = labelled(house, 4)
    assert counts()["J04"] == Count(4, 4, 4)
    rows.run("UPDATE listen_interaction SET deleted_at = now() WHERE id = %s", [numbers[0]])
    author = rows.fetch("SELECT author FROM listen_interaction WHERE id = %s", [numbers[1]])[0][0]
    restricted.restrict(house.leo, house.case(author), reason="Press")
    assert counts()["J04"] == Count(2, 2, 2)


def test_a_persons_word_at_the_case_counts_and_what_was_said_then_is_what_is_asked(house: House) -> None:
    numbers = labelled(house, 2)
    Label.objects.filter(interaction=numbers[0]).update(verdict=None, at=None, user=None)
    read = Reading.objects.get(interaction=numbers[0], current=True)
    labelling.label(house.leo, numbers[0], read.pk, "praise")
    assert counts()["J04"] == Count(2, 1, 2), "asked with the confidence of the reader, not of the person"


def test_an_earlier_form_of_the_table_is_held_back_like_automatic(house: House, anna: User) -> None:
    body = json.loads(in_force().to_json())
    body["outputs"] = ["needs_evaluation", *body["outputs"][1:]]
    for one in body["rows"]:
        one["then"].pop("judging")
        one["then"]["needs_evaluation"] = one["id"] != "J04"
    draft = drafts.begin(house.leo, "table", KEY, name="Who", body=json.dumps(body))
    assert "Row J04: nobody would look" in str(errors(publishing.findings([draft], anna)[("table", KEY)])[0].words)


def test_what_runs_automatic_may_be_published_again_and_not_with_more_in_it(house: House, anna: User) -> None:
    house.let_the_reader_judge()
    table = rewriting.with_output(in_force(), "J01", "judge_minutes", 5)
    draft = drafts.begin(house.leo, "table", KEY, name="Who", body=table.to_json().decode())
    assert publishing.publish(anna, [draft], "Quicker")
    wider = rewriting.with_cell(in_force(), "J04", "confidence", {">=": 0.5})
    draft = drafts.begin(house.leo, "table", KEY, name="Who", body=wider.to_json().decode())
    with pytest.raises(Unfit):
        publishing.publish(anna, [draft], "More")
    draft.delete()
    fewer = rewriting.removed(in_force(), "J02")
    draft = drafts.begin(house.leo, "table", KEY, name="Who", body=fewer.to_json().decode())
    with pytest.raises(Unfit):
        publishing.publish(anna, [draft], "Nobody looks at what is public")


def test_a_table_under_another_name_is_held_back_too(house: House, anna: User) -> None:
    body = json.loads(rewriting.with_output(in_force(), "J04", "judging", "automatic").to_json())
    draft = drafts.begin(house.leo, "table", "second", name="Second", body=json.dumps(body | {"key": "second"}))
    with pytest.raises(Unfit):
        publishing.publish(anna, [draft], "Around it")


def test_going_back_to_a_version_that_was_automatic_is_measured_anew(house: House, anna: User) -> None:
    house.let_the_reader_judge()
    publishing.publish(anna, [drawn(house, judging="draft")], "People look again")
    draft = publishing.begin_from(house.leo, "table", KEY, 2)
    assert "0 fall here" in refusal(anna, draft)


def test_the_bound_is_an_administrators_and_means_something(house: House, anna: User) -> None:
    with pytest.raises(NotAllowed):
        bound.say(house.leo, 0.5)
    for wrong in (0.49, 1.0, float("nan"), float("inf"), -1):
        with pytest.raises(Refused):
            bound.say(anna, wrong)
    bound.say(anna, 0.9)
    assert bound.rule().bound == 0.9
    assert AuditEntry.objects.filter(verb="said what automatic takes", actor=anna).count() == 1


def test_a_lead_hears_that_it_is_held_back_and_no_figure_of_cases_of_others(house: House, anna: User) -> None:
    labelled(house, 20, 15)
    other = Brand.objects.create(key="other", name="Other")
    lea = User.objects.create_user("lea@shop.example", "Lea", "a good password")
    Membership.objects.create(user=lea, role=Role.LEAD, brand=other)
    draft = drawn(house)
    found = errors(publishing.findings([draft], lea)[("table", KEY)])
    assert len(found) == 1 and found[0].words == gate.PLAIN.format(row="J04") and "35" not in found[0].words
    assert "35" in errors(publishing.findings([draft], anna)[("table", KEY)])[0].words
    seen, whole = report.report(lea, in_force()), report.report(anna, in_force())
    assert seen and whole
    assert (seen.rows["J04"], seen.labelled, seen.heard, seen.whole) == (Count(), 0, 0, False)
    assert (whole.rows["J04"].cases, whole.heard, whole.whole) == (35, 35, True)


def test_it_costs_the_same_few_statements_however_much_is_measured(house: House, anna: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            report.report(anna, in_force())
        return len(found)

    labelled(house, 2)
    few = cost()
    labelled(house, 8)
    assert cost() == few <= 20
