"""The names of what is counted: channels, intents, kinds of issue, teams and whoever answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from armature.crm.accounts.models import Brand, Team, User
from armature.crm.learn.assessments.models import Assessment
from armature.crm.learn.assessments.sides import DESK, REST, USER
from armature.crm.listen.models import Channel
from armature.crm.understand.models import Intent, IssueType
from armature.crm.web.shipped_words import in_their_language, said, short_intent


@dataclass(frozen=True, slots=True)
class Names:
    """Each by its key or number."""

    channels: Mapping[str, str] = field(default_factory=dict)
    intents: Mapping[str, str] = field(default_factory=dict)
    issues: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    users: Mapping[str, str] = field(default_factory=dict)

    def channel(self, key: str) -> str:
        """A channel."""
        return self.channels.get(key) or _("a channel that is gone")

    def intent(self, key: str) -> str:
        """An intent; what nobody read says so."""
        return short_intent(key) or in_their_language(self.intents.get(key, key)) if key else _("not read")

    def issue(self, key: str) -> str:
        """A kind of issue."""
        return in_their_language(self.issues.get(key, key)) if key else _("not read")

    def side(self, key: str) -> str:
        """A team, a user or an address that answered."""
        if key.startswith(USER):
            return self.users.get(key.removeprefix(USER)) or _("somebody who is gone")
        if key.startswith(DESK):
            return key.removeprefix(DESK)
        return {"": _("nobody named"), REST: _("all others")}.get(key) or self.teams.get(key) or key

    def segment(self, numbers: Mapping[str, Any]) -> str:
        """What is alike in a kind of things, from the intent to the channel."""
        parts = [self.intent(numbers["intent"])] if numbers.get("intent") else []
        parts += (
            [_("about {issue}").format(issue=self.issue(numbers["issue_type"]))] if numbers.get("issue_type") else []
        )
        parts += [said("channel", numbers["channel"])] if numbers.get("channel") else []
        return " · ".join(parts)


def known() -> Names:
    """All names there are now; five statements."""
    return Names(
        {str(number): name for number, name in Channel.objects.values_list("pk", "name")},
        dict(Intent.objects.values_list("key", "label")), dict(IssueType.objects.values_list("key", "label")),
        dict(Team.objects.values_list("key", "name")),
        {str(number): name for number, name in User.objects.values_list("pk", "name")},
    )  # fmt: skip


def language(key: str) -> str:
    """The name of a language; its tag where it has none."""
    if not key or key == "unknown":
        return _("not known")
    try:
        return str(get_language_info(key)["name_translated"])
    except KeyError:
        return key


def over(job: Assessment) -> list[str]:
    """What was assessed, in words."""
    found = [] if job.over["live"] else [_("only what was brought in")]
    since, until = job.over.get("since"), job.over["until"]
    if since:
        found.append(_("from {day}").format(day=_date(since)))
    found.append(_("up to {day}").format(day=_date(until, timedelta(microseconds=1))))
    if job.over.get("brand"):
        found.append(Brand.objects.filter(pk=job.over["brand"]).values_list("name", flat=True).first() or "")
    if job.over.get("chosen"):
        found += Channel.objects.filter(pk__in=job.over["channels"]).order_by("name").values_list("name", flat=True)
    return found


def _date(text: str, before: timedelta = timedelta(0)) -> str:
    return date_format(timezone.localtime(datetime.fromisoformat(text) - before), "j M Y")
