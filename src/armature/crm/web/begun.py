"""How an answer begins: from nothing, with a canned response offered, or with its words, as the map says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from armature.crm.accounts.models import User
from armature.crm.act import canned
from armature.crm.act.models import CannedResponse, Case, Response
from armature.crm.act.work import WRITING
from armature.crm.web.spine import Seen


@dataclass(frozen=True, slots=True)
class Offered:
    """The canned response that the rules name, filled in as far as it can be while nobody has taken it."""

    one: CannedResponse
    text: str


def context(user: User, case: Case, answers: Sequence[Response], seen: Seen | None) -> dict[str, Any]:
    """What the composer offers, or begins with where nobody wrote anything yet."""
    facts = seen.facts if seen else {}
    how, template = facts.get("drafting"), facts.get("template")
    if seen is None or case.form not in WRITING or how not in ("suggest", "draft") or not template:
        return {}
    one = canned.named(user, case, str(template), seen.reading.language if seen.reading else "")
    if one is None:
        return {}
    offered = Offered(one, canned.filled(one.text, canned.values(user, case)))
    if how == "suggest" or "survey" in canned.asked_for(one.text) or _touched(user, answers, seen):
        return {"offered": offered}
    return {"begun_with": one, "draft": f"{offered.text}\n\n{user.signature}" if user.signature else offered.text}


def _touched(user: User, answers: Sequence[Response], seen: Seen) -> bool:
    """Whether somebody began to write, or this user threw away what was begun here."""
    begun = any(one.state == Response.State.DRAFT and (one.text or one.author_id == user.pk) for one in answers)
    return begun or any(
        one.state == Response.State.VOID and one.author_id == user.pk and one.judgement_id == seen.judgement.pk
        for one in answers
    )
