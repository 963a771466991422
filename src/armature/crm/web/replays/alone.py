"""One step alone, then the whole: where, why, what we know and the rules over one sample, and on to a replay."""

from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from armature.arm import alone
from armature.crm.accounts.access import Refused
from armature.crm.accounts.models import Team
from armature.crm.learn.agreement import Share
from armature.crm.learn.alone import lists, steps
from armature.crm.learn.alone.sample import Sample
from armature.crm.web.desk_parts import user_of
from armature.crm.web.replays import alone_words as words
from armature.crm.web.replays.alone_asked import AloneForm
from armature.crm.web.replays.pages import for_leads

LISTED = 20
"""Classes of one output that are shown; the list of the whole output has the others."""
MOST_KEY = 120


class Line(NamedTuple):
    """One line of a table: its name, its share, the end of the address of its list, whether it is a rule's sentence."""

    name: str
    share: Share
    asked: str
    sentence: bool


@dataclass(frozen=True, slots=True)
class Output:
    """One fact or output of a step: its name, its share, the shares of its classes with their names."""

    key: str
    label: str
    share: Share
    classes: list[Line]
    left: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its words, its share over all that is compared, in how many interactions, its outputs."""

    key: str
    words: words.Step
    share: Share
    interactions: int
    outputs: list[Output]

    @property
    def lines(self) -> list[Line]:
        """Its outputs as lines of a table."""
        return [Line(one.label, one.share, urlencode({"output": one.key}), sentence=False) for one in self.outputs]


def step(key: str, looked: steps.Looked, teams: dict[str, str]) -> Step:
    """What the page shows of a step."""
    pairs = looked.pairs
    classes: dict[str, list[Line]] = {}
    for one in alone.counts(pairs, alone.by_class):
        name = words.klass(one.output, one.key, teams, looked.sentences)
        asked = urlencode({"output": one.output, "class": one.key})
        line = Line(name, Share(one.key, one.cases, one.agree), asked, one.key in looked.sentences)
        classes.setdefault(one.output, []).append(line)
    outputs = [
        Output(one.output, words.label(one.output), Share("", one.cases, one.agree), classes[one.output][:LISTED],
               max(0, len(classes[one.output]) - LISTED))
        for one in alone.counts(pairs, alone.by_output)
    ]  # fmt: skip
    whole = Share("", len(pairs), sum(pair.agrees for pair in pairs))
    return Step(key, words.STEPS[key], whole, len({pair.interaction for pair in pairs}), outputs)


@require_safe
@for_leads
def shown(request: HttpRequest) -> HttpResponse:
    """All steps over one sample, in the order of the process, and the way on to a replay."""
    form = AloneForm(request.GET)
    context: dict[str, Any] = {"at": "replays", "form": form}
    if form.is_valid():
        try:
            tried = steps.chosen(form.reader_number(), form.cleaned_data.get("draft"))
        except Refused as refused:
            form.add_error(None, str(refused))
    if form.errors:
        return render(request, "web/replays/alone.html", context, status=422)
    sample, teams = Sample(form.over()), _teams()
    found = [step(key, look(sample, tried), teams) for key, look in steps.LOOKS.items()]
    context |= {
        "steps": found, "count": len(sample.numbers), "address": form.address(upto=sample.upto),
        "replay": form.replay_address(),
    }  # fmt: skip
    return render(request, "web/replays/alone.html", context)


def _teams() -> dict[str, str]:
    return dict(Team.objects.values_list("key", "name"))


@require_safe
@for_leads
def differing(request: HttpRequest, key: str) -> HttpResponse:
    """The disagreements of one step: all, of one output, or of one class of it."""
    form = AloneForm(request.GET)
    if key not in steps.LOOKS or not form.is_valid():
        raise Http404
    try:
        looked = steps.LOOKS[key](Sample(form.over()), steps.chosen(form.reader_number(), form.cleaned_data["draft"]))
    except Refused:
        raise Http404 from None
    output, of, after = _asked(request)
    pairs = [one for one in looked.pairs if output in ("", one.output) and of in (None, one.key)]
    listed, teams = lists.differing(user_of(request), pairs, after), _teams()
    context = {
        "at": "replays", "step": words.STEPS[key], "listed": listed, "address": form.address(upto=_upto(form)),
        "title": words.title(key, output, of, teams, looked.sentences), "url": _own(request),
        "sentence": of in looked.sentences,
        "lines": [(one, [words.pair(pair, teams) for pair in one.pairs]) for one in listed.lines],
    }  # fmt: skip
    return render(request, "web/replays/alone_list.html", context)


def _upto(form: AloneForm) -> int:
    """The end of the sample that the address names; 0 for none."""
    return int(form.cleaned_data.get("upto") or 0)


def _asked(request: HttpRequest) -> tuple[str, str | None, int]:
    """What is compared, which class of it (None for all), behind which interaction the page begins."""
    given = {name: str(value)[:MOST_KEY] for name, value in request.GET.items()}
    after = given.get("after", "") or "0"
    if not (after.isdecimal() and after.isascii() and len(after) < 19):
        raise Http404
    return given.get("output", ""), given.get("class"), int(after)


def _own(request: HttpRequest) -> str:
    """This address without the place in the list."""
    asked = request.GET.copy()
    asked.pop("after", None)
    return asked.urlencode()
