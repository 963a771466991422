"""Rules are drawn in a grid, checked with each change, tried, put in force; by hand or from a spreadsheet."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from armature.crm.accounts.models import User
from armature.crm.decide import drafts, tables, versions
from armature.crm.decide.drawn import Draft, RuleList
from armature.crm.decide.models import Judgement
from house import House
from visitors import PART, visit

DRAFT = "/tables/business_rules/draft"


@pytest.fixture
def leo(house: House) -> Client:
    """A lead who draws the business rules."""
    client = visit(house.leo)
    assert client.post("/tables/business_rules/begin").headers["Location"] == DRAFT
    return client


def _revision() -> int:
    return Draft.objects.get().revision


def _do(client: Client, deed: str, **more: object) -> str:
    given = {"do": deed, "revision": _revision(), **more}
    answer = client.post(f"{DRAFT}/change", given, headers=PART)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def _cell(client: Client, row: str, field: str, fills: bool = False, **given: object) -> str:
    data = {f"{'then' if fills else 'when'}-{field}{name}": value for name, value in given.items()}
    data |= {"fields": f"{'then' if fills else 'when'}-{field}", "revision": _revision()}
    answer = client.post(f"{DRAFT}/row?row={row}&field={field}", data, headers=PART)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def _row(name: str) -> dict[str, object]:
    found: dict[str, object] = next(r for r in json.loads(Draft.objects.get().body)["rows"] if r["id"] == name)
    return found


def _ids() -> list[str]:
    return [row["id"] for row in json.loads(Draft.objects.get().body)["rows"]]


def test_everybody_reads_the_rules_and_only_leads_draw_them(house: House, leo: Client) -> None:
    mona = visit(house.mona)
    page = mona.get("/tables/business_rules").content.decode()
    assert "When it is a cancellation: Retention" in page and "50,000 followers or more" in page
    assert "draft" not in page.lower()
    for address in (DRAFT, f"{DRAFT}/row?row=R04", f"{DRAFT}/try"):
        assert mona.get(address).status_code == 404
    for deed in ("change", "publish", "bring-in"):
        assert mona.post(f"{DRAFT}/{deed}", {"revision": 1}).status_code == 404
    assert "Draft by" not in mona.get("/tables").content.decode()
    assert "Draft by Leo" in leo.get("/tables").content.decode()


def test_a_cell_that_is_changed_is_checked_at_once_and_undone(leo: Client) -> None:
    page = _cell(leo, "R07", "public", **{"-is": "yes"})
    assert "Row R07 can never fire: row R06 always fires first" in page
    assert _row("R07")["when"] == {"intent": {"one_of": ["complaint"]}, "public": True}
    page = _do(leo, "undo")
    assert "can never fire" not in page and _row("R07")["when"] == {"intent": {"one_of": ["complaint"]}}
    again = leo.post(f"{DRAFT}/change", {"do": "undo", "revision": _revision()}, headers=PART)
    assert again.status_code == 422 and "no change to take back" in again.content.decode()


def test_each_type_has_its_picker_and_what_it_gives_is_read(leo: Client) -> None:
    _cell(leo, "R04", "followers", **{"-low-sign": ">=", "-low": "5,000", "-high-sign": "<", "-high": "9000"})
    _cell(leo, "R04", "language", **{"-how": "not", "-one": ["en"], "-more": "nn\r\nsv"})
    _cell(leo, "R04", "said", **{"-more": "contract\nfine, print"})
    assert _row("R04")["when"] == {
        "intent": {"one_of": ["cancel"]}, "followers": {">=": 5000, "<": 9000},
        "language": {"none_of": ["en", "nn", "sv"]}, "said": {"contains": ["contract", "fine, print"]},
    }  # fmt: skip
    form = leo.get(f"{DRAFT}/row?row=R04").content.decode()
    assert 'value="5000"' in form and "fine, print" in form and "nn\nsv" in form
    _cell(leo, "R04", "team", fills=True, **{"": "legal"})
    _cell(leo, "R04", "approval", fills=True, **{"": "no"})
    assert _row("R04")["then"]["team"] == "legal" and _row("R04")["then"]["approval"] is False  # type: ignore[index]
    _cell(leo, "R04", "followers")
    assert "followers" not in _row("R04")["when"]  # type: ignore[operator]


def test_what_cannot_be_read_stays_as_it_was_typed_and_is_named(leo: Client) -> None:
    page = _cell(leo, "R04", "followers", **{"-low-sign": ">=", "-low": "many"})
    assert "Row R04, Followers: &quot;&gt;= many&quot; is not a number test" in page
    assert 'value="&gt;= many"' in leo.get(f"{DRAFT}/row?row=R04&field=followers").content.decode()
    page = _cell(leo, "R04", "team", fills=True, **{"": "nobody"})
    assert "Row R04, Team: &quot;nobody&quot; is not one of" in page


def test_rows_are_added_doubled_moved_and_removed_where_nobody_uses_a_script(leo: Client) -> None:
    for deed in ("add R04", "double R02", "up R07", "remove R12", "up R01"):
        done = leo.post(f"{DRAFT}/change", {"do": deed, "revision": _revision()})
        assert done.headers["Location"] == DRAFT
    ids = _ids()
    assert ids[:3] == ["R01", "R14", "R02"] and ids[ids.index("R04") - 1] == "R13"
    assert ids.index("R07") == ids.index("R06") - 1 and "R12" not in ids and ids[-1] == "R00"


def test_cells_of_a_spreadsheet_are_pasted_from_the_chosen_cell_on_and_rows_are_added(leo: Client) -> None:
    _do(leo, "paste", row="R12", field="intent", text="praise, thanks\t>= 0.5\nquestion\tany\nspam\t\n")
    assert _row("R12")["when"] == {"public": True, "intent": "praise, thanks", "sentiment": ">= 0.5"}
    assert _row("R00")["when"] == {"intent": "question"} and _ids()[-1] == "R13"
    assert _row("R13")["when"] == {"intent": "spam"}


def test_of_two_who_draw_at_once_the_second_is_told_and_sees_how_it_stands(
    house: House, leo: Client, anna: User
) -> None:
    begun = _revision()
    visit(anna).post(f"{DRAFT}/change", {"do": "remove R12", "revision": begun})
    late = leo.post(f"{DRAFT}/change", {"do": "remove R11", "revision": begun}, headers=PART)
    assert late.status_code == 409 and "Anna changed this draft meanwhile" in late.content.decode()
    assert "R11" in _ids() and 'data-row="R12"' not in late.content.decode()


def test_a_table_goes_out_as_csv_and_comes_in_again_unchanged(leo: Client) -> None:
    for form in ("csv", "xlsx"):
        file = io.BytesIO(leo.get(f"/tables/business_rules.{form}").content)
        file.name = f"rules.{form}"
        leo.post(f"{DRAFT}/bring-in", {"file": file, "revision": _revision()})
        facts = drafts.Draft.objects.get()
        assert tables.drawn(facts).outputs == tables.published(versions.newest_tables()["business_rules"]).outputs
        page = leo.get(DRAFT).content.decode()
        assert "Nothing to mend" in page and "When it is a cancellation: Retention, priority 2, within 2 hours" in page
    broken = io.BytesIO(b"row,when folowers\nR1,5\n")
    broken.name = "broken.csv"
    page = leo.post(f"{DRAFT}/bring-in", {"file": broken, "revision": _revision()}, follow=True).content.decode()
    assert "There is no fact or output called" in page and "folowers" in page


def test_no_cell_of_an_export_is_run_by_a_spreadsheet(leo: Client, house: House, anna: User) -> None:
    _cell(leo, "R04", "template", fills=True, **{"": "=HYPERLINK(1)"})
    leo.post(f"{DRAFT}/row?row=R04", {"fields": "x", "note": "@SUM(1)", "revision": _revision()})
    visit(anna).post(f"{DRAFT}/publish", {"do": "publish", "note": "A try", "revision": _revision()})
    told = leo.get("/tables/business_rules.csv").content.decode("utf-8-sig")
    cells = [cell for line in csv.reader(io.StringIO(told)) for cell in line]
    assert (
        "'=HYPERLINK(1)" in cells and "'@SUM(1)" in cells and not [one for one in cells if one.startswith(("=", "@"))]
    )


def test_a_draft_is_put_in_force_and_a_new_mail_takes_the_new_row(leo: Client, house: House, anna: User) -> None:
    house.let_the_reader_judge()
    _cell(leo, "R04", "team", fills=True, **{"": "legal"})
    nothing = leo.post(f"{DRAFT}/publish", {"do": "publish", "note": "Mine", "revision": _revision()})
    assert nothing.status_code == 422
    leo.post(f"{DRAFT}/publish", {"do": "ask", "note": "Legal looks at these", "revision": _revision()})
    admin = visit(anna)
    assert "Legal looks at these" in admin.get(DRAFT).content.decode()
    without = admin.post(f"{DRAFT}/publish", {"do": "publish", "note": "", "revision": _revision()})
    assert without.status_code == 422 and "say in 1 to 300 characters" in without.content.decode()
    done = admin.post(f"{DRAFT}/publish", {"do": "publish", "note": "Legal", "revision": _revision()})
    assert done.headers["Location"] == "/tables/business_rules" and not Draft.objects.exists()
    house.hear("Please cancel my subscription.", public=False)
    house.settle()
    assert "business_rules:R04" in Judgement.objects.latest("id").rows
    page = admin.get("/tables/business_rules/versions?from=1&to=2").content.decode()
    assert "<del>Retention</del>" in page and "<ins>Legal</ins>" in page
    assert tables.fell("business_rules") == ({"R04": 1}, 1)
    assert "100 % (1 of 1)" in admin.get("/tables/business_rules").content.decode()


def test_going_back_begins_a_draft_that_reads_like_the_earlier_version(leo: Client, house: House, anna: User) -> None:
    _do(leo, "remove R12")
    admin = visit(anna)
    admin.post(f"{DRAFT}/publish", {"do": "publish", "note": "Fewer", "revision": _revision()})
    assert leo.post("/tables/business_rules/begin", {"version": "1"}).headers["Location"] == DRAFT
    assert "R12" in _ids()
    assert leo.post("/tables/nothing/begin").status_code == 404


def test_a_draft_with_errors_is_refused_with_all_of_them(leo: Client, anna: User) -> None:
    _cell(leo, "R04", "followers", **{"-low-sign": ">=", "-low": "many"})
    done = visit(anna).post(f"{DRAFT}/publish", {"do": "publish", "note": "x", "revision": _revision()})
    assert done.status_code == 422 and "mend what is marked" in done.content.decode()
    assert Draft.objects.exists()


def test_trying_says_the_row_that_fires_and_why_none_above_it_does(leo: Client, house: House) -> None:
    page = leo.get(f"{DRAFT}/try?do=try&fact-intent=cancel&fact-followers=3").content.decode()
    assert "This row fires" in page and '<strong translate="no">R04</strong>' in page
    assert page.count("<tr>") == 4 and "cancellation" in page.lower()
    house.hear("There is a fire in my kitchen because of you.", public=False)
    house.settle()
    case = house.case()
    page = leo.get(f"{DRAFT}/try?case={case.pk}").content.decode()
    assert '<strong translate="no">R01</strong>' in page
    hidden = visit(house.olga)
    assert hidden.get(f"{DRAFT}/try?case={case.pk}").status_code == 404
    assert leo.get(f"{DRAFT}/try?case=99999").status_code == 404


def test_a_new_table_begins_with_one_row_and_says_what_is_missing(leo: Client) -> None:
    made = leo.post("/tables", {"name": "Who calls back"})
    assert made.headers["Location"] == "/tables/who_calls_back/draft"
    assert "&quot;Team&quot; is missing" in leo.get("/tables/who_calls_back/draft").content.decode()
    refused = leo.post("/tables", {"name": " "})
    assert refused.status_code == 422 and "say in 1 to 100 characters" in refused.content.decode()


def test_a_list_is_kept_once_and_a_table_runs_with_what_was_on_it_when_it_was_published(
    leo: Client, house: House, anna: User
) -> None:
    house.let_the_reader_judge()
    assert leo.post("/lists", {"name": "Dangerous words", "entries": "explosion\r\nsmoke"}).status_code == 302
    _cell(leo, "R01", "said", **{"-list": "dangerous-words"})
    assert _row("R01")["when"] == {"said": {"in_list": "dangerous-words"}}
    admin = visit(anna)
    admin.post(f"{DRAFT}/publish", {"do": "publish", "note": "A list", "revision": _revision()})
    kept = json.loads(versions.newest_tables()["business_rules"].body)["lists"]
    assert kept == {"dangerous-words": ["explosion", "smoke"]}
    leo.post("/lists/dangerous-words", {"name": "Dangerous words", "entries": "explosion\nsmoke\nsparks"})
    assert "runs with an earlier list" in leo.get("/lists/dangerous-words").content.decode()
    house.hear("Please cancel my subscription. Sparks!", public=False)
    house.settle()
    assert "business_rules:R01" not in Judgement.objects.latest("id").rows
    leo.post("/lists/dangerous-words/carry-on", {"do": "carry"})
    admin.post(f"{DRAFT}/publish", {"do": "publish", "note": "Sparks", "revision": _revision()})
    house.hear("Please cancel my subscription. Sparks!", author="new@people.example", public=False)
    house.settle()
    assert "business_rules:R01" in Judgement.objects.latest("id").rows
    leo.post("/lists/dangerous-words/carry-on", {"do": "remove"})
    assert RuleList.objects.exists()
    assert visit(house.mona).post("/lists/dangerous-words", {"name": "x", "entries": ""}).status_code == 422


def test_pages_of_rules_take_as_many_queries_however_many_rows_there_are(leo: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert leo.get(DRAFT).status_code == 200
        return len(captured)

    _do(leo, "double R05")
    few = queries()
    for _each in range(10):
        _do(leo, "double R05")
    assert queries() == few


def test_the_last_fifty_changes_can_be_undone(leo: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "KEPT", 3)
    for _each in range(5):
        _do(leo, "add")
    assert Draft.objects.get().before.count() == 3
    for _each in range(3):
        _do(leo, "undo")
    assert len(_ids()) == 15


def test_strange_values_break_nothing(leo: Client) -> None:
    for row in ("", "R99", "x" * 500, "<b>"):
        assert leo.get(f"{DRAFT}/row", {"row": row}).status_code == 404
    for deed in ("", "boom", "add R99", "fill", "remove"):
        answer = leo.post(f"{DRAFT}/change", {"do": deed, "revision": _revision(), "output": "nothing"}, headers=PART)
        assert answer.status_code == 422, deed
    for address in ("/tables/nothing", "/tables/business_rules?version=99", "/tables/business_rules.exe",
                    "/tables/business_rules/versions?from=x&to=1", "/lists/nothing"):  # fmt: skip
        assert leo.get(address).status_code == 404
    for form in ("json", "dmn"):
        assert leo.get(f"/tables/business_rules.{form}").status_code == 200


def test_a_row_asks_whether_somebody_is_on_a_list_of_people(leo: Client, house: House, anna: User) -> None:
    house.let_the_reader_judge()
    leo.post("/lists", {"name": "VIPs", "entries": "ingrid@people.example"})
    _do(leo, "double R04")
    page = _cell(leo, "R13", "author", **{"-list": "vips"})
    assert "When it is a cancellation written by ingrid@people.example: Retention" in page
    visit(anna).post(f"{DRAFT}/publish", {"do": "publish", "note": "VIPs", "revision": _revision()})
    for author, row in (("Ingrid@people.example", "R13"), ("new@people.example", "R04")):
        house.hear("Please cancel my subscription.", author=author, public=False)
        house.settle()
        assert f"business_rules:{row}" in Judgement.objects.latest("id").rows
