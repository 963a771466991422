"""All maps on one page: start one, bring one in, put one in force somewhere, say who publishes."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from arm.test_foreign_maps import POOLS
from armature.crm import baseline
from armature.crm.accounts.models import Brand, User
from armature.crm.decide import drafts, publishing, versions
from armature.crm.decide.drawn import Draft, Publisher
from armature.crm.decide.models import MapAssignment
from armature.crm.listen.models import Channel
from house import House
from visitors import visit


def _text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def _file(data: bytes, name: str = "theirs.bpmn") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def _bring_in(client: Client, data: bytes, **more: str) -> Any:
    return client.post("/maps/bring-in", {"file": _file(data), **more})


def test_everybody_sees_the_maps_and_only_who_may_starts_or_decides(house: House, anna: User) -> None:
    agent = visit(house.mona).get("/maps")
    assert "Reactive ARM process" in _text(agent) and "Start a map" not in _text(agent)
    lead = _text(visit(house.leo).get("/maps"))
    assert "Start a map" in lead and "Put in force" not in lead and "Who publishes" not in lead
    assert "Who publishes" in _text(visit(anna).get("/maps"))
    for address in ("start", "bring-in", "in-force", "in-force/end", "publishing", "publishers"):
        assert visit(house.mona).post(f"/maps/{address}").status_code == 404
    refused = visit(house.leo).post("/maps/in-force", {"where": "all", "map": "reactive"})
    assert refused.status_code == 403 and "administrator of the company" in _text(refused)
    assert visit(house.leo).post("/maps/publishing", {"four_eyes": "1"}).status_code == 403
    assert not publishing.rule().four_eyes


def test_a_map_of_the_library_is_begun_published_and_put_in_force_for_one_channel(house: House, anna: User) -> None:
    client = visit(anna)
    begun = client.post("/maps/start", {"from": "assessment", "name": "About us"})
    assert begun.headers["Location"] == "/maps/about-us/draft"
    assert client.post("/maps/start", {"from": "nothing"}).status_code == 404
    publishing.publish(anna, list(Draft.objects.order_by("id")), "From the library")
    client.post("/maps/in-force", {"where": f"channel-{house.mailbox.pk}", "map": "about-us"})
    word = MapAssignment.objects.get(channel=house.mailbox)
    page = _text(client.get("/maps"))
    assert word.map.key == "about-us" and "this channel" in page and "End this Mailbox" in page
    assert "Mailbox" in _text(client.get("/maps/about-us"))
    client.post("/maps/in-force/end", {"word": word.pk})
    assert MapAssignment.objects.count() == 1
    last = client.post("/maps/in-force/end", {"word": MapAssignment.objects.get().pk})
    assert last.status_code == 422 and "everything else" in _text(last)
    for where in ("brand-999", "channel-x", f"brand-{'9' * 30}"):
        assert client.post("/maps/in-force", {"where": where, "map": "reactive"}).status_code == 404


def test_a_file_of_another_tool_becomes_a_draft_and_what_reads_otherwise_is_listed(house: House) -> None:
    client = visit(house.leo)
    brought = _bring_in(client, POOLS)
    draft = Draft.objects.get()
    text = _text(brought)
    assert (brought.status_code, draft.key, draft.name) == (201, "our-company", "Our company")
    assert "Pool Customer (PoolA): left out" in text and "things to mend" in text
    assert "subProcess cannot be used here" in text
    _bring_in(client, POOLS, process="A", instead=draft.key)
    assert [one.name for one in Draft.objects.all()] == ["Customer"]


@pytest.mark.parametrize(
    "data", [b"", b"\x00" * 9, b"<a/>", b"PK\x03\x04", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>']
)
def test_what_is_no_map_is_refused_in_words_and_nothing_is_begun(house: House, data: bytes) -> None:
    refused = _bring_in(visit(house.leo), data) if data else visit(house.leo).post("/maps/bring-in")
    assert refused.status_code == 422 and 'role="alert"' in refused.content.decode()
    assert not Draft.objects.exists()


def test_every_version_and_the_draft_are_there_as_files_just_as_they_were_written(house: House) -> None:
    body = baseline.files()[0]
    taken = visit(house.mona).get("/maps/reactive/versions/1.bpmn")
    assert taken.content == body and "attachment" in taken.headers["Content-Disposition"]
    drafts.begin(house.leo, "map", "reactive", name="", body=body.decode())
    assert visit(house.leo).get("/maps/reactive/draft.bpmn").content == body
    for who, address in ((house.mona, "draft.bpmn"), (house.leo, "versions/7.bpmn")):
        assert visit(who).get(f"/maps/reactive/{address}").status_code == 404


def test_who_is_named_may_draw_and_publish_and_two_may_be_demanded(house: House, anna: User) -> None:
    client = visit(anna)
    client.post("/maps/publishers", {"user": house.mona.pk, "on": "1"})
    assert publishing.may_publish(house.mona) and drafts.may_draw(house.mona)
    assert "May no longer publish Mona" in _text(client.get("/maps"))
    client.post("/maps/publishing", {"four_eyes": "on"})
    assert publishing.rule().four_eyes
    client.post("/maps/publishers", {"user": house.mona.pk})
    assert not Publisher.objects.exists() and not drafts.may_draw(house.mona)


def test_the_page_takes_as_many_queries_however_many_brands_and_channels_there_are(house: House, anna: User) -> None:
    client = visit(anna)
    client.get("/maps")
    counts = []
    for number in range(2):
        for each in range(10 * number):
            brand = Brand.objects.create(key=f"b{each}", name=f"Brand {each}")
            channel = Channel.objects.create(kind="demo", place="blog", address=str(each), name=str(each), brand=brand)
            MapAssignment.objects.create(channel=channel, map=versions.newest_maps()["reactive"])
        with CaptureQueriesContext(connection) as captured:
            client.get("/maps")
        counts.append(len(captured))
    assert counts[0] == counts[1]
