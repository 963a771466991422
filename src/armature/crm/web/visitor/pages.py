"""A talk from the customer's side: begin, read, go on, say whether we understood, rate."""

import secrets
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from armature.crm import jobs, live
from armature.crm.act import visitors
from armature.crm.act.visitors import Talk
from armature.crm.channels.talks import FIRST, envelope
from armature.crm.learn import ratings
from armature.crm.listen import commands as listen
from armature.crm.listen import guard
from armature.crm.listen.models import Channel
from armature.crm.web.download import as_download
from armature.crm.web.local_time import in_company_time
from armature.crm.web.shipped_words import intents
from armature.crm.web.visitor.address import came_from, new_token, talk_of, visitor_of
from armature.crm.web.visitor.forms import SayForm
from armature.crm.web.visitor.framing import for_customers


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def begin(request: HttpRequest, channel: Channel) -> HttpResponse:
    """The form; what is sent opens a page of its own."""
    form = SayForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        token = new_token(channel, form.data.get("once") or secrets.token_urlsafe(12))
        refused = _say(request, channel, token, FIRST, form)
        if not refused:
            return redirect("talk", slug=channel.address, token=token)
        return render(request, "web/visitor/begin.html", {"channel": channel, "form": form}, status=refused)
    return render(request, "web/visitor/begin.html", {"channel": channel, "form": form})


@require_safe
@for_customers
@in_company_time
def shown(request: HttpRequest, channel: Channel, token: str) -> HttpResponse:
    """The talk; its words alone when only they are asked for."""
    part = request.headers.get("HX-Request") and request.GET.get("part") == "words"
    talk = talk_of(channel, token)
    name = "web/visitor/_words.html" if part else "web/visitor/talk.html"
    return render(request, name, _context(request, talk, token, SayForm()))


@require_POST
@for_customers
@in_company_time
def say(request: HttpRequest, channel: Channel, token: str) -> HttpResponse:
    """Go on writing; a second click of the same form is the same message."""
    talk, form = talk_of(channel, token), SayForm(request.POST, request.FILES)
    name = form.data.get("once", "")
    refused = _say(request, talk.channel, token, name if name != FIRST else "", form)
    if not refused:
        return redirect(f"{reverse('talk', args=[channel.address, token])}?sent={name}#end")
    return render(request, "web/visitor/talk.html", _context(request, talk, token, form), status=refused)


def _say(request: HttpRequest, channel: Channel, token: str, name: str, form: SayForm) -> int:
    """Take a message in; 0, or the status of the refusal, which the form says in words."""
    if not form.is_valid():
        return 422
    if not name:
        form.add_error(None, _("The page was old. Your words are still here: press Send again."))
        return 422
    try:
        guard.knock(came_from(request))
    except guard.TooMuch:
        form.add_error(None, _("Very many messages came from here. Your words are still here: send them in an hour."))
        return 429
    given = form.cleaned_data
    accepted = envelope(
        visitor_of(channel, token), name, text=given["text"], author_name=given["name"], files=form.attachments(),
        at=timezone.now(),
    )  # fmt: skip
    listen.accept(channel, [accepted])
    jobs.open_envelopes(limit=20)
    return 0


@require_safe
@for_customers
def file(request: HttpRequest, channel: Channel, token: str, number: int) -> HttpResponse:
    """A file of this talk, as a download."""
    found = visitors.own_file(talk_of(channel, token), number)
    if found is None:
        raise Http404
    return as_download(found.digest, found.name)


@require_POST
@for_customers
def understood(request: HttpRequest, channel: Channel, token: str) -> HttpResponse:
    """Whether we understood them."""
    talk = talk_of(channel, token)
    asked = ratings.asked(talk)
    if asked is not None and request.POST.get("about") == str(asked.interaction_id):
        ratings.answer_understood(talk, asked, request.POST.get("meant", ""))
        live.tell()
    return redirect(f"{reverse('talk', args=[channel.address, token])}#end")


@require_POST
@for_customers
def rate(request: HttpRequest, channel: Channel, token: str) -> HttpResponse:
    """How good the answer was."""
    talk, stars = talk_of(channel, token), request.POST.get("stars", "")
    if stars in set("12345") and ratings.rate(talk, int(stars)) and talk.conversation_id:
        jobs.go_on(talk.conversation_id)
        live.tell()
    return redirect(f"{reverse('talk', args=[channel.address, token])}#end")


def _context(request: HttpRequest, talk: Talk, token: str, form: SayForm) -> dict[str, Any]:
    said = visitors.words(talk) if talk.conversation_id else []
    sent = request.GET.get("sent", FIRST).replace("\x00", "")[:40]
    return {
        "channel": talk.channel, "token": token, "said": said, "form": form, "sent": sent, "intents": intents(),
        "on_its_way": not visitors.recorded(talk.channel, talk.visitor, sent),
        "asked": ratings.asked(talk) if said else None, "to_rate": ratings.to_rate(talk) if said else None,
    }  # fmt: skip
