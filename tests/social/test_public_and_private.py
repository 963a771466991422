"""Said in public on another server, answered where it was said and then in private: one case, one timeline."""

import dataclasses

import pytest
from django.utils import timezone

from armature.crm import conservation
from armature.crm.act import approvals, commands, queries, responses, timeline
from armature.crm.act.drafts import Terms
from armature.crm.act.models import Approval, Audience, Case, Delivery, Response
from armature.crm.channels import registry
from armature.crm.channels.port import LoginRefused, Outgoing, Sent
from armature.crm.identify.models import Identity
from armature.crm.jobs.listening import read
from armature.crm.listen import queries as listened
from armature.crm.listen.models import Channel, Interaction, Revision
from house import House
from social.snac import Person, eventually

KIND = registry.kind("mastodon")


def hear(house: House, channel: Channel) -> None:
    """Read what is new, and let the process go on."""
    read(channel.pk, 0)
    house.settle()


def heard(house: House, channel: Channel, text: str) -> Interaction:
    """Something of these words, as soon as it came through the two servers."""

    def look() -> Interaction | None:
        hear(house, channel)
        return Interaction.objects.filter(text__contains=text).first()

    found: Interaction = eventually(look)
    return found


def case_of(house: House, person: Person) -> Case:
    return house.case(person.handle)


def to_answer(house: House, person: Person, intent: str = "cancel") -> Case:
    """Their case, judged by Mona."""
    case = case_of(house, person)
    if case.form == "intent":
        commands.judge_intent(house.mona, case, intent=intent)
        house.settle()
    return case_of(house, person)


def answer(house: House, case: Case, audience: str, text: str) -> Response:
    """Mona answers; where the map asks for it Leo approves."""
    seen = queries.last_said(case)
    response = responses.write(house.mona, case, text=text, seen=seen, terms=Terms(audience=audience))
    house.settle()
    response.refresh_from_db()
    if response.state == Response.State.APPROVAL:
        approvals.approve(house.leo, response, digest=response.digest)
    house.settle()
    return response


def test_one_case_from_a_public_mention_to_a_private_answer(
    house: House, channel: Channel, us: Person, ingrid: Person
) -> None:
    hear(house, channel)
    ingrid.post(f"@{us.handle} I want to cancel my order!")
    said = heard(house, channel, "cancel my order")
    assert (said.public, said.author) == (True, ingrid.handle)
    case = to_answer(house, ingrid)
    public = answer(house, case, Audience.PUBLIC, "We are sorry. We write to you in private.")
    assert Approval.objects.filter(response=public, approved=True).exists()
    assert Delivery.objects.get().state == "sent"
    read_there = eventually(ingrid.mentions)
    assert [(one["visibility"], "We are sorry" in one["content"]) for one in read_there] == [("public", True)]

    ingrid.post(f"@{us.handle} All right, but I still want to cancel.", in_reply_to_id=read_there[0]["id"])
    heard(house, channel, "still want to cancel")
    case = to_answer(house, ingrid)
    answer(house, case, Audience.PRIVATE, "Which order is it?")
    private = eventually(lambda: [one for one in ingrid.mentions() if one["visibility"] != "public"])
    assert "Which order" in private[0]["content"]
    ingrid.post(f"@{us.handle} Number 4711.", in_reply_to_id=private[0]["id"], visibility="direct")
    assert not heard(house, channel, "4711").public

    assert Case.objects.filter(identity__address=ingrid.handle).count() == 1
    told = Interaction.objects.order_by("occurred_at", "id").values_list("direction", "public", "conversation")
    assert len({conversation for _, _, conversation in told}) == 1
    assert [direction for direction, _, _ in told].count("out") == 2
    assert {public for direction, public, _ in told if direction == "out"} == {True, False}
    events, more = timeline.page(house.mona, list(Identity.objects.filter(address=ingrid.handle)))
    assert [one.kind for one in events].count("out") == 2 and [one.kind for one in events].count("in") == 3 and not more
    assert not [law.words for law, found in conservation.broken() if found]


