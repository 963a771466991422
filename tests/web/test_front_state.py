"""What a request says of itself moves nobody elsewhere: not the address to go on to, not the host, not the method."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from foreign import World, everything_written, make_world
from matrix import ROUTES

from armature.crm.accounts.models import Membership, Role
from house import House
from visitors import to_answer, visit

ELSEWHERE = [
    "//evil.example", "///evil.example", "////evil.example/x", "/\\evil.example", "\\\\evil.example",
    "https:evil.example", "https:///evil.example", "https://testserver@evil.example", "https://testserver.evil.example",
    "javascript:alert(1)", "\x00//evil.example", " //evil.example", "/\t/evil.example", "http://[::1",
    "data:text/html,x",
]  # fmt: skip
WORDS = {"login": "mona@shop.example", "password": "a good password"}


@pytest.fixture
def world(house: House) -> World:
    """The company with one of everything."""
    return make_world(house)


def test_after_the_log_in_nobody_is_led_to_another_site(house: House) -> None:
    inside = visit(house.mona)
    for there in ELSEWHERE:
        cache.clear()  # so many log-ins of one address are too many
        for sent in (
            Client().post("/log-in", {**WORDS, "next": there}),
            Client().post("/log-in", WORDS, query_params={"next": there}),
            inside.get("/log-in", query_params={"next": there}),
            inside.post("/again", {"password": "a good password", "next": there}),
            visit(house.leo).post("/log-out", {"next": there}),
        ):
            assert sent.status_code in (200, 302), there
            assert sent.headers.get("Location", "/") in ("/", "/log-in", "/profile/log-in"), (there, sent.headers)


def test_after_a_deed_nobody_is_led_to_another_site(house: House) -> None:
    case = to_answer(house)
    Membership.objects.create(user=house.olga, role=Role.ADMIN)
    lead, admin = visit(house.leo), visit(house.olga)
    for there in ELSEWHERE:
        given = {"view": there, "back": there, "next": there, "into": case.pk, "text": "words", "reason": "words"}
        for deed in ("note", "merge", "restrict", "lift"):
            done = lead.post(f"/case/{case.pk}/{deed}", given)
            assert (done.status_code, done.headers["Location"][:5]) == (302, "/case"), (deed, there)
        assert admin.post("/team/teams", {"name": "", **given}).headers["Location"] == "/team"


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver:80@evil.example", "a b"])
def test_a_host_that_is_not_ours_gets_no_page(house: House, host: str) -> None:
    for address in ("/log-in", "/password", "/cases/open"):
        refused = Client().get(address, headers={"Host": host})
        assert refused.status_code == 400
        assert host not in refused.content.decode()


def test_a_host_that_a_stranger_forwards_does_not_reach_a_link(house: House) -> None:
    Membership.objects.create(user=house.olga, role=Role.ADMIN)
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"}
    page = visit(house.olga).post(f"/team/people/{house.mona.pk}/password", headers=forged).content.decode()
    assert "http://testserver/password/new/" in page
    assert "evil" not in page


def test_no_address_does_anything_by_looking(world: World) -> None:
    """Each is asked for by somebody who may do all of it."""
    Membership.objects.create(user=world.house.olga, role=Role.ADMIN)
    client = visit(world.house.olga)
    before = everything_written()
    status = {}
    for name, route in ROUTES.items():
        status[name] = client.get(reverse(name, kwargs=dict(route.named(world)))).status_code
        written = {table for table, rows in everything_written().items() if rows != before.get(table, 0)}
        assert not written, name
    assert {name for name, was in status.items() if was >= 500} == set()
    assert {name for name, was in status.items() if was == 405} == ONLY_DONE


ONLY_DONE = {
    "listening-look-back", "listening-follow", "listening-aside", "listening-stop", "start-channel", "pause-channel",
    "probe-channel", "open-again", "map-import", "drive-import", "import-to-mend",
    "tryout-ours", "throw-away", "first-step", "stop-replay", "throw-away-replay",
    "stop-assessment", "throw-away-assessment", "answer-proposal",
    "join-person", "split-person", "part-persons",
    "log-out", "account_logout", "end-other-log-ins", "keep-profile", "availability", "give-role", "close-account",
    "open-account", "log-out-everywhere", "drop-factors", "password-link", "end-role", "invite", "revoke-invitation",
    "invite-again", "change-team", "change-brand", "save-view", "bulk", "add-case-field", "set-reopen-days",
    "remove-case-field", "undo-bulk", "remove-view", "claim", "judge-intent", "note", "draft", "discard", "take-over",
    "attach", "detach", "run-macro", "take-canned", "write", "looked", "take-back", "send-now", "approve", "change",
    "send-back", "canned-drop", "macro-drop", "restrict", "lift", "name-reader", "unname", "assign", "put-back",
    "hand-over", "snooze", "wake", "prioritise", "tag", "untag", "follow", "seen-to", "end", "reopen", "check",
    "split", "merge",
    "undo-merge", "read-notice", "read-all-notices", "wish-notices", "note-about-person", "keep-person",
    "know-identity", "keep-company", "talk-say", "talk-understood", "talk-rate", "around",
    "survey-switch", "survey-export", "ask-survey", "take-figure", "take-rows",
    "reader-learn", "reader-use", "give-label", "take-back-label",
    "begin-map-draft", "change-map-draft", "give-up-map-draft", "publish-map", "map-back", "keep-map-canvas",
    "map-start", "map-bring-in", "map-assign", "map-unassign", "map-rule", "map-publisher", "map-events",
    "upload-scans", "file-scan", "drop-scan", "read-scan-again",
    "incident-words", "incident-decide", "incident-rest", "incident-cases", "incident-close", "case-incident",
    "begin-table", "change-table", "bring-in-table", "publish-table", "carry-on-list",
    "change-who-judges", "publish-who-judges", "say-bound",
}  # fmt: skip
"""Pages that only do something: no link leads there, only a form."""
