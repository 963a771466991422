"""Proposals in words: what would be drawn, and the numbers that speak for it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from armature.arm.assessment import Proposal
from armature.crm.web.assessments.names import Names
from armature.crm.web.templatetags.moments import span


def title(known: Names, one: Proposal) -> str:
    """What it is, in one line."""
    numbers = one.numbers
    if one.kind == "lane":
        return _("A lane for {side}").format(side=known.side(one.side))
    if one.kind == "routing":
        return _("{segment}: to {side}, answered within {time}").format(
            segment=known.segment(numbers), side=known.side(one.side), time=_time(numbers["minutes"])
        )
    return _("{segment}: a person looks").format(segment=_judged(known, numbers))


def evidence(known: Names, one: Proposal) -> str:
    """Its evidence, with numbers."""
    makers = {"lane": _lane, "routing": _routing}
    return makers.get(one.kind, _judging)(known, one)


def _time(minutes: int) -> str:
    return span(timedelta(minutes=minutes))


def _share(numbers: Mapping[str, Any]) -> str:
    return _("{count} ({percent} %, at least {least} %)").format(
        count=numbers["count"], percent=numbers["percent"], least=numbers["least"]
    )


def _lane(known: Names, one: Proposal) -> str:
    side = known.side(one.side)
    said = [
        _("{side} gave {count} of {of} answers ({percent} %).").format(
            side=side, count=one.numbers["count"], of=one.numbers["of"], percent=one.numbers["percent"]
        )
    ]
    said += [
        _("Of {of} ({segment}) it answered {share}.").format(
            of=kind["of"], segment=known.segment(kind), share=_share(kind)
        )
        for kind in one.numbers["kinds"]
    ]
    return " ".join(said)


def _routing(known: Names, one: Proposal) -> str:
    numbers = one.numbers
    return " ".join((
        _("Of {of} ({segment}), {share} were answered by {side}.").format(
            of=numbers["of"], segment=known.segment(numbers), share=_share(numbers), side=known.side(one.side)),
        _("The rules in force send {elsewhere} of them elsewhere, most to {team} (row {row}).").format(
            elsewhere=numbers["elsewhere"], team=known.side(numbers["now"]), row=numbers["row"]),
        _("Four in five were answered within {time} of business hours.").format(time=_time(numbers["minutes"])),
    ))  # fmt: skip


def _judged(known: Names, numbers: Mapping[str, Any]) -> str:
    public = _("in public") if numbers["public"] else _("in private")
    parts = [known.segment(numbers), public]
    if numbers["low"] and numbers["high"]:
        parts.append(_("confidence {low} to {high}").format(low=numbers["low"], high=numbers["high"]))
    elif numbers["low"]:
        parts.append(_("confidence from {low}").format(low=numbers["low"]))
    elif numbers["high"]:
        parts.append(_("confidence below {high}").format(high=numbers["high"]))
    return " · ".join(parts)


def _judging(known: Names, one: Proposal) -> str:
    numbers = one.numbers
    if one.why == "differs":
        words = _("Of {of} that a person judged ({segment}), {share} were something else than the reader said.")
    else:
        words = _("Of {of} ({segment}), {share} were answered later than the rules in force promise, or never.")
    said = words.format(of=numbers["of"], segment=_judged(known, numbers), share=_share(numbers))
    return f"{said} {_('No person looks there now (row {row}).').format(row=numbers['row'])}"
