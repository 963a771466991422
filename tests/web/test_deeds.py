"""What people do on the desk: each deed shows the case again; what cannot be done is said, and no word is lost."""

from typing import Any

from armature.crm.accounts.models import User
from armature.crm.act import approvals, commands, drafts, notes, queries, responses, work
from armature.crm.act.models import Approval, Case, Note, Response
from armature.crm.understand.models import Reading
from house import House
from visitors import PART, to_answer, to_approve, to_judge, visit


def _post(user: User, address: str, **given: Any) -> Any:
    return visit(user).post(address, {"view": "open", **given}, headers=PART)


def test_a_case_is_taken_and_the_second_who_tries_hears_who_was_quicker(house: House) -> None:
    case = to_judge(house)
    assert "The case is yours" in _post(house.mona, f"/case/{case.pk}/claim").content.decode()
    late = _post(house.leo, f"/case/{case.pk}/claim")
    assert (late.status_code, Case.objects.get().assignee) == (409, house.mona)
    assert "Mona has taken this case" in late.content.decode()


def test_an_intent_outside_the_list_is_refused_and_one_of_it_is_kept(house: House) -> None:
    case = to_judge(house)
    assert _post(house.mona, f"/case/{case.pk}/intent", intent="<b>").status_code == 409
    assert _post(house.mona, f"/case/{case.pk}/intent", intent="praise").status_code == 200
    assert Reading.objects.get(current=True).intent_id == "praise"


def test_a_draft_keeps_itself_quietly_and_stands_there_after_a_reload(house: House) -> None:
    case = to_judge(house)
    kept = _post(house.mona, f"/case/{case.pk}/draft", text="Dear Ingrid", quietly="1")
    assert "<main" not in kept.content.decode()
    assert "HX-Trigger" not in kept.headers
    assert ">Dear Ingrid</textarea>" in visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    page = visit(house.leo).get(f"/cases/open/{case.pk}").content.decode()
    assert "A colleague has a draft too" in page and "Dear Ingrid</div>" in page
    assert "Dear Ingrid</textarea>" not in page, "everybody has a draft of their own"


def test_words_stay_when_the_customer_wrote_meanwhile_and_go_out_when_that_was_read(house: House) -> None:
    case = to_answer(house)
    seen = queries.last_said(case)
    house.hear("Forget it.", in_reply_to="said-1")
    house.settle()
    refused = _post(house.mona, f"/case/{case.pk}/write", text="We are <sorry>.", seen=seen)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "They wrote again while you were writing" in page
    assert "We are &lt;sorry&gt;.</textarea>" in page
    assert not Response.objects.filter(state="approval").exists()
    case = house.case()
    if case.form == "intent":
        commands.judge_intent(house.mona, case, intent="cancel")
        house.settle()
    again = _post(house.mona, f"/case/{case.pk}/write", text="We are sorry.", seen=queries.last_said(case))
    assert again.status_code == 200


def test_an_empty_response_and_an_empty_note_are_refused(house: House) -> None:
    case = to_answer(house)
    assert _post(house.mona, f"/case/{case.pk}/write", text=" ", seen=queries.last_said(case)).status_code == 409
    assert _post(house.mona, f"/case/{case.pk}/note", text=" ").status_code == 409
    assert not Note.objects.exists()


def test_a_note_that_is_refused_comes_back_as_a_note_never_as_a_reply(house: House, monkeypatch: Any) -> None:
    case = to_answer(house)

    def refuse(*_: object, **__: object) -> None:
        raise work.Refused("No.")

    monkeypatch.setattr(notes, "add_note", refuse)
    page = _post(house.mona, f"/case/{case.pk}/note", text="They lie.").content.decode()
    assert page.count("They lie.") == 1
    assert 'data-keep="note">They lie.</textarea>' in page
    assert 'id="mode-reply" hidden' in page


def test_a_response_too_long_for_the_channel_is_refused_before_it_is_written(house: House, monkeypatch: Any) -> None:
    from armature.arm.channel import Capabilities
    from armature.crm.channels.lines import Demo

    monkeypatch.setattr(Demo, "capabilities", lambda *_: Capabilities(private_reply=True, max_length=10))
    case = to_answer(house)
    refused = _post(house.mona, f"/case/{case.pk}/write", text="eleven char", seen=queries.last_said(case))
    assert refused.status_code == 409
    assert "takes 10 characters; your text has 11" in refused.content.decode()
    assert 'data-most="10"' in refused.content.decode()
    assert (
        _post(house.mona, f"/case/{case.pk}/write", text="ten chars.", seen=queries.last_said(case)).status_code == 200
    )


