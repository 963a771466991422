"""Said in a public room of a real server, answered in its thread, then in a room of two: one case."""

import dataclasses
from typing import Any

import pytest

from armature.crm import conservation
from armature.crm.act import approvals, commands, queries, responses
from armature.crm.act.drafts import Terms
from armature.crm.act.models import Audience, Case, Delivery, Response
from armature.crm.channels import registry
from armature.crm.channels.matrix import reading
from armature.crm.channels.port import Attachment, Failed, LoginRefused, Outgoing, Sent
from armature.crm.jobs.listening import read
from armature.crm.listen import queries as listened
from armature.crm.listen.models import Channel, Interaction, Revision
from armature.crm.listen.secrets import seal_secret
from chat.synapse import Person, Server
from house import House

KIND: Any = registry.kind("matrix")


def hear(house: House, channel: Channel) -> None:
    """Read what is new, and let the process go on."""
    read(channel.pk, 0)
    house.settle()


def heard(text: str) -> Interaction:
    return Interaction.objects.get(text__contains=text)


def judged(house: House, person: Person) -> Case:
    """Their case, judged by Mona."""
    case = house.case(person.handle)
    if case.form == "intent":
        commands.judge_intent(house.mona, case, intent="cancel")
        house.settle()
    return house.case(person.handle)


def answer(house: House, case: Case, text: str, audience: str, private: str = "") -> None:
    """Mona answers; where the map asks for it Leo approves."""
    terms = Terms(audience=audience, private_text=private)
    response = responses.write(house.mona, case, text=text, seen=queries.last_said(case), terms=terms)
    house.settle()
    response.refresh_from_db()
    if response.state == Response.State.APPROVAL:
        approvals.approve(house.leo, response, digest=response.digest)
    house.settle()


def test_one_case_from_a_public_room_to_a_room_of_two(
    house: House, channel: Channel, us: Person, ingrid: Person
) -> None:
    room = ingrid.make_room(name="Boots")
    us.join(room)
    hear(house, channel)
    ingrid.say(room, "Nothing for anybody.")
    asked = ingrid.say(room, "I want to cancel my order!", to=us.handle)
    hear(house, channel)
    said = heard("cancel my order")
    assert (said.public, said.author, said.subject, Interaction.objects.count()) == (True, ingrid.handle, "Boots", 1)
    answer(house, judged(house, ingrid), "We are sorry. We write to you alone.", Audience.BOTH, "Which order is it?")
    assert [one.state for one in Delivery.objects.all()] == ["sent", "sent"]
    public = ingrid.read(room)[-1]["content"]
    assert public["m.relates_to"] == {
        "rel_type": "m.thread", "event_id": asked, "is_falling_back": False, "m.in_reply_to": {"event_id": asked},
    }  # fmt: skip
    assert public["m.mentions"] == {"user_ids": [ingrid.handle]}

    (alone,) = ingrid.invited()
    ingrid.join(alone)
    assert [one["content"]["body"] for one in ingrid.read(alone)] == ["Which order is it?"]
    hear(house, channel)
    ingrid.say(alone, "Number 4711.")
    ingrid.say(room, "I did, thanks.", **{"m.relates_to": {"rel_type": "m.thread", "event_id": asked}})
    hear(house, channel)
    assert (heard("4711").public, heard("I did").public) == (False, True)
    assert Case.objects.count() == 1
    told = Interaction.objects.order_by("occurred_at", "id").values_list("direction", "public", "conversation")
    assert len({conversation for *_, conversation in told}) == 1
    assert sorted(way for way, *_ in told) == ["in", "in", "in", "out", "out"]
    answer(house, judged(house, ingrid), "It is cancelled.", Audience.PRIVATE)
    assert ingrid.read(alone)[-1]["content"]["body"] == "It is cancelled."
    assert us.call("GET", f"/user/{us.handle}/account_data/m.direct") == {ingrid.handle: [alone]}
    assert not [law.words for law, found in conservation.broken() if found]


