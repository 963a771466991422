"""What came with a message: its original look in a closed frame, its attachments as downloads."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from armature.crm.act import queries
from armature.crm.channels import registry
from armature.crm.channels.clean import clean_html
from armature.crm.channels.port import Created
from armature.crm.listen import files
from armature.crm.listen import queries as listened
from armature.crm.listen.models import File, Interaction
from armature.crm.web.desk import user_of

FRAME = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'"


@require_safe
def original(request: HttpRequest, number: int) -> HttpResponse:
    """The message as it came, cleaned, for a frame in which nothing runs and nothing loads from elsewhere."""
    interaction = _interaction(request, number)
    words, html = f"<pre>{interaction.text}</pre>", ""
    for received in listened.received([interaction.envelope_id] if interaction.envelope_id else []):
        channel = listened.channels([received.channel_id])[received.channel_id]
        events = registry.kind(channel.kind).normalise(listened.account(channel), received.envelope)
        html = next((e.html or _as_html(e.full_text or e.text) for e in events if isinstance(e, Created)), "")
    page = clean_html(html or words)
    response = HttpResponse(f'<!doctype html><meta charset="utf-8"><base target="_blank">{page}')
    response.headers["Content-Security-Policy"] = FRAME
    return response


def _as_html(text: str) -> str:
    from django.utils.html import escape

    return f"<pre>{escape(text)}</pre>"


@require_safe
def attachment(request: HttpRequest, number: int) -> HttpResponse:
    """One file, as a download, whatever it says it is."""
    try:
        file = File.objects.get(pk=number)
    except File.DoesNotExist:
        raise Http404 from None
    _interaction(request, file.interaction_id)
    response = HttpResponse(files.read(file.digest), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = (
        content_disposition_header(True, file.name or "attachment") or "attachment"
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _interaction(request: HttpRequest, number: int) -> Interaction:
    """An interaction of a conversation in which the user may see a case."""
    found = Interaction.objects.filter(pk=number).first()
    if found is None or not queries.cases_for(user_of(request)).filter(conversation=found.conversation_id).exists():
        raise Http404
    return found
