"""Who judges: read by everybody, changed by leads, put in force only where it was measured, else refused at its row."""

import html
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from armature.crm.accounts.models import Brand, Membership, Role, User
from armature.crm.act.models import CannedResponse, Notice
from armature.crm.decide import tables, versions
from armature.crm.decide.drawn import Draft
from armature.crm.learn.who_judges import checking
from armature.crm.learn.who_judges.models import JudgesRule
from house import House
from labelled import labelled
from visitors import visit

HERE, CHANGE, PUBLISH = "/who-judges", "/who-judges/who_judges/change", "/who-judges/who_judges/publish"
HELD = "nobody would look at what falls here"


def shown(client: Client, address: str = HERE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def change(client: Client, deed: str, **more: object) -> str:
    draft = Draft.objects.first()
    given = {"do": deed, "revision": draft.revision if draft else 0, **more}
    answer = client.post(CHANGE, given, follow=True)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def row(name: str) -> dict[str, object]:
    rows = json.loads(Draft.objects.get().body)["rows"]
    found: dict[str, object] = next(one for one in rows if one["id"] == name)
    return found


def publish(client: Client, **more: object) -> str:
    given = {"do": "publish", "note": "Measured", "revision": Draft.objects.get().revision, **more}
    return html.unescape(client.post(PUBLISH, given, follow=True).content.decode())


def test_everybody_reads_it_as_sentences_with_the_settings_in_words(house: House) -> None:
    page = shown(visit(house.mona))
    assert "When it is in public, whatever the confidence" in page
    assert "Filled in; a person confirms with one key" in page
    assert f'action="{CHANGE}"' not in page, "agents do not draw"
    assert "No labelled message that was drawn by chance falls here yet." in page


def test_a_lead_chooses_a_setting_and_it_runs_only_once_it_is_put_in_force(house: House, anna: User) -> None:
    leo = visit(house.leo)
    page = change(leo, "keep J02", judging="off", drafting="draft", judge_team="support", judge_minutes="30")
    assert "This is a draft, changed last by Leo." in page
    assert row("J02")["then"] == {"judging": "off", "drafting": "draft", "judge_team": "support", "judge_minutes": 30}
    assert tables.published(versions.newest_tables()["who_judges"]).rows[1].then["judging"] == "draft"
    assert Draft.objects.get().begun_from == 1
    publish(visit(anna))
    assert tables.published(versions.newest_tables()["who_judges"]).rows[1].then["judging"] == "off"
    assert not Draft.objects.exists()


def test_automatic_is_refused_at_its_row_before_and_when_one_publishes(house: House, anna: User) -> None:
    client = visit(anna)
    labelled(house, 28, 4)
    page = change(client, "keep J04", judging="automatic")
    assert page.count(HELD) == 1 and "the reader was right about 28" in page
    assert "This cannot be put in force yet: mend what is marked." in page
    grid = html.unescape(client.get("/tables/who_judges/draft").content.decode())
    assert HELD in grid and "the reader was right about 28" in grid
    tried = client.get("/tables/who_judges/draft/try?do=try&fact-confidence=0.9").content.decode()
    assert HELD in html.unescape(tried)
    for address in (PUBLISH, "/tables/who_judges/draft/publish"):
        given = {"do": "publish", "note": "Nobody looks", "revision": Draft.objects.get().revision}
        answer = client.post(address, given)
        assert answer.status_code == 422 and HELD in html.unescape(answer.content.decode())
    assert versions.newest_tables()["who_judges"].version == 1


def test_the_road_of_maps_takes_no_table_along(house: House, anna: User) -> None:
    client = visit(anna)
    change(client, "keep J04", judging="automatic")
    client.post("/maps/reactive/draft/begin")
    draft = Draft.objects.get(kind="map")
    client.post("/maps/reactive/draft/publish", {"do": "publish", "note": "Both", "revision": draft.revision})
    assert tables.published(versions.newest_tables()["who_judges"]).rows[3].then["judging"] == "draft"


def test_where_it_was_measured_automatic_is_put_in_force(house: House, anna: User) -> None:
    labelled(house, 60)
    client = visit(anna)
    page = shown(client)
    assert "Of 60 labelled messages drawn by chance the reader was right about 60" in page
    assert "It would let through 60 of the newest 60 messages, about 14 a week." in page
    assert HELD not in change(client, "keep J04", judging="automatic")
    assert "In force from the next message on." in publish(client)
    assert "Without a person: 60 of the newest 60 messages" in shown(client)


def test_how_many_labels_are_missing_is_said_and_leads_to_labelling(house: House, anna: User) -> None:
    labelled(house, 10)
    page = shown(visit(anna))
    assert "42 more labelled messages, if the reader is right about all of them" in page
    assert 'href="/reader/label"' in page


def test_a_row_for_a_channel_and_a_confidence_is_added_above_and_removed(house: House) -> None:
    leo = visit(house.leo)
    change(leo, "add", above="J02", judging="suggest", drafting="off", judge_team="support",
           judge_minutes="5", **{"when-channel": "email", "when-public": "no", "from": "60", "below": "80 %",
                                 "followers": "10"})  # fmt: skip
    assert row("R01")["when"] == {
        "channel": {"one_of": ["email"]}, "public": False, "followers": {">=": 10},
        "confidence": {">=": 0.6, "<": 0.8},
    }  # fmt: skip
    assert [one["id"] for one in json.loads(Draft.objects.get().body)["rows"]][:2] == ["J01", "R01"]
    change(leo, "remove R01")
    assert "R01" not in Draft.objects.get().body
    change(leo, "undo")
    assert "R01" in Draft.objects.get().body
    assert "The last row takes what is left: it stays." in change(leo, "remove J00")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"from": "lots"}, "Confidence from: give a number from 0 to 100."),
        ({"below": "101"}, "Confidence below: give a number from 0 to 100."),
        ({"followers": "-1"}, "Followers from: give a number from 0"),
        ({"from": "90", "below": "80"}, "“from” must be less than “below”"),
        ({"from": "9" * 500}, "Confidence from: give a number"),
        ({"judging": "never\x00"}, "Why it was written: choose one of the list"),
        ({"drafting": "automatic"}, "The answer: choose one of the list"),
        ({"judge_minutes": "0"}, "Minutes to judge: choose one of the list, or give a number from 1 on."),
        ({"above": "J99"}, "This row is not there any more."),
    ],
)
def test_what_cannot_be_is_refused_by_the_name_of_its_field(house: House, given: dict[str, str], says: str) -> None:
    assert says in change(visit(house.leo), "add", **{"above": "J02", **given})
    assert not Draft.objects.exists(), "no draft is left of it"


