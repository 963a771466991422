"""What came of a survey: figures that are right, words only for those who may see the case, a table nobody can run."""

import csv
import io
from typing import Any

import pytest
import segno
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from armature.crm.accounts.models import AuditEntry, AuditValue, Membership, Role, Team, User
from armature.crm.act import restricted, survey_results
from armature.crm.act.models import Case
from armature.crm.act.survey_results import Figures
from armature.crm.channels.survey.wording import Question
from armature.crm.listen.surveys.models import Survey, SurveyAnswer
from asked import WHAT, WHY, answer, make_survey, open_address
from house import House
from visitors import stranger, visit


def told(house: House, survey: Survey, *ratings: int, **given: Any) -> None:
    """Somebody gives each of these ratings."""
    for number, rating in enumerate(ratings):
        once = f"form-{SurveyAnswer.objects.count()}-{number:04}"
        words = {"q-why": f"Words {rating}.", "q-what": "Boots", **given}
        assert answer(open_address(survey), once=once, rating=str(rating), **words).status_code == 302
    house.settle()


NUMBERS = [
    ("nps", {0: 1, 6: 1, 7: 1, 8: 1, 9: 1, 10: 2}, 14), ("nps", {6: 1}, -100), ("nps", {9: 1}, 100),
    ("csat", {1: 1, 3: 1, 4: 1, 5: 1}, 50), ("ces", {1: 1, 7: 2}, 5.0), ("csat", {}, None), ("own", {}, None),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "ratings", "result"), NUMBERS)
def test_a_result_is_what_its_name_says(kind: str, ratings: dict[int, int], result: float | None) -> None:
    assert Figures(kind, ratings).result == result


def test_promoters_passives_and_detractors_are_all_who_rated() -> None:
    figures = Figures("nps", dict.fromkeys(range(11), 1), 3)
    assert (figures.detractors, figures.passives, figures.promoters) == (7, 2, 2)
    assert (figures.rated, figures.answers) == (11, 14)


def test_the_page_shows_figures_charts_and_words(house: House) -> None:
    survey = make_survey(house)
    told(house, survey, 10, 9, 2)
    shown = visit(house.leo).get(f"/surveys/{survey.pk}").content.decode()
    assert "<dd>33</dd>" in shown
    assert [f"Words {n}." in shown for n in (10, 9, 2)] == [True] * 3
    assert 'class="course"' in shown and shown.count('class="point"') == 1
    assert "style=" not in shown and "<script>" not in shown


def test_questions_are_counted_answer_by_answer_also_those_that_are_asked_no_longer(house: House) -> None:
    asked = (Question("m", "choices", "Which?", ("A", "B")), Question("n", "number", "How often?", low=0, high=2),
             Question("y", "yes_no", "Again?"), WHAT)  # fmt: skip
    survey = make_survey(house, questions=asked)
    told(house, survey, 9, 9, **{"q-m": ["A", "B"], "q-n": "0", "q-y": "yes"})
    told(house, survey, 9, **{"q-m": ["B"], "q-n": "2"})
    found = survey_results.by_question(house.leo, survey, [*asked, Question("gone", "choice", "Gone?", ("X",))], None)
    assert [dict(one.counts) for one in found] == [
        {"A": 2, "B": 3}, {"0": 2, "1": 0, "2": 1}, {"yes": 2, "no": 0}, {"Delivery": 0, "Boots": 3}, {"X": 0},
    ]  # fmt: skip


def test_an_option_that_is_offered_no_longer_is_still_counted_as_it_was_worded(house: House) -> None:
    survey = make_survey(house)
    told(house, survey, 9)
    found = survey_results.by_question(house.leo, survey, [Question("what", "choice", "What?", ("Shoes",))], None)
    assert found[0].counts == [("Shoes", 0), ("Boots", 1)]


def test_nobody_sees_words_or_counts_of_a_case_that_is_not_theirs(house: House) -> None:
    survey = make_survey(house)
    told(house, survey, 1, 2)
    Case.objects.update(team="support", asks="support")
    sam = stranger()
    assert survey_results.figures(sam, survey).answers == 0
    assert survey_results.answers(sam, survey, None) == []
    shown = visit(sam).get(f"/surveys/{survey.pk}").content.decode()
    assert "Words " not in shown and "Nothing that you may see." in shown
    eve = User.objects.create_user("eve@shop.example", "Eve", "a good password")
    Membership.objects.create(user=eve, role=Role.AGENT, team=Team.objects.get(key="support"))
    assert survey_results.figures(eve, survey).answers == 2
    restricted.restrict(house.leo, _case(), reason="because")
    assert survey_results.figures(eve, survey).answers == 1
    assert len(survey_results.answers(eve, survey, None)) == 1
    assert [one.counts for one in survey_results.by_question(eve, survey, [WHAT], None)] == [
        [("Delivery", 0), ("Boots", 1)]
    ]


