"""The composer as a browser meets it: two windows, files, times, canned words, taking back, and the approvals page."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from armature.crm import jobs
from armature.crm.accounts.models import User
from armature.crm.act import canned, drafts, macros, queries
from armature.crm.act.models import CannedResponse, Delivery, Macro, Note, Response, ResponseFile
from house import House
from visitors import PART, to_answer, to_approve, visit


def _post(user: User, address: str, **given: Any) -> Any:
    return visit(user).post(address, {"view": "open", **given}, headers=PART)


def test_two_windows_hear_of_each_other_and_nothing_is_written_over(house: House) -> None:
    address = f"/case/{to_answer(house).pk}/draft"
    first = _post(house.mona, address, text="From here", version="0", tab="a", quietly="1").content.decode()
    assert 'name="version" value="1" hx-swap-oob="true"' in first and "Saved " in first
    second = _post(house.mona, address, text="From there", version="0", tab="b", quietly="1")
    page = second.content.decode()
    assert second.status_code == 409
    assert "changed in another window" in page and 'data-mine="1"' in page
    assert "<del>here</del><ins>there</ins>" in page
    assert Response.objects.get().text == "From here"


def test_a_colleagues_answer_is_shown_beside_ones_own_words(house: House) -> None:
    case = to_answer(house, "complaint")
    seen = queries.last_said(case)
    drafts.save(house.leo, case, text="We will")
    assert _post(house.mona, f"/case/{case.pk}/write", text="We mend it today.", seen=seen).status_code == 200
    late = _post(house.leo, f"/case/{case.pk}/write", text="We mend it tomorrow.", seen=seen)
    page = late.content.decode()
    assert late.status_code == 409
    assert "Mona has answered" in page and "<del>today</del><ins>tomorrow</ins>" in page
    assert "We mend it tomorrow." in Response.objects.get(author=house.leo).text


def test_what_the_customer_wrote_meanwhile_is_shown(house: House) -> None:
    case = to_answer(house)
    seen = queries.last_said(case)
    house.hear("<b>Forget it.</b>", in_reply_to="said-1")
    house.settle()
    page = _post(house.mona, f"/case/{case.pk}/write", text="We are sorry.", seen=seen).content.decode()
    assert "They wrote meanwhile" in page
    assert "&lt;b&gt;Forget it.&lt;/b&gt;" in page.split('class="meanwhile"')[1].split("</section>")[0]


def test_files_are_attached_shown_and_served_as_downloads_only(house: House) -> None:
    case = to_answer(house)
    file = SimpleUploadedFile("plan.html", b"<script>alert(1)</script>", "text/html")
    page = _post(house.mona, f"/case/{case.pk}/attach", files=file, quietly="1").content.decode()
    assert "plan.html" in page
    kept = ResponseFile.objects.get()
    served = visit(house.leo).get(f"/response-file/{kept.pk}")
    assert served.headers["Content-Type"] == "application/octet-stream"
    assert served.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in served.headers["Content-Security-Policy"]
    assert _post(house.mona, f"/case/{case.pk}/detach", file=kept.pk, quietly="1").status_code == 200
    assert not ResponseFile.objects.exists()


def test_a_file_that_is_refused_says_why_and_the_words_stay(house: House) -> None:
    case = to_answer(house)
    refused = _post(
        house.mona, f"/case/{case.pk}/attach", files=SimpleUploadedFile("a.exe", b"MZ"), text="Dear", quietly="1"
    )
    assert refused.status_code == 409
    assert "could run on their machine" in refused.content.decode()


def test_what_is_to_leave_later_is_shown_with_its_time_and_can_be_taken_back_or_sent_now(house: House) -> None:
    case = to_answer(house, "complaint")
    at = timezone.localtime(timezone.now() + timedelta(days=2)).replace(second=0, microsecond=0)
    address = f"/case/{case.pk}/write"
    given = {"text": "We mend it.", "seen": queries.last_said(case), "send_at": f"{at:%Y-%m-%dT%H:%M}"}
    assert "It leaves on" in _post(house.mona, address, **given).content.decode()
    jobs.send()
    page = visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    assert "Take it back" in page and "Send now" in page
    response = Response.objects.get()
    assert _post(house.mona, f"/response/{response.pk}/take-back").status_code == 200
    page = visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    assert "Mona took it back before it left." in page and "We mend it.</textarea>" in page
    assert "Taken back" not in page.split('id="thread"')[1].split('id="composer"')[0], "it was never said"


def test_what_leaves_in_a_moment_can_be_taken_back_with_a_key(house: House, settings: Any) -> None:
    settings.UNDO_SECONDS = 10
    case = to_answer(house, "complaint")
    done = _post(house.mona, f"/case/{case.pk}/write", text="We mend it.", seen=queries.last_said(case))
    page = done.content.decode()
    assert "You can take it back for 10 seconds" in page
    assert 'data-key="z"' in page and "data-until=" in page
    assert jobs.send() == 0
    late = Delivery.objects.get()
    Delivery.objects.update(not_before=timezone.now())
    jobs.send()
    gone = _post(house.mona, f"/response/{late.response_id}/take-back")
    assert gone.status_code == 409


@pytest.mark.parametrize("at", ["2020-01-01T09:00", "nonsense"])
def test_a_time_that_cannot_be_is_refused_in_words(house: House, at: str) -> None:
    case = to_answer(house)
    refused = _post(house.mona, f"/case/{case.pk}/write", text="x", seen=queries.last_said(case), send_at=at)
    assert refused.status_code == 409 and "time to send" in refused.content.decode()


def test_who_never_wrote_here_is_pointed_out_before_it_leaves(house: House) -> None:
    case = to_answer(house)
    _post(house.mona, f"/case/{case.pk}/draft", text="x", to="ingrid@people.example", copies="press@paper.example")
    page = visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    assert "press@paper.example never wrote in this conversation" in page


def test_canned_words_come_filled_in_and_escaped(house: House) -> None:
    case = to_answer(house, name="<i>Ingrid")
    canned.keep(house.leo, CannedResponse(), name="Sorry", shortcut="sorry", text="Dear {{name}} {{subject}}")
    page = visit(house.mona).get(f"/case/{case.pk}/canned?words=so").content.decode()
    assert 'data-insert="Dear &lt;i&gt;Ingrid {{subject}}"' in page


def test_a_macro_runs_from_the_case(house: House) -> None:
    case = to_answer(house)
    macro = macros.keep(house.leo, Macro(), name="Note it", key="1", steps=[{"step": "note", "value": "Seen."}])
    assert 'data-key="1"' in visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    assert _post(house.mona, f"/case/{case.pk}/macro", macro=macro.pk).status_code == 200
    assert Note.objects.get().text == "Seen."
    assert _post(house.mona, f"/case/{case.pk}/macro", macro=999).status_code == 409


def test_words_and_macros_are_made_and_taken_away_on_their_pages(house: House) -> None:
    client = visit(house.leo)
    given = {"name": "Sorry", "shortcut": "sorry", "text": "Dear {{name}}"}
    assert client.post("/canned/new", given, follow=True).status_code == 200
    one = CannedResponse.objects.get()
    assert "{{nonsense}}" in client.post(f"/canned/{one.pk}", given | {"text": "{{nonsense}}"}).content.decode()
    given = {"name": "Do", "key": "2", "step": ["note", ""], "value": ["Seen", ""]}
    assert client.post("/macros/new", given, follow=True).status_code == 200
    macro = Macro.objects.get()
    assert macro.steps == [{"step": "note", "value": "Seen"}]
    client.post(f"/canned/{one.pk}/drop")
    client.post(f"/macros/{macro.pk}/drop")
    assert not CannedResponse.objects.exists() and not Macro.objects.exists()


def test_a_lead_decides_on_the_page_of_approvals(house: House) -> None:
    response = to_approve(house)
    page = visit(house.leo).get("/approvals").content.decode()
    assert "My parcel is broken." in page and "We are sorry." in page
    done = visit(house.leo).post(
        f"/response/{response.pk}/change",
        {"back": "queue", "digest": response.digest, "text": "We are very sorry."},
        follow=True,
    )
    assert done.redirect_chain == [("/approvals", 302)]
    assert f"response-{response.pk}" not in done.content.decode(), "the words are Leo's own now"
    mine = visit(house.mona).get("/approvals").content.decode()
    assert "Changed since Mona's words" in mine and "<ins>very </ins>" in mine
    response = queries.response_for(house.mona, response.pk)
    visit(house.mona).post(f"/response/{response.pk}/approve", {"back": "queue", "digest": response.digest})
    house.settle()
    response.refresh_from_db()
    assert (response.state, response.author.name) == ("sent", "Leo")
