"""What administrators ask for and cannot get: it is said in words, and nothing is changed."""

import pytest
from test_team import GOOD, admin

from armature.crm.accounts import commands, invitations, queries
from armature.crm.accounts.access import Refused, rights_of
from armature.crm.accounts.models import AuditEntry, Invitation, Membership, Role, Team
from house import House

AGENT = [(None, None, Role.AGENT)]


def test_a_role_that_does_not_exist_is_given_to_nobody(house: House) -> None:
    ada = admin(house)
    with pytest.raises(Refused, match="one of the roles"):
        commands.give_role(ada, house.olga, team=None, brand=None, role="owner")
    with pytest.raises(Refused, match="one of the roles"):
        invitations.invite(ada, email="a@shop.example", roles=[(None, None, "owner")])
    assert not rights_of(house.olga).roles
    assert not Invitation.objects.exists()


def test_an_invitation_to_nothing_is_not_made(house: House) -> None:
    with pytest.raises(Refused, match="at least one role"):
        invitations.invite(admin(house), email="a@shop.example", roles=[])
    assert not Invitation.objects.exists()


def test_who_works_here_already_is_not_invited(house: House) -> None:
    with pytest.raises(Refused, match="Mona already works here"):
        invitations.invite(admin(house), email=" MONA@shop.example ", roles=AGENT)
    assert not Invitation.objects.exists()


def test_who_has_joined_is_not_shut_out_by_taking_the_invitation_back(house: House) -> None:
    ada = admin(house)
    made, token = invitations.invite(ada, email="new@shop.example", roles=AGENT)
    nora = invitations.join(token, name="Nora", password=GOOD)
    with pytest.raises(Refused, match="Close the account instead"):
        invitations.revoke(ada, made)
    assert rights_of(nora).anywhere(Role.AGENT)
    assert Invitation.objects.get(pk=made.pk).revoked_at is None


def test_a_team_does_not_take_over_from_itself(house: House) -> None:
    sales = Team.objects.get(key="sales")
    with pytest.raises(Refused, match="cannot take over from itself"):
        commands.change_team(admin(house), sales, name="Sales", next_team=sales)
    assert not AuditEntry.objects.filter(verb="changed a team").exists()


def test_the_only_administrator_of_a_team_can_go_while_somebody_administers_all(house: House) -> None:
    ada, sam = admin(house), admin(house, "sam", "sales")
    sales = Team.objects.get(key="sales")
    commands.give_role(ada, sam, team=sales, brand=None, role=Role.AGENT)
    assert rights_of(sam).role_in("sales", house.brand.pk) == Role.AGENT
    commands.give_role(ada, sam, team=sales, brand=None, role=Role.ADMIN)
    commands.end_role(ada, Membership.objects.get(user=sam))
    assert not rights_of(sam).roles


def test_of_several_roles_in_a_team_the_highest_stands_in_the_list_of_colleagues(house: House) -> None:
    support = Team.objects.get(key="support")
    Membership.objects.create(user=house.leo, team=support, role=Role.DRAFT_ONLY)
    Membership.objects.create(user=house.nia, team=support, role=Role.LEAD)
    held = {one.user: one.role for one in queries.colleagues("support", house.brand.pk)}
    assert held == {house.mona: Role.AGENT, house.leo: Role.LEAD, house.nia: Role.LEAD}
