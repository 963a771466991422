"""The page of measures: numbers are those of the lists they lead to, for those who lead, to read and to take away."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from armature.crm.accounts.models import AuditEntry, Membership, Role, Team
from armature.crm.act import approvals, endings, queries, restricted
from armature.crm.act.filters import read
from armature.crm.act.models import Case, Clock
from armature.crm.learn import measuring
from armature.crm.learn.models import Feedback, Measured, MeasureSum
from armature.crm.web.measures.pages import FIGURES, GROUPS
from armature.crm.web.views_of_cases import VIEWS, listed
from house import House
from visitors import stranger, to_answer, to_approve, to_judge, visit

GROUPS_THERE = sorted(GROUPS)


@pytest.fixture
def busy(house: House) -> House:
    """Some of everything: to judge, to answer, late, released, ended, rated, in two teams, one restricted."""
    response = to_approve(house)
    approvals.approve(house.leo, response, digest=response.digest)
    house.settle()
    Feedback.objects.create(response_id=response.pk, kind="rating", verdict="satisfied", stars=5)
    for name in "abcd":
        to_answer(house, author=f"{name}@people.example", occurred_at=timezone.now().isoformat())
    to_judge(house, author="e@people.example", occurred_at=(timezone.now() - timedelta(days=9)).isoformat())
    endings.end(house.leo, house.case("a@people.example"), how="resolved")
    Case.objects.filter(identity__address__in=["b@people.example", "c@people.example"]).update(
        team="support", asks="", promised_at=timezone.now() - timedelta(hours=1)
    )
    Clock.objects.create(
        case=house.case("b@people.example"), name="next", minutes=5, started_at=timezone.now(),
        due_at=timezone.now() - timedelta(hours=1), stopped_at=timezone.now(),
    )  # fmt: skip
    for name in "bd":
        Clock.objects.create(
            case=house.case(f"{name}@people.example"), name="first", minutes=5, started_at=timezone.now(),
            due_at=timezone.now() - timedelta(hours=1),
        )  # fmt: skip
    restricted.restrict(house.leo, house.case("c@people.example"), readers=[house.leo])
    measuring.everything()
    return house


def page(client: Client, group: str = "now", **asked: Any) -> str:
    answer = client.get("/measures" if group == "now" else f"/measures/{group}", asked)
    assert answer.status_code == 200
    return answer.content.decode()


NUMBER = re.compile(r'<a href="(/(?:measures/rows|cases)/[^"]+)">([\d\u202f]+)</a>')


def numbers(shown: str) -> Iterator[tuple[str, int]]:
    """Each number that leads somewhere, with where."""
    for address, number in NUMBER.findall(shown):
        yield unescape(address), int(number.replace("\u202f", ""))


@pytest.mark.parametrize("group", GROUPS_THERE)
def test_every_number_is_that_of_the_list_it_leads_to(busy: House, group: str) -> None:
    seen = 0
    tove = stranger("support")
    for user in (busy.leo, tove):
        client = visit(user)
        for address, number in numbers(page(client, group, days="28")):
            seen += 1
            if address.startswith("/cases/"):
                view, _, query = address.removeprefix("/cases/").partition("?")
                asked = dict(part.split("=") for part in query.split("&") if part)
                assert listed(user, VIEWS[view], read(asked)).count() == number, address
            else:
                there = client.get(address).content.decode()
                assert re.search(rf"<h1>[^<]*: {number}</h1>", there), address
                assert there.count('<a href="/cases/open/') == min(number, 50)
    assert seen > 4


def test_only_those_who_lead_have_measures(house: House) -> None:
    for path in ("/measures", "/measures/volume", "/measures/rows/heard"):
        assert visit(house.mona).get(path).status_code == 404
        assert visit(house.leo).get(path).status_code == 200
    assert "/measures" not in visit(house.mona).get("/people").content.decode()
    assert 'href="/measures"' in visit(house.leo).get("/people").content.decode()
    assert visit(house.mona).post("/measures/volume/take").status_code == 404
    assert visit(house.leo).get("/measures/nothing").status_code == 404
    assert visit(house.leo).get("/measures/rows/nothing").status_code == 404


def test_every_figure_says_what_it_counts_and_what_it_was_before(busy: House) -> None:
    client = visit(busy.leo)
    for group, (_name, makers) in GROUPS.items():
        shown = page(client, group)
        assert shown.count("What this counts") == len(makers)
        assert group == "now" or "before: " in shown
    rules = page(client, "decisions", days="28")
    assert re.search(r"business rules, R04</bdi><span[^>]+>When [^<]+</span>", rules)


def test_figures_are_taken_away_inert_and_the_log_keeps_it(busy: House) -> None:
    Team.objects.filter(key="support").update(name="=cmd|' /C calc'!A0")
    client = visit(busy.leo)
    for key in FIGURES:
        answer = client.post(f"/measures/{key}/take?days=28")
        assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
        lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert len({len(line) for line in lines}) == 1
        assert not any(cell.startswith(("=", "+", "@", "|")) for line in lines for cell in line)
    assert "'=cmd" in client.post("/measures/teams/take?days=28").content.decode()
    rows = list(csv.reader(io.StringIO(client.post("/measures/rows/heard/take?days=28").content.decode("utf-8-sig"))))
    assert len(rows) == 1 + 5
    verbs = AuditEntry.objects.filter(actor=busy.leo).values_list("verb", flat=True)
    assert list(verbs).count("took a figure away") == len(FIGURES) + 1
    assert "took rows of a figure away" in verbs


def test_nobody_counts_or_takes_what_they_may_not_see(busy: House) -> None:
    tove = stranger("support")  # leads the team that owns two cases, one of which is restricted
    shown = page(visit(tove), "volume")
    assert "Messages by channel" in shown
    taken = visit(tove).post("/measures/rows/heard/take?days=28").content.decode()
    assert len(taken.strip().splitlines()) == 1 + 1
    closed = Case.objects.get(identity__address="c@people.example")
    assert str(closed.pk) not in {line.split(",")[1] for line in taken.splitlines()[1:]}
    Membership.objects.filter(user=tove).delete()
    assert visit(tove).get("/measures").status_code == 404


def test_days_that_cannot_be_are_said_beside_their_field(house: House) -> None:
    client = visit(house.leo)
    for asked, words in (
        ({"days": "own", "since": "2026-05-02", "until": "2026-05-01"}, "This day is before the first one"),
        ({"days": "own", "since": "2026-05-02"}, "Say which day"),
        ({"days": "own", "since": "2020-05-02", "until": "2026-05-01"}, "At most two years"),
        ({"days": "own", "since": "no day", "until": "2026-05-01"}, "Enter a valid date"),
        ({"days": "12"}, "Select a valid choice"), ({"team": "nobody"}, "Select a valid choice"),
    ):  # fmt: skip
        answer = client.get("/measures/volume", asked)
        assert answer.status_code == 400 and words in answer.content.decode(), asked
        assert "until that is mended" in answer.content.decode()
    shown = page(client, "volume", days="own", since="2026-05-01", until="2026-05-02", team="support")
    assert "2 days: 1 May 2026 to 2 May 2026" in shown


def test_a_page_takes_as_many_statements_for_many_teams_as_for_few(busy: House) -> None:
    client = visit(busy.leo)
    page(client)

    def needed(group: str) -> int:
        with CaptureQueriesContext(connection) as statements:
            page(client, group)
        return len(statements)

    few = {group: needed(group) for group in GROUPS}
    for number, case in enumerate(Case.objects.all()):
        Case.objects.filter(pk=case.pk).update(team=f"team{number}")
    measuring.everything()
    assert {group: needed(group) for group in GROUPS} == few
    assert max(few.values()) < 60


def test_what_was_brought_in_is_left_out_when_asked(busy: House) -> None:
    Measured.objects.update(past=True)
    MeasureSum.objects.update(past=True)
    client = visit(busy.leo)
    assert re.search(r"<dd><a [^>]+>4</a></dd>", page(client, "volume"))
    assert not re.search(r"<dd><a [^>]+>4</a></dd>", page(client, "volume", past="no"))


def test_role_of_an_executive_is_enough(house: House) -> None:
    eva = stranger("legal")
    Membership.objects.filter(user=eva).update(role=Role.EXECUTIVE)
    assert visit(eva).get("/measures").status_code == 200
    assert queries.cases_for(eva).count() == 0


def test_days_before_anything_was_kept_are_refused_in_words(house: House) -> None:
    """Of the year 1 there is no period before."""
    for group in GROUPS_THERE:
        asked = {"days": "own", "since": "0001-01-01", "until": "0001-02-01"}
        assert visit(house.leo).get("/measures" if group == "now" else f"/measures/{group}", asked).status_code == 400


def test_a_share_says_of_what_and_leads_to_the_rows_of_its_part(busy: House) -> None:
    figure = page(visit(busy.leo), "outcomes")
    assert "of these responses: satisfied" in figure and "n_label=satisfied" in figure
