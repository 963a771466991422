"""Maps and tables are drawn by leads, checked as one draws, and put in force by who may, with a note."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from armature.arm.rule.finding import Unfit
from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import AuditEntry, User
from armature.crm.decide import drafts, publishing, versions
from armature.crm.decide.drawn import Draft
from armature.crm.decide.models import Judgement, MapAssignment, ProcessMap, Wait
from armature.crm.understand.models import Intent
from house import House

pytestmark = pytest.mark.django_db


def _table(house: House, **change: object) -> Draft:
    """The business rules, with R04 (cancellation) saying something else."""
    body = json.loads(versions.newest_tables()["business_rules"].body)
    next(row for row in body["rows"] if row["id"] == "R04")["then"].update(change)
    text = json.dumps(body, ensure_ascii=False)
    return drafts.begin(house.leo, "table", "business_rules", name="Business rules", body=text)


def _map(house: House, before: str, after: str) -> Draft:
    body = versions.newest_maps()["reactive"].body
    assert before in body
    return drafts.begin(house.leo, "map", "reactive", name="Reactive", body=body.replace(before, after))


def test_a_table_that_is_published_rules_what_comes_next_and_old_work_ends_on_the_old_one(
    house: House, anna: User
) -> None:
    house.hear("Please cancel my subscription.", public=False)
    house.settle()
    before = Judgement.objects.latest("id").map
    publishing.publish(anna, [_table(house, team="legal")], "Cancellations go to legal")
    house.hear("Please cancel my subscription.", author="new@people.example", public=False)
    house.settle()
    after = Judgement.objects.latest("id").map
    assert (before.version, after.version) == (1, 2)
    assert Wait.objects.filter(map=before, state="open").exists()
    assert MapAssignment.objects.get().map == after
    assert after.tables.get(key="business_rules").version == 2
    assert after.tables.get(key="who_judges").version == 1


def test_what_has_errors_is_refused_with_all_of_them_and_stays_a_draft(house: House, anna: User) -> None:
    draft = _table(house, team="nobody here", priority=9)
    with pytest.raises(Unfit) as refused:
        publishing.publish(anna, [draft], "A try")
    words = " ".join(one.words for one in refused.value.findings)
    assert "Row R04, Team" in words and "Row R04, Priority" in words
    assert Draft.objects.get() == draft and ProcessMap.objects.count() == 1


def test_a_map_and_the_table_it_needs_are_published_together(house: House, anna: User) -> None:
    table = _table(house)
    body = {**json.loads(table.body), "key": "second_rules"}
    drafts.give_up(house.leo, table)
    second = drafts.begin(house.leo, "table", "second_rules", name="Second", body=json.dumps(body))
    drawn = _map(house, 'arm:table="business_rules"', 'arm:table="second_rules"')
    with pytest.raises(Unfit, match="second_rules"):
        publishing.publish(anna, [drawn], "Alone it lacks its table")
    [published] = publishing.publish(anna, [drawn, second], "Both")
    assert set(published.tables.values_list("key", flat=True)) == {"who_judges", "second_rules", "action_details"}


def test_leads_draw_but_only_who_may_publishes(house: House, anna: User) -> None:
    with pytest.raises(NotAllowed):
        drafts.begin(house.mona, "map", "reactive", name="", body="")
    draft = _table(house)
    with pytest.raises(NotAllowed):
        publishing.publish(house.leo, [draft], "Mine")
    publishing.name(anna, house.leo, publishes=True)
    assert publishing.publish(house.leo, [draft], "Mine")
    publishing.name(anna, house.leo, publishes=False)
    assert not publishing.may_publish(house.leo)
    assert drafts.draft_for(house.mona, "table", "business_rules") is None


def test_where_two_must_publish_one_asks_and_another_publishes_just_that_wording(house: House, anna: User) -> None:
    publishing.say(anna, four_eyes=True)
    draft = _table(house)
    with pytest.raises(Refused, match="asks for it first"):
        publishing.publish(anna, [draft], "Alone")
    drafts.ask(anna, draft, "Mine")
    draft.refresh_from_db()
    with pytest.raises(Refused, match="somebody else"):
        publishing.publish(anna, [draft], "Alone")
    drafts.ask(house.leo, draft, "Please")
    changed = drafts.keep(house.leo, draft, draft.body + " ", revision=draft.revision)
    with pytest.raises(Refused, match="asks for it first"):
        publishing.publish(anna, [changed], "Not that wording")
    drafts.ask(house.leo, changed, "Please")
    changed.refresh_from_db()
    assert publishing.publish(anna, [changed], "Two of us")


def test_of_two_who_draw_at_once_nobody_overwrites_the_other(house: House, anna: User) -> None:
    draft = _table(house)
    drafts.keep(anna, draft, "{}", revision=draft.revision)
    with pytest.raises(drafts.DrawnMeanwhile, match="Anna"):
        drafts.keep(house.leo, draft, "[]", revision=draft.revision)
    with pytest.raises(drafts.DrawnMeanwhile):
        publishing.publish(anna, [draft], "What I looked at")
    assert Draft.objects.get().body == "{}"
    with pytest.raises(Refused, match="a draft already"):
        drafts.begin(house.leo, "table", "business_rules", name="", body="")


def test_a_draft_of_a_map_can_be_published_after_a_table_that_it_uses_was(house: House, anna: User) -> None:
    drawn = _map(house, 'name="Judge intent"', 'name="Say why"')
    publishing.publish(anna, [_table(house, team="legal")], "Cancellations go to legal")
    [published] = publishing.publish(anna, [drawn], "Another word")
    assert (published.version, published.tables.get(key="business_rules").version) == (3, 2)


def test_a_draft_that_began_before_another_wording_is_compared_first(house: House, anna: User) -> None:
    publishing.publish(anna, [_map(house, 'name="Judge intent"', 'name="Say why"')], "Another word")
    drawn = _map(house, 'name="Say why"', 'name="Say why they wrote"')
    Draft.objects.filter(pk=drawn.pk).update(begun_from=1)
    with pytest.raises(Refused, match="Version 2 was published"):
        publishing.publish(anna, [drawn], "Old")


def test_going_back_publishes_the_old_wording_as_a_next_version(house: House, anna: User) -> None:
    first = versions.newest_maps()["reactive"].body
    publishing.publish(anna, [_map(house, 'name="Judge intent"', 'name="Say why"')], "Another word")
    back = publishing.begin_from(anna, "map", "reactive", 1)
    [published] = publishing.publish(anna, [back], "Back to version 1")
    assert (published.version, published.body) == (3, first)


def test_a_published_map_runs_on_when_the_company_drops_an_intent_that_it_names(house: House, anna: User) -> None:
    Intent.objects.create(key="warranty", label="Warranty", order=99)
    body = json.loads(versions.newest_tables()["business_rules"].body)
    body["rows"].insert(0, {**body["rows"][3], "id": "W", "when": {"intent": {"one_of": ["warranty"]}}})
    draft = drafts.begin(house.leo, "table", "business_rules", name="", body=json.dumps(body))
    publishing.publish(anna, [draft], "Warranty")
    Intent.objects.filter(key="warranty").delete()
    house.hear("Where is my parcel?")
    house.settle()
    assert Judgement.objects.latest("id").map.version == 2


def test_every_step_is_in_the_log_and_a_note_is_needed(house: House, anna: User) -> None:
    draft = _table(house)
    with pytest.raises(Refused, match="note"):
        publishing.publish(anna, [draft], "  ")
    drafts.ask(house.leo, draft, "Please")
    draft.refresh_from_db()
    publishing.publish(anna, [draft], "Yes")
    drafts.give_up(house.leo, _table(house, team="legal"))
    verbs = list(
        AuditEntry.objects.filter(subject="table business_rules").order_by("id").values_list("verb", flat=True)
    )
    assert verbs == [
        "began a draft of a table", "asked to publish a table", "published",
        "began a draft of a table", "gave up a draft of a table",
    ]  # fmt: skip


def test_the_catalogue_of_the_company_takes_as_many_queries_however_much_there_is(house: House) -> None:
    from armature.crm.decide import company_facts

    with CaptureQueriesContext(connection) as captured:
        facts = company_facts.for_drawing()
    assert len(captured) == 4
    assert "support" in facts["team"].values and not facts["team"].open
