"""What replays count, in words: kinds of change, stops, and the part of the past that was looked at."""

from collections.abc import Mapping

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.arm.interaction import Value
from armature.arm.rule import FACTS
from armature.crm.act.queries import words_for
from armature.crm.web.shipped_words import in_their_language, label_of, said

NAMED = {
    "person:new": gettext_lazy("A person is needed now, and was not"),
    "person:gone": gettext_lazy("No person is needed any more"),
    "public:new": gettext_lazy("Answers that would have gone out in public"),
    "public:gone": gettext_lazy("Answers that would no longer have gone out in public"),
    "approval:new": gettext_lazy("Approvals added"),
    "approval:gone": gettext_lazy("Approvals dropped"),
    "differs:rule": gettext_lazy("Another rule decides"),
    "differs:way": gettext_lazy("Another way through the map"),
    "differs:ends": gettext_lazy("Waits or ends otherwise"),
}


def of_kind(kind: str, teams: Mapping[str, str]) -> str:
    """A kind of change."""
    if kind in NAMED:
        return str(NAMED[kind])
    head, _colon, rest = kind.partition(":")
    if head == "move":
        before, after = rest.split(">", 1)
        return _("From {before} to {after}").format(before=team(before, teams), after=team(after, teams))
    if head == "would_ask":
        return _("Would wait where nobody was asked: {what}").format(what=words_for(rest))
    if head == "load":
        return _("Promised otherwise: {team}").format(team=team(rest, teams))
    return _("Differs: {fact}").format(fact=label_of(rest)) if rest in FACTS else kind


def team(key: str, teams: Mapping[str, str]) -> str:
    """The name of a team."""
    return teams.get(key, key) or _("no team")


def of_change(name: str, pair: tuple[Value, Value], teams: Mapping[str, str]) -> tuple[str, str, str]:
    """One difference: what, before, after; ways and stops are shown on their own page."""
    if name in ("team", "judge_team", "copy_team"):
        before, after = ("" if value is None else team(str(value), teams) for value in pair)
        return label_of(name), before, after
    if name in FACTS:
        return label_of(name), said(name, pair[0]), said(name, pair[1])
    what = {"rule": _("Rule"), "way": _("Way"), "ends": _("Stands at")}.get(name, name)
    before, after = (_short(name, value) for value in pair)
    return what, before, after


def _short(name: str, value: Value) -> str:
    words = str(value or "")
    if name == "ends":
        kind, _element, outcome, *_more = [*words.split(" ", 3), "", "", ""]
        return stop(kind, outcome)
    return ", ".join(_row(*one.rpartition(":")[::2]) for one in words.split()) if name == "rule" else words


def _row(table: str, row: str) -> str:
    return f"{table.replace('_', ' ').capitalize()} {row}".strip()


def stop(kind: str, outcome: str) -> str:
    """Where it stands, in words."""
    if kind == "ask":
        return capfirst(words_for(outcome))
    if kind == "would_ask":
        return _("Nobody was asked: {what}").format(what=words_for(outcome))
    if kind == "joined":
        return _("It joined an earlier wait")
    return _("It ends: {outcome}").format(outcome=in_their_language(outcome.replace("_", " ")))
