"""What people wrote is heard, whatever becomes of looking for their names and files."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from armature.crm.channels import registry
from armature.crm.channels.meta.looking import NAMES
from armature.crm.channels.settings import BadSettings
from armature.crm.jobs import listening
from armature.crm.listen import looking
from armature.crm.listen.models import Asked, Channel, Interaction
from armature.crm.listen.secrets import seal_secret
from house import House, make_house
from platforms import meta, pages
from platforms.meta import told
from platforms.stub import running


@pytest.fixture
def api(settings: Any) -> Iterator[pages.Pages]:
    settings.MAY_CALL = ["127.0.0.1"]
    with running(found := pages.Pages()):
        yield found


@pytest.fixture
def house(transactional_db: None) -> House:
    return make_house()


@pytest.fixture
def channel(house: House, api: pages.Pages) -> Channel:
    found = Channel.objects.create(
        kind="facebook", place="facebook", name="Page", address=pages.PAGE, brand=house.brand,
        settings={"server": api.address},
    )  # fmt: skip
    for name, secret in meta.SECRETS.items():
        seal_secret(found, name, secret)
    return found


def _call(number: int) -> dict[str, Any]:
    return pages.call(pages.PAGE, messaging={"message": {"mid": f"m_{number}", "text": f"Words {number}."}})


def _due() -> None:
    Asked.objects.update(not_before=datetime.now(UTC))


def test_a_message_whose_look_always_fails_is_opened_as_it_came(
    live_server: Any, house: House, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(*_given: Any) -> None:
        raise IndexError("nobody foresaw this")

    monkeypatch.setattr(type(registry.kind("facebook")), "look", look)
    assert told(live_server, channel, _call(1)) == 200
    for _ in range(len(looking.PAUSES) + 1):
        _due()
        listening.read(channel.pk, 0)
    house.settle()
    assert not Asked.objects.exists()
    said = Interaction.objects.get()
    assert said.text == "Words 1." and looking.NOT_BROUGHT in said.warning


def test_messages_wait_until_an_account_that_is_set_up_wrongly_is_mended(
    live_server: Any, house: House, channel: Channel, api: pages.Pages
) -> None:
    assert told(live_server, channel, _call(1)) == 200
    Channel.objects.update(settings={"server": api.address, "version": "latest"})
    for _ in range(len(looking.PAUSES) + 1):
        _due()
        with pytest.raises(BadSettings):
            listening.read(channel.pk, 0)
    assert Asked.objects.get().tries == 0
    Channel.objects.update(settings={"server": api.address})
    assert listening.read(channel.pk, 0) == 1


def test_no_proven_call_is_sent_away_because_many_wait(
    live_server: Any, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the key of an account is refused nobody looks; a platform that is told to come again gives up at last."""
    monkeypatch.setattr(looking, "MOST", 2)
    assert [told(live_server, channel, _call(number)) for number in range(4)] == [200] * 4
    assert Asked.objects.count() == 4


def test_who_somebody_is_is_asked_once_and_stands_in_no_cursor(
    live_server: Any, house: House, channel: Channel, api: pages.Pages
) -> None:
    """Whatever stands in a cursor is read again with every case of a list, and written with every message."""
    NAMES.forget()
    for number in range(3):
        told(live_server, channel, _call(number))
        listening.read(channel.pk, 0)
    asked = [one for one in api.calls if one.path.endswith(pages.INGRID)]
    assert len(asked) == 1
    channel.refresh_from_db()
    assert channel.cursor == {}
    house.settle()
    assert house.case(pages.INGRID).identity.name == "Ingrid Berg"
