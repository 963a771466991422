"""Signs that the database or a parser refuses, in places that no form names: refused or left out, never a fault."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from foreign import make_world
from matrix import ROUTES
from test_fields import fields
from test_front_state import ONLY_DONE

from armature.crm.accounts.models import Membership, Role
from armature.crm.act import macro_steps
from armature.crm.act.work import Refused
from armature.crm.listen.models import Channel
from armature.crm.web.visitor import address
from house import House
from visitors import to_judge, visit


@pytest.mark.parametrize("path", ["open", "mentions", "done", "open/filters", "open/bulk-choices"])
def test_a_team_that_cannot_be_is_no_filter(house: House, path: str) -> None:
    assert visit(house.mona).get(f"/cases/{path}?team=%00&due=late", follow=True).status_code == 200


def test_a_saved_view_of_a_team_that_cannot_be_is_ones_own(house: House) -> None:
    given = {"share": "\x00", "name": "Mine", "team": "support\x00", "due": "late"}
    assert visit(house.mona).post("/cases/open/save", given).status_code == 302


def test_hours_of_a_team_that_cannot_be_are_not_there(house: House) -> None:
    Membership.objects.create(user=house.olga, role=Role.ADMIN)
    assert visit(house.olga).get("/hours?team=nobody%00").status_code == 404


@pytest.mark.parametrize("page", ["http://[", "//[::1"])
def test_the_page_that_a_browser_names_may_be_none(house: House, page: str) -> None:
    said = {"HX-Request": "true", "HX-Current-URL": page}
    case = to_judge(house)
    assert visit(house.mona).post(f"/case/{case.pk}/note", {"text": "Hm."}, headers=said).status_code == 200
    answer = Client().get("/cases/open?part=list", headers=said)
    assert answer.headers["HX-Redirect"] == "/log-in?next=%2F"


def test_a_customers_page_shows_whatever_stands_behind_its_address(house: House) -> None:
    page = Channel.objects.create(kind="web", place="web", address="hello", name="Page", brand=house.brand)
    token = address.new_token(page, "abcdefgh")
    assert Client().get(f"/talk/hello/{token}?sent=%00").status_code == 200


@pytest.mark.parametrize("hours", ["000001" + "9" * 30, "000001" + "9" * 5000])
def test_hours_of_a_macro_are_all_of_what_was_typed(hours: str) -> None:
    with pytest.raises(Refused, match="whole hours"):
        macro_steps._hours(hours)


def test_no_page_sees_a_nul_in_its_address(house: House) -> None:
    Membership.objects.create(user=house.olga, role=Role.ADMIN)
    world = make_world(house)
    client, broke = visit(world.house.olga), []
    client.raise_request_exception = False
    nothing = "&".join(f"{name}=a%%0000b" for name in sorted(fields()))
    for name, route in ROUTES.items():
        if name not in ONLY_DONE and route.kind not in ("open", "leave"):
            cache.clear()
            status = client.get(f"{reverse(name, kwargs=dict(route.named(world)))}?{nothing}").status_code
            broke += [f"{name} {status}"] if status >= 500 else []
    assert not broke, "\n".join(broke)


def test_a_number_too_long_to_be_one_is_no_number_of_cases(house: House) -> None:
    Membership.objects.create(user=house.olga, role=Role.ADMIN)
    given = {"deed": "tag", "tag": "x", "all": "1", "matching": "9" * 5000}
    assert visit(house.olga).post("/cases/open/bulk", given).status_code == 302
