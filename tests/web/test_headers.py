"""What every answer carries: a policy under which only our own files run; nothing of a customer in a cache."""

import re

import pytest
from django.db import InternalError, OperationalError
from django.test import Client

from armature.crm.listen import files
from armature.crm.listen.models import File, Interaction
from armature.crm.web import desk
from armature.site.logs import JsonLines
from house import House
from visitors import PART, to_approve, to_judge, visit

NAMES = [
    "a.html",
    "x.svg",
    "a.xhtml",
    "r.mht",
    "q\"uo'te\r\nSet-Cookie: a=b.html",
    "\u202egpj.exe",
    "",
    "../../etc/passwd",
]


def test_every_page_says_that_only_our_files_run(house: House) -> None:
    case = to_approve(house).case
    client = visit(house.leo)
    for address in ("/cases/open", "/cases/mine", f"/cases/open/{case.pk}", "/map", "/nowhere", "/cases/x", "/up"):
        response = client.get(address)
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy, address
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert "no-store" in response.headers["Cache-Control"] or address == "/nowhere"


@pytest.mark.parametrize("address", ["/log-in", "/nowhere", "/map", "/cases/open", "/cases/open/{}"])
def test_no_page_carries_a_script_or_a_style_of_its_own(house: House, address: str) -> None:
    case = to_judge(house)
    client = Client() if address == "/log-in" else visit(house.leo)
    page = client.get(address.format(case.pk)).content.decode()
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page)


def test_a_broken_page_is_in_our_words_and_tells_no_inside(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr(desk, "view_or_404", fail)
    client = visit(house.leo)
    client.raise_request_exception = False
    response = client.get("/cases/open")
    assert response.status_code == 500
    assert b"Something broke on our side" in response.content
    assert b"inside" not in response.content
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]


def test_what_an_absent_database_leads_to_is_told_as_that(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        try:
            raise OperationalError("the connection is lost")
        except OperationalError:
            raise InternalError("current transaction is aborted")  # noqa: B904  as it comes, unsaid

    monkeypatch.setattr(desk, "view_or_404", fail)
    client = visit(house.leo)
    client.raise_request_exception = False
    response = client.get("/cases/open")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "2"


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_a_download_whatever_it_calls_itself(house: House, name: str) -> None:
    case = to_judge(house)
    said = Interaction.objects.get(conversation=case.conversation_id)
    digest = files.write(b"<script>alert(1)</script>")
    file = File.objects.create(interaction=said, digest=digest, name=name, content_type="text/html;x", size=25)
    response = visit(house.mona).get(f"/file/{file.pk}")
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "\n" not in response.headers["Content-Disposition"]
    assert "Set-Cookie" not in response.headers
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_part_is_never_taken_for_the_page(house: House) -> None:
    to_judge(house)
    client = visit(house.mona)
    assert "<html" not in client.get("/cases/open?part=list", headers=PART).content.decode()
    whole = client.get("/cases/open?part=list")
    assert "<html" in whole.content.decode()
    assert "HX-Request" in whole.headers["Vary"]


@pytest.mark.parametrize("forged", ['"}\n{"level": "CRITICAL"', "\x1b[2J", "a\r\nb", "\u2028"])
def test_a_log_line_cannot_be_forged(house: House, forged: str, caplog: pytest.LogCaptureFixture) -> None:
    Client().get("/nowhere/" + forged, headers={"User-Agent": forged, "X-Forwarded-For": forged})
    assert caplog.records
    for record in caplog.records:
        line = JsonLines().format(record)
        assert line.isascii()
        assert "\n" not in line
        assert "\x1b" not in line
        assert '"level": "CRITICAL"' not in line
