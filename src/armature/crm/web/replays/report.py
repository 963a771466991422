"""The report of a replay: its figures, each with the way to its list, and the charts beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.crm.accounts.models import Brand, Team
from armature.crm.learn.replays.models import Replay
from armature.crm.listen.models import Channel
from armature.crm.web.charts import Part, shares
from armature.crm.web.replays import words
from armature.crm.web.shipped_words import intents

WIDE, HIGH, FOOT = 720, 150, 22
FIGURES = ("person:new", "person:gone", "public:new", "public:gone", "approval:new", "approval:gone")
SIDES = {"before": gettext_lazy("as it was"), "after": gettext_lazy("as it would have been")}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is; seconds that are left are None while nothing can be said."""

    percent: int
    rate: int
    left: int | None


def progress(job: Replay) -> Progress:
    """Percent, interactions in a second of work, seconds left."""
    rate = job.done / job.seconds if job.seconds else 0.0
    left = round((job.total - job.done) / rate) if rate else None
    return Progress(min(100, 100 * job.done // job.total) if job.total else 0, round(rate), left)


def tried(job: Replay) -> str:
    """What was tried, in words."""
    names = [*job.tried.get("names", []), *([job.tried["reader_name"]] if job.tried.get("reader_name") else [])]
    return ", ".join(names) or _("what is in force")


def over(job: Replay) -> list[str]:
    """The part of the past, in words; nothing for all of it."""
    asked, found = job.over, list[str]()
    if asked.get("direction"):
        found.append(_("what we started"))
    if asked.get("last"):
        found.append(_("the newest {n}").format(n=asked["last"]))
    for name, said in (("since", _("from {day}")), ("until", _("before {day}"))):
        if asked.get(name):
            found.append(said.format(day=asked[name][:10]))
    for name, model in (("brand", Brand), ("channel", Channel)):
        if asked.get(name):
            found.append(str(model.objects.filter(pk=asked[name]).values_list("name", flat=True).first() or ""))
    if asked.get("team"):
        found.append(words.team(asked["team"], _teams()))
    if asked.get("intent"):
        found.append(intents().get(asked["intent"], asked["intent"]))
    return [*found, _("with the facts of today")] if job.today else found


def _teams() -> dict[str, str]:
    return dict(Team.objects.values_list("key", "name"))


def context(job: Replay) -> dict[str, Any]:
    """All that the report shows."""
    sums: Mapping[str, int] = job.sums
    teams = _teams()
    asks = {key: count for key, count in sums.items() if key.startswith("would_ask:")}
    differs = {key: count for key, count in sums.items() if key.startswith("differs:")}
    return {
        "figures": [(key, words.of_kind(key, teams), sums.get(key, 0)) for key in FIGURES],
        "sides": [(what, sums.get(f"{key}:before", 0), sums.get(f"{key}:after", 0)) for key, what in (
            ("public", _("Answers in public")), ("approval", _("Answers that need approval")))],
        "moves": _parts(sums, "move:", teams), "asks": _parts(asks, "", teams), "differs": _parts(differs, "", teams),
        "loads": _loads(sums, teams), "hours": hours(sums), "wide": WIDE, "high": HIGH, "base": HIGH - FOOT,
        "far": progress(job),
    }  # fmt: skip


def _parts(sums: Mapping[str, int], head: str, teams: Mapping[str, str]) -> list[Part]:
    """Lines with bars, from the most to the least; ``key`` leads to the list."""
    found = sorted((key for key in sums if key.startswith(head)), key=lambda key: (-sums[key], key))
    parts = shares([(words.of_kind(key, teams), sums[key]) for key in found])
    return [Part(one.label, one.count, one.share, one.width, one.pattern, key)
            for one, key in zip(parts, found, strict=True)]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Load:
    """What a team has promised: answers and hours of business time, before and after."""

    key: str
    team: str
    before: int
    after: int
    hours_before: int
    hours_after: int
    changed: int


def _loads(sums: Mapping[str, int], teams: Mapping[str, str]) -> list[Load]:
    counts: dict[tuple[str, str], int] = {}
    for key, count in sums.items():
        head, *rest = key.split(":")
        if head == "load" and rest and rest[0] in SIDES:
            place = rest[0], ":".join(rest[1:-1])
            counts[place] = counts.get(place, 0) + count
    found = []
    for key in sorted({one for _side, one in counts}):
        minutes = [sums.get(f"minutes:{side}:{key}", 0) for side in SIDES]
        found.append(Load(
            key, words.team(key, teams), counts.get(("before", key), 0), counts.get(("after", key), 0),
            round(minutes[0] / 60), round(minutes[1] / 60), sums.get(f"load:{key}", 0),
        ))  # fmt: skip
    return sorted(found, key=lambda one: (-abs(one.after - one.before), one.team))


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the day: two bars side by side, and their numbers."""

    hour: int
    before: int
    after: int
    x: float
    width: float
    bars: Sequence[tuple[str, float, float, float]]

    @property
    def tick(self) -> bool:
        """Whether its number is written under it."""
        return self.hour % 3 == 0


def hours(sums: Mapping[str, int]) -> list[Hour]:
    """Answers promised by the hour of the day at which it was said, over all teams."""
    counts = {side: [0] * 24 for side in SIDES}
    for key, count in sums.items():
        head, *rest = key.split(":")
        if head == "load" and rest and rest[0] in SIDES and rest[-1].isdecimal():
            counts[rest[0]][int(rest[-1]) % 24] += count
    top, step, base = max(*counts["before"], *counts["after"], 1), WIDE / 24, HIGH - FOOT
    found = []
    for hour in range(24):
        bars = []
        for number, side in enumerate(SIDES):
            high = round((base - 8) * counts[side][hour] / top, 2)
            bars.append((side, round(hour * step + 2 + number * (step / 2 - 2), 2), round(base - high, 2), high))
        found.append(Hour(hour, counts["before"][hour], counts["after"][hour], round(hour * step + 2, 2),
                          round(step / 2 - 3, 2), bars))  # fmt: skip
    return found
