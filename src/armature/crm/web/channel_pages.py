"""Our presences, for administrators of their brand: how they are, setting one up step by step, pausing, mending."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import (
    did_recently_reauthenticate,
    raise_if_reauthentication_required,
)
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from armature.crm.accounts.models import User
from armature.crm.act import channel_health
from armature.crm.channels import registry
from armature.crm.channels.port import Hooked, Kind, Unreachable
from armature.crm.channels.settings import BadSettings
from armature.crm.listen import lists, setting_up
from armature.crm.listen.models import Channel
from armature.crm.web import charts, kind_words
from armature.crm.web.channel_form import ChannelForm
from armature.crm.web.desk_parts import user_of
from armature.crm.web.local_time import in_company_time
from armature.crm.web.team import administrators

MOST = 20
DAYS = 30
Page = Callable[..., HttpResponse]


def for_administrators(page: Page) -> Page:
    """For those who administer a whole brand; whoever administers a team of it only finds no such page."""

    @wraps(page)
    def handle(request: HttpRequest, **named: Any) -> HttpResponse:
        if not setting_up.brands_for(user_of(request)).exists():
            raise Http404
        return page(request, **named)

    return in_company_time(administrators(handle, home="channels"))


def proven_first(page: Page) -> Page:
    """Who they are is asked before the form, not after: what is put aside meanwhile is readable, and files are lost."""

    @wraps(page)
    def handle(request: HttpRequest, **named: Any) -> HttpResponse:
        if request.method == "POST" and not did_recently_reauthenticate(request):
            messages.error(request, _("You were away for a while. Show that it is you, then type it again."))
            return redirect(request.path)
        raise_if_reauthentication_required(request, app="")
        return page(request, **named)

    return handle


@require_safe
@for_administrators
def listed(request: HttpRequest) -> HttpResponse:
    """All of them, and how each is."""
    channels = list(setting_up.channels_for(user_of(request)))
    health = channel_health.of(one.pk for one in channels)
    shown = [(one, health[one.pk], _kind_label(one)) for one in channels]
    return render(request, "web/channels/list.html", {"at": "channels", "channels": shown})


@require_safe
@for_administrators
def choose(request: HttpRequest) -> HttpResponse:
    """Which kind the new one is."""
    kinds = [(one, _(one.label), kind_words.WHAT.get(one.key, "")) for one in setting_up.kinds()]
    disabled = registry.installed().disabled
    return render(request, "web/channels/choose.html", {"at": "channels", "kinds": kinds, "disabled": disabled})


@require_http_methods(["GET", "HEAD", "POST"])
@proven_first
@for_administrators
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """Fill in what it needs; it is kept switched off, and then one tries it."""
    user, wanted = user_of(request), next((one for one in setting_up.kinds() if one.key == kind), None)
    if wanted is None:
        raise Http404
    form = ChannelForm(wanted, setting_up.brands_for(user), None, set(), request.POST or None)
    keep = partial(setting_up.set_up, user, wanted)
    kept = _keep(form, lambda **given: keep(brand=form.cleaned_data["brand"], **given))
    if kept:
        messages.success(request, _("Kept, and still switched off. Try it, then start it."))
        return redirect("channel", number=kept.pk)
    what = kind_words.WHAT.get(wanted.key, "")
    shown = {"at": "channels", "form": form, "kind_label": _(wanted.label), "what": what}
    return render(request, "web/channels/add.html", shown, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@proven_first
@for_administrators
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One channel: how it is, its settings, what to do with it."""
    user = user_of(request)
    channel = setting_up.channel_for(user, number)
    kind, kept = registry.installed().kinds.get(channel.kind), setting_up.kept_secrets(channel)
    form = ChannelForm(kind, setting_up.brands_for(user), channel, kept, request.POST or None) if kind else None
    if form and _keep(form, partial(setting_up.change, user, channel)):
        messages.success(request, _("Saved. Reading goes on where it stopped."))
        return redirect("channel", number=channel.pk)
    channel.refresh_from_db()
    shown = _context(request, channel, kind, form)
    return render(request, "web/channels/one.html", shown, status=422 if request.method == "POST" else 200)


def _keep(form: ChannelForm, keep: Callable[..., Channel]) -> Channel | None:
    """Keep what was typed; None when something is missing or wrong, which the form then says."""
    if not form.is_bound or not form.is_valid():
        return None
    own = {name: form.cleaned_data[name].replace("\x00", "") for name in ("name", "place", "address")}
    try:
        return keep(**own, given=form.given())
    except BadSettings as wrong:
        form.blame(wrong)
        return None


def _context(request: HttpRequest, channel: Channel, kind: Kind | None, form: ChannelForm | None) -> dict[str, Any]:
    came = channel_health.by_day(channel.pk, DAYS)
    base = settings.ADDRESS or request.build_absolute_uri("/").rstrip("/")
    return {
        "at": "channels", "channel": channel, "form": form, "kind_label": _kind_label(channel),
        "asks": bool(kind and kind.polls), "takes_lists": lists.takes(channel),
        "health": channel_health.of([channel.pk])[channel.pk], "parked": channel_health.parked(channel.pk, MOST),
        "came": came, "volume": charts.days({one.day: one.new for one in came}),
        "hook": f"{base}{reverse('hook', args=[channel.hook])}" if isinstance(kind, Hooked) else "",
        "page": f"{base}{reverse('talk-begin', args=[channel.address])}" if channel.kind == "web" else "",
        "script": f"{base}{static('web/bubble.js')}",
    }  # fmt: skip


def _kind_label(channel: Channel) -> str:
    kind = registry.installed().kinds.get(channel.kind)
    return _(kind.label) if kind else channel.kind


def _deed(act: Callable[[User, Channel], str]) -> Page:
    """Something done to one channel; what cannot be done is said on its page."""

    def handle(request: HttpRequest, number: int) -> HttpResponse:
        user = user_of(request)
        channel = setting_up.channel_for(user, number)
        try:
            messages.success(request, act(user, channel))
        except (BadSettings, Unreachable, LookupError) as wrong:
            messages.error(request, str(wrong))
        return redirect("channel", number=number)

    return require_POST(for_administrators(handle))


def _start(user: User, channel: Channel) -> str:
    setting_up.start(user, channel)
    return _("Started.")


def _pause(user: User, channel: Channel) -> str:
    setting_up.pause(user, channel)
    return _("Paused: nothing is read and nothing leaves until you start it again.")


def _probe(user: User, channel: Channel) -> str:
    return _("It works. %s") % setting_up.probe(user, channel)


def _open_again(user: User, channel: Channel) -> str:
    return _("%d messages are tried once more.") % setting_up.open_again(user, channel)


start, pause, probe, open_again = _deed(_start), _deed(_pause), _deed(_probe), _deed(_open_again)