def _case() -> Case:
    return Case.objects.select_related("conversation__channel", "identity").order_by("pk")[0]


def test_a_lead_counts_all_by_right_but_reads_no_words_that_are_kept_from_them(house: House) -> None:
    survey = make_survey(house)
    told(house, survey, 1, 2)
    lea = User.objects.create_user("lea@shop.example", "Lea", "a good password")
    Membership.objects.create(user=lea, role=Role.LEAD)
    restricted.restrict(house.leo, _case(), reason="because")
    assert survey_results.figures(lea, survey).answers == 2
    page, table = visit(lea).get(f"/surveys/{survey.pk}"), visit(lea).post(f"/surveys/{survey.pk}/export")
    for shown in (page.content.decode(), table.content.decode()):
        assert "Words 2." in shown and "Words 1." not in shown


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "|calc", "%0A=1"]


def test_no_cell_of_the_table_is_a_formula(house: House) -> None:
    survey = make_survey(house, questions=(WHY, Question("what", "choice", "=What?", ("=A", "B"))))
    for formula in FORMULAS:
        told(house, survey, 1, **{"q-why": formula, "q-what": "=A", "name": formula})
    sent = visit(house.leo).post(f"/surveys/{survey.pk}/export")
    assert sent.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert sent.headers["Content-Disposition"] == f'attachment; filename="survey-{survey.pk}.csv"'
    rows = list(csv.reader(io.StringIO(sent.content.decode("utf-8-sig"))))
    assert len(rows) == 1 + len(FORMULAS)
    for cell in (cell for row in rows for cell in row):
        assert not cell.strip().startswith(("=", "+", "-", "@", "|", "%")), cell


def test_taking_the_answers_away_is_logged_and_for_those_who_run_the_survey(house: House) -> None:
    survey = make_survey(house)
    told(house, survey, 1, 2)
    for user in (house.mona, house.nia, house.olga):
        assert visit(user).post(f"/surveys/{survey.pk}/export").status_code == 404
    assert visit(house.leo).get(f"/surveys/{survey.pk}/export").status_code == 405
    assert not AuditEntry.objects.filter(verb__startswith="took the answers").exists()
    visit(house.leo).post(f"/surveys/{survey.pk}/export")
    entry = AuditEntry.objects.get(verb="took the answers of a survey away")
    assert entry.actor == house.leo
    assert AuditValue.objects.get(entry=entry).values == {"answers": 2}


def test_the_list_goes_on_where_it_stopped(house: House) -> None:
    survey = make_survey(house)
    now = timezone.now()
    told(house, survey, *range(3))
    first = survey_results.answers(house.leo, survey, None, most=2)[:2]
    rest = survey_results.answers(house.leo, survey, first[-1].stands, most=2)
    assert [one.score for one in [*first, *rest]] == [2, 1, 0]
    assert all(one.at >= now for one in first)
    assert visit(house.leo).get(f"/surveys/{survey.pk}?after=nowhere").status_code == 404


def test_the_results_cost_the_same_however_many_answered(house: House) -> None:
    survey, client = make_survey(house), visit(house.leo)

    def cost(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    told(house, survey, 9)
    addresses = (f"/surveys/{survey.pk}", "/surveys", f"/surveys/{survey.pk}/change", f"/cases/open/{_case().pk}")
    few = [cost(address) for address in addresses]
    told(house, survey, *range(11), 1, 2, 3)
    make_survey(house, "csat", name="Another")
    assert [cost(address) for address in addresses] == few
    assert few[0] <= 18 and few[1] <= 9


def test_the_code_is_that_of_the_link_in_three_kinds(house: House) -> None:
    survey, client = make_survey(house), visit(house.leo)
    link = f"http://testserver{open_address(survey)}"
    assert link in client.get(f"/surveys/{survey.pk}").content.decode()
    drawn = io.BytesIO()
    segno.make(link, error="m", micro=False).save(drawn, kind="png", scale=10, border=4)
    begins = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF-"}
    for form, start in begins.items():
        sent = client.get(f"/surveys/{survey.pk}/code/{form}")
        assert sent.content.startswith(start), form
        assert sent.headers["Content-Disposition"] == f'attachment; filename="survey-{survey.pk}.{form}"'
    assert client.get(f"/surveys/{survey.pk}/code/png").content == drawn.getvalue()
    assert client.get(f"/surveys/{survey.pk}/code/gif").status_code == 404
    assert Client().get(f"/surveys/{survey.pk}/code/png").status_code == 302