def test_what_its_author_edits_voids_the_approval(house: House, channel: Channel, us: Person, ingrid: Person) -> None:
    hear(house, channel)
    post = ingrid.post(f"@{us.handle} I want to cancel my order!")
    heard(house, channel, "cancel my order")
    case = to_answer(house, ingrid)
    response = responses.write(house.mona, case, text="Do stay.", seen=queries.last_said(case))
    house.settle()
    assert Response.objects.get(pk=response.pk).state == Response.State.APPROVAL
    ingrid.edit(post["id"], f"@{us.handle} I want to keep my order!")
    edited = heard(house, channel, "keep my order")
    assert edited.edited_at and Interaction.objects.count() == 1
    assert [one.kind for one in Revision.objects.order_by("at")] == ["original", "edited"]
    assert Response.objects.get(pk=response.pk).state == Response.State.DRAFT


def test_what_its_author_deletes_is_no_longer_shown(house: House, channel: Channel, us: Person, ingrid: Person) -> None:
    hear(house, channel)
    post = ingrid.post(f"@{us.handle} I want to cancel my order!")
    said = heard(house, channel, "cancel my order")
    us.follow(us.mentions()[0]["account"]["id"])
    eventually(lambda: [one for one in ingrid.told() if one["type"] == "follow"])
    ingrid.delete(post["id"])

    def gone() -> bool:
        hear(house, channel)
        said.refresh_from_db()
        return bool(said.deleted_at)

    eventually(gone)
    assert said.text == ""


def test_strangers_in_the_thread_are_members_of_the_conversation(
    house: House, channel: Channel, us: Person, ingrid: Person, servers: tuple[object, object], names: object
) -> None:
    hear(house, channel)
    first = ingrid.post("Has anybody heard of this shop?")
    karl = servers[1].add(f"karl{next(names)}")  # type: ignore[attr-defined, call-overload]
    second = karl.post(f"@{ingrid.handle} They are late with everything.", in_reply_to_id=first["id"])
    ingrid.post(f"@{us.handle} @{karl.handle} Is that so?", in_reply_to_id=second["id"])
    heard(house, channel, "Is that so?")
    told = Interaction.objects.order_by("occurred_at", "id").values_list("author", "automatic")
    assert (ingrid.handle, "") in list(told)


def test_what_may_have_gone_out_is_found_there(house: House, channel: Channel, us: Person, ingrid: Person) -> None:
    account = listened.account(channel)
    hear(house, channel)
    ingrid.post(f"@{us.handle} Where is it?")
    said = heard(house, channel, "Where is it?")
    for public in (True, False):
        outgoing = Outgoing(f"key-{public}", (ingrid.handle,), "On its way <b> & more.\n\nSoon.", public=public,
                            in_reply_to=said.external_id)  # fmt: skip
        assert KIND.find(account, outgoing) is None  # type: ignore[attr-defined]
        sent = KIND.send(account, outgoing)
        assert isinstance(sent, Sent)
        assert KIND.find(account, outgoing) == sent  # type: ignore[attr-defined]
        other = dataclasses.replace(outgoing, text="Something else.")
        assert KIND.find(account, other) is None  # type: ignore[attr-defined]


def test_the_account_says_who_it_is_and_what_is_wrong(house: House, channel: Channel, us: Person) -> None:
    words = KIND.probe(listened.account(channel))
    assert f"as {us.handle}" in words
    assert "takes 100000 characters; the account is set to 5000" in words
    from armature.crm.listen.secrets import seal_secret

    seal_secret(channel, "access_token", "wrong")
    channel = Channel.objects.prefetch_related("secrets").get(pk=channel.pk)
    with pytest.raises(LoginRefused):
        KIND.probe(listened.account(channel))


def test_a_key_that_is_no_longer_taken_pauses_the_account(
    house: House, channel: Channel, us: Person, ingrid: Person
) -> None:
    hear(house, channel)
    ingrid.post(f"@{us.handle} I want to cancel my order!")
    heard(house, channel, "cancel my order")
    case = to_answer(house, ingrid, "complaint")
    from armature.crm.listen.secrets import seal_secret

    seal_secret(channel, "access_token", "wrong")
    answer(house, case, Audience.PUBLIC, "We are sorry.")
    assert Channel.objects.get(pk=channel.pk).paused_at
    assert Delivery.objects.get().state == "queued"
    seal_secret(channel, "access_token", us.key)
    Delivery.objects.update(not_before=timezone.now())
    house.settle()
    assert Delivery.objects.get().state == "sent"
