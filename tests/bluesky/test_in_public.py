"""Said in public there, judged, answered where it was said: one case, one timeline. And what goes wrong on the way."""

import dataclasses
import uuid
from typing import Any

import pytest
from django.utils import timezone

from armature.crm import conservation
from armature.crm.act import approvals, commands, queries, responses, timeline
from armature.crm.act.drafts import Terms
from armature.crm.act.models import Audience, Case, Delivery, Response
from armature.crm.channels import registry
from armature.crm.channels.bluesky import notices, sessions
from armature.crm.channels.bluesky.names import timed
from armature.crm.channels.bluesky.settings import bluesky_settings
from armature.crm.channels.port import Attachment, Failed, LoginRefused, Outgoing, Sent
from armature.crm.identify.models import Identity
from armature.crm.jobs.listening import read
from armature.crm.listen import queries as listened
from armature.crm.listen.models import Channel, Interaction
from armature.crm.listen.secrets import seal_secret
from bluesky.network import Network, Person, eventually
from house import MONDAY, House

KIND: Any = registry.kind("bluesky")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


def hear(house: House, channel: Channel) -> None:
    """Read what is new, and let the process go on."""
    read(channel.pk, 0)
    house.settle()


def heard(house: House, channel: Channel, text: str) -> Interaction:
    """Something of these words, as soon as it came through."""

    def look() -> Interaction | None:
        hear(house, channel)
        return Interaction.objects.filter(text__contains=text).first()

    found: Interaction = eventually(look)
    return found


def to_answer(house: House, person: Person, intent: str = "cancel") -> Case:
    """Their case, judged by Mona."""
    case = house.case(person.handle)
    if case.form == "intent":
        commands.judge_intent(house.mona, case, intent=intent)
        house.settle()
    return house.case(person.handle)


def answer(house: House, case: Case, text: str) -> Response:
    """Mona answers in public; Leo approves where the map asks for it."""
    seen = queries.last_said(case)
    response = responses.write(house.mona, case, text=text, seen=seen, terms=Terms(audience=Audience.PUBLIC))
    house.settle()
    response.refresh_from_db()
    if response.state == Response.State.APPROVAL:
        approvals.approve(house.leo, response, digest=response.digest)
    house.settle()
    return response


def outgoing(said: str, text: str, **more: Any) -> Outgoing:
    """An answer of ours under a name of its own."""
    return Outgoing(KIND.external_id(None, uuid.uuid4()), ("x.test",), text, public=True, in_reply_to=said, **more)