def test_who_may_not_draw_changes_nothing_and_two_who_draw_overwrite_nothing(house: House) -> None:
    assert "drawn by leads and administrators" in change(visit(house.mona), "keep J02", judging="off")
    assert not Draft.objects.exists()
    leo = visit(house.leo)
    change(leo, "keep J02", judging="off")
    change(leo, "keep J02", judging="suggest")
    answer = leo.post(CHANGE, {"do": "keep J02", "judging": "draft", "revision": 1}, follow=True).content.decode()
    assert "changed this draft meanwhile" in answer and row("J02")["then"]["judging"] == "suggest"  # type: ignore[index]
    assert leo.post("/who-judges/business_rules/change", {"do": "add", "revision": 0}).status_code == 404
    assert not Draft.objects.filter(key="business_rules").exists()


def test_the_bound_is_set_by_administrators_of_all_in_percent(house: House, anna: User) -> None:
    assert "This needs an administrator" in visit(house.leo).post(
        "/who-judges/bound", {"bound": "60"}, follow=True
    ).content.decode()  # fmt: skip
    client = visit(anna)
    client.post("/who-judges/bound", {"bound": "97,5 %"})
    assert JudgesRule.objects.get().bound == 0.975
    for wrong in ("", "49", "100", "nan", "1e400", "\x00", "²"):
        page = client.post("/who-judges/bound", {"bound": wrong}, follow=True).content.decode()
        assert "give a share from 50 to 99.9 percent" in page
    assert JudgesRule.objects.get().bound == 0.975
    assert "no less than 97.5 %" in shown(client)


def test_a_lead_of_another_brand_sees_no_figure_of_cases_that_are_not_theirs(house: House, anna: User) -> None:
    labelled(house, 28, 4)
    lea = User.objects.create_user("lea@shop.example", "Lea", "a good password")
    Membership.objects.create(user=lea, role=Role.LEAD, brand=Brand.objects.create(key="other", name="Other"))
    client = visit(lea)
    change(client, "keep J04", judging="automatic")
    page = shown(client)
    assert "0 labelled messages were drawn by chance." in page and "0 of the newest 0 messages" in page
    assert HELD in page and "28" not in page.partition("<main")[2]
    assert "28" not in html.unescape(client.get("/tables/who_judges/draft").content.decode()).partition(HELD)[2][:300]
    assert client.get("/who-judges/checks").status_code == 404
    assert "32 labelled messages were drawn by chance." in shown(visit(anna))


def test_what_the_weekly_check_found_stands_in_a_list_and_its_notice_leads_here(house: House, anna: User) -> None:
    house.let_the_reader_judge()
    labelled(house, 28, 4)
    checking.look()
    client = visit(anna)
    page = shown(client, "/who-judges/checks")
    assert "people judge again" in page and "28 of 32 labelled messages right" in page and "95 % asked for" in page
    notice = Notice.objects.get(user=anna)
    assert client.post(f"/notices/{notice.pk}/read").headers["Location"] == HERE
    assert "Last weekly check:" in shown(client)


def test_canned_responses_that_rules_name_and_nobody_keeps_are_told(house: House) -> None:
    page = shown(visit(house.leo))
    assert "Rules name canned responses that nobody keeps" in page and "save_offer" in page
    CannedResponse.objects.create(name="Offer", shortcut="save_offer", text="Stay", by=house.leo)
    assert "save_offer" not in shown(visit(house.leo))


def test_the_page_costs_the_same_few_statements_however_many_rows_there_are(house: House, anna: User) -> None:
    client = visit(anna)

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            shown(client)
        return len(found)

    change(client, "add", above="J02", **{"when-channel": "x"})
    labelled(house, 1)
    few = cost()
    labelled(house, 5)
    for channel in ("sms", "blog", "forum"):
        change(client, "add", above="J02", **{"when-channel": channel})
    assert cost() == few
