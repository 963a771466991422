"""Nobody knows whether a response went out: a person looks, and says."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from armature.crm.act import doubts
from armature.crm.act.models import Case
from armature.crm.web.actions import doing, words
from armature.crm.web.desk_parts import user_of
from armature.crm.web.download import as_download


@doing
def looked(request: HttpRequest, case: Case) -> str:
    """Say what a look at the other side showed."""
    user, found = user_of(request), request.POST.get("delivery", "")
    if found == "sent":
        doubts.it_is_there(user, case)
        return _("Noted: it is there.")
    if found == "again":
        doubts.send_again(user, case)
        return _("It leaves once more.")
    if found == "left":
        doubts.leave(user, case, reason=words(request, "reason")[:300])
        return _("Left as unknown, with your reason.")
    doubts.it_is_not_there(user, case)
    return _("Noted: it is not there. It goes back to its writer.")


@require_safe
def printout(request: HttpRequest, number: int) -> HttpResponse:
    """The letter to print, as it was made when its words were released."""
    try:
        found = doubts.printout_for(user_of(request), number)
    except ObjectDoesNotExist:
        raise Http404 from None
    return as_download(found.digest, found.name)
