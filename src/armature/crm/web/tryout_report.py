"""The report of a tryout: its figures in words, as lines with bars and tables."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.crm.accounts.models import Team
from armature.crm.act import own_addresses, tryout_figures
from armature.crm.act.models import Tryout
from armature.crm.act.tryout_figures import Figures, Open, Said
from armature.crm.act.tryouts import KEPT
from armature.crm.web.charts import Part, shares
from armature.crm.web.shipped_words import in_their_language, short_intent
from armature.crm.web.templatetags.moments import span

WAITING, UNANSWERED, NEWEST, LINES = 10, 100, 25, 12
TONES = {"angry": gettext_lazy("Displeased"), "even": gettext_lazy("Even"), "glad": gettext_lazy("Pleased")}
WIDE, HIGH, FOOT = 720, 120, 22


@dataclass(frozen=True, slots=True)
class Shares:
    """One part of the report: its title, what a line is, and its lines."""

    key: str
    title: str
    what: str
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the day: where its bar stands, and how many there were."""

    hour: int
    count: int
    x: float
    y: float
    width: float
    height: float

    @property
    def tick(self) -> bool:
        """Whether its number is written under it."""
        return self.hour % 3 == 0


def context(job: Tryout) -> dict[str, Any]:
    """All that the page shows."""
    figures = tryout_figures.of(job.said, job.ours, timezone.get_current_timezone())
    ours, teams = set(job.ours), dict(Team.objects.values_list("key", "name"))
    return {
        "figures": figures, "charts": _charts(job, figures, teams), "hours": _hours(figures.hours), "hour_wide": WIDE,
        "hour_high": HIGH, "hour_base": HIGH - FOOT,
        "waiting": [_waiting(teams, one) for one in figures.waiting[:WAITING]],
        "unanswered": [_waiting(teams, one) for one in figures.unanswered[:UNANSWERED]],
        "newest": [_said(teams, one) for one in figures.newest[:NEWEST]],
        "addresses": [(who, got, wrote, who in ours) for who, got, wrote in own_addresses.candidates(job.said)],
        "told": any(one["own"] is not None for one in job.said), "seconds": max(1, round(job.seconds)),
        "until": job.at + KEPT, "printed": timezone.now(), "cut": job.total - job.faulty > len(job.said),
    }  # fmt: skip


def _charts(job: Tryout, figures: Figures, teams: Mapping[str, str]) -> list[Shares]:
    rules = {key.partition(":")[2]: words for key, words in job.rules.items() if key.startswith("business_rules:")}
    return [
        Shares("intents", _("Why they wrote"), _("Intent"),
               _parts(figures.intents, lambda key: short_intent(key) or _("not read"))),
        Shares("tones", _("Tone"), _("Tone"), _parts(figures.tones, lambda key: str(TONES[key]))),
        Shares("domains", _("From where"), _("Domain"), _parts(figures.domains, lambda key: key or _("no address"))),
        Shares("teams", _("To which team"), _("Team"), _parts(figures.teams, lambda key: teams.get(key, key))),
        Shares("does", _("What would come next"), _("Step"), _parts(figures.does, in_their_language)),
        Shares("rules", _("By which rule"), _("Rule"),
               _parts(figures.rules, lambda key: f"{key}: {rules.get(key, '')}" if rules.get(key) else key)),
    ]  # fmt: skip


def _parts(counts: Counter[str], words: Any) -> list[Part]:
    found = [(words(key), count) for key, count in counts.most_common(LINES)]
    if (rest := counts.total() - sum(count for _key, count in found)) > 0:
        found.append((_("all others"), rest))
    return shares(found)


def _hours(counts: Mapping[int, int]) -> list[Hour]:
    most, step, base = max(counts.values(), default=0), WIDE / 24, HIGH - FOOT
    return [
        Hour(hour, n := counts.get(hour, 0), round(hour * step + 1, 2), round(base - (h := (base - 16) * n / most), 2),
             round(step - 2, 2), round(h, 2))
        for hour in range(24)
    ] if most else []  # fmt: skip


def _said(teams: Mapping[str, str], one: Said) -> dict[str, Any]:
    return {
        **one, "intent": short_intent(one["intent"]) or _("not read"), "rule": one["rows"].get("business_rules", ""),
        "does": in_their_language(one["does"]), "team_name": teams.get(one["team"], one["team"]),
        "at": datetime.fromisoformat(one["at"]) if one["at"] else None,
    }  # fmt: skip


def _waiting(teams: Mapping[str, str], one: Open) -> dict[str, Any]:
    return {"wait": one, "waited": span(one.waited), **_said(teams, one.said)}
