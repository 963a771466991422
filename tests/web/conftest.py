"""A company and people who are logged in."""

from collections.abc import Callable

import pytest
from django.test import Client

from armature.crm.accounts.models import User
from house import House, make_house

Visitor = Callable[[User], Client]


@pytest.fixture
def house(db: None) -> House:
    """A company with its baseline map and its people."""
    return make_house()


@pytest.fixture
def visit() -> Visitor:
    """A browser in which somebody is logged in."""

    def log_in(user: User) -> Client:
        client = Client(raise_request_exception=True)
        client.force_login(user)
        return client

    return log_in
