"""The live map as a page: numbers on the picture and in the table, each of which leads to just as many rows."""

import csv
import html
import io
import re
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from armature.crm.accounts.models import AuditEntry
from armature.crm.act import approvals
from armature.crm.decide.models import Wait
from armature.crm.learn import measuring
from house import House
from visitors import stranger, to_answer, to_approve, to_judge, visit

LINK = re.compile(r'<a href="([^"]+)"[^>]*?(?:aria-label="([^"]*)")?>(?:<title>[^<]*</title>)?(.*?)</a>', re.DOTALL)


def _lived(house: House) -> None:
    """One that was answered and one that waits for somebody to judge it, for too long."""
    response = to_approve(house)
    approvals.approve(house.leo, response, digest=response.digest)
    house.settle()
    to_judge(house, author="other@people.example")
    Wait.objects.filter(element="Judge", state="open").update(due_at=timezone.now() - timedelta(hours=1))
    measuring.everything()


def _links(client: Client, address: str) -> dict[str, str]:
    page = client.get(address).content.decode()
    found = {}
    for link, told, inner in LINK.findall(page):
        text = told or re.sub(r"<[^>]+>", "", inner)
        if "/measures/rows" in link or "/waiting/" in link:
            found[html.unescape(link)] = html.unescape(text).replace("\u202f", "")
    return found


def _total(client: Client, address: str) -> int:
    heading = re.search(r"<h1>.*?: (\d+)</h1>", client.get(address).content.decode(), re.DOTALL)
    assert heading, address
    return int(heading[1])


def test_every_number_leads_to_just_as_many_rows(house: House) -> None:
    _lived(house)
    client = visit(house.leo)
    links = _links(client, "/map/live?days=7")
    assert len(links) > 30
    for address, text in links.items():
        number = re.search(r"\d+", text)
        if "half stayed" not in text and number:
            assert _total(client, address) == int(number[0]), (address, text)


def test_what_waits_too_long_and_where_work_stays_longest_stand_out(house: House) -> None:
    _lived(house)
    page = visit(house.leo).get("/map/live").content.decode()
    assert "1 waits now, 1 too long" in page and "work stays longest at" in page and 'class="userTask slowest"' in page
    waiting = visit(house.leo).get("/map/live/waiting/Judge").content.decode()
    assert "other@people.example" in waiting and ", over" in waiting


def test_it_is_there_for_leads_and_counts_what_each_may_see(house: House) -> None:
    _lived(house)
    for address in ("/map/live", "/map/live/waiting/Judge"):
        assert visit(house.mona).get(address).status_code == 404
    foreign = visit(stranger())
    assert "Nothing went along it in these days." in foreign.get("/map/live").content.decode()
    assert "other@people.example" not in foreign.get("/map/live/waiting/Judge").content.decode()


def test_what_makes_no_sense_is_no_page_or_the_usual_days(house: House) -> None:
    client = visit(house.leo)
    assert client.get("/map/live?map=no-such").status_code == 404
    assert client.get("/map/live?version=99").status_code == 404
    assert client.get("/map/live?days=own").status_code == 400
    for query in ("map=%00", "intent=nonsense", "version=x", "version=", "days=28&intent=spam"):
        assert client.get(f"/map/live?{query}").status_code == 200
    assert client.get("/map/live/waiting/Nowhere").status_code == 200


def test_one_page_takes_as_many_queries_however_much_went_along(house: House) -> None:
    client, counts = visit(house.leo), []
    for number in (1, 5):
        for each in range(number):
            to_answer(house, author=f"{number}-{each}@people.example")
        measuring.everything()
        for address in ("/map/live", "/map/live/waiting/Micro"):
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            counts.append(len(captured))
    assert counts[:2] == counts[2:]


def _events(client: Client, query: str = "") -> list[dict[str, Any]]:
    sent = client.post(f"/map/events?days=7{query}")
    text = b"".join(sent.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def test_the_event_log_has_each_step_in_order_with_who_did_it_and_no_words_of_customers(house: House) -> None:
    _lived(house)
    found = [one for one in _events(visit(house.leo)) if one["case"] == str(house.case().pk)]
    names = [one["activity"] for one in found]
    assert names.index("Interaction received") < names.index("What we know") < names.index("Business rules")
    who = {one["activity"]: one["resource"] for one in found}
    assert (who["Judge intent"], who["Approve response"], who["Send"]) == ("Mona", "Leo", "automatic")
    assert [one["time"] for one in found] == sorted(one["time"] for one in found)
    assert not any("parcel" in str(cell) for one in found for cell in one.values())
    assert AuditEntry.objects.filter(verb="took an event log away").count() == 1
    assert visit(house.mona).post("/map/events").status_code == 404
    assert _events(visit(stranger())) == []
    assert _events(visit(house.leo), "&intent=spam") == []