def test_one_case_from_a_public_mention_to_their_answer_and_ours(
    house: House, channel: Channel, us: Person, ingrid: Person
) -> None:
    hear(house, channel)
    first = ingrid.post(f"Grüße @{us.handle} I want to cancel my order! 👩🏽‍🚀", names=us, langs=["en"])
    said = heard(house, channel, "cancel my order")
    assert (said.public, said.author, said.external_id, said.language) == (True, ingrid.handle, first, "en")
    answer(house, to_answer(house, ingrid), f"Hej @{ingrid.handle} – we are sorry: https://shop.example/ø?a=1.")
    assert Delivery.objects.get().state == "sent"
    (ours,) = eventually(lambda: [one for one in ingrid.told() if one["author"]["did"] == us.did])
    assert ours["record"]["reply"]["parent"]["uri"] == first
    raw = ours["record"]["text"].encode()
    marked = [raw[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode() for one in ours["record"]["facets"]]
    assert marked == [f"@{ingrid.handle}", "https://shop.example/ø?a=1"]
    assert ours["record"]["facets"][0]["features"][0]["did"] == ingrid.did

    ingrid.post("All right, but I still want to cancel.", answers=ours["uri"])
    heard(house, channel, "still want to cancel")
    answer(house, to_answer(house, ingrid), "It is cancelled.")
    latest = eventually(lambda: [one for one in ingrid.told() if "It is cancelled" in one["record"].get("text", "")])
    assert latest[0]["record"]["reply"]["root"]["uri"] == first

    hear(house, channel)
    assert Case.objects.filter(identity__address=ingrid.handle).count() == 1
    told = Interaction.objects.order_by("occurred_at", "id").values_list("direction", "public", "conversation")
    assert [direction for direction, _, _ in told] == ["in", "out", "in", "out"]
    assert len({conversation for _, _, conversation in told}) == 1
    events, more = timeline.page(house.mona, list(Identity.objects.filter(address=ingrid.handle)))
    assert [one.kind for one in events].count("out") == 2 and [one.kind for one in events].count("in") == 2 and not more
    assert not [law.words for law, found in conservation.broken() if found]


def test_two_hand_overs_under_one_name_are_one_post(house: House, channel: Channel, us: Person, ingrid: Person) -> None:
    hear(house, channel)
    ingrid.post(f"@{us.handle} Where is it?", names=us)
    said = heard(house, channel, "Where is it?")
    account = listened.account(channel)
    letter = outgoing(said.external_id, "On its way.\n\nSoon <b> & more.")
    assert KIND.find(account, letter) is None
    first, again = KIND.send(account, letter), KIND.send(account, letter)
    assert isinstance(first, Sent) and first == again == KIND.find(account, letter)
    assert [one["cid"] for one in us.said()] and len(us.said()) == 1
    other = KIND.send(account, dataclasses.replace(letter, text="Something else."))
    assert isinstance(other, Failed) and not other.retryable
    assert [one["value"]["text"] for one in us.said()] == [letter.text]


def test_what_the_server_counts_as_too_long_does_not_leave_and_what_fits_does(
    house: House, channel: Channel, us: Person, ingrid: Person
) -> None:
    hear(house, channel)
    ingrid.post(f"@{us.handle} Tell me all.", names=us)
    said, account = heard(house, channel, "Tell me all"), listened.account(channel)
    for letter, most in (("👩🏽‍🚀", 200), ("क्षि", 240), ("é", 300), ("🇳🇴", 300)):
        fits = KIND.send(account, outgoing(said.external_id, letter * most))
        assert isinstance(fits, Sent), (letter, fits)
        before = len(us.said())
        assert isinstance(KIND.send(account, outgoing(said.external_id, letter * 301)), Failed)
        assert len(us.said()) == before


def test_what_is_taken_back_is_no_longer_shown_and_a_block_is_no_deletion(
    house: House, channel: Channel, us: Person, ingrid: Person, network: Network, names: Any
) -> None:
    hear(house, channel)
    karl = network.add(f"karl{next(names)}")
    gone = ingrid.post(f"@{us.handle} I want to cancel my order!", names=us)
    karl.post(f"@{us.handle} I never want to see you again.", names=us)
    said, stays = heard(house, channel, "cancel my order"), heard(house, channel, "never want")
    karl.block(us)
    eventually(lambda: not us.call("app.bsky.feed.getPosts", uris=[stays.external_id])["posts"])
    ingrid.delete(gone)

    def is_gone() -> bool:
        hear(house, channel)
        said.refresh_from_db()
        return bool(said.deleted_at)

    eventually(is_gone)
    assert said.text == ""
    stays.refresh_from_db()
    assert not stays.deleted_at and "never want" in stays.text


def test_what_stands_above_comes_along_and_strangers_are_not_answered(
    house: House, channel: Channel, us: Person, ingrid: Person, network: Network, names: Any
) -> None:
    hear(house, channel)
    karl = network.add(f"karl{next(names)}")
    first = ingrid.post("Has anybody heard of this shop?")
    second = karl.post("They are late with everything.", answers=first)
    ingrid.post(f"@{us.handle} Is that so?", names=us, answers=second)
    heard(house, channel, "Is that so?")
    told = list(Interaction.objects.order_by("occurred_at", "id").values_list("author", "automatic"))
    assert [author for author, _ in told] == [ingrid.handle, karl.handle, ingrid.handle]
    assert [bool(automatic) for _, automatic in told] == [True, True, False]
    assert Interaction.objects.values("conversation").distinct().count() == 1


def test_pictures_come_along_and_go_out(house: House, channel: Channel, us: Person, ingrid: Person) -> None:
    hear(house, channel)
    images = [{"alt": "my torn boot", "image": ingrid.upload(PNG, "image/png")}]
    ingrid.post(f"@{us.handle} See here.", names=us, embed={"$type": "app.bsky.embed.images", "images": images})
    said = heard(house, channel, "See here.")
    assert "[image: my torn boot]" in said.text
    assert [one.name.startswith("my torn boot") for one in said.files.all()] == [True]
    letter = outgoing(said.external_id, "Like this?", attachments=(Attachment("ours.png", "image/png", PNG),))
    sent = KIND.send(listened.account(channel), letter)
    assert isinstance(sent, Sent) and sent == KIND.send(listened.account(channel), letter)
    assert [one["alt"] for one in ingrid.look(sent.external_id)["embed"]["images"]] == ["ours.png"]


def test_who_lets_nobody_answer_is_said(house: House, channel: Channel, us: Person, ingrid: Person) -> None:
    hear(house, channel)
    first = ingrid.post("A quiet place.")
    gate = {"$type": "app.bsky.feed.threadgate", "post": first, "allow": [], "createdAt": MONDAY.isoformat()}
    given = {"repo": ingrid.did, "collection": "app.bsky.feed.threadgate", "rkey": first.rpartition("/")[2]}
    ingrid.call("com.atproto.repo.putRecord", {**given, "record": gate})
    asked = lambda: us.call("app.bsky.feed.getPosts", uris=[first])["posts"]  # noqa: E731
    eventually(lambda: [one for one in asked() if one["viewer"].get("replyDisabled")])
    outcome = KIND.send(listened.account(channel), outgoing(first, "May we?"))
    assert isinstance(outcome, Failed) and "does not let us answer" in outcome.reason
    ingrid.delete(first)
    eventually(lambda: not asked())
    outcome = KIND.send(listened.account(channel), outgoing(first, "Hello?"))
    assert isinstance(outcome, Failed) and "no longer there" in outcome.reason


@pytest.mark.parametrize("page", [2, 3])
def test_no_page_of_notices_is_lost(
    house: House, channel: Channel, us: Person, ingrid: Person, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear(house, channel)
    for number in range(5):
        ingrid.post(f"@{us.handle} number {number}", names=us)
    eventually(lambda: len(us.told()) == 5)
    monkeypatch.setattr(notices, "PAGE", page)
    hear(house, channel)
    said = set(Interaction.objects.values_list("text", flat=True))
    assert {text.rpartition(" ")[2].strip() for text in said} == set("01234")


def test_a_quote_of_ours_speaks_to_us(house: House, channel: Channel, us: Person, ingrid: Person) -> None:
    hear(house, channel)
    ours = us.look(us.post("New boots!"))
    embed = {"$type": "app.bsky.embed.record", "record": {"uri": ours["uri"], "cid": ours["cid"]}}
    ingrid.post("These broke in a week.", embed=embed)
    said = heard(house, channel, "broke in a week")
    assert not said.automatic and f"https://bsky.app/profile/{us.did}/post/" in said.text


def test_the_account_says_who_it_is_and_a_password_taken_back_pauses_it(
    house: House, channel: Channel, us: Person, ingrid: Person
) -> None:
    assert KIND.probe(listened.account(channel)) == f"Logged in to {us.url} as {us.handle}."
    hear(house, channel)
    ingrid.post(f"@{us.handle} I want to cancel my order!", names=us)
    heard(house, channel, "cancel my order")
    case = to_answer(house, ingrid, "complaint")
    us.take_back()
    sessions._KEPT.clear()  # as after a new start: a running log-in is good for some hours
    answer(house, case, "We are sorry.")
    assert Channel.objects.get(pk=channel.pk).paused_at
    assert Delivery.objects.get().state == "queued"
    with pytest.raises(LoginRefused):
        KIND.probe(listened.account(channel))
    seal_secret(channel, "app_password", us.app_password("another"))
    Delivery.objects.update(not_before=timezone.now())
    house.settle()
    assert Delivery.objects.get().state == "sent"


def test_a_running_log_in_is_used_again_and_renewed(house: House, channel: Channel, us: Person) -> None:
    settings = bluesky_settings(listened.account(channel))
    first = sessions.session(settings)
    assert sessions.session(settings) is first
    second = sessions.session(settings, stale=first)
    assert second.did == us.did and sessions.session(settings) is second


def test_names_that_we_make_are_taken_by_the_server(us: Person) -> None:
    name = timed(uuid.uuid4(), MONDAY)
    record = {"$type": "app.bsky.feed.post", "text": "x", "createdAt": MONDAY.isoformat()}
    given = {"repo": us.did, "collection": "app.bsky.feed.post", "rkey": name, "record": record}
    assert us.call("com.atproto.repo.putRecord", given)["uri"].endswith(name)
