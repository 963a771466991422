"""A company with a post box."""

import pytest

from armature.crm.listen.models import Channel
from house import House, make_house

SENDER = {"sender": "Shop Ltd", "sender_address": "Marktstr. 1, 10115 Berlin", "sender_contact": "Tel. 030 1234"}


@pytest.fixture
def house(db: None) -> House:
    """A company with its baseline map and its people."""
    return make_house()


@pytest.fixture
def post_box(house: House) -> Channel:
    """Where letters in English and German come in."""
    return Channel.objects.create(
        kind="letter", place="letter", address="P.O. Box 1", name="Post box", brand=house.brand,
        settings={**SENDER, "reads": "eng+deu"},
    )  # fmt: skip