def test_a_channel_that_takes_no_answer_says_why_and_takes_none(house: House, monkeypatch: Any) -> None:
    from armature.arm.channel import Capabilities
    from armature.crm.channels.lines import Demo

    monkeypatch.setattr(Demo, "capabilities", lambda *_: Capabilities(blocked="The window of 24 hours is over."))
    case = to_answer(house)
    page = visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    assert "The window of 24 hours is over." in page
    assert "data-send>Send" not in page
    assert _post(house.mona, f"/case/{case.pk}/write", text="x", seen=queries.last_said(case)).status_code == 409
    assert not Response.objects.exists()


def test_a_draft_cannot_pull_back_a_response_that_waits_for_approval(house: House) -> None:
    response = to_approve(house)
    assert _post(house.mona, f"/case/{response.case_id}/draft", text="other words").status_code == 409
    response.refresh_from_db()
    assert (response.state, response.text) == ("approval", "We are sorry.")


def test_the_approver_sees_both_texts_and_releases_exactly_these_words(house: House) -> None:
    response = to_approve(house)
    page = visit(house.leo).get(f"/cases/approve/{response.case_id}").content.decode()
    assert "My parcel is broken." in page.split("They said</h3>")[1]
    assert "We are sorry." in page.split("would say,")[1]
    stale = _post(house.leo, f"/response/{response.pk}/approve", digest="0" * 64)
    assert stale.status_code == 409
    assert _post(house.leo, f"/response/{response.pk}/approve", digest=response.digest).status_code == 200
    assert Approval.objects.get().digest == response.digest
    twice = _post(house.leo, f"/response/{response.pk}/approve", digest=response.digest)
    assert twice.status_code == 409
    assert Approval.objects.count() == 1


def test_sending_back_needs_a_reason_which_the_writer_then_reads(house: House) -> None:
    response = to_approve(house)
    assert _post(house.leo, f"/response/{response.pk}/send-back", reason=" ").status_code == 409
    assert _post(house.leo, f"/response/{response.pk}/send-back", reason="Too short.").status_code == 200
    page = visit(house.mona).get(f"/cases/open/{response.case_id}").content.decode()
    assert "Leo: Too short." in page
    assert "We are sorry.</textarea>" in page


def test_nothing_to_do_in_a_finished_case_is_said_in_words(house: House) -> None:
    response = to_approve(house)
    approvals.approve(house.leo, response, digest=response.digest)
    house.settle()
    sent = response.case.conversation.interaction_set.get(direction="out")
    house.hear("Thank you so much!", in_reply_to=sent.external_id)
    house.settle()
    assert house.case().form == ""
    for deed in ("draft", "write", "intent", "looked"):
        refused = _post(house.mona, f"/case/{response.case_id}/{deed}", text="x", intent="praise", delivery="sent")
        assert refused.status_code == 409, deed
        assert "Nothing is open in this case." in refused.content.decode()


def test_without_a_script_a_deed_leads_back_to_the_case_with_its_words(house: House) -> None:
    case = to_answer(house)
    done = visit(house.mona).post(f"/case/{case.pk}/note", {"view": "open", "text": "Call them."}, follow=True)
    assert done.redirect_chain == [(f"/cases/open/{case.pk}", 302)]
    assert "Note kept. Only colleagues see it." in done.content.decode()


def test_an_unchanged_case_answers_with_nothing_and_a_changed_one_with_itself(house: House) -> None:
    case = to_answer(house)
    client = visit(house.mona)
    address = f"/cases/open/{case.pk}?part=case"
    stamp = client.get(address, headers=PART).context["stamp"]
    assert client.get(f"{address}&seen={stamp}", headers=PART).status_code == 204
    notes.add_note(house.leo, case, text="Look.")
    assert client.get(f"{address}&seen={stamp}", headers=PART).status_code == 200


def test_a_public_channel_says_so_on_everything_that_sends(house: House) -> None:
    house.mailbox.settings["public"] = True
    house.mailbox.name = "Facebook page"
    house.mailbox.save()
    case = to_answer(house, intent="complaint")
    page = visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    assert "data-send>Post publicly as Facebook page</button>" in page
    assert "Everybody can read this" in page
    response = responses.write(
        house.mona, case, text="Sorry.", seen=queries.last_said(case), terms=drafts.Terms("public")
    )
    assert response.public


def test_where_the_rule_says_private_an_answer_on_a_public_channel_is_private_unless_somebody_chooses(
    house: House,
) -> None:
    house.mailbox.settings["public"] = True
    house.mailbox.save()
    case = to_answer(house, intent="cancel")
    page = visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    assert "data-send>Ask approval, then send privately as Mailbox</button>" in page
    assert not responses.write(house.mona, case, text="Sorry.", seen=queries.last_said(case)).public
