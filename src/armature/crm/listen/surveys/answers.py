"""Taking an answer in: the raw line first, the figures beside it, in one transaction; twice is once."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from armature.crm import rows
from armature.crm.accounts import audit
from armature.crm.channels import lines
from armature.crm.channels.survey import NETWORK, NOT_PROVEN, Who, survey_line
from armature.crm.channels.survey.wording import (
    WITHOUT_WORDS,
    Filled,
    Wording,
    from_json,
    is_low,
    nothing_to_judge,
    own_words,
)
from armature.crm.channels.talks import ANSWER, handle
from armature.crm.listen import commands
from armature.crm.listen.surveys.models import Survey, SurveyAnswer, SurveyWording


class TooLate(Exception):
    """An answer was given so long ago that it stays as it is."""


def somebody(survey: Survey, once: str, filled: Filled) -> Who:
    """Whoever answers by the open link: known by the address they type, which nobody has proven, or by nothing."""
    if filled.email:
        return Who("email", filled.email.casefold(), filled.name, "", NOT_PROVEN)
    return Who(NETWORK, handle(f"{survey.key} {once}", ANSWER), filled.name)


def open_key(once: str, who: Who) -> str:
    """The key of an answer by the open link: the same form of the same person is the same answer."""
    return f"open-{hashlib.blake2b(f'{once} {who.author}'.encode(), digest_size=12).hexdigest()}"


@transaction.atomic
def take_in(survey: Survey, asked: SurveyWording, key: str, who: Who, filled: Filled, at: datetime) -> SurveyAnswer:
    """Keep an answer under its ``key``. The same once more changes nothing; something else is an edit, counted once.

    Raises ``TooLate``.
    """
    answer, new = _first(survey, asked, key, who, filled, at)
    if new:
        _hand_in(answer, who, filled, at, "answered a survey")
    elif (answer.score, answer.given) != (filled.score, dict(filled.given)):
        if at > answer.at + timedelta(days=survey.edit_days):
            raise TooLate
        # Of two at once the one that is kept last is the last wording too, whoever pressed first.
        last = answer.edited_at or answer.at
        _change(answer, asked, who, filled, max(at, last + timedelta(microseconds=1)))
    return answer


def _first(
    survey: Survey, asked: SurveyWording, key: str, who: Who, filled: Filled, at: datetime
) -> tuple[SurveyAnswer, bool]:
    """The row of this answer, locked; of two who send it at once one makes it."""
    made = rows.fetch(
        """
        INSERT INTO listen_surveyanswer (survey_id, wording_id, channel_id, key, external_id, score, given, written,
            quiet, at)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (survey_id, key) DO NOTHING RETURNING id
        """,
        [survey.pk, asked.pk, survey.channel_id, key, f"survey-{survey.pk}-{key}", filled.score,
         json.dumps(dict(filled.given)), len(_own(from_json(asked.body), filled)),
         nothing_to_judge(from_json(asked.body), filled), at],
    )  # fmt: skip
    held = SurveyAnswer.objects.select_for_update(of=("self",), no_key=True).select_related("survey__channel")
    return held.get(survey=survey, key=key), bool(made)


def _change(answer: SurveyAnswer, asked: SurveyWording, who: Who, filled: Filled, at: datetime) -> None:
    """The new figures count instead of the old. What now needs somebody and did not before is heard as new words."""
    wording = from_json(asked.body)
    silent = nothing_to_judge(wording, filled)
    worse = is_low(wording.kind, filled.score) and not is_low(wording.kind, answer.score)
    heard_anew = not silent and (answer.quiet or worse)
    if heard_anew:
        answer.external_id = f"survey-{answer.survey_id}-{answer.key}-{int(at.timestamp() * 1000)}"
    answer.wording, answer.score, answer.given = asked, filled.score, dict(filled.given)
    answer.quiet, answer.edited_at, answer.written = silent, at, len(_own(wording, filled))
    answer.save()
    _hand_in(answer, who, filled, at, "changed an answer to a survey", "created" if heard_anew else "edited")


def _hand_in(answer: SurveyAnswer, who: Who, filled: Filled, at: datetime, verb: str, event: str = "created") -> None:
    line = _line(answer, who, filled, at, event)
    commands.accept(answer.survey.channel, [lines.envelope(line, at)])
    told = {"answer": answer.external_id, "score": filled.score}
    audit.log("the customer", verb, f"survey {answer.survey_id}", told)


def _line(answer: SurveyAnswer, who: Who, filled: Filled, at: datetime, event: str) -> dict[str, Any]:
    survey, wording = answer.survey, from_json(answer.wording.body)
    return {
        **survey_line(event, answer.external_id, who, text(wording, filled), at),
        "subject": f"{survey.name} ({who.about})" if who.about else survey.name, "language": survey.language,
        "talk": f"survey-{survey.pk}:{who.network}:{who.author}", "automatic": WITHOUT_WORDS if answer.quiet else "",
        "survey": {"number": survey.pk, "wording": answer.wording.number, "filled": _raw(filled)},
    }  # fmt: skip


def _raw(filled: Filled) -> Mapping[str, Any]:
    return {**asdict(filled), "given": dict(filled.given)}


def text(wording: Wording, filled: Filled) -> str:
    """What they wrote, then the rating in words. Our own questions are left out: they would be judged as theirs."""
    parts = [own] if (own := _own(wording, filled)) else []
    if filled.score is not None:
        parts.append(_("Rating: %(score)s of %(most)s") % {"score": filled.score, "most": wording.most})
    return "\n\n".join(parts) or _("Answered without words.")


def _own(wording: Wording, filled: Filled) -> str:
    """What they wrote themselves; it stands first in the text, so that places in it are places in the text."""
    return "\n\n".join(own_words(wording, filled))
