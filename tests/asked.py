"""Surveys of the tests, and people who answer them."""

from datetime import timedelta
from typing import Any

from django.core import signing
from django.test import Client
from django.utils import timezone

from armature.crm.act import approvals, queries, rating_links, responses, survey_links, surveys
from armature.crm.act.models import Case, Response, SurveyLink
from armature.crm.channels.survey.wording import Question, Wording
from armature.crm.listen import guard
from armature.crm.listen.surveys import tokens
from armature.crm.listen.surveys.models import Survey
from house import House

WHY = Question("why", "text", "What should we do better?")
WHAT = Question("what", "choice", "What was it about?", ("Delivery", "Boots"))
SCALES = {"csat": "How satisfied are you?", "nps": "Would you recommend us?", "ces": "How easy was it?", "own": ""}


def make_survey(house: House, kind: str = "nps", *, opened: bool = True, **more: Any) -> Survey:
    """One that asks for a rating, for words and for a choice, and is open."""
    asked, thanks = more.pop("rating", SCALES[kind]), more.pop("thanks", "Thanks a lot.")
    wording = Wording(kind, asked, more.pop("questions", (WHY, WHAT)), thanks=thanks)
    given = {"name": "After delivery", "brand": house.brand, "asks_name": True, "asks_email": True} | more
    one = surveys.keep(house.leo, Survey(), wording, **given)
    if opened:
        surveys.set_state(house.leo, one, "open")
    return surveys.survey_for(house.leo, one.pk)


def filled(once: str = "once-1234", seconds: float = 30, **more: Any) -> dict[str, Any]:
    """A form that somebody took half a minute to fill."""
    opened = signing.dumps(timezone.now().timestamp() - seconds, salt=guard.SALT)
    return {"opened": opened, "once": once.ljust(8, "0"), **more}


def answer(address: str, **given: Any) -> Any:
    """Send the form of a survey."""
    return Client().post(address, filled(**given))


def open_address(survey: Survey) -> str:
    """The link that stands on paper."""
    return f"/survey/{tokens.open_token(survey.key)}"


def ask(house: House, case: Case, survey: Survey) -> tuple[SurveyLink, str]:
    """A link of one person, and where it leads."""
    link = survey_links.ask(house.mona, case, survey)
    return link, f"/survey/{tokens.personal_token(link.pk)}"


def long_ago(link: SurveyLink, days: int) -> None:
    """As if it had been made so many days earlier."""
    ago = timedelta(days=days)
    SurveyLink.objects.filter(pk=link.pk).update(made_at=link.made_at - ago, expires_at=link.expires_at - ago)


def ask_after_answers(house: House, **more: Any) -> None:
    """From now on answers by e-mail ask how they were."""
    said = {"on": True, "quiet_days": 90, "words": "How was this answer?", "address": "https://desk.example"} | more
    rating_links.keep(house.leo, house.brand, **said)


def send_answer(house: House, author: str = "ingrid@people.example", text: str = "It is on its way.") -> Response:
    """Mona answers somebody who waits for it, and it is out."""
    case = house.case(author)
    response = responses.write(house.mona, case, text=text, seen=queries.last_said(case))
    house.settle()
    response.refresh_from_db()
    if response.state == Response.State.APPROVAL:
        approvals.approve(house.leo, queries.response_for(house.leo, response.pk), digest=response.digest)
        house.settle()
    response.refresh_from_db()
    assert response.state == Response.State.SENT, response.state
    return response


def rating_address(response: Response) -> str:
    """Where the link in an answer leads."""
    return f"/rate/{rating_links.token_of(response.rating_link)}"
