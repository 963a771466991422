"""The catalogue of facts with the company's own lists in it: strict for whoever draws, lenient for what runs.

What was published runs on, whatever becomes of an intent or a team that it names.
"""

import math
from dataclasses import replace
from functools import cache

from armature.arm.rule.catalogue import CHANNELS, FACTS, catalogue
from armature.arm.rule.field import Catalogue
from armature.crm import rows
from armature.crm.accounts.models import Team
from armature.crm.understand.models import Intent, IssueType

COMPANYS = ("intent", "issue_type", "channel")
"""Facts whose values are the company's to change."""


def for_drawing() -> Catalogue:
    """All facts and outputs with the intents, kinds of issue, teams and channels there are now; four queries."""
    places = {place for (place,) in rows.fetch("SELECT DISTINCT place FROM listen_channel", [])}
    more = {place: place.replace("_", " ").capitalize() for place in sorted(places - CHANNELS.keys())}
    return catalogue(
        intents=dict(Intent.objects.order_by("order", "key").values_list("key", "label")),
        issue_types=dict(IssueType.objects.order_by("order", "key").values_list("key", "label")),
        channels={**CHANNELS, **more},
        teams=dict(Team.objects.order_by("name", "key").values_list("key", "name")),
    )


@cache
def for_running() -> Catalogue:
    """The catalogue that ships, open where a company has its own lists: it was checked when it was published."""
    unbounded = {key: replace(FACTS[key], high=math.inf) for key in ("sla_minutes", "judge_minutes")}
    return {key: replace(field, open=True) if key in COMPANYS else field for key, field in FACTS.items()} | unbounded
