"""A company for each test."""

import pytest

from armature.crm.accounts.models import Membership, Role, User
from armature.crm.channels.lines import Demo
from armature.crm.channels.port import Outgoing, Sent
from house import House, make_house


@pytest.fixture
def house(db: None) -> House:
    """A company with its baseline map and its people."""
    return make_house()


@pytest.fixture
def open_house(transactional_db: None) -> House:
    """The same, for tests that commit."""
    return make_house()


@pytest.fixture
def lea(open_house: House) -> User:
    """A second lead."""
    user = User.objects.create_user("lea@shop.example", "Lea", "a good password")
    Membership.objects.create(user=user, role=Role.LEAD)
    return user


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> list[Outgoing]:
    """What left through the demo's channel, in order, whole."""
    found: list[Outgoing] = []

    def send(self: Demo, account: object, outgoing: Outgoing) -> Sent:
        found.append(outgoing)
        return Sent(f"taken:{outgoing.external_id}")

    monkeypatch.setattr(Demo, "send", send)
    return found
