"""An answer on its way to somebody who wrote by a platform."""

from datetime import UTC, datetime, timedelta

from armature.crm.act import approvals, commands, queries, responses
from armature.crm.act.models import Audience, Delivery
from house import House


def released(house: House, author: str, text: str = "We mend it.", **more: str) -> Delivery:
    """An answer that was approved, and tried once."""
    commands.judge_intent(house.mona, house.case(author), intent="cancel")
    house.settle()
    case = house.case(author)
    written = responses.write(house.mona, case, text=text, seen=queries.last_said(case), **more)
    house.settle()
    written.refresh_from_db()
    approvals.approve(house.leo, queries.response_for(house.leo, written.pk), digest=written.digest)
    house.settle()
    return Delivery.objects.exclude(part=Audience.PUBLIC).get() if "audience" in more else Delivery.objects.get()


def tried_again(house: House) -> Delivery:
    """What waits is due now; how it stands after that."""
    Delivery.objects.update(not_before=datetime.now(UTC) - timedelta(seconds=1))
    house.settle()
    return Delivery.objects.order_by("-id")[0]
