"""People, teams and brands: administrators change them, everybody else finds no such pages; nobody locks all out."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from armature.crm.accounts import commands, invitations, profile, queries
from armature.crm.accounts.access import NotAllowed, Refused, rights_of
from armature.crm.accounts.models import AuditEntry, Brand, Invitation, Membership, Presence, Role, Session, Team, User
from house import House
from visitors import to_answer, visit

GOOD = "correct horse battery"


def admin(house: House, name: str = "ada", team: str | None = None) -> User:
    """An administrator of everything, or of one team."""
    user = User.objects.create_user(f"{name}@shop.example", name.capitalize(), "a good password")
    Membership.objects.create(user=user, role=Role.ADMIN, team=Team.objects.get(key=team) if team else None)
    return user


def invited(page: Any) -> str:
    """The way of the link that the page shows."""
    words: str = page.content.decode()
    return "/join/" + words.split("/join/")[1].split("<")[0]


def test_somebody_is_invited_joins_and_works_and_the_link_is_over(house: House) -> None:
    page = visit(admin(house)).post("/team/invite", {"email": "New@shop.example", "role": "agent"})
    link = invited(page)
    browser = Client()
    assert "new@shop.example" in browser.get(link).content.decode()
    assert browser.post(link, {"name": "Nora", "password": GOOD}).headers["Location"] == "/"
    nora = User.objects.get(email="new@shop.example")
    assert rights_of(nora).anywhere(Role.AGENT)
    assert browser.get("/cases/open").status_code == 200
    for again in (Client().get(link), Client().post(link, {"name": "Eve", "password": GOOD})):
        assert again.status_code == 404
        assert "new@shop.example" not in again.content.decode()
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"invited somebody", "joined"} <= verbs


def test_a_link_that_ran_out_was_revoked_or_replaced_leads_nowhere(house: House) -> None:
    ada = admin(house)
    old, token = invitations.invite(ada, email="a@shop.example", roles=[(None, None, Role.AGENT)])
    newer, other = invitations.again(ada, old)
    Invitation.objects.filter(pk=newer.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    gone, third = invitations.invite(ada, email="b@shop.example", roles=[(None, None, Role.AGENT)])
    visit(ada).post(f"/team/invitation/{gone.pk}/revoke")
    before = User.objects.count()
    for dead in (token, other, third, "nonsense"):
        assert Client().post(f"/join/{dead}", {"name": "Eve", "password": GOOD}).status_code == 404
    assert User.objects.count() == before


def test_the_database_does_not_hold_what_opens_the_door(house: House) -> None:
    made, token = invitations.invite(admin(house), email="a@shop.example", roles=[(None, None, Role.AGENT)])
    assert token not in (made.digest, str(AuditEntry.objects.order_by("-id").values().first()))
    assert made.digest != token


def test_an_easy_password_is_refused_and_the_link_still_works(house: House) -> None:
    _, token = invitations.invite(admin(house), email="a@shop.example", roles=[(None, None, Role.AGENT)])
    assert b"id_password_error" in Client().post(f"/join/{token}", {"name": "N", "password": "short"}).content
    assert Client().post(f"/join/{token}", {"name": "N", "password": GOOD}).status_code == 302


def test_a_closed_account_is_out_everywhere_and_comes_back_with_its_roles(house: House) -> None:
    ada, mona = admin(house), visit(house.mona)
    assert Session.objects.filter(user=house.mona).exists()
    visit(ada).post(f"/team/people/{house.mona.pk}/close")
    assert not Session.objects.filter(user=house.mona).exists()
    assert mona.get("/cases/open").status_code == 302
    assert not rights_of(User.objects.get(pk=house.mona.pk)).roles
    visit(ada).post(f"/team/people/{house.mona.pk}/open")
    assert visit(User.objects.get(pk=house.mona.pk)).get("/cases/open").status_code == 200


def test_the_last_administrator_stays(house: House) -> None:
    ada = admin(house)
    held = Membership.objects.get(user=ada)
    for lose in (
        lambda: commands.end_role(ada, held),
        lambda: commands.give_role(ada, ada, team=None, brand=None, role=Role.AGENT),
        lambda: commands.deactivate(ada, ada),
    ):
        with pytest.raises(Refused):
            lose()
    bob = admin(house, "bob")
    commands.deactivate(ada, bob)
    with pytest.raises(Refused, match="last administrator"):
        commands.end_role(ada, held)
    commands.reactivate(ada, bob)
    commands.end_role(bob, held)
    assert not rights_of(ada).roles


def test_an_administrator_of_one_team_gives_roles_in_it_and_nowhere_else(house: House) -> None:
    sam = admin(house, "sam", "sales")
    sales, legal = Team.objects.get(key="sales"), Team.objects.get(key="legal")
    commands.give_role(sam, house.olga, team=sales, brand=None, role=Role.AGENT)
    assert rights_of(house.olga).role_in("sales", house.brand.pk) == Role.AGENT
    before = list(Membership.objects.order_by("pk").values())
    for team in (legal, None):
        with pytest.raises(NotAllowed):
            commands.give_role(sam, house.olga, team=team, brand=None, role=Role.AGENT)
        with pytest.raises(NotAllowed):
            invitations.invite(sam, email="x@shop.example", roles=[(team, None, Role.ADMIN)])
    foreign = Membership.objects.get(user=house.leo)
    assert visit(sam).post(f"/team/role/{foreign.pk}/end").status_code == 404
    for deed in ("close", "log-out", "factors", "password"):
        visit(sam).post(f"/team/people/{house.leo.pk}/{deed}")
    assert User.objects.get(pk=house.leo.pk).is_active
    assert list(Membership.objects.order_by("pk").values()) == before


def test_a_team_administrator_cannot_reach_invitations_of_others(house: House) -> None:
    made, _ = invitations.invite(admin(house), email="x@shop.example", roles=[(None, None, Role.ADMIN)])
    sam = visit(admin(house, "sam", "sales"))
    assert "x@shop.example" not in sam.get("/team").content.decode()
    assert sam.post(f"/team/invitation/{made.pk}/revoke").status_code == 404
    assert sam.post(f"/team/invitation/{made.pk}/again").status_code == 404
    assert Invitation.objects.get(pk=made.pk).state == Invitation.State.OPEN


def test_for_everybody_else_these_pages_are_not_there(house: House) -> None:
    for who in (house.mona, house.leo, house.nia, house.olga):
        for address in ("/team", "/team/teams", "/team/brands", f"/team/people/{house.leo.pk}"):
            assert visit(who).get(address).status_code == 404, address
    page = visit(admin(house)).get("/team").content.decode()
    assert "Mona" in page and "Invite somebody" in page


def test_teams_and_brands_are_made_and_renamed(house: House) -> None:
    ada = visit(admin(house))
    ada.post("/team/teams", {"name": "Night shift"})
    night = Team.objects.get(key="night_shift")
    legal = Team.objects.get(key="legal")
    ada.post(f"/team/teams/{night.pk}", {"name": "Late shift", "next_team": legal.pk})
    night.refresh_from_db()
    assert (night.key, night.name, night.next_team) == ("night_shift", "Late shift", legal)
    assert "It needs a name" in ada.post("/team/teams", {"name": " ", "back": "teams"}, follow=True).content.decode()
    ada.post("/team/brands", {"name": "Fjord"})
    ada.post(f"/team/brands/{Brand.objects.get(key='fjord').pk}", {"name": "Fjord II", "demands_mfa": "on"})
    assert Brand.objects.get(key="fjord").demands_mfa


def test_who_is_absent_gets_no_work_and_who_stands_in_gets_it(house: House) -> None:
    today = timezone.localdate()
    profile.be(house.mona, Presence.ABSENT, until=today + timedelta(days=3), stand_in=house.leo)
    profile.be(house.nia, Presence.AWAY)
    found = queries.colleagues("support", house.brand.pk)
    assert [(one.user.name, one.presence) for one in found] == [("Leo", "here"), ("Nia", "away"), ("Mona", "absent")]
    assert (found[2].until, found[2].stand_in) == (today + timedelta(days=3), house.leo)
    assert [queries.takes_work(one, found) for one in found] == [house.leo, house.nia, house.leo]
    profile.be(house.leo, Presence.ABSENT, until=today)
    assert queries.takes_work(queries.colleagues("support", house.brand.pk)[-1], found[:0]) is None
    house.mona.refresh_from_db()
    assert house.mona.presence(today + timedelta(days=4)) == Presence.HERE


def test_a_profile_is_kept_and_nonsense_is_refused_in_words(house: House) -> None:
    browser = visit(house.mona)
    browser.post(
        "/profile/keep", {"name": "Mona D", "signature": "Bye\r\nM", "quiet_from": "18:00", "quiet_until": "8:00"}
    )
    mona = User.objects.get(pk=house.mona.pk)
    assert (mona.name, mona.signature, mona.single_keys) == ("Mona D", "Bye\nM", False)
    case = to_answer(house)
    assert "Bye\nM</textarea>" in browser.get(f"/cases/open/{case.pk}").content.decode()
    for wrong in ({"name": " "}, {"name": "x", "quiet_from": "18:00"}, {"name": "x", "language": "xx"}):
        assert "problem" in browser.post("/profile/keep", wrong, follow=True).content.decode()
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    for wrong in ({"presence": "absent", "until": yesterday}, {"presence": "absent"}, {"presence": "lost"}):
        assert "problem" in browser.post("/profile/presence", wrong, follow=True).content.decode()
    assert User.objects.get(pk=house.mona.pk).name == "Mona D"


def test_the_list_of_people_costs_the_same_however_many_there_are(
    house: House, django_assert_max_num_queries: Any
) -> None:
    browser = visit(admin(house))
    for number in range(20):
        other = User.objects.create_user(f"p{number}@shop.example", f"P{number}", None)
        Membership.objects.create(user=other, role=Role.AGENT, team=Team.objects.get(key="sales"))
    with django_assert_max_num_queries(12):
        assert "P19" in browser.get("/team").content.decode()


def test_who_changes_rights_shows_first_that_it_is_they_and_then_it_goes_on(house: House) -> None:
    ada = admin(house)
    browser = Client()
    browser.post("/log-in", {"login": "ada@shop.example", "password": "a good password"})
    asked = browser.post(f"/team/people/{house.mona.pk}/close")
    assert asked.headers["Location"].startswith("/again")
    assert User.objects.get(pk=house.mona.pk).is_active
    assert browser.post(asked.headers["Location"], {"password": "wrong"}).status_code == 200
    assert User.objects.get(pk=house.mona.pk).is_active
    browser.post(asked.headers["Location"], {"password": "a good password"})
    assert not User.objects.get(pk=house.mona.pk).is_active
    assert AuditEntry.objects.filter(actor=ada, verb="closed an account").count() == 1


def test_among_many_people_one_looks_for_a_name(house: House) -> None:
    page = visit(admin(house)).get("/team?q=MON").content.decode()
    assert "mona@shop.example" in page and "leo@shop.example" not in page


@pytest.mark.parametrize("address", ["/profile/keep", "/team/teams", "/team/invite", "/team/brands"])
def test_signs_that_the_database_refuses_break_nothing(house: House, address: str) -> None:
    given = {"name": "a\x00b", "email": "a\x00@x.example", "role": "ag\x00ent", "signature": "\x00"}
    assert visit(admin(house)).post(address, given).status_code in (200, 302)
