"""Asking one person: a link of their own, and nobody asked twice within the days that a survey leaves people alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.models import Role, User
from armature.crm.act import asked_before, queries, restricted, surveys, work
from armature.crm.act.models import Case, Restriction, SurveyLink
from armature.crm.act.work import Refused
from armature.crm.listen.surveys.models import Survey, SurveyAnswer, key_of_link


@dataclass(frozen=True, slots=True)
class Asked:
    """A personal link, and when it was answered (None: not yet)."""

    link: SurveyLink
    answered_at: datetime | None

    @property
    def live(self) -> bool:
        """Whether it can still be answered."""
        return self.answered_at is None and timezone.now() < self.link.expires_at


def key_of(link: SurveyLink) -> str:
    """The key of the one answer of this link."""
    return key_of_link(link.pk)


def link(number: int) -> SurveyLink | None:
    """A link by its number, with all its page needs."""
    wanted = SurveyLink.objects.select_related("survey__channel", "survey__brand", "identity", "case")
    return wanted.filter(pk=number).first()


def answer_of(one: SurveyLink) -> SurveyAnswer | None:
    """What was answered by it."""
    return SurveyAnswer.objects.filter(survey=one.survey_id, key=key_of(one)).select_related("wording").first()


def may_be_read(one: SurveyLink) -> bool:
    """Whether whoever reads answers to surveys may read this one: not what is said about a case of named people."""
    return not Restriction.objects.filter(conversation=one.case.conversation_id).exists()


def asked_about(case: Case) -> list[Asked]:
    """Who was asked about a case, latest first."""
    links = list(SurveyLink.objects.filter(case=case).select_related("survey", "made_by").order_by("-made_at")[:20])
    keys = {key_of(one): one for one in links}
    found = SurveyAnswer.objects.filter(key__in=keys, survey__in=[one.survey_id for one in links])
    answered = {(one.survey_id, one.key): one.at for one in found}
    return [Asked(one, answered.get((one.survey_id, key))) for key, one in keys.items()]


def live_link(case: Case) -> SurveyLink | None:
    """The link that can be put into an answer of this case now."""
    return next((one.link for one in asked_about(case) if one.live), None)


@transaction.atomic
def ask(user: User, case: Case, survey: Survey) -> SurveyLink:
    """A link for the person of a case. One that still waits for its answer is given again. Raises ``Refused``."""
    work.allowed(user, case, Role.AGENT)
    theirs = asked_before.hold(case.identity_id)
    if restricted.of(case):
        raise Refused(_("Only named people see this case: nobody is asked about it, as others would read the answer."))
    if not surveys.is_open(survey) or survey.brand_id != case.conversation.channel.brand_id:
        raise Refused(_("This survey is not open for customers of this brand."))
    if waiting := next((one.link for one in asked_about(case) if one.live and one.link.survey_id == survey.pk), None):
        return waiting
    now = timezone.now()
    quiet = timedelta(days=survey.quiet_days)
    last = asked_before.last(theirs)
    if last and last.at + quiet > now:
        raise Refused(_already(last, last.at + quiet))
    made = SurveyLink.objects.create(
        survey=survey, identity_id=case.identity_id, case=case, made_by=user,
        expires_at=now + timedelta(days=survey.link_days),
    )  # fmt: skip
    audit.log(user, "asked for an answer to a survey", f"case {case.pk}", {"survey": survey.pk, "link": made.pk})
    return made


def _already(last: asked_before.Asked, until: datetime) -> str:
    words = _("They were asked on %(day)s already (%(survey)s). Ask them again from %(until)s on.")
    day, then = (formats.date_format(timezone.localtime(at), "DATE_FORMAT") for at in (last.at, until))
    return words % {"day": day, "survey": last.survey or _("an answer that asked how it was"), "until": then}


def may_ask(user: User, case: Case) -> bool:
    """Whether a user may ask for an answer about a case."""
    return queries.may(user, case, Role.AGENT)
