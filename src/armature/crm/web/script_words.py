"""The words of our scripts, as a script of its own: made once for each language, kept by browsers."""

from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe
from django.views.i18n import JavaScriptCatalog

OURS = ["armature.crm.web"]
FRESH = "public, max-age=3600"


@login_not_required
@require_safe
def catalogue(request: HttpRequest, language: str) -> HttpResponse:
    """``gettext`` and its relatives, with the catalogue of that language. It says nothing about whoever asks."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    headers = {"Cache-Control": FRESH}
    return HttpResponse(_script(language), content_type="text/javascript; charset=utf-8", headers=headers)


@cache
def _script(language: str) -> bytes:
    with translation.override(language):
        return bytes(JavaScriptCatalog(packages=OURS).get(HttpRequest()).content)
