"""Figures of who answers what and how soon, where it waits, and how much nobody answered."""

from collections import Counter
from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from armature.crm.accounts.week import DAYS
from armature.crm.learn.assessments import sums
from armature.crm.learn.figures import Lengths
from armature.crm.web.assessments.counts import Counts
from armature.crm.web.assessments.volume import LINES
from armature.crm.web.measures.figure import Cell, Figure, Line, Total, length, number, percent

NONE = Lengths()
NAMED = 3
"""So many intents or kinds of issue are named beside who answered them."""
PLACES = 20


def answered(counts: Counts) -> list[Figure]:
    """Who answers what; first response and resolution, by channel and by intent."""
    names = counts.names
    found = [_who(counts)]
    first = _("From the first words that ask for an answer to our first words behind them.")
    done = _("From the first words until the case was resolved or closed; of what was brought in, until our last word.")
    for key, title, meaning in ((sums.FIRST, _("First response"), first), (sums.DONE, _("Resolution"), done)):
        found.append(_took(counts, key, f"{title}: {_('by channel')}", meaning, sums.CHANNEL, names.channel))
        found.append(_took(counts, key, f"{title}: {_('by intent')}", meaning, sums.INTENT, names.intent))
    return found


def _who(counts: Counts) -> Figure:
    """Whoever answered, with what they answer most."""
    intents, kinds = counts.by(sums.BY), counts.by(sums.KIND)
    totals = counts.one(sums.BY)
    ranked = sorted(totals, key=lambda who: (-totals[who], who))
    most, whole = max(totals.values(), default=0), sum(totals.values())
    lines = [
        Line(counts.names.side(who), [
            number(totals[who], share=round(100 * totals[who] / most, 1)), percent(totals[who], whole),
            Cell(_named(intents, who, counts.names.intent)), Cell(_named(kinds, who, counts.names.issue)),
        ]) for who in ranked[:LINES]
    ]  # fmt: skip
    if rest := sum(totals[who] for who in ranked[LINES:]):
        lines.append(Line(_("all others"), [number(rest, share=0), percent(rest, whole), Cell("–"), Cell("–")]))
    columns = [_("Who"), _("Answers"), _("Share"), _("Intents"), _("Kinds of issue")]
    meaning = _("Whose words came next after somebody asked for an answer. Of what was brought in these are addresses.")
    return Figure("f-who", _("Who answers what"), meaning, columns, lines)


def _named(counts: Mapping[tuple[str, ...], int], who: str, called: Callable[[str], str]) -> str:
    mine = Counter({what: count for (one, what), count in counts.items() if one == who})
    ranked = sorted(mine.items(), key=lambda one: (-one[1], one[0]))[:NAMED]
    return ", ".join(f"{called(what)} {count}" for what, count in ranked)


def _took(counts: Counts, key: str, title: str, meaning: str, split: str, called: Callable[[str], str]) -> Figure:
    ways = (sums.BUSINESS, sums.CLOCK)
    parts = {way: counts.lengths(key, split, way) for way in ways}
    totals = _totals(counts, key) if split == sums.CHANNEL else []
    ranked = sorted(parts[sums.CLOCK].items(), key=lambda one: (-one[1].number, one[0]))[:PLACES]
    lines = [
        Line(called(which), [number(clock.number), *_both(parts[sums.BUSINESS].get(which, NONE)), *_both(clock)])
        for which, clock in ranked
    ]
    columns = [
        _("Channel") if split == sums.CHANNEL else _("Intent"), _("Exchanges"), _("Median, business hours"),
        _("Nine in ten, business hours"), _("Median, round the clock"), _("Nine in ten, round the clock"),
    ]  # fmt: skip
    return Figure(f"f-{key}-{split}", title, meaning, columns, lines, totals)


def _totals(counts: Counts, key: str) -> list[Total]:
    """How long it took all together; they stand once, above the parts."""
    whole = {way: counts.lengths(key, "all", way).get("", NONE) for way in (sums.BUSINESS, sums.CLOCK)}
    totals = [Total(_("exchanges"), number(whole[sums.CLOCK].number))]
    for way, hours in ((sums.BUSINESS, _("business hours")), (sums.CLOCK, _("round the clock"))):
        totals.append(Total(f"{_('median')}, {hours}", length(whole[way].median)))
        totals.append(Total(f"{_('nine in ten within')}, {hours}", length(whole[way].p90)))
    if key == sums.FIRST and whole[sums.CLOCK].number:
        totals.append(Total(_("the slowest"), Cell(_("Open the list"), counts.link(sums.FIRST))))
    return totals


def _wide(value: float, most: float) -> float:
    return round(100 * value / most, 1) if most else 0.0


