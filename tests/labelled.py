"""Messages drawn by chance that somebody labelled, as many as a test needs."""

from django.utils import timezone

from armature.crm import rows
from armature.crm.learn.models import Label
from armature.crm.understand.models import Reading
from house import House

SURE = "Please cancel my subscription."
"""The starter reader is sure of this."""


def labelled(house: House, right: int, wrong: int = 0, text: str = SURE, **more: object) -> list[int]:
    """So many private messages, of which a person says what the reader said, and so many of which they cannot say."""
    now = timezone.now().isoformat()
    before = set(Reading.objects.values_list("interaction_id", flat=True))
    for _n in range(right + wrong):
        house.hear(text, author=f"p{house.said}@people.example", **{"public": False, "occurred_at": now, **more})
    house.settle()
    rows.run("UPDATE decide_wait SET state = 'done' WHERE state = 'open'", [])
    found = Reading.objects.filter(user=None, current=True).exclude(interaction_id__in=before).order_by("id")
    read = list(found)
    assert len(read) == right + wrong
    Label.objects.bulk_create(
        Label(
            interaction_id=one.interaction_id, suggestion=one, drawn=Label.Drawn.RANDOM, user=house.leo,
            at=timezone.now(), verdict=one if n < right else None, unknown=n >= right,
        )
        for n, one in enumerate(read)
    )  # fmt: skip
    return [one.interaction_id for one in read]
