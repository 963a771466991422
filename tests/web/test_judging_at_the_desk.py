"""What each setting of who judges does at the desk: nothing suggested, suggested, filled in; how an answer begins."""

import html
import re

import pytest
from django.test import Client

from armature.arm.rule import rewriting
from armature.crm import rows
from armature.crm.accounts.models import Membership, Role, Team, User
from armature.crm.act import canned, drafts
from armature.crm.act.models import CannedResponse, Case, Response
from armature.crm.decide import publishing, tables, versions
from house import House
from visitors import PART, to_judge, visit

SAID = "Please cancel my subscription."


def setting(**outputs: str) -> None:
    """All rows of who judges say so, from now on."""
    table = tables.published(versions.newest_tables()["who_judges"])
    for row in table.rows:
        for key, value in outputs.items():
            table = rewriting.with_output(table, row.id, key, value)
    publishing.replace(table, "Said so")


def page(client: Client, case: Case) -> str:
    return html.unescape(client.get(f"/cases/open/{case.pk}").content.decode())


def dot(shown: str, which: str) -> str:
    return shown.partition(f'id="dot-{which}"')[2].partition("</li>")[0]


def row_of(client: Client, case: Case) -> str:
    listed = html.unescape(client.get("/cases/open?part=list", headers=PART).content.decode())
    return listed.partition(f"/cases/open/{case.pk}")[2].partition("</a>")[0]


def test_off_nothing_of_the_reading_is_shown_to_whoever_judges(house: House) -> None:
    setting(judging="off")
    case, mona = to_judge(house, SAID), visit(house.mona)
    shown = page(mona, case)
    intent = dot(shown, "intent")
    assert "not judged yet" in intent and "suggested," not in shown
    assert 'data-key="i"' not in shown and "mark class" not in shown
    choices = re.findall(r'name="intent" value="(\w+)"', intent)
    assert len(choices) == 12 and "cancel" in choices, "what is missing among the choices would tell it"
    assert "Kind of issue" not in intent and "Tone" not in intent
    assert "onfidence" not in dot(shown, "rule")
    assert 'class="intent"' not in row_of(mona, case)


def test_off_once_a_person_judged_both_stand_side_by_side(house: House) -> None:
    setting(judging="off")
    case, mona = to_judge(house, SAID), visit(house.mona)
    mona.post(f"/case/{case.pk}/intent", {"intent": "complaint"})
    intent = dot(page(mona, case), "intent")
    assert "by Mona" in intent and "<b>Complaint</b>" in intent
    assert re.search(r"The reader said</dt><dd><bdi>Cancellation</bdi> <small>\d+%", intent)
    assert 'class="intent"' in row_of(mona, case)


def test_off_the_row_that_asked_by_its_confidence_does_not_tell_it(house: House) -> None:
    setting(judging="off")
    case = to_judge(house, SAID, public=False)  # type: ignore[arg-type]
    assert "It was chosen by how it was read" in dot(page(visit(house.mona), case), "rule")


def test_suggest_it_is_shown_and_nothing_is_chosen_beforehand(house: House) -> None:
    setting(judging="suggest")
    case, mona = to_judge(house, SAID), visit(house.mona)
    shown = page(mona, case)
    intent = dot(shown, "intent")
    assert "suggested, " in intent and "<b>Cancellation</b>" in intent and '<mark class="evidence"' in shown
    assert 'data-key="i"' not in shown and "Confirm" not in intent
    assert len(re.findall(r'name="intent" value="(\w+)"', intent)) == 12
    assert 'class="intent"' in row_of(mona, case)
    mona.post(f"/case/{case.pk}/intent", {"intent": "cancel"})
    assert "by Mona" in dot(page(mona, case), "intent")


def test_draft_it_is_filled_in_and_one_key_confirms_it(house: House) -> None:
    setting(judging="draft")
    case = to_judge(house, SAID)
    shown = page(visit(house.mona), case)
    assert case.form == "intent", "a person is asked all the same"
    assert re.search(r'name="intent" value="cancel" data-key="i"', shown)


def test_automatic_nobody_is_asked(house: House) -> None:
    setting(judging="automatic")
    case = to_judge(house, SAID)
    assert case.form == "response"
    assert "suggested, " in dot(page(visit(house.mona), case), "intent"), "and the log says that no person judged"


def test_a_table_of_before_shows_the_desk_as_it_was(house: House) -> None:
    case = to_judge(house, SAID)
    rows.run("UPDATE decide_judgement SET catalogue = 2, snapshot = ((snapshot::jsonb - 41) - 40)::text", [])
    assert 'data-key="i"' in page(visit(house.mona), case)


