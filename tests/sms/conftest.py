"""One gateway for the session, a company for each test."""

from collections.abc import Iterator
from typing import Any

import pytest

from armature.crm import rows
from armature.crm.listen.models import Channel
from armature.crm.listen.secrets import seal_secret
from house import House, make_house
from sms.kannel import Kannel, running, until

HOOK = "the-hook-of-our-number"
SECRET = "a-secret-of-the-hook-1234"
BUSY = """SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
    AND state IN ('active', 'idle in transaction')"""


@pytest.fixture(scope="session")
def kannel(live_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kannel]:
    """A real gateway that calls the real pages."""
    with running(tmp_path_factory.mktemp("kannel"), f"{live_server.url}/hook/{HOOK}", SECRET) as found:
        yield found


@pytest.fixture
def house(transactional_db: None, settings: Any) -> House:
    """A company that may call the gateway of the tests."""
    settings.MAY_CALL = ["127.0.0.1"]
    return make_house()


@pytest.fixture
def channel(house: House, kannel: Kannel, live_server: Any) -> Iterator[Channel]:
    """Our number; at the end calls that are on their way are let through before the tables are emptied."""
    found = Channel.objects.create(
        kind="sms", place="sms", name="Texts", address="+4799900000", brand=house.brand, hook=HOOK,
        settings={"gateway": kannel.address, "username": "crm", "reached_at": live_server.url, "country": "NO"},
    )  # fmt: skip
    seal_secret(found, "password", kannel.password)
    seal_secret(found, "hook_secret", SECRET)
    yield found
    Channel.objects.filter(hook=HOOK).update(hook="over")
    until(lambda: not rows.fetch(BUSY, []))
