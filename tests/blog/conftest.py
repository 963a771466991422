"""A real site for the session, a company for each test."""

from collections.abc import Iterator
from typing import Any

import pytest

from armature.crm.channels.wordpress import reading
from armature.crm.listen.models import Channel
from armature.crm.listen.secrets import seal_secret
from blog.pages import Pages, serving
from blog.site import Site, running
from house import House, make_house


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The company's blog."""
    with running(tmp_path_factory.mktemp("wordpress")) as found:
        yield found


@pytest.fixture
def house(transactional_db: None, settings: Any) -> House:
    """A company that may call the servers of the tests."""
    settings.MAY_CALL = ["127.0.0.1"]
    return make_house()


@pytest.fixture
def channel(house: House, site: Site, monkeypatch: pytest.MonkeyPatch) -> Channel:
    """The company's blog as a channel; what was said is looked at again at once."""
    found = Channel.objects.create(
        kind="wordpress", place="blog", name="Blog", address="blog.shop.example", brand=house.brand,
        settings={"site": site.url, "user": "mona", "poll_seconds": 0},
    )  # fmt: skip
    seal_secret(found, "application_password", site.keys["mona"])
    monkeypatch.setattr(reading, "REREAD", 0)
    return found


@pytest.fixture
def pages(settings: Any) -> Iterator[Pages]:
    """A server of somebody else, that may be called."""
    settings.MAY_CALL = ["127.0.0.1"]
    with serving() as found:
        yield found
