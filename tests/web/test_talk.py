"""The page where customers without an account write, read and go on."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from armature.crm.act import canned, commands, drafts, queries, responses
from armature.crm.act.models import Case, Note
from armature.crm.channels.talks import FILE_BYTES
from armature.crm.decide.models import Wait
from armature.crm.identify.commands import person_of
from armature.crm.learn.models import Feedback, Outcome, Said
from armature.crm.listen import guard
from armature.crm.listen.models import Channel, File, Interaction, Knock
from armature.crm.web.visitor.address import visitor_of
from house import House
from visitors import visit

SURE = "Please cancel my subscription."


@pytest.fixture
def page(house: House) -> Channel:
    """A page of the company where anybody writes."""
    return Channel.objects.create(
        kind="web", place="web_form", address="hello", name="Web page", brand=house.brand,
        settings={"title": "Write to us", "greeting": "We read everything."},
    )  # fmt: skip


def typed(text: str, seconds: float = 30, **more: Any) -> dict[str, Any]:
    """A form that somebody took half a minute to fill."""
    opened = signing.dumps(timezone.now().timestamp() - seconds, salt=guard.SALT)
    return {"text": text, "opened": opened, "once": text.encode().hex()[:40].rjust(8, "0"), "name": "Ingrid", **more}


def begin(house: House, text: str = "Where is my parcel?", **more: Any) -> str:
    """Write the first words; the address of the page they lead to."""
    answer = Client().post("/talk/hello", typed(text, **more))
    assert answer.status_code == 302, answer.content.decode()
    house.settle()
    return str(answer.headers["Location"])


def case_of(house: House) -> Case:
    case = queries.cases_for(house.mona).order_by("-id").first()
    assert case is not None
    return case


def answer_them(house: House, text: str = "It comes tomorrow.") -> None:
    """Somebody of ours answers."""
    case = case_of(house)
    commands.judge_intent(house.mona, case, intent="complaint")
    house.settle()
    responses.write(house.mona, case, text=text, seen=queries.last_said(case))
    house.settle()


def test_a_customer_writes_reads_the_answer_and_goes_on(house: House, page: Channel) -> None:
    address = begin(house)
    assert "Where is my parcel?" in Client().get(address).content.decode()
    answer_them(house)
    shown = Client().get(address).content.decode()
    assert "It comes tomorrow." in shown
    assert "Mona" in shown
    assert Client().post(f"{address}/say", typed("And where is the invoice?")).status_code == 302
    house.settle()
    assert Case.objects.filter(conversation__channel=page).count() == 1
    assert "And where is the invoice?" in Client().get(address).content.decode()


def test_a_second_click_is_one_message(house: House, page: Channel) -> None:
    given = typed("Where is my parcel?")
    first, second = (Client().post("/talk/hello", given).headers["Location"] for _ in range(2))
    assert first == second
    more = typed("One more thing")
    for _ in range(2):
        assert Client().post(f"{first}/say", more).status_code == 302
    house.settle()
    assert Interaction.objects.filter(channel=page, direction="in").count() == 2


def test_only_the_address_leads_to_a_talk(house: House, page: Channel) -> None:
    address = begin(house)
    token = address.rsplit("/", 1)[1]
    for wrong in ("x", token[:-1] + ("a" if token[-1] != "a" else "b"), token.split("~")[0], "~", "~~"):
        for where in ("", "/say", "/rate", "/understood"):
            method = Client().post if where else Client().get
            assert method(f"/talk/hello/{wrong}{where}").status_code == 404, (wrong, where)
    assert Client().get("/talk/nowhere").status_code == 404
    Channel.objects.filter(pk=page.pk).update(active=False)
    assert Client().get(address).status_code == 404


def test_our_people_never_see_what_leads_to_the_page(house: House, page: Channel) -> None:
    token = begin(house).rsplit("/", 1)[1]
    stored = list(Interaction.objects.values_list("author", "external_id", "text"))
    assert token.split("~")[0] not in str(stored)
    assert visitor_of(page, token) == stored[0][0]


def test_the_customer_sees_no_draft_no_note_and_nothing_of_others(house: House, page: Channel) -> None:
    mine = begin(house, "My words")
    other = begin(house, "Their words")
    case = case_of(house)
    Note.objects.create(case=case, author=house.mona, text="a rude note")
    commands.judge_intent(house.mona, case, intent="question")
    house.settle()
    drafts.save(house.mona, case, text="a half answer")
    for address, own, foreign in ((mine, "My words", "Their words"), (other, "Their words", "My words")):
        shown = Client().get(address).content.decode()
        assert own in shown
        for hidden in (foreign, "a rude note", "a half answer"):
            assert hidden not in shown


def test_at_the_desk_it_is_said_in_words_where_they_write_and_what_is_waited_for(house: House, page: Channel) -> None:
    begin(house)
    answer_them(house)
    desk = Client()
    desk.force_login(house.mona)
    shown = desk.get(f"/cases/pending/{case_of(house).pk}").content.decode()
    assert '<span class="muted">Form on our site</span>' in shown
    assert "It waits for what they say to our response." in shown


def test_files_come_in_and_are_downloads_for_this_customer_alone(house: House, page: Channel) -> None:
    picture = SimpleUploadedFile("<b>tent</b>.html", b"<script>alert(1)</script>", "text/html")
    mine = begin(house, "See the picture", attached=picture)
    file = File.objects.get()
    answer = Client().get(f"{mine}/file/{file.pk}")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.content == b"<script>alert(1)</script>"
    other = begin(house, "Somebody else")
    assert Client().get(f"{other}/file/{file.pk}").status_code == 404
    assert "<b>tent" not in Client().get(mine).content.decode()


def test_files_that_are_too_many_or_too_large_are_refused_and_the_words_stay(house: House, page: Channel) -> None:
    six = [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(6)]
    large = SimpleUploadedFile("large.bin", bytes(FILE_BYTES + 1))
    for attached in (six, large):
        answer = Client().post("/talk/hello", typed("Many files", attached=attached))
        assert answer.status_code == 422
        assert b"id_attached_error" in answer.content
        assert b"Many files" in answer.content
    assert not Interaction.objects.filter(channel=page).exists()


@pytest.mark.parametrize(
    "given",
    [
        {"website": "https://pills.example"},
        {"opened": ""},
        {"opened": "forged"},
        {"seconds": 0},
        {"seconds": 3 * 24 * 3600},
        {"text": "   "},
        {"text": "x" * 10_001},
        {"once": "short"},
    ],
    ids=str,
)
def test_what_no_person_sends_is_refused_in_words_and_nothing_is_lost(
    house: House, page: Channel, given: dict[str, Any]
) -> None:
    text = given.pop("text", "My words")
    answer = Client().post("/talk/hello", typed(text, **{"seconds": 30, **given}))
    assert answer.status_code == 422
    assert b"problem" in answer.content
    assert text.strip()[:100].encode() in answer.content
    assert not Interaction.objects.filter(channel=page).exists()


def test_more_than_people_write_is_asked_to_wait(house: House, page: Channel) -> None:
    for number in range(guard.MOST_AN_HOUR):
        guard.knock("127.0.0.1")
        assert number >= 0
    answer = Client().post("/talk/hello", typed("One too many"))
    assert answer.status_code == 429
    assert b"One too many" in answer.content
    Knock.objects.update(at=timezone.now() - timedelta(hours=2))
    assert Client().post("/talk/hello", typed("One too many")).status_code == 302


def test_knocks_are_forgotten_after_a_day(house: House) -> None:
    guard.knock("192.0.2.1")
    assert "192.0.2.1" not in Knock.objects.get().source
    Knock.objects.update(at=timezone.now() - timedelta(hours=25))
    assert guard.forget() == 1


def test_they_say_whether_we_understood_them(house: House, page: Channel) -> None:
    house.let_the_reader_judge()
    address = begin(house, SURE)
    assert not Wait.objects.filter(form="intent").exists(), "the reader is sure of this"
    shown = Client().get(address).content.decode()
    assert "Did we understand you?" in shown
    about, desk = Interaction.objects.get(channel=page).pk, f"/cases/open/{case_of(house).pk}"
    assert "They say" not in visit(house.mona).get(desk).content.decode()
    Client().post(f"{address}/understood", {"about": about, "meant": "no such intent"})
    assert not Said.objects.exists()
    Client().post(f"{address}/understood", {"about": about, "meant": "complaint"})
    Client().post(f"{address}/understood", {"about": about, "meant": "praise"})
    assert Said.objects.get().meant_id == "complaint"
    assert "Did we understand you?" not in Client().get(address).content.decode()
    assert "<dt>They say</dt><dd><bdi>Complaint</bdi>" in visit(house.mona).get(desk).content.decode()


def test_nobody_is_asked_about_a_reading_that_nobody_is_sure_of(house: House, page: Channel) -> None:
    address = begin(house, "About 4711 and the other thing.")
    assert Wait.objects.get().form == "intent"
    assert "Did we understand you?" not in Client().get(address).content.decode()
    commands.judge_intent(house.mona, case_of(house), intent="question")
    assert "We read your message as: question." in Client().get(address).content.decode()


def test_a_visitor_without_a_name_is_called_so_and_not_by_a_handle(house: House, page: Channel) -> None:
    begin(house, "About 4711 and the other thing.", name="")
    mona, case = visit(house.mona), case_of(house)
    handle = case.identity.address
    person = person_of(case.identity_id)
    for address in ("/cases/open", f"/cases/open/{case.pk}", "/people", f"/people/{person.pk}", "/search?q=4711"):
        shown = mona.get(address).content.decode()
        assert "Visitor on the web page" in shown, address
        assert handle not in shown.replace(f'value="{handle}"', ""), address
    assert canned.values(house.mona, case)["address"] == canned.values(house.mona, case)["name"] == ""


def test_a_visitor_with_a_name_is_called_by_it(house: House, page: Channel) -> None:
    begin(house, "About 4711 and the other thing.")
    row = visit(house.mona).get("/cases/open").content.decode()
    assert "Ingrid" in row and "Visitor on the web page" not in row


@pytest.mark.parametrize(("stars", "verdict"), [(5, "satisfied"), (4, "satisfied"), (3, "not_satisfied")])
def test_a_rating_is_what_came_of_the_answer(house: House, page: Channel, stars: int, verdict: str) -> None:
    address = begin(house)
    assert "How good was our answer?" not in Client().get(address).content.decode()
    answer_them(house)
    assert "How good was our answer?" in Client().get(address).content.decode()
    for _ in range(2):
        Client().post(f"{address}/rate", {"stars": stars})
    house.settle()
    assert Feedback.objects.get().verdict == verdict
    assert (Feedback.objects.get().kind, Feedback.objects.get().stars) == ("rating", stars)
    assert Outcome.objects.get().verdict == verdict
    assert not Wait.objects.filter(form="feedback", state="open").exists()
    assert "How good was our answer?" not in Client().get(address).content.decode()


def test_a_rating_that_is_none_changes_nothing(house: House, page: Channel) -> None:
    address = begin(house)
    answer_them(house)
    for stars in ("", "0", "6", "five", "5.0"):
        assert Client().post(f"{address}/rate", {"stars": stars}).status_code == 302
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "\u202egnp.exe", "{{ settings.SECRET_KEY }}"])
def test_words_are_shown_as_words(house: House, page: Channel, text: str) -> None:
    shown = Client().get(begin(house, text)).content.decode()
    assert "<script>alert" not in shown
    assert "SECRET_KEY }}" in shown or "{{" not in text


def test_only_the_sites_it_names_show_the_page_in_a_frame(page: Channel) -> None:
    assert "frame-ancestors 'none'" in Client().get("/talk/hello").headers["Content-Security-Policy"]
    page.settings |= {"sites": "https://shop.example, http://localhost:8000"}
    page.save()
    framed = Client().get("/talk/hello")
    assert framed.headers["Content-Security-Policy"].endswith(
        "frame-ancestors https://shop.example http://localhost:8000"
    )
    assert "X-Frame-Options" not in framed.headers
    assert "frame-ancestors 'none'" in Client().get("/log-in").headers["Content-Security-Policy"]
    page.settings |= {"sites": "https://shop.example; script-src *"}
    page.save()
    assert "frame-ancestors 'none'" in Client().get("/talk/hello").headers["Content-Security-Policy"]


def test_a_customer_gets_no_cookie(page: Channel) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.get("/talk/hello")
    sent = strict.post("/talk/hello", typed("Hello"))
    assert sent.status_code == 302, sent.content.decode()
    strict.get(sent.headers["Location"])
    assert not strict.cookies
