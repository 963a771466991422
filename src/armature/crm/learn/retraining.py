"""The reader learns again from all verdicts, beside all other work; what it learned is used when it is not worse."""

import time
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from armature.arm.intent import Reader
from armature.arm.understand.learned import hints
from armature.arm.understand.learned.learn import Lesson, learn
from armature.arm.understand.learned.measure import Figures, figures
from armature.arm.understand.learned.model import NEVER, Model
from armature.arm.understand.learned.reader import LearnedReader
from armature.crm import lease, rows
from armature.crm.accounts import audit
from armature.crm.accounts.models import User
from armature.crm.learn import verdicts
from armature.crm.learn.verdicts import Verdict
from armature.crm.understand import reader, versions
from armature.crm.understand.models import ReaderVersion, Retraining

FEWEST = 50
"""Verdicts below which nothing is learned."""
ENOUGH_NEW = 25
"""So many new verdicts start it at once; fewer wait for the night."""
AT_NIGHT = 20 * 3600
"""Seconds since the last learning after which any new verdict is enough."""
ENOUGH_TO_JUDGE = 20
"""A sample of fewer cases decides nothing on its own; then both samples together do."""
SURE = 0.8
PROMISE = 0.95


def ask(user: User) -> bool:
    """Let it learn now; False when it is to anyway. The right is asked before."""
    with transaction.atomic():
        _, new = Retraining.objects.get_or_create(pk=1, defaults={"asked_by": user})
        if not new:
            parked = (
                "UPDATE understand_retraining SET leased_until = NULL, attempts = 0 WHERE leased_until = 'infinity'"
            )
            new = rows.run(parked, []) > 0
        audit.log(user, "asked the reader to learn", "reader", {"now": new})
    return new


def look() -> None:
    """Ask for it when there is enough new."""
    last = ReaderVersion.objects.filter(verdicts__gt=0).order_by("-id").first()
    new = verdicts.since(last.upto if last else 0)
    late = last is not None and (timezone.now() - last.added_at).total_seconds() > AT_NIGHT
    if new >= (ENOUGH_NEW if last else FEWEST) or (new and late):
        Retraining.objects.get_or_create(pk=1)


@dataclass(frozen=True, slots=True)
class Sides:
    """How the version in use and the new one did on the same cases."""

    cases: int
    before: int
    after: int

    @property
    def worse(self) -> bool:
        """Whether the new one was right less often."""
        return self.after < self.before


def go_on(held: lease.Claim) -> None:
    """Learn, measure, and keep what was learned: in use, or refused with its figures."""
    began = time.process_time()
    told = verdicts.newest()
    made = _learned(told) if len(told) >= FEWEST else None
    with transaction.atomic():
        lease.finish(Retraining, held)
        if made is None:
            return
        model, fixed, drawn, before, own = made
        adopt = not worse(fixed, drawn)
        said = {
            "fixed": asdict(fixed), "random": asdict(drawn), "before": before, "own": own, "why": _why(fixed, drawn),
            "cpu_seconds": round(time.process_time() - began, 2),
        }  # fmt: skip
        version = versions.keep(
            model, figures=said, verdicts=len(told), upto=max(one.number for one in told), adopt=adopt
        )
        if version is not None:
            values = {"adopted": adopt, "verdicts": len(told), "before": before}
            audit.log("the reader", "learned", f"reader {version.name}", values)


def _learned(told: list[Verdict]) -> tuple[Model, Sides, Sides, str, dict[str, Any]] | None:
    """What was learned, beside the version in use on the fixed and on a random sample that neither learned from."""
    now = ReaderVersion.objects.filter(in_use=True).first()
    turn, seen = ReaderVersion.objects.count(), now.upto if now else 0
    fixed = [one for one in told if one.fixed]
    drawn = [one for one in told if not one.fixed and one.number > seen and one.held_out(turn)]
    apart = {one.number for one in (*fixed, *drawn)}
    rest = [one for one in told if one.number not in apart]
    if len({one.intent for one in rest}) < 2:
        return None
    model = learn(lesson(rest), promise=PROMISE)
    old, new = versions.in_use(), LearnedReader("new", reader.starter(), model)
    own = _as_kept(measured(new, [*fixed, *drawn]), model)
    return model, _sides(old, new, fixed), _sides(old, new, drawn), old.version, own


def lesson(told: list[Verdict]) -> Lesson:
    """Verdicts as something to learn, on top of what the starter reader says."""
    starter, texts, labels = reader.starter(), [one.text for one in told], verdicts.intents(told)
    known = hints.of_texts(starter, texts, [one.language for one in told])
    begin = hints.base(known[:, hints.NAMES :], starter.weights.intents, labels)
    return Lesson(texts, [one.intent for one in told], labels, known, begin)


def _sides(old: Reader, new: Reader, told: list[Verdict]) -> Sides:
    rights = [sum(r == one.intent for r, one in zip(_read(each, told), told, strict=True)) for each in (old, new)]
    return Sides(len(told), *rights)


def _read(each: Reader, told: list[Verdict]) -> list[str]:
    return [one.intent for one in each.read([one.text for one in told], [one.language for one in told])]


def measured(each: Reader, told: list[Verdict]) -> Figures:
    """The figures of a reader on verdicts."""
    read = each.read([one.text for one in told], [one.language for one in told])
    sure = [one.confidence for one in read]
    return figures([one.intent for one in told], [one.intent for one in read], sure, [one >= SURE for one in sure])


def _as_kept(own: Figures, model: Model) -> dict[str, Any]:
    return {
        "cases": own.texts, "macro_f1": round(own.macro_f1, 3), "calibration_error": round(own.calibration_error, 3),
        "named": own.told, "named_right": own.told_right,
        "thresholds": {
            label: None if least >= NEVER else round(least, 3)
            for label, least in zip(model.labels, model.thresholds.tolist(), strict=True)
        },
    }  # fmt: skip


def worse(fixed: Sides, drawn: Sides) -> bool:
    """Whether the new version must not be used: right less often on a sample that is large enough, or on both together.

    With no case to measure on it is refused: nothing says that it is not worse.
    """
    both = Sides(fixed.cases + drawn.cases, fixed.before + drawn.before, fixed.after + drawn.after)
    return not both.cases or both.worse or any(one.worse for one in (fixed, drawn) if one.cases >= ENOUGH_TO_JUDGE)


def _why(fixed: Sides, drawn: Sides) -> str:
    if not worse(fixed, drawn):
        return gettext_noop("Not worse than the version before it on what neither had learned from.")
    if not fixed.cases + drawn.cases:
        return gettext_noop("There was nothing to measure it on.")
    return gettext_noop("Right less often than the version before it on what neither had learned from.")
