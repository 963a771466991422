"""Two real servers for the session, a company for each test."""

from collections.abc import Iterator
from typing import Any

import pytest

from armature.crm.channels.mastodon import reading
from armature.crm.listen.models import Channel
from armature.crm.listen.secrets import seal_secret
from house import House, make_house
from social.snac import Instance, Person, two


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Instance, Instance]]:
    """Ours and the customers'."""
    with two(tmp_path_factory.mktemp("snac")) as both:
        yield both


@pytest.fixture(scope="session")
def names() -> Iterator[int]:
    """Each test has people of its own."""
    return iter(range(1, 1000))


@pytest.fixture
def us(servers: tuple[Instance, Instance], names: Iterator[int]) -> Person:
    """The company's account."""
    return servers[0].add(f"shop{next(names)}")


@pytest.fixture
def ingrid(servers: tuple[Instance, Instance], names: Iterator[int]) -> Person:
    """A customer, on another server."""
    return servers[1].add(f"ingrid{next(names)}")


@pytest.fixture
def house(transactional_db: None, settings: Any) -> House:
    """A company that may call the servers of the tests."""
    settings.MAY_CALL = ["127.0.0.11"]
    return make_house()


@pytest.fixture
def channel(house: House, us: Person, monkeypatch: pytest.MonkeyPatch) -> Channel:
    """The company's account as a channel, read once so that it begins now; what was said is looked at again at once."""
    found = Channel.objects.create(
        kind="mastodon", place="mastodon", name="Mastodon", address=us.handle, brand=house.brand,
        settings={"server": f"http://{us.host}", "most_characters": 5000, "poll_seconds": 5},
    )  # fmt: skip
    seal_secret(found, "access_token", us.key)
    monkeypatch.setattr(reading, "CHECKS", (0,) * 50)
    monkeypatch.setattr(reading, "SURELY", 0)
    return found
