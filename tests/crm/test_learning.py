"""The reader learns from people: asked fairly, measured on what it never saw, refused when worse, in use everywhere."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from armature.arm.understand.learned.model import Model
from armature.crm import jobs, lease, rows
from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import AuditEntry
from armature.crm.act import commands, restricted
from armature.crm.act.models import Case
from armature.crm.act.work import Refused
from armature.crm.learn import agreement, drawing, labelling, retraining, verdicts
from armature.crm.learn.agreement import Asked
from armature.crm.learn.models import Label
from armature.crm.learn.retraining import Sides
from armature.crm.understand import model_file, reader, versions
from armature.crm.understand.models import ReaderVersion, ReaderWeights, Reading, Retraining
from house import MONDAY, House

PARCELS = ("Where is my parcel {}", "The courier lost box {}", "Delivery {} never came", "parcel {} is late!")
INVOICES = ("Invoice {} has the wrong sum", "Refund {} please", "You charged me twice, {}", "bill {} is wrong")


def said(house: House, many: int = 60) -> list[int]:
    """Messages of many people about two matters, read and at rest; their numbers."""
    for n in range(many):
        frames = PARCELS if n % 2 else INVOICES
        house.hear(frames[n // 2 % 4].format(n), f"{n}@people.example")
    house.settle()
    rows.run("UPDATE decide_wait SET state = 'done' WHERE state = 'open'", [])
    return list(Reading.objects.filter(user=None).order_by("id").values_list("interaction_id", flat=True))


def meant(number: int) -> str:
    """What people of this company say of such a message: nothing that the starter reader would."""
    text = rows.fetch("SELECT text FROM listen_interaction WHERE id = %s", [number])[0][0]
    parcel = any(word in text.lower() for word in ("parcel", "courier", "delivery"))
    return "partner" if parcel else "privacy"


def judged(house: House, numbers: list[int], *, by_chance: bool = True) -> None:
    """Leo labels them all; those drawn by chance among them are half of the fixed sample."""
    for number in numbers:
        read = Reading.objects.get(interaction=number, current=True)
        if by_chance:
            Label.objects.get_or_create(interaction_id=number, defaults={"suggestion": read, "drawn": "random"})
        labelling.label(house.leo, number, read.pk, meant(number))


def test_a_label_stands_beside_the_suggestion_and_changes_no_work(house: House) -> None:
    number = said(house, 1)[0]
    case = house.case("0@people.example")
    before = Case.objects.values().get(pk=case.pk)
    suggestion = Reading.objects.get(interaction=number)
    labelling.label(house.leo, number, suggestion.pk, "privacy")
    now, was = Reading.objects.filter(interaction=number).order_by("-id")
    assert (now.intent_id, now.user, now.current) == ("privacy", house.leo, True)
    assert (was.pk, was.current, was.user) == (suggestion.pk, False, None)
    assert Case.objects.values().get(pk=case.pk) == before
    assert AuditEntry.objects.filter(verb="labelled a message", actor=house.leo).count() == 1


def test_nobody_labels_what_they_may_not_see_or_do(house: House) -> None:
    number = said(house, 1)[0]
    suggestion = Reading.objects.get(interaction=number).pk
    with pytest.raises(Case.DoesNotExist):
        labelling.label(house.olga, number, suggestion, "spam")
    restricted.restrict(house.leo, house.case("0@people.example"), reason="because")
    with pytest.raises((Case.DoesNotExist, NotAllowed)):
        labelling.label(house.mona, number, suggestion, "spam")
    assert not Label.objects.exists() and Reading.objects.filter(user__isnull=False).count() == 0


def test_somebody_was_quicker_and_is_told_so(house: House) -> None:
    number = said(house, 1)[0]
    suggestion = Reading.objects.get(interaction=number).pk
    labelling.label(house.leo, number, suggestion, "spam")
    with pytest.raises(Refused, match="Somebody said already"):
        labelling.label(house.mona, number, suggestion, "privacy")
    with pytest.raises(Refused, match="no such intent"):
        labelling.label(house.mona, number, suggestion, "nonsense")


def test_i_do_not_know_is_no_verdict_and_is_not_asked_again(house: House) -> None:
    number = said(house, 1)[0]
    labelling.label(house.leo, number, Reading.objects.get(interaction=number).pk, labelling.UNKNOWN)
    assert Reading.objects.filter(user__isnull=False).count() == 0
    assert Label.objects.get().unknown and labelling.questions(house.leo, 5) == []
    assert agreement.report(house.leo, MONDAY).unknown == 1


def test_what_is_taken_back_holds_no_longer_and_is_asked_again(house: House) -> None:
    number = said(house, 1)[0]
    suggestion = Reading.objects.get(interaction=number)
    labelling.label(house.leo, number, suggestion.pk, "privacy")
    with pytest.raises(Refused, match="nothing of yours"):
        labelling.take_back(house.mona, number)
    labelling.take_back(house.leo, number)
    assert Reading.objects.get(interaction=number, current=True) == suggestion
    assert [one.interaction for one in labelling.questions(house.leo, 5)] == [number]
    assert verdicts.newest() == []


def test_one_in_five_is_drawn_by_chance_and_the_rest_are_the_least_sure(house: House) -> None:
    said(house, 30)
    drawing.fill(4)
    asked = drawing.to_ask(house.leo, 10, given=0)
    assert [one.drawn for one in asked] == ["unsure"] * 4 + ["random"] + ["unsure"] * 4 + ["random"]
    assert len({one.interaction for one in asked}) == 10
    chance = {one.interaction for one in asked if one.drawn == "random"}
    drawn = Label.objects.values_list("interaction", flat=True)
    least = Reading.objects.exclude(interaction__in=drawn).order_by("confidence", "-id")[:4]
    assert [one.interaction for one in asked[:4]] == [one.interaction_id for one in least]
    assert chance < set(drawn) and len(drawn) == 4


def test_chance_draws_what_was_judged_at_its_case_too_so_that_the_sample_is_fair(house: House) -> None:
    leap = "SELECT setval('understand_reading_id_seq', nextval('understand_reading_id_seq') + 1000000)"
    rows.fetch(leap, [])  # numbers leave gaps: of rows that were never kept
    house.hear("My parcel is broken and you do not answer")
    house.settle()
    commands.judge_intent(house.mona, house.case(), intent="complaint")
    house.settle()
    rows.run("UPDATE decide_wait SET state = 'done' WHERE state = 'open'", [])
    assert drawing.to_ask(house.leo, 5, given=0) == [], "what a person judged is not asked for being unsure"
    assert drawing.fill(1) == 1
    drawn = Label.objects.get()
    assert (drawn.drawn, drawn.user, drawn.verdict.intent_id) == ("random", house.mona, "complaint")
    assert agreement.report(house.leo, MONDAY).chance.cases == 1


def test_what_waits_at_its_case_is_not_asked_and_counts_when_it_is_judged_there(house: House) -> None:
    house.hear("My parcel is broken and you do not answer")
    house.settle()
    assert drawing.fill(1) == 1 and drawing.fill(1) == 0
    assert labelling.questions(house.leo, 5) == [] and Label.objects.get().at is None
    commands.judge_intent(house.mona, house.case(), intent="complaint")
    assert drawing.answered_at_cases() == 1
    assert Label.objects.get().user == house.mona


def test_each_number_is_the_length_of_the_list_behind_it(house: House) -> None:
    judged(house, said(house, 12))
    report = agreement.report(house.leo, MONDAY)
    assert report.all.cases == report.chance.cases == 12 and report.all.agree == 0
    for by, shares in report.by.items():
        assert sum(one.cases for one in shares) == 12
        for one in shares:
            for agrees, many in (("", one.cases), ("yes", one.agree), ("no", one.differ)):
                asked = Asked(by, one.key, agrees)
                assert len(agreement.behind(house.leo, MONDAY, asked, None)) == many
                assert agreement.count(house.leo, MONDAY, asked) == many
    assert agreement.report(house.olga, MONDAY).all.cases == 0
    assert agreement.behind(house.olga, MONDAY, Asked(), None) == []


def test_it_learns_is_in_use_in_every_process_and_its_readings_name_it(house: House) -> None:
    judged(house, said(house))
    assert jobs.learn_again() == 1
    version = ReaderVersion.objects.get(in_use=True)
    fixed, drawn = version.figures["fixed"], version.figures["random"]
    assert fixed["after"] > fixed["before"] and fixed["cases"] + drawn["cases"] >= 20
    assert (version.verdicts, version.state) == (60, "kept")
    house.hear("Where is my parcel 99", "new@people.example")
    house.settle()
    read = Reading.objects.select_related("reader").latest("id")
    assert (read.reader, read.intent_id) == (version, "partner")
    assert AuditEntry.objects.filter(verb="learned").count() == 1
    assert jobs.learn_again() == 0, "nothing is new"


def test_the_fixed_sample_is_never_learned_from(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    judged(house, said(house))
    learned: list[str] = []
    honest = retraining.learn

    def learn(lesson: Any, **more: Any) -> Model:
        learned.extend(lesson.texts)
        return honest(lesson, **more)

    monkeypatch.setattr(retraining, "learn", learn)
    jobs.learn_again()
    told = verdicts.newest()
    fixed = [one.text for one in told if one.fixed]
    assert len(fixed) > 15 and not set(fixed) & set(learned)
    held = [one.text for one in told if not one.fixed and one.held_out(1)]
    assert held and not set(held) & set(learned)


def test_a_version_that_is_worse_is_kept_with_its_figures_and_not_used(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(house, said(house))
    jobs.learn_again()
    good = ReaderVersion.objects.get(in_use=True)
    honest = retraining.lesson

    def upside_down(told: list[verdicts.Verdict]) -> Any:
        turned = {"partner": "privacy", "privacy": "partner"}
        return honest([one._replace(intent=turned[one.intent]) for one in told])

    monkeypatch.setattr(retraining, "lesson", upside_down)
    assert retraining.ask(house.leo) and jobs.learn_again() == 1
    bad = ReaderVersion.objects.exclude(pk=good.pk).filter(verdicts__gt=0).get()
    assert (bad.state, bad.in_use) == ("refused", False)
    assert bad.figures["fixed"]["after"] < bad.figures["fixed"]["before"]
    assert versions.in_use().version == good.name


@pytest.mark.parametrize(
    ("fixed", "drawn", "refused"),
    [
        (Sides(30, 20, 20), Sides(25, 20, 20), False), (Sides(30, 20, 19), Sides(25, 10, 25), True),
        (Sides(30, 20, 25), Sides(25, 20, 19), True), (Sides(5, 5, 4), Sides(30, 20, 21), False),
        (Sides(5, 5, 4), Sides(5, 5, 5), True), (Sides(0, 0, 0), Sides(0, 0, 0), True),
    ],
)  # fmt: skip
def test_worse_on_one_sample_is_worse(fixed: Sides, drawn: Sides, refused: bool) -> None:
    assert retraining.worse(fixed, drawn) is refused


def test_a_person_goes_back_to_an_earlier_version_and_to_the_starter_reader(house: House) -> None:
    judged(house, said(house))
    jobs.learn_again()
    version = ReaderVersion.objects.get(in_use=True)
    versions.go_back(house.leo, 0)
    assert versions.in_use() is reader.load()
    versions.go_back(house.leo, version.pk)
    assert versions.in_use().version == version.name
    assert AuditEntry.objects.filter(verb="chose the reader").count() == 2
    ReaderWeights.objects.filter(pk=version.pk).update(data=b"spoilt")
    with pytest.raises(model_file.Unfit):
        versions.go_back(house.leo, version.pk)


def test_weights_that_cannot_be_read_stop_nobody(house: House) -> None:
    bad = ReaderVersion.objects.create(name="learned bad", digest="d", in_use=True, verdicts=1)
    ReaderWeights.objects.create(version=bad, about={"format": 1}, data=b"")
    house.hear("Where is my parcel?")
    house.settle()
    assert Reading.objects.get().reader.name == reader.load().version


def test_a_worker_that_wakes_up_late_keeps_nothing(house: House) -> None:
    judged(house, said(house))
    retraining.look()
    old = lease.claim(Retraining, 1)
    rows.run("UPDATE understand_retraining SET leased_until = NULL", [])
    lease.claim(Retraining, 1)
    with pytest.raises(lease.LeaseLost):
        retraining.go_on(old)
    assert not ReaderVersion.objects.filter(verdicts__gt=0).exists()


def test_restricted_and_deleted_words_teach_nothing(house: House) -> None:
    numbers = said(house, 3)
    judged(house, numbers)
    restricted.restrict(house.leo, house.case("0@people.example"), reason="because")
    rows.run("UPDATE listen_interaction SET deleted_at = now() WHERE id = %s", [numbers[1]])
    assert [one.interaction for one in verdicts.newest()] == [numbers[2]]


def test_asking_takes_as_many_statements_for_many_as_for_one(house: House) -> None:
    said(house, 20)
    drawing.fill(5)
    counts = []
    for many in (6, 12):
        with CaptureQueriesContext(connection) as seen:
            labelling.questions(house.leo, many)
        counts.append(len(seen))
    assert counts[0] == counts[1]
