"""From how many places somebody can write who writes more than people do."""

import pytest

from armature.crm.listen import guard
from armature.crm.listen.models import Knock


@pytest.mark.django_db
def test_a_new_address_of_the_same_network_is_no_new_place() -> None:
    """Whoever has one address of version 6 has as many as they like."""
    for number in range(guard.MOST_AN_HOUR):
        guard.knock(f"2001:db8:1:2::{number:x}")
    with pytest.raises(guard.TooMuch):
        guard.knock("2001:db8:1:2:ffff::1")
    guard.knock("2001:db8:1:3::1")


@pytest.mark.django_db
def test_every_address_of_version_4_is_a_place_and_so_is_what_is_no_address() -> None:
    for address in ("192.0.2.1", "192.0.2.2", "::ffff:192.0.2.1", "::ffff:192.0.2.2", "", "a name"):
        guard.knock(address)
    assert Knock.objects.values("source").distinct().count() == 6
