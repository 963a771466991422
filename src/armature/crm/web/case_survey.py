"""Asking the person of a case for an answer to a survey: by a link of their own."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from armature.crm.accounts.access import NotAllowed
from armature.crm.act import survey_links, surveys
from armature.crm.act.work import Refused
from armature.crm.listen.surveys.models import Survey
from armature.crm.web.desk import case_or_404
from armature.crm.web.desk_parts import user_of
from armature.crm.web.given import number as number_of
from armature.crm.web.local_time import in_company_time
from armature.crm.web.surveys import personal_address


@require_safe
@in_company_time
def shown(request: HttpRequest, number: int) -> HttpResponse:
    """Who was asked about this case, with the links, and what can be asked."""
    user = user_of(request)
    case = case_or_404(user, number)
    asked = [(one, personal_address(request, one.link) if one.live else "") for one in survey_links.asked_about(case)]
    context = {
        "case": case, "asked": asked, "may": survey_links.may_ask(user, case),
        "surveys": surveys.open_of_brand(case.conversation.channel.brand_id),
    }  # fmt: skip
    return render(request, "web/surveys/case.html", context)


@require_POST
@in_company_time
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """A link for the person of this case."""
    user = user_of(request)
    case = case_or_404(user, number)
    try:
        survey_links.ask(user, case, surveys.survey_for(user, number_of(request, "survey")))
    except Survey.DoesNotExist:
        raise Http404 from None
    except (Refused, NotAllowed) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Here is their link: copy it into your answer."))
    return redirect("case-survey", number=number)