def _both(found: Lengths) -> tuple[Cell, Cell]:
    return length(found.median), length(found.p90)


def waits(counts: Counts) -> list[Figure]:
    """Where it waits: by place, by hour and weekday, by side; and what nobody answered."""
    days = {str(number): str(name) for number, name in enumerate(DAYS, 1)}
    return [
        _never(counts, 1, _("Never answered: by channel"), _("Channel"), counts.names.channel, sums.CHANNEL),
        _never(counts, 2, _("Never answered: by intent"), _("Intent"), counts.names.intent, sums.INTENT),
        _places(counts),
        _when(counts, "hour", 1, _("Waits by the hour at which they wrote"), _("Hour"), lambda key: f"{int(key):02}"),
        _when(counts, "weekday", 0, _("Waits by the day on which they wrote"), _("Day"), lambda key: days[key]),
        _sides(counts),
    ]  # fmt: skip


def _never(counts: Counts, part: int, title: str, what: str, called: Callable[[str], str], name: str) -> Figure:
    """Exchanges that asked for an answer and never had one, with their share."""
    asked: Counter[str] = Counter()
    never: Counter[str] = Counter()
    for rest, count in counts.by(sums.EXCHANGE).items():
        if rest[0] != sums.QUIET:
            asked[rest[part]] += count
            never[rest[part]] += count if rest[0] == sums.NEVER else 0
    ranked = sorted(asked, key=lambda key: (-never[key], -asked[key], key))
    most = max(never.values(), default=0)
    lines = [
        Line(called(key), [
            number(never[key], counts.link(sums.NEVER, **{name: key}), _wide(never[key], most)),
            number(asked[key]), percent(never[key], asked[key]),
        ]) for key in ranked
    ]  # fmt: skip
    columns = [what, _("Never answered"), _("Asked for an answer"), _("Share")]
    meaning = _("Thanks and spam ask for no answer; what somebody ended without one was decided.")
    return Figure(f"f-never-{name}", title, meaning, columns, lines)


def _places(counts: Counts) -> Figure:
    """By channel and intent: how long answers took, the longest wait, and who waits now."""
    took = counts.lengths(sums.WAIT, "place")
    waiting = counts.by(sums.AGAIN)
    for (state, channel, intent), count in counts.by(sums.EXCHANGE).items():
        if state == sums.NEVER:
            waiting[channel, intent] += count
    keys = {(channel, intent) for channel, _space, intent in (one.partition(" ") for one in took)} | set(waiting)
    ranked = sorted(keys, key=lambda key: (-counts.longest.get(" ".join(key), 0), key))
    lines = [
        Line(f"{counts.names.channel(channel)} · {counts.names.intent(intent)}", [
            number(waiting[channel, intent], counts.link("waiting", channel=channel, intent=intent)),
            *_both(took.get(f"{channel} {intent}", NONE)), length(counts.longest.get(f"{channel} {intent}")),
        ]) for channel, intent in ranked[:PLACES]
    ]  # fmt: skip
    columns = [_("Channel and intent"), _("Wait now"), _("Median"), _("Nine in ten"), _("Longest wait")]
    meaning = _("Round the clock, each time somebody asked until they were answered. The 20 with the longest waits.")
    return Figure("f-places", _("Where it waits longest"), meaning, columns, lines)


def _when(counts: Counts, key: str, part: int, title: str, what: str, called: Callable[[str], str]) -> Figure:
    took, still = counts.lengths(sums.WAIT, key), counts.one(sums.OPEN_ASKING, part)
    medians = {one: found.median or 0 for one, found in took.items()}
    most = max(medians.values(), default=0)
    lines = [
        Line(called(one), [
            Cell(length(took.get(one, NONE).median).text, share=_wide(medians.get(one, 0), most)),
            number(took.get(one, NONE).number), number(still[one]),
        ]) for one in sorted(took.keys() | still.keys(), key=int)
    ]  # fmt: skip
    return Figure(f"f-{key}", title, "", [what, _("Median wait"), _("Answered"), _("Wait now")], lines)


def _sides(counts: Counts) -> Figure:
    """Whom they wait for: the team or desk that answered."""
    took = counts.lengths(sums.WAIT, "side")
    ranked = sorted(took.items(), key=lambda one: (-one[1].number, one[0]))
    lines = [Line(counts.names.side(key), [number(found.number), *_both(found)]) for key, found in ranked[:LINES]]
    columns = [_("Team or desk"), _("Answers"), _("Median wait"), _("Nine in ten")]
    meaning = _("An address that has the name of a team counts as that team; a person as the team whose case it was.")
    return Figure("f-side", _("For whom they wait"), meaning, columns, lines)
