"""A company for each test."""

import pytest
from house import House, make_house


@pytest.fixture
def house(db: None) -> House:
    """A company with its baseline map and its people."""
    return make_house()


@pytest.fixture
def open_house(transactional_db: None) -> House:
    """The same, for tests that commit."""
    return make_house()
