"""One decision replayed: moment after moment, the way through the map, what was known, who answered what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from armature.arm.course import Moment, course
from armature.arm.interaction import Interaction, Value
from armature.arm.map_picture import draw
from armature.arm.replay import Event, came
from armature.arm.rule import FACTS
from armature.crm.act.models import Approval, Case, Response
from armature.crm.decide.models import Judgement
from armature.crm.identify.models import Recognition
from armature.crm.learn.replays.past import Past
from armature.crm.listen.models import Interaction as Message
from armature.crm.web.desk import case_or_404
from armature.crm.web.desk_parts import user_of
from armature.crm.web.local_time import in_company_time
from armature.crm.web.replays import words
from armature.crm.web.replays.otherwise import Rule, rules
from armature.crm.web.shipped_words import label_of, said

ANSWERED = {
    "intent": gettext_lazy("The intent was judged"), "response": gettext_lazy("A response was written"),
    "executive": gettext_lazy("The executive desk decided"), "approval": gettext_lazy("It was approved or sent back"),
    "send": gettext_lazy("News of the delivery"), "delivery": gettext_lazy("Somebody said whether it went out"),
    "feedback": gettext_lazy("Something came back, or nothing did"),
}  # fmt: skip
"""What an answer to each form is."""
MOST = 20
"""So many of the latest messages of a case can be chosen."""


@require_safe
@in_company_time
def shown(request: HttpRequest, number: int) -> HttpResponse:
    """One message of a case, at one moment of its way; both stand in the address."""
    case = case_or_404(user_of(request), number)
    theirs = _messages(case)
    chosen = _number(request, "said", theirs[-1].pk if theirs else 0)
    found = Past().of([chosen]) if chosen in {one.pk for one in theirs} else []
    if not found:
        raise Http404
    interaction, _channel, moments = found[0]
    at = min(max(_number(request, "moment", len(moments)), 1), len(moments))
    times = list(Judgement.objects.filter(interaction=chosen).order_by("id").values_list("judged_at", flat=True))
    context = {
        "case": case, "theirs": theirs, "chosen": chosen, "at_moment": at, "count": len(moments),
        "before": at - 1, "after": at + 1 if at < len(moments) else 0, "at": "open",
        "one": _moment(case, interaction, moments, times, at - 1),
    }  # fmt: skip
    return render(request, "web/replays/decision.html", context)


def _number(request: HttpRequest, name: str, usual: int) -> int:
    given = request.GET.get(name, "")
    return int(given) if given.isdecimal() and given.isascii() and len(given) < 19 else usual


def _messages(case: Case) -> list[Message]:
    """What the case is about, calls of ours that entered a map among it, oldest first."""
    theirs = Recognition.objects.filter(current=True, identity=case.identity_id).values("interaction")
    found = Message.objects.filter(conversation=case.conversation_id, pk__in=theirs)
    return list(found.order_by("-occurred_at", "-id")[:MOST])[::-1]


@dataclass(frozen=True, slots=True)
class Shown:
    """One moment: when, how it came to it, where it stood after it, the rows that fired, what was new to know."""

    when: datetime
    came: str
    stands: str
    rules: Sequence[Rule]
    learned: list[tuple[str, str]]
    known: list[tuple[str, str]]
    picture: str


def _moment(
    case: Case, interaction: Interaction, moments: Sequence[Moment], times: Sequence[datetime], at: int
) -> Shown:
    one, before = moments[at], moments[at - 1] if at else None
    fired = {table for table, row in one.rows.items() if any(_table(one, e) == table for e in one.path)}
    way = [element for moment in moments[:at] for element in moment.path]
    picture = draw(one.plan.process, passed={*way, *one.path}, more=dict.fromkeys(one.path, "now"))
    known = {key: one.facts[key] for key in FACTS if key not in ("said", "heard") and key in one.facts}
    new = {key: value for key, value in known.items() if before is None or before.facts.get(key) != value}
    every = rules(interaction, course(moments[: at + 1]))
    labels = {one.plan.tables[table].table.label for table in fired if table in one.plan.tables}
    return Shown(
        times[at], _came(case, interaction, before, one, times[at]), words.stop(one.stop.kind, one.stop.outcome),
        [rule for rule in every if rule.table in labels], _words(new), _words(known), mark_safe(picture),  # noqa: S308
    )  # fmt: skip


def _table(moment: Moment, element: str) -> str:
    node = moment.plan.nodes.get(element)
    return node.table if node else ""


def _words(facts: Mapping[str, Value]) -> list[tuple[str, str]]:
    return [(label_of(key), said(key, value)) for key, value in facts.items() if value is not None]


def _came(case: Case, interaction: Interaction, before: Moment | None, one: Moment, when: datetime) -> str:
    """How it came to this moment: who answered what, or what else happened."""
    if before is None:
        return _("We started it.") if interaction.ours else _("It came in.")
    event = came(before, one)
    if event.kind == "timer":
        node = one.plan.nodes[event.behind]
        return _("Time ran out: {timer}").format(timer=node.name or node.id)
    if event.kind == "end":
        return _("Somebody ended it by hand.")
    if event.kind != "answer":
        return _("Somebody took it up by hand.")
    what, who = str(ANSWERED.get(event.form, "")), _who(case, event, when)
    return _("{what}, by {who}").format(what=what, who=who) if who else what


def _who(case: Case, event: Event, when: datetime) -> str:
    """Who gave that answer, where a person did: the latest before it went on."""
    if event.form in ("response", "executive"):
        written = Response.objects.filter(case=case, written_at__lte=when).order_by("-written_at")
        return str(written.values_list("author__name", flat=True).first() or "")
    if event.form == "approval":
        given = Approval.objects.filter(response__case=case, at__lte=when).order_by("-at")
        return str(given.values_list("user__name", flat=True).first() or "")
    return ""