def test_edits_redactions_strangers_and_gaps(
    house: House, channel: Channel, us: Person, ingrid: Person, synapse: Server, names: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    karl = synapse.add(f"karl{next(names)}")
    room = ingrid.make_room()
    for one in (us, karl):
        one.join(room)
    hear(house, channel)
    first = ingrid.say(room, "I want to cancel one.", to=us.handle)
    second = ingrid.say(room, "I want to cancel two.", to=us.handle)
    karl.say(room, "Me neither.", **{"m.relates_to": {"rel_type": "m.thread", "event_id": first}})
    unheard = karl.say(room, "Lovely weather.")
    hear(house, channel)
    assert heard("Me neither").automatic == "said to others in this thread"
    ingrid.edit(room, first, "I want to keep one.")
    karl.edit(room, unheard, "Bad weather.")
    ingrid.redact(room, second)
    hear(house, channel)
    one = Interaction.objects.get(external_id=f"{room}/{first}")
    two = Interaction.objects.get(external_id=f"{room}/{second}")
    assert (one.text, two.text) == ("I want to keep one.", "") and one.edited_at and two.deleted_at
    assert sorted(Revision.objects.values_list("kind", flat=True)) == ["deleted", "edited", "original", "original"]

    monkeypatch.setattr(reading, "PAGE", 3)
    for number in range(8):
        ingrid.say(room, f"Gap number {number}.", to=us.handle)
    hear(house, channel)
    assert Interaction.objects.filter(text__startswith="Gap number").count() == 8


def test_rooms_of_two_by_invitation_and_encrypted_ones(
    house: House, channel: Channel, us: Person, ingrid: Person
) -> None:
    hear(house, channel)
    alone = ingrid.make_room(preset="private_chat", invite=[us.handle])
    hear(house, channel)
    asked = ingrid.say(alone, "Nobody else reads this.")
    hear(house, channel)
    assert not heard("Nobody else").public
    outgoing = Outgoing("key-1", (ingrid.handle,), "Hello.", in_reply_to=f"{alone}/{asked}")
    sent = KIND.send(listened.account(channel), outgoing)
    assert isinstance(sent, Sent) and sent.external_id.startswith(f"{alone}/")
    ingrid.call("PUT", f"/rooms/{alone}/state/m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})
    ingrid.call("PUT", f"/rooms/{alone}/send/m.room.encrypted/s1", {"algorithm": "m.megolm.v1.aes-sha2"})
    hear(house, channel)
    assert "cannot be read here" in heard("This room is encrypted").warning
    other = KIND.send(listened.account(channel), dataclasses.replace(outgoing, external_id="key-2"))
    assert isinstance(other, Sent) and not other.external_id.startswith(alone)


def test_never_twice_with_files_and_found_again(house: House, channel: Channel, us: Person, ingrid: Person) -> None:
    room = ingrid.make_room()
    us.join(room)
    hear(house, channel)
    asked = ingrid.say(room, "Where is it?", to=us.handle)
    account = listened.account(channel)
    picture = Attachment("map.png", "image/png", b"\x89PNG not a real one")
    outgoing = Outgoing("key-1", (ingrid.handle,), "Here.", public=True, in_reply_to=f"{room}/{asked}",
                        attachments=(picture,))  # fmt: skip
    assert KIND.find(account, outgoing) is None
    sent = KIND.send(account, outgoing)
    assert isinstance(sent, Sent) and KIND.send(account, outgoing) == sent and KIND.find(account, outgoing) == sent
    shown = [one["content"] for one in ingrid.read(room)]
    assert [one["msgtype"] for one in shown] == ["m.text", "m.image", "m.text"] and shown[1]["url"].startswith("mxc://")
    hear(house, channel)
    assert sorted(Interaction.objects.values_list("text", flat=True)) == ["Here.", "Where is it?"]
    ingrid.call("PUT", f"/rooms/{room}/state/m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})
    sealed = KIND.send(account, dataclasses.replace(outgoing, external_id="key-2", attachments=()))
    assert isinstance(sealed, Failed) and "encrypted" in sealed.reason
    gone = KIND.send(account, dataclasses.replace(outgoing, in_reply_to=f"{room}/$nothing", attachments=()))
    assert isinstance(gone, Failed) and "no longer there" in gone.reason


def test_the_account_says_who_it_is_waits_and_says_what_is_wrong(
    house: House, channel: Channel, us: Person, ingrid: Person
) -> None:
    account = listened.account(channel)
    assert KIND.probe(account) == f"Logged in to {us.url} as {us.handle}."
    assert "belongs to" in KIND.probe(dataclasses.replace(account, address="@other:chat.test"))
    hear(house, channel)
    channel.refresh_from_db()
    assert not KIND.wait(account, channel.cursor, 0.1)
    ingrid.make_room(invite=[us.handle])
    assert KIND.wait(account, channel.cursor, 10)
    seal_secret(channel, "access_token", "wrong")
    account = listened.account(Channel.objects.get(pk=channel.pk))
    with pytest.raises(LoginRefused):
        KIND.probe(account)
    refused = KIND.send(account, Outgoing("key", (ingrid.handle,), "Hi"))
    assert isinstance(refused, Failed) and refused.cause == "login"
