"""The form on which a survey is made: its limits in clear words, and nothing that was typed is lost."""

from typing import Any

import pytest

from armature.crm.act import canned
from armature.crm.act.models import CannedResponse, SurveyLink
from armature.crm.act.surveys import latest
from armature.crm.channels.survey.wording import from_json
from armature.crm.listen.surveys.models import Survey
from asked import make_survey
from house import House
from visitors import to_answer, to_judge, visit


def typed(house: House, *questions: dict[str, str], **more: Any) -> dict[str, Any]:
    """The form as it is filled in."""
    given = {"name": "New", "brand": house.brand.pk, "kind": "nps", "rating": "Would you recommend us?",
             "language": "en", "link_days": "30", "edit_days": "7", "quiet_days": "90", "keep": "1"}  # fmt: skip
    for number, one in enumerate(questions):
        given |= {f"{name}-{number}": value for name, value in {"form": "text", **one}.items()}
    return given | more


def test_a_lead_makes_one_with_all_kinds_of_questions_and_opens_it(house: House) -> None:
    leo = visit(house.leo)
    asked = [
        {"label": "Why?"}, {"label": "Which?", "form": "choice", "options": " A \n\nB\nA"},
        {"label": "Which of these?", "form": "choices", "options": "A\nB", "required": "on"}, {"label": " "},
        {"label": "How often?", "form": "number", "low": "0", "high": "10"}, {"label": "Again?", "form": "yes_no"},
    ]  # fmt: skip
    sent = leo.post("/surveys/new", typed(house, *asked))
    one = Survey.objects.get()
    assert sent.headers["Location"] == f"/surveys/{one.pk}"
    wording = from_json(latest(one).body)
    assert [(q.label, q.form, q.options, q.required) for q in wording.questions] == [
        ("Why?", "text", (), False), ("Which?", "choice", ("A", "B"), False),
        ("Which of these?", "choices", ("A", "B"), True), ("How often?", "number", (), False),
        ("Again?", "yes_no", (), False),
    ]  # fmt: skip
    assert one.state == "draft"
    preview = leo.get(f"/surveys/{one.pk}/preview").content.decode()
    assert "How often?" in preview and "Preview:" in preview and 'method="post"' not in preview
    leo.post(f"/surveys/{one.pk}/switch", {"state": "open"})
    one.refresh_from_db()
    assert one.state == "open"


def test_a_question_that_is_worded_anew_stays_the_same_question(house: House) -> None:
    leo = visit(house.leo)
    leo.post("/surveys/new", typed(house, {"label": "Why?"}, {"label": "And?"}))
    one = Survey.objects.get()
    keys = [q.key for q in from_json(latest(one).body).questions]
    again = typed(house, {"label": "And now?", "key": keys[1]}, {"label": "Forged", "key": "q-else"})
    assert leo.post(f"/surveys/{one.pk}/change", again).status_code == 302
    after = from_json(latest(one).body).questions
    assert after[0].key == keys[1] and after[1].key not in (*keys, "q-else")


WRONG = [
    ({"rating": " "}, {}, "Write the question that is answered with a number."),
    ({"name": ""}, {}, "This field is required."),
    ({"link_days": "0"}, {}, "greater than or equal to 1"),
    ({"quiet_days": "9999"}, {}, "less than or equal to 3650"),
    ({"closes_on": "soon"}, {}, "Enter a valid date."),
    ({}, {"label": "x" * 301}, "at most 300 characters"),
    ({}, {"label": "Which?", "form": "choice", "options": "A"}, "Write 2 to 20 answers"),
    ({}, {"label": "Which?", "form": "choices", "options": "\n".join(map(str, range(21)))}, "Write 2 to 20 answers"),
    ({}, {"label": "Which?", "form": "choice", "options": "A\n" + "x" * 121}, "is too long for an answer"),
    ({}, {"label": "How?", "form": "number", "low": "5", "high": "1"}, "A scale goes from"),
    ({}, {"label": "How?", "form": "number", "low": "0", "high": "11"}, "at most 11 steps"),
    ({}, {"label": "How?", "form": "number", "low": "²", "high": "9"}, "A scale goes from"),
    ({}, {"label": "How?", "form": "drawing"}, "Choose how it is answered."),
    ({"kind": "own"}, {}, "needs at least one"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "question", "words"), WRONG, ids=[words for _more, _question, words in WRONG])
def test_a_limit_is_said_in_words_and_what_was_typed_stays(
    house: House, more: dict[str, str], question: dict[str, str], words: str
) -> None:
    given = typed(house, question, intro="My words") if question else typed(house, intro="My words")
    sent = visit(house.leo).post("/surveys/new", given | more)
    shown = sent.content.decode()
    assert sent.status_code == 422 and words in shown and "My words" in shown
    assert question.get("label", "")[:50] in shown
    assert not Survey.objects.exists()


def test_ten_questions_are_the_most(house: House) -> None:
    leo, ten = visit(house.leo), [{"label": f"Question number {n}?"} for n in range(11)]
    assert leo.post("/surveys/new", typed(house, *ten[:9]) | {"add": "1"}).content.decode().count("<legend>") == 10
    full = leo.post("/surveys/new", typed(house, *ten[:10]) | {"add": "1"}).content.decode()
    assert full.count("<legend>") == 10 and "Add a question" not in full
    leo.post("/surveys/new", typed(house, *ten))
    assert len(from_json(latest(Survey.objects.get()).body).questions) == 10


def test_an_agent_looks_but_does_not_change(house: House) -> None:
    one, mona = make_survey(house), visit(house.mona)
    assert "you can look at it" in mona.get(f"/surveys/{one.pk}/change").content.decode().lower()
    assert mona.post(f"/surveys/{one.pk}/change", typed(house)).status_code == 422
    mona.post(f"/surveys/{one.pk}/switch", {"state": "closed"})
    one.refresh_from_db()
    assert (one.name, one.state) == ("After delivery", "open")
    assert visit(house.olga).get(f"/surveys/{one.pk}").status_code == 404


def test_an_agent_gets_the_link_of_a_person_and_hears_when_they_are_left_alone(house: House) -> None:
    one, case, mona = make_survey(house), to_judge(house), visit(house.mona)
    other = make_survey(house, "csat", name="Other")
    shown = mona.post(f"/case/{case.pk}/survey/ask", {"survey": one.pk}, follow=True).content.decode()
    assert "http://testserver/survey/p" in shown
    again = mona.post(f"/case/{case.pk}/survey/ask", {"survey": other.pk}, follow=True).content.decode()
    assert "They were asked on" in again
    assert SurveyLink.objects.count() == 1
    assert mona.post(f"/case/{case.pk}/survey/ask", {"survey": 10**9}).status_code == 404


def test_a_canned_response_is_filled_with_the_link_that_waits(house: House) -> None:
    one, case, mona = make_survey(house), to_answer(house), visit(house.mona)
    kept = CannedResponse(name="Ask", shortcut="ask", text="Tell us: {{survey}}")
    canned.keep(house.leo, kept, name="Ask")
    assert "{{survey}}" in mona.get(f"/case/{case.pk}/canned?words=ask").content.decode()
    mona.post(f"/case/{case.pk}/survey/ask", {"survey": one.pk})
    assert "Tell us: http://testserver/survey/p" in mona.get(f"/case/{case.pk}/canned?words=ask").content.decode()


def test_the_usual_kind_is_chosen_already(house: House) -> None:
    assert '<option value="csat" selected>' in visit(house.leo).get("/surveys/new").content.decode()
