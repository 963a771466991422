"""Several actions with one key, done in order, all or none."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.models import User
from armature.crm.act import canned, keeping, queries
from armature.crm.act.macro_steps import STEPS
from armature.crm.act.models import Case, Macro
from armature.crm.act.work import Refused

MOST = 10
"""Steps of one macro."""


def for_case(user: User, case: Case) -> list[Macro]:
    """The macros one can use in a case."""
    return list(keeping.for_case(user, case, Macro)[:30])


def elsewhere(user: User, here: Sequence[Macro]) -> list[Macro]:
    """Macros with a key that one can use, but not ``here``."""
    others = keeping.kept_for(user, Macro).exclude(key="").exclude(pk__in=[one.pk for one in here])
    return list(others[:30])


def run(user: User, case: Case, macro: Macro) -> None:
    """Do all its steps. When one is refused none is done, and the words say which."""
    with transaction.atomic():
        for number, step in enumerate(macro.steps, 1):
            try:
                STEPS[step["step"]].do(user, queries.case_for(user, case.pk), step.get("value", ""))
            except Refused as refused:
                words = {"number": number, "why": refused}
                raise Refused(_("Step %(number)s was refused, so nothing was done. %(why)s") % words) from refused
        audit.log(user, "ran a macro", f"case {case.pk}", {"macro": macro.pk, "name": macro.name})


def keep(user: User, one: Macro, *, steps: Sequence[dict[str, str]], **fields: Any) -> Macro:
    """Make or change one; refused when a step is none or misses its value."""
    if one.pk:
        keeping.must_keep(user, one)
    for name, value in fields.items():
        setattr(one, name, value)
    keeping.must_keep(user, one)
    one.steps, one.by, one.at = _checked(steps), user, timezone.now()
    try:
        with transaction.atomic():
            one.save()
            audit.log(user, "kept a macro", f"macro {one.pk}", {"name": one.name, "steps": one.steps})
    except IntegrityError:
        raise Refused(_("The key %s is taken here. Choose another.") % one.key) from None
    return one


def _checked(steps: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    if not 0 < len(steps) <= MOST:
        raise Refused(_("A macro has one to %s steps.") % MOST)
    for number, step in enumerate(steps, 1):
        kind = STEPS.get(step.get("step", ""))
        if kind is None:
            raise Refused(_("Step %s is of no known kind.") % number)
        if kind.value and not step.get("value", "").strip():
            raise Refused(_("Step %(number)s misses %(what)s.") % {"number": number, "what": kind.value})
        try:
            kind.check(step.get("value", ""))
        except Refused as refused:
            raise Refused(_("Step %(number)s: %(why)s") % {"number": number, "why": refused}) from refused
        if wrong := canned.unknown(step.get("value", "")):
            raise Refused(_("There is no {{%s}} to fill in.") % wrong[0])
    return [{"step": step["step"], "value": step.get("value", "")} for step in steps]


def drop(user: User, one: Macro) -> None:
    """Take one away."""
    keeping.must_keep(user, one)
    with transaction.atomic():
        audit.log(user, "dropped a macro", f"macro {one.pk}", {"name": one.name})
        one.delete()