@pytest.fixture
def offer(house: House) -> CannedResponse:
    """What the rule for cancellations names."""
    one = CannedResponse()
    return canned.keep(
        house.leo, one, name="An offer", shortcut="save_offer", text="Dear {{first_name}}, stay. {{case}}"
    )


def to_write(house: House) -> Case:
    return to_judge(house, SAID, name="Ingrid Berg")


def area(shown: str) -> str:
    return re.search(r'<textarea class="box" id="text"[^>]*>(.*?)</textarea>', shown, re.S)[1]  # type: ignore[index]


def test_an_answer_is_written_from_nothing_where_that_is_off(house: House, offer: CannedResponse) -> None:
    setting(judging="automatic", drafting="off")
    shown = page(visit(house.mona), to_write(house))
    assert area(shown) == "" and 'id="offered"' not in shown


def test_the_canned_response_is_offered_and_one_click_takes_it(house: House, offer: CannedResponse) -> None:
    setting(judging="automatic", drafting="suggest")
    case, mona = to_write(house), visit(house.mona)
    shown = page(mona, case)
    assert area(shown) == "" and 'data-key="v"' in shown and "Begin with “An offer”" in shown
    given = {"canned": offer.pk, "text": "", "version": 0, "seen": 0}
    mona.post(f"/case/{case.pk}/take-canned", given)
    assert area(page(mona, case)) == f"Dear Ingrid, stay. {case.pk}"
    given = {"canned": offer.pk, "text": "My words.", "version": 1, "seen": 0}
    mona.post(f"/case/{case.pk}/take-canned", given)
    assert area(page(mona, case)) == f"My words.\n\nDear Ingrid, stay. {case.pk}", "below what somebody typed"
    assert not Response.objects.exclude(state="draft").exists(), "nothing is released"


def test_the_answer_begins_with_it_and_leaves_only_when_somebody_sends_it(house: House, offer: CannedResponse) -> None:
    setting(judging="automatic", drafting="draft")
    User.objects.filter(pk=house.mona.pk).update(signature="Mona")
    case, mona = to_write(house), visit(house.mona)
    shown = page(mona, case)
    assert area(shown) == f"Dear Ingrid, stay. {case.pk}\n\nMona"
    assert "It begins with “An offer”, as the rules say." in shown
    house.settle()
    assert not Response.objects.exists(), "looking at it keeps and sends nothing"


def test_emptied_it_stays_empty_and_it_never_goes_over_what_somebody_typed(house: House, offer: CannedResponse) -> None:
    setting(judging="automatic", drafting="draft")
    case, mona = to_write(house), visit(house.mona)
    mona.post(f"/case/{case.pk}/draft", {"text": "", "quietly": "1"}, headers=PART)
    shown = page(mona, case)
    assert area(shown) == "" and "Begin with “An offer”" in shown
    mona.post(f"/case/{case.pk}/discard")
    assert area(page(mona, case)) == "", "thrown away is thrown away"
    drafts.save(house.leo, case, text="Leo writes.")
    assert area(page(visit(house.nia), case)) == "", "a colleague is at it"
    assert area(page(visit(house.leo), case)) == "Leo writes."


def test_without_such_a_response_nothing_happens_and_that_of_another_team_is_none(house: House) -> None:
    setting(judging="automatic", drafting="draft")
    sales, case = Team.objects.get(key="sales"), to_write(house)
    CannedResponse.objects.create(name="Theirs", shortcut="save_offer", text="No", team=sales, by=house.leo)
    mona = visit(house.mona)
    assert area(page(mona, case)) == "" and "Theirs" not in page(mona, case)
    other = User.objects.create_user("eva@shop.example", "Eva", "a good password")
    Membership.objects.create(user=other, role=Role.AGENT, team=sales)
    theirs = CannedResponse.objects.get()
    answer = mona.post(f"/case/{case.pk}/take-canned", {"canned": theirs.pk, "text": ""}, follow=True)
    assert "it is not for this case" in answer.content.decode()
    assert visit(other).post(f"/case/{case.pk}/take-canned", {"canned": theirs.pk}).status_code == 404


def test_one_that_asks_for_a_survey_is_only_offered(house: House) -> None:
    setting(judging="automatic", drafting="draft")
    canned.keep(house.leo, CannedResponse(), name="Ask", shortcut="save_offer", text="Tell us: {{survey}}")
    shown = page(visit(house.mona), to_write(house))
    assert area(shown) == "" and "Begin with “Ask”" in shown
