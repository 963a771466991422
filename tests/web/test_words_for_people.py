"""Pages say what people say: yes, languages, browsers and teams by their names; never a key of ours or a true."""

import pytest
from django.test import Client

from armature.crm.act.models import Case
from armature.crm.identify.models import Fact
from armature.crm.understand.models import Reading
from armature.crm.web.templatetags.door import browser
from house import MONDAY, House
from visitors import to_judge, visit


def test_a_fact_that_is_so_says_yes(house: House) -> None:
    case = to_judge(house)
    Fact.objects.create(
        identity=case.identity, kind="customer", value=True, source="the shop", verified=True, observed_at=MONDAY
    )
    page = visit(house.mona).get(f"/people/at/{case.identity_id}").content.decode()
    assert "<bdi>yes</bdi>" in page
    assert "True" not in page


def test_the_language_of_a_message_has_a_name(house: House) -> None:
    case = to_judge(house)
    Reading.objects.update(language="de")
    page = visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    assert "German" in page


def test_who_sees_a_case_is_said_with_the_name_of_the_team(house: House) -> None:
    case = to_judge(house)
    Case.objects.update(team="executive_desk")
    page = visit(house.leo).get(f"/case/{case.pk}/sight").content.decode()
    assert "“Executive desk”" in page


def test_a_closed_account_is_told_so_and_not_about_links(house: House) -> None:
    page = Client().get("/log-in/closed").content.decode()
    assert "This account is closed" in page
    assert "link" not in page.split("</title>")[1].lower().replace("<link", "")


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/150.0 Safari/537.36 Edg/150.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/150.0 Safari/537.36", "Chrome on Android"),
        ("curl/8.0", "curl/8.0"),
    ],
)
def test_a_log_in_names_browser_and_machine(agent: str, words: str) -> None:
    assert browser(agent) == words
