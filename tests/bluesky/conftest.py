"""A real network for the session, a company for each test."""

from collections.abc import Iterator
from typing import Any

import pytest

from armature.crm.channels.bluesky import watching
from armature.crm.listen.models import Channel
from armature.crm.listen.secrets import seal_secret
from bluesky.network import Network, Person, running
from house import House, make_house

HERE = ["127.0.0.1", "localhost", "::1"]


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """Where everybody is."""
    with running(tmp_path_factory.mktemp("bluesky")) as found:
        print(f"the network: {found.versions}")
        yield found


@pytest.fixture(scope="session")
def names() -> Iterator[int]:
    """Each test has people of its own."""
    return iter(range(1, 1000))


@pytest.fixture
def us(network: Network, names: Iterator[int]) -> Person:
    """The company's account."""
    return network.add(f"store{next(names)}")


@pytest.fixture
def ingrid(network: Network, names: Iterator[int]) -> Person:
    """A customer."""
    return network.add(f"ingrid{next(names)}")


@pytest.fixture
def house(transactional_db: None, settings: Any) -> House:
    """A company that may call the servers of the tests."""
    settings.MAY_CALL = HERE
    return make_house()


@pytest.fixture
def channel(house: House, us: Person, monkeypatch: pytest.MonkeyPatch) -> Channel:
    """The company's account as a channel; what was said is looked for again at once."""
    found = Channel.objects.create(
        kind="bluesky", place="bluesky", name="Bluesky", address=us.handle, brand=house.brand,
        settings={"server": us.url, "poll_seconds": 5},
    )  # fmt: skip
    seal_secret(found, "app_password", us.app_password())
    monkeypatch.setattr(watching, "CHECKS", (0,) * 200)
    monkeypatch.setattr(watching, "SURELY", 0)
    return found
