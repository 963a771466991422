"""Search: what was said, answered and noted, people and numbers; ranked, marked, and only what one may see."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from armature.crm.act import commands, fitting, notes, queries, responses, search
from armature.crm.web.search import as_markup
from house import House
from visitors import stranger, to_judge, visit


@pytest.fixture(autouse=True, params=["from their cases", "from the newest rows"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Who sees few cases is searched from these, who sees many from the newest rows: both find the same."""
    if request.param == "from the newest rows":
        monkeypatch.setattr(fitting, "FEW", -1)
    return str(request.param)


def found(client: Client, asked: str) -> str:
    page = client.get("/search", {"q": asked})
    assert page.status_code == 200
    return page.content.decode()


def numbers(house: House, asked: str) -> list[int]:
    return [hit.case.pk for hit in search.find(house.mona, asked).hits]


def test_a_case_is_found_by_the_words_said_in_it_and_they_are_marked(house: House) -> None:
    case = to_judge(house, "The zipper of my tent tore on the first night.")
    assert numbers(house, "zipper tent") == [case.pk]
    assert numbers(house, "zip") == [case.pk]
    assert numbers(house, "zipper boat") == []
    assert "<mark>zipper</mark>" in found(visit(house.mona), "zipper")


def test_a_case_is_found_by_name_handle_and_number(house: House) -> None:
    case = to_judge(house, "Hello there.", author="ingrid.solberg@people.example", name="Ingrid Solberg")
    other = to_judge(house, "Something else.", author="tom@people.example")
    for asked in ("ingrid", "Solberg", "ingrid.solberg@people.example", f"#{case.pk}", str(case.pk)):
        assert numbers(house, asked)[0] == case.pk, asked
    assert other.pk not in numbers(house, "Solberg")


def test_a_case_is_found_by_a_note_and_by_our_answer(house: House) -> None:
    case = to_judge(house, "The tent is broken.")
    notes.add_note(house.mona, case, text="A regular from Tromsoe")
    commands.judge_intent(house.mona, case, intent="complaint")
    house.settle()
    responses.write(house.mona, case, text="A replacement pole leaves today.", seen=queries.last_said(case))
    house.settle()
    assert numbers(house, "Tromsoe") == [case.pk]
    assert numbers(house, "replacement") == [case.pk]


def test_the_best_stands_first_and_a_case_once(house: House) -> None:
    little = to_judge(house, "A tent and many other things that it has nothing to do with.", author="a@x.example")
    much = to_judge(house, "tent tent tent", author="b@x.example")
    house.hear("tent again", author="b@x.example", in_reply_to="said-2")
    house.settle()
    assert numbers(house, "tent") == [much.pk, little.pk]


def test_nobody_finds_what_they_may_not_see(house: House) -> None:
    case = to_judge(house, "The zipper of my tent tore.")
    notes.add_note(house.mona, case, text="secret note")
    for user in (house.olga, stranger()):
        for asked in ("zipper", "secret", "ingrid", str(case.pk)):
            page = found(visit(user), asked)
            assert f"/cases/open/{case.pk}" not in page
            assert "tore" not in page


@pytest.mark.parametrize(
    "asked",
    ["", "   ", "!!!", "a & b | !c", "'); DROP TABLE x; --", "\x00zip", "<b>", "%", "\u202e", "x" * 5000, ":*", "١٢٣"],
)
def test_whatever_is_typed_is_only_words(house: House, asked: str) -> None:
    to_judge(house, "The zipper of my tent tore.")
    assert "<b>zip" not in found(visit(house.mona), asked)


def test_markup_that_somebody_wrote_is_shown_as_text(house: House) -> None:
    to_judge(house, "Look <script>alert(1)</script> zipper <img src=x>")
    page = found(visit(house.mona), "zipper")
    assert "<script>alert" not in page
    assert "<img" not in page
    assert as_markup(f"<b>{search.BEGIN}<i>{search.END}") == "&lt;b&gt;<mark>&lt;i&gt;</mark>"


def test_more_cases_need_no_more_queries(house: House) -> None:
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            found(client, "tent")
        return len(seen)

    client = visit(house.mona)
    to_judge(house, "tent one", author="a@x.example")
    few = statements()
    for number in range(6):
        house.hear("tent", author=f"p{number}@x.example")
    house.settle()
    assert statements() == few


def test_words_that_stand_everywhere_end_the_search_and_the_page_says_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        to_judge(house, "A tent.", author=f"p{number}@people.example")
    assert search.find(house.mona, "tent").whole
    assert "only the newest" not in found(visit(house.mona), "tent")
    monkeypatch.setattr(search, "MOST", 4)
    few = search.find(house.mona, "tent")
    assert (len(few.hits), few.whole) == (4, False)
    assert "only the newest" in found(visit(house.mona), "tent")
