"""Each page that tells a time tells it in the zone of the company."""

from collections.abc import Iterator

import pytest
from django.test.signals import template_rendered
from django.utils import timezone
from greek import Greek
from greek_house import bulk_work, fill
from test_every_word_is_translated import _cases, _pages

from armature.crm.accounts.models import BusinessHours
from house import House
from visitors import visit

TELL = ("|said_at", "|exact", "|date:", "|day_words")


@pytest.fixture
def greek(house: House, monkeypatch: pytest.MonkeyPatch) -> Greek:
    """The company with something in every state."""
    found = fill(house, monkeypatch)
    bulk_work(found)
    return found


@pytest.fixture
def elsewhere(greek: Greek) -> Iterator[list[str]]:
    """The company is in Tokyo; templates that tell a time while the clock is set to another zone are listed."""
    BusinessHours.objects.update(timezone="Asia/Tokyo")
    wrong: list[str] = []

    def look(template: object, **_: object) -> None:
        source = getattr(template, "source", "")
        if any(one in source for one in TELL) and timezone.get_current_timezone_name() != "Asia/Tokyo":
            wrong.append(str(getattr(template, "name", "")))

    template_rendered.connect(look, weak=False, dispatch_uid="company-time")
    yield wrong
    template_rendered.disconnect(dispatch_uid="company-time")


def test_no_page_tells_a_time_of_another_zone(greek: Greek, elsewhere: list[str]) -> None:
    leo = visit(greek.house.leo)
    found = {}
    for address in [*_pages(greek), *_cases(greek)]:
        leo.get(address)
        if elsewhere:
            found[address] = sorted(set(elsewhere))
        elsewhere.clear()
    assert not found, "\n".join(f"{address}: {', '.join(names)}" for address, names in found.items())
