"""A real server for the session, a company for each test."""

from collections.abc import Iterator
from typing import Any

import pytest

from armature.crm.listen.models import Channel
from armature.crm.listen.secrets import seal_secret
from chat.synapse import Person, Server, running
from house import House, make_house


@pytest.fixture(scope="session")
def synapse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Where everybody is."""
    with running(tmp_path_factory.mktemp("synapse")) as found:
        yield found


@pytest.fixture(scope="session")
def names() -> Iterator[int]:
    """Each test has people of its own."""
    return iter(range(1, 1000))


@pytest.fixture
def us(synapse: Server, names: Iterator[int]) -> Person:
    """The company's account."""
    return synapse.add(f"shop{next(names)}")


@pytest.fixture
def ingrid(synapse: Server, names: Iterator[int]) -> Person:
    """A customer."""
    return synapse.add(f"ingrid{next(names)}")


@pytest.fixture
def house(transactional_db: None, settings: Any) -> House:
    """A company that may call the servers of the tests."""
    settings.MAY_CALL = ["127.0.0.1"]
    return make_house()


@pytest.fixture
def channel(house: House, us: Person) -> Channel:
    """The company's account as a channel."""
    found = Channel.objects.create(
        kind="matrix", place="matrix", name="Matrix", address=us.handle, brand=house.brand,
        settings={"homeserver": us.url, "join": "yes"},
    )  # fmt: skip
    seal_secret(found, "access_token", us.key)
    return found
