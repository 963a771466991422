"""What was promised to a customer is seen in the list and over the case, and when it ran out."""

from datetime import timedelta

from django.utils import timezone

from armature.crm.accounts.models import BusinessHours, Promise
from armature.crm.act.models import Case, Clock
from house import House
from visitors import to_judge, visit


def test_the_first_promise_that_runs_out_is_shown_in_the_list_and_over_the_case(house: House) -> None:
    BusinessHours.objects.update(week=[[[0, 1440]]] * 7)
    Promise.objects.create(brand=house.brand, first=60, resolution=600)
    case = to_judge(house)
    page = visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    assert "promised by" in page
    assert Clock.objects.filter(case=case).count() == 2


def test_what_ran_out_is_late_also_where_the_work_itself_is_not_due(house: House) -> None:
    case = to_judge(house)
    Case.objects.update(due_at=timezone.now() + timedelta(days=2), promised_at=timezone.now() - timedelta(hours=3))
    client = visit(house.mona)
    assert "3 h late" in client.get("/cases/open").content.decode()
    assert f"row-{case.pk}" in client.get("/cases/open?due=late").content.decode()
