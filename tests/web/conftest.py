"""A company for each test."""

import pytest

from house import House, make_house


@pytest.fixture
def house(db: None) -> House:
    """A company with its baseline map and its people."""
    return make_house()
