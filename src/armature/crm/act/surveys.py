"""What people do with surveys: make, word, open and close them."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, rights_of
from armature.crm.accounts.models import Brand, User
from armature.crm.accounts.queries import company_zone
from armature.crm.act.keeping import may_keep
from armature.crm.act.models import SurveyLink
from armature.crm.act.work import Refused
from armature.crm.channels.survey import KIND
from armature.crm.channels.survey.wording import OWN, Wording, from_json
from armature.crm.listen.models import Channel, Interaction
from armature.crm.listen.surveys.models import Survey, SurveyAnswer, SurveyWording

LISTED = 200
"""So many surveys stand in a list."""


@dataclass(frozen=True, slots=True)
class Line:
    """One survey of the list and how often it was answered; None for those who may not count all answers."""

    survey: Survey
    answers: int | None


def surveys_for(user: User) -> QuerySet[Survey]:
    """The surveys of the brands this user works for, open ones first."""
    rights = rights_of(user)
    found = Survey.objects.select_related("brand", "channel", "changed_by").order_by("-state", "name", "id")
    if not rights.roles:
        return found.none()
    brands = {brand for _team, brand, _role in rights.roles}
    return found if None in brands else found.filter(brand__in=[one for one in brands if one is not None])


def survey_for(user: User, number: int) -> Survey:
    """One of them; raises ``Survey.DoesNotExist``, whether there is one or not."""
    return surveys_for(user).get(pk=number)


def brands_for(user: User) -> list[Brand]:
    """The brands a user may make surveys for, by name."""
    rights = rights_of(user)
    return [one for one in Brand.objects.order_by("name", "id") if may_keep(user, None, one.pk, rights)]


def may(user: User, survey: Survey) -> bool:
    """Whether a user may change a survey, and counts all its answers by right: a lead of all teams of its brand."""
    return may_keep(user, None, survey.brand_id)


def lines_for(user: User) -> list[Line]:
    """The list, in two statements."""
    found, rights = list(surveys_for(user)[:LISTED]), rights_of(user)
    mine = [one.pk for one in found if may_keep(user, None, one.brand_id, rights)]
    counted = SurveyAnswer.objects.filter(survey__in=mine).values_list("survey").annotate(n=Count("pk"))
    counts = dict.fromkeys(mine, 0) | dict(counted)
    return [Line(one, counts.get(one.pk)) for one in found]


def latest(survey: Survey) -> SurveyWording:
    """What it asks now."""
    return SurveyWording.objects.filter(survey=survey).latest("number")


def wording_numbered(survey: Survey, number: int) -> SurveyWording:
    """What it asked under that number, for whoever opened the page before it was worded anew; else what it asks now."""
    return SurveyWording.objects.filter(survey=survey, number=number).first() or latest(survey)


def is_open(survey: Survey, today: date | None = None) -> bool:
    """Whether it can be answered now, by the calendar of the company."""
    day = today or _today()
    in_time = survey.closes_on is None or day <= survey.closes_on
    return survey.state == Survey.State.OPEN and in_time and survey.channel.active


def _today() -> date:
    return timezone.localdate(timezone=ZoneInfo(company_zone()))


def open_of_brand(brand_id: int) -> list[Survey]:
    """What somebody of this brand's customers can be asked now."""
    today = _today()
    still = Q(closes_on=None) | Q(closes_on__gte=today)
    found = Survey.objects.filter(still, brand=brand_id, state=Survey.State.OPEN, channel__active=True)
    return list(found.select_related("channel", "brand").order_by("name", "id")[:LISTED])


@transaction.atomic
def keep(user: User, survey: Survey, wording: Wording, **fields: Any) -> Survey:
    """Make or change a survey; what it asks becomes a new wording where it changed. Raises ``Refused``."""
    made = survey.pk is None
    if not made:
        survey = Survey.objects.select_for_update(of=("self",), no_key=True).select_related("brand").get(pk=survey.pk)
        _must(user, survey.brand_id)
        _stays(survey, wording, fields)
    for name, value in fields.items():
        setattr(survey, name, value)
    _must(user, survey.brand_id)
    if wording.kind == OWN and not wording.questions:
        raise Refused(_("A survey with questions of its own needs at least one: write it below."))
    survey.kind, survey.changed_by, survey.changed_at = wording.kind, user, timezone.now()
    survey.channel = survey.channel if survey.channel_id else channel_of(survey.brand)
    survey.save()
    number = _worded(user, survey, wording)
    told = {"name": survey.name, "kind": survey.kind, "wording": number}
    audit.log(user, "made a survey" if made else "changed a survey", f"survey {survey.pk}", told)
    return survey


def _stays(survey: Survey, wording: Wording, fields: dict[str, Any]) -> None:
    """Figures of two scales, or of two brands, cannot be added up."""
    changed = survey.kind != wording.kind or survey.brand_id != fields["brand"].pk
    if changed and SurveyAnswer.objects.filter(survey=survey).exists():
        raise Refused(_("It has answers already: its kind and its brand stay. Make a new survey for another."))
    if survey.brand_id != fields["brand"].pk:
        if SurveyLink.objects.filter(survey=survey).exists():
            raise Refused(_("Customers of its brand have links to it already: its brand stays. Make a new survey."))
        survey.channel = channel_of(fields["brand"])


def _worded(user: User, survey: Survey, wording: Wording) -> int:
    last = SurveyWording.objects.filter(survey=survey).order_by("-number").first()
    if last is not None and from_json(last.body) == wording:
        return last.number
    number = last.number + 1 if last else 1
    SurveyWording.objects.create(survey=survey, number=number, body=wording.as_json(), made_by=user)
    return number


def channel_of(brand: Brand) -> Channel:
    """The channel of all surveys of a brand, and of words added to ratings; made with the first of them."""
    try:
        with transaction.atomic():
            given = {"place": KIND, "name": "Surveys", "brand": brand}
            return Channel.objects.get_or_create(kind=KIND, address=f"surveys of {brand.key}", defaults=given)[0]
    except IntegrityError:
        return Channel.objects.get(kind=KIND, address=f"surveys of {brand.key}")


def set_state(user: User, survey: Survey, state: str) -> None:
    """Open it for answers, or close it; what was answered stays."""
    _must(user, survey.brand_id)
    closed = survey.closes_on is not None and survey.closes_on < _today()
    if state == Survey.State.OPEN and closed:
        raise Refused(_("Its last day is over: choose a later one, or none, then open it."))
    with transaction.atomic():
        Survey.objects.filter(pk=survey.pk).update(state=state)
        audit.log(
            user, "opened a survey" if state == Survey.State.OPEN else "closed a survey", f"survey {survey.pk}", {}
        )


def _must(user: User, brand: int) -> None:
    if not may_keep(user, None, brand):
        raise NotAllowed(_("Surveys are made and changed by leads of all teams of their brand."))


def answered_under(numbers: list[int]) -> dict[int, tuple[SurveyAnswer, Wording]]:
    """The answers of these interactions, each with the wording it was given under."""
    if not numbers:
        return {}
    said = Interaction.objects.filter(
        pk__in=numbers, channel=OuterRef("channel"), external_id=OuterRef("external_id")
    ).values("pk")
    found = SurveyAnswer.objects.annotate(said=Subquery(said[:1])).filter(said__in=numbers).select_related("wording")
    return {one.said: (one, from_json(one.wording.body)) for one in found}
