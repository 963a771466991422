"""The checks of all kinds for the closed platforms, against a stub that speaks their interfaces: never the platform."""

from collections.abc import Iterator
from typing import Any

import pytest

from armature.conformance import Conforms
from platforms import pages, stub, telegram, whatsapp


@pytest.fixture(autouse=True)
def _may_call(settings: Any) -> None:
    settings.MAY_CALL = ["127.0.0.1"]


class TestTelegram(Conforms):
    kind_name = "Telegram (stub)"

    @pytest.fixture
    def world(self) -> Iterator[telegram.TelegramWorld]:
        with stub.running(api := telegram.BotApi()):
            yield telegram.TelegramWorld(api)


class TestWhatsApp(Conforms):
    kind_name = "WhatsApp (stub)"

    @pytest.fixture
    def world(self) -> Iterator[whatsapp.WhatsAppWorld]:
        with stub.running(api := whatsapp.CloudApi()):
            yield whatsapp.WhatsAppWorld(api)


class TestFacebook(Conforms):
    kind_name = "Facebook (stub)"

    @pytest.fixture
    def world(self) -> Iterator[pages.PageWorld]:
        with stub.running(api := pages.Pages()):
            yield pages.PageWorld(api)


class TestInstagram(Conforms):
    kind_name = "Instagram (stub)"

    @pytest.fixture
    def world(self) -> Iterator[pages.InstagramWorld]:
        with stub.running(api := pages.Pages()):
            yield pages.InstagramWorld(api)
