"""However much comes in at once, a worker holds only so much of it in memory."""

from typing import Any

import pytest
from django.utils import timezone

from armature.crm import jobs, process
from armature.crm.channels import lines
from armature.crm.lease import Claim
from armature.crm.listen import commands, queries
from armature.crm.listen.models import Interaction
from house import House


def test_many_large_envelopes_are_opened_a_few_at_a_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    texts = ["a" * 4000, "b" * 4000, "c" * 9000, "d" * 100, "e" * 100]
    commands.accept(
        house.mailbox,
        [lines.envelope({"external_id": text[0], "text": text, "author": "anna"}, now) for text in texts],
    )
    monkeypatch.setattr(queries, "TOGETHER", 9000, raising=False)
    weights, arrive = [], process.arrive

    def counted(held: Claim) -> Any:
        weights.append(sum(len(one.envelope.body) for one in queries.received(held.keys)))
        return arrive(held)

    monkeypatch.setattr(process, "arrive", counted)
    assert jobs.open_envelopes() == 5
    assert len(weights) == 3 and max(weights) < 9200, "what is larger alone than all that is held is opened alone"
    assert list(Interaction.objects.order_by("id").values_list("external_id", flat=True)) == list("abcde")
