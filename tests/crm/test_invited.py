"""Somebody answers an invitation in the very moment in which it is taken back."""

import threading

from django.db import connection, transaction

from armature.crm.accounts import invitations
from armature.crm.accounts.models import Invitation, Membership, Role, User
from house import House
from together import together


def _wait_until_somebody_waits() -> None:
    with connection.cursor() as cursor:
        found = None
        while found is None:
            cursor.execute("SELECT FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()")
            found = cursor.fetchone()


def test_an_invitation_that_is_revoked_while_somebody_answers_it_lets_nobody_in(open_house: House) -> None:
    Membership.objects.filter(user=open_house.leo).update(role=Role.ADMIN)
    made, token = invitations.invite(open_house.leo, email="new@shop.example", roles=[(None, None, Role.AGENT)])
    held = threading.Event()

    def revoke() -> None:
        with transaction.atomic():
            invitations.revoke(open_house.leo, made)
            held.set()
            _wait_until_somebody_waits()

    def join() -> User:
        assert held.wait(60)
        return invitations.join(token, name="Nora", password="correct horse battery")

    revoked, joined = together(revoke, join)
    assert revoked is None
    assert isinstance(joined, Invitation.DoesNotExist)
    assert not User.objects.filter(email="new@shop.example").exists()
