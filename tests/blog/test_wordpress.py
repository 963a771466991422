"""A visitor's comment on a real WordPress, judged, answered under it, answered again: one case."""

import dataclasses
from typing import Any

import pytest

from armature.crm import conservation
from armature.crm.act import approvals, commands, queries, responses
from armature.crm.act.drafts import Terms
from armature.crm.act.models import Audience, Case, Delivery, Response
from armature.crm.channels import registry
from armature.crm.channels.port import Failed, LoginRefused, Outgoing, Sent
from armature.crm.channels.wordpress import reading
from armature.crm.jobs.listening import read
from armature.crm.listen import queries as listened
from armature.crm.listen.models import Channel, Interaction, Revision
from armature.crm.listen.secrets import seal_secret
from blog.site import Site
from house import House

KIND: Any = registry.kind("wordpress")


def hear(house: House, channel: Channel) -> None:
    """Read what is new, and let the process go on."""
    read(channel.pk, 0)
    house.settle()


def heard(text: str) -> Interaction:
    return Interaction.objects.get(text__contains=text)


def judged(house: House, author: str) -> Case:
    """Their case, judged by Mona."""
    case = house.case(author)
    if case.form == "intent":
        commands.judge_intent(house.mona, case, intent="cancel")
        house.settle()
    return house.case(author)


def answer(house: House, case: Case, text: str) -> Response:
    """Mona answers under it; where the map asks for it Leo approves."""
    response = responses.write(
        house.mona, case, text=text, seen=queries.last_said(case), terms=Terms(audience=Audience.PUBLIC)
    )
    house.settle()
    response.refresh_from_db()
    if response.state == Response.State.APPROVAL:
        approvals.approve(house.leo, response, digest=response.digest)
    house.settle()
    return response


def test_from_a_visitors_comment_to_an_answer_under_it_and_back(house: House, channel: Channel, site: Site) -> None:
    hear(house, channel)
    site.comment("I want to cancel my <b>boots</b> & more!")
    hear(house, channel)
    said = heard("cancel my boots & more!")
    assert (said.public, said.author, said.kind) == (True, "ingrid@people.example", "comment")
    assert said.subject == "Our new boots & more" and "as they were typed" in said.warning
    answer(house, judged(house, said.author), "We are sorry: 2 < 3 & <i>so</i>.\n\nMona")
    assert Delivery.objects.get().state == "sent"
    shown = site.shown()[-1]
    assert (shown["parent"], shown["author_name"]) == (int(said.external_id), "Mona")
    assert "2 &lt; 3 &amp; &lt;i&gt;so&lt;/i&gt;" in shown["content"]["rendered"]

    site.comment("It is still not cancelled.", parent=str(shown["id"]))
    hear(house, channel)
    assert heard("still not").conversation_id == said.conversation_id
    assert Case.objects.count() == 1
    assert sorted(Interaction.objects.values_list("direction", flat=True)) == ["in", "in", "out"]
    assert not [law.words for law, found in conservation.broken() if found]


def test_edits_and_what_is_taken_away(house: House, channel: Channel, site: Site) -> None:
    hear(house, channel)
    for words in ("I want to cancel one.", "I want to cancel two.", "I want to cancel three."):
        site.comment(words, name="Olaf")
    hear(house, channel)
    one, two, three = (heard(words) for words in ("cancel one", "cancel two", "cancel three"))
    site.call("POST", f"/wp/v2/comments/{one.external_id}", {"content": "I want to keep one."})
    site.call("DELETE", f"/wp/v2/comments/{two.external_id}")
    site.call("DELETE", f"/wp/v2/comments/{three.external_id}", {"force": True})
    hear(house, channel)
    one.refresh_from_db()
    assert (one.text, bool(one.edited_at)) == ("I want to keep one.", True)
    assert [each.kind for each in Revision.objects.filter(interaction=one).order_by("at")] == ["original", "edited"]
    for gone in (two, three):
        gone.refresh_from_db()
        assert (gone.text, bool(gone.deleted_at)) == ("", True)
    before = Interaction.objects.count(), Revision.objects.count()
    hear(house, channel)
    assert before == (Interaction.objects.count(), Revision.objects.count())


def test_reviews_with_their_stars_and_comments_that_wait(
    house: House, channel: Channel, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", 2)
    site.comment("Said before we came.", name="Nora")
    hear(house, channel)
    site.review("The left boot leaks.")
    site.option("comment_moderation", "1")
    try:
        site.comment("Is anybody there?", name="Vera")
    finally:
        site.option("comment_moderation", "0")
    hear(house, channel)
    review, held = heard("left boot"), heard("anybody")
    assert (review.kind, review.text) == ("review", "★★☆☆☆ 2/5\nThe left boot leaks.")
    assert "waits for moderation" in held.warning
    assert not Interaction.objects.filter(text__contains="before we came").exists()
    outcome = KIND.send(
        listened.account(channel), Outgoing("key", (), "Yes.", public=True, in_reply_to=held.external_id)
    )
    assert isinstance(outcome, Failed) and "waits for moderation" in outcome.reason and not outcome.retryable


def test_never_twice_and_found_again(house: House, channel: Channel, site: Site) -> None:
    hear(house, channel)
    site.comment("Where is my parcel?", name="Pia")
    hear(house, channel)
    account = listened.account(channel)
    outgoing = Outgoing("key-1", (), "On its <way> & soon.", public=True, in_reply_to=heard("my parcel").external_id)
    assert KIND.find(account, outgoing) is None
    sent = KIND.send(account, outgoing)
    assert isinstance(sent, Sent) and KIND.find(account, outgoing) == sent
    assert KIND.send(account, outgoing) == sent  # the site says 409, which is what we wanted
    assert [one["content"]["rendered"].count("On its") for one in site.shown()].count(1) == 1
    twin = KIND.send(account, dataclasses.replace(outgoing, external_id="key-2"))
    assert isinstance(twin, Failed) and "takes no comment twice" in twin.reason
    site.call("DELETE", f"/wp/v2/comments/{outgoing.in_reply_to}")
    gone = KIND.send(account, dataclasses.replace(outgoing, external_id="key-3", text="Hello?"))
    assert isinstance(gone, Failed) and "no longer" in gone.reason


def test_the_account_says_who_it_is_and_what_is_wrong(house: House, channel: Channel, site: Site) -> None:
    assert KIND.probe(listened.account(channel)) == f"Logged in to {site.url} as Mona."
    channel.settings["user"] = "reader"
    seal_secret(channel, "application_password", site.keys["reader"])
    channel.save()
    fresh = Channel.objects.get(pk=channel.pk)
    assert "may not moderate" in KIND.probe(listened.account(fresh))
    seal_secret(fresh, "application_password", "wrong")
    account = listened.account(Channel.objects.get(pk=channel.pk))
    for deed in (KIND.probe, lambda one: list(KIND.fetch(one, {}, 10))):
        with pytest.raises(LoginRefused):
            deed(account)
    refused = KIND.send(account, Outgoing("key", (), "Hi", public=True, in_reply_to="1"))
    assert isinstance(refused, Failed) and refused.cause == "login"
