"""What came of each answer, for the page of its case and of its person."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from armature.crm.accounts.models import User
from armature.crm.act import queries
from armature.crm.act.models import RatingLink
from armature.crm.channels.survey import KIND
from armature.crm.learn.models import Feedback
from armature.crm.learn.ratings import comment_id
from armature.crm.listen.models import Interaction


@dataclass(frozen=True, slots=True)
class CameOfIt:
    """One thing that came back: its kind (reply, rating, survey, silence), what it says, and the figure it has.

    ``comment`` are the words added to a rating, for those who may see the case they stand in.
    """

    kind: str
    verdict: str
    at: datetime
    score: int | None
    most: int | None
    comment: str = ""
    case: int = 0

    @property
    def poor(self) -> bool:
        """Whether somebody is not satisfied."""
        return self.verdict == "not_satisfied"


def came_of(user: User, sent: Collection[int]) -> Mapping[int, Sequence[CameOfIt]]:
    """What came back to the responses whose messages these interactions are, by interaction, in order."""
    if not sent:
        return {}
    found = Feedback.objects.filter(response__deliveries__interaction__in=sent)
    told = list(found.annotate(said=F("response__deliveries__interaction")).order_by("at", "pk"))
    comments = _comments(user, [one.response_id for one in told if one.kind == "rating"])
    came: dict[int, list[CameOfIt]] = defaultdict(list)
    for one in told:
        figure = (one.stars, 5) if one.stars else (one.score, one.most)
        words = comments.get(one.response_id, ("", 0)) if one.kind == "rating" else ("", 0)
        came[one.said].append(CameOfIt(one.kind, one.verdict, one.at, *figure, *words))
    return came


def _comments(user: User, responses: Sequence[int]) -> dict[int, tuple[str, int]]:
    """The words added to ratings of these, each with the case they stand in."""
    links = RatingLink.objects.filter(response__in=responses, commented_at__isnull=False)
    names = {comment_id(one): one.response_id for one in links} if responses else {}
    if not names:
        return {}
    said = Interaction.objects.filter(channel__kind=KIND, external_id__in=names, deleted_at=None)
    told = list(said)
    seen = queries.cases_for(user).filter(conversation__in={one.conversation_id for one in told}).order_by("pk")
    cases = dict(seen.values_list("conversation", "pk"))
    return {
        names[one.external_id]: (one.text, cases[one.conversation_id]) for one in told if one.conversation_id in cases
    }
