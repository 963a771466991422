"""What came with a message: its original look in a closed frame, its attachments as downloads."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from armature.crm.act import queries
from armature.crm.channels import registry
from armature.crm.channels.clean import clean_html
from armature.crm.channels.port import Created
from armature.crm.listen import queries as listened
from armature.crm.listen.models import File, Interaction
from armature.crm.web.desk_parts import user_of
from armature.crm.web.download import as_download

FRAME = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'"
CARRIED_PICTURE = re.compile(r'(<img\b[^>]*?) src="cid:[^"]*"')
"""A picture inside the mail: its description stands for it, as no address leads to its bytes."""


LOOK = (
    "<style>:root{color-scheme:light;background:#fff;color:#1d2430;font:14px/1.5 system-ui,sans-serif}"
    "body{margin:16px;overflow-wrap:anywhere}pre{white-space:pre-wrap}img{max-width:100%}table{max-width:100%}</style>"
)
"""Mails are made for white paper, so they get it in dark mode too."""


@require_safe
def original(request: HttpRequest, number: int) -> HttpResponse:
    """The message as it came, cleaned, for a frame in which nothing runs and nothing loads from elsewhere."""
    interaction = _interaction(request, number)
    page = clean_html(_html_of(interaction) or f"<pre>{escape(interaction.text)}</pre>")
    page = CARRIED_PICTURE.sub(r"\1", page)
    head = f'<meta charset="utf-8"><title>{escape(_("The message as it came"))}</title><base target="_blank">'
    response = HttpResponse(f'<!doctype html><html lang="und"><head>{head}{LOOK}</head><body>{page}</body></html>')
    response.headers["Content-Security-Policy"] = FRAME
    return response


def _html_of(interaction: Interaction) -> str:
    """What came, as markup of its own; empty when it cannot be read (any more)."""
    for received in listened.received([interaction.envelope_id] if interaction.envelope_id else []):
        channel = listened.channels([received.channel_id])[received.channel_id]
        try:
            events = registry.kind(channel.kind).normalise(listened.account(channel), received.envelope)
        except ValueError:
            return ""
        for event in events:
            if isinstance(event, Created):
                return event.html or f"<pre>{escape(event.full_text or event.text)}</pre>"
    return ""


@require_safe
def attachment(request: HttpRequest, number: int) -> HttpResponse:
    """One file, as a download, whatever it says it is."""
    try:
        file = File.objects.get(pk=number)
    except File.DoesNotExist:
        raise Http404 from None
    _interaction(request, file.interaction_id)
    return as_download(file.digest, file.name)


def _interaction(request: HttpRequest, number: int) -> Interaction:
    """An interaction of a conversation in which the user may see a case."""
    found = Interaction.objects.filter(pk=number, deleted_at=None).first()
    if found is None or not queries.cases_for(user_of(request)).filter(conversation=found.conversation_id).exists():
        raise Http404
    return found
