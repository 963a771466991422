"""How an answer by e-mail was, from the side of whoever got it: the signed link is all there is.

To open it says nothing: programs that guard mailboxes follow links. Only what is sent counts.
"""

from collections.abc import Callable
from functools import wraps

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from armature.crm import jobs, live
from armature.crm.act import rating_links
from armature.crm.act.models import RatingLink
from armature.crm.learn import ratings
from armature.crm.listen import guard
from armature.crm.web.visitor.address import came_from

GONE, OVER = 404, 410
LONGEST = 4000
STARS = (
    ("5", gettext_lazy("Very good")), ("4", gettext_lazy("Good")), ("3", gettext_lazy("Neither good nor bad")),
    ("2", gettext_lazy("Not good")), ("1", gettext_lazy("Bad")),
)  # fmt: skip
Page = Callable[[HttpRequest, RatingLink, str], HttpResponse]


class RateForm(forms.Form):
    """How it was, where that is still asked, and free words. ``website`` is for machines only."""

    stars = forms.ChoiceField(
        label=gettext_lazy("How was our answer?"), choices=STARS, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of these.")},
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("What should we know?"), required=False, max_length=LONGEST,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )  # fmt: skip
    website = forms.CharField(required=False, max_length=200)

    def __init__(self, *given: object, rated: bool) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        if rated:
            del self.fields["stars"]
            self.fields["words"].required = True
            self.fields["words"].error_messages["required"] = _("Write a few words, then send.")

    def clean_words(self) -> str:
        """Without what no screen can show."""
        return str(self.cleaned_data["words"]).replace("\x00", "").replace("\r\n", "\n").strip()

    def clean_website(self) -> str:
        """A machine is told kindly."""
        if self.cleaned_data.get("website"):
            raise forms.ValidationError(_("This looks as if a machine had filled it in. Leave the hidden field empty."))
        return ""


def _for_guests(page: Page) -> Callable[..., HttpResponse]:
    """Read the link. Whatever is not genuine, or over, gets one plain page that tells nothing."""

    @csrf_exempt
    @login_not_required
    @wraps(page)
    def handle(request: HttpRequest, token: str) -> HttpResponse:
        link = rating_links.link_of(token)
        if link is None or not rating_links.is_live(link):
            shown = {"known": link is not None}
            return render(request, "web/visitor/rate_over.html", shown, status=OVER if link else GONE)
        return page(request, link, token)

    return handle


@require_http_methods(["GET", "HEAD", "POST"])
@_for_guests
def answer(request: HttpRequest, link: RatingLink, token: str) -> HttpResponse:
    """The choices, then the thanks with room for words; a second rating changes nothing."""
    rated = ratings.rating_of(link.response_id)
    if request.method != "POST":
        return _shown(request, link, RateForm(rated=rated is not None), rated)
    if rated and "stars" in request.POST:  # pressed twice, or the page of yesterday
        return redirect("rate", token=token)
    form = RateForm(request.POST, rated=rated is not None)
    status = _take(request, link, form)
    return _shown(request, link, form, rated, status) if status else redirect("rate", token=token)


def _shown(
    request: HttpRequest, link: RatingLink, form: RateForm, rated: int | None, status: int = 200
) -> HttpResponse:
    brand = link.response.case.conversation.channel.brand
    chosen = dict(STARS).get(str(rated or ""), "")
    may = rated is not None and ratings.may_comment(link)
    shown = {"brand": brand, "form": form, "rated": rated, "chosen": chosen, "may": may, "link": link}
    return render(request, "web/visitor/rate.html", shown, status=status)


def _take(request: HttpRequest, link: RatingLink, form: RateForm) -> int:
    """Take in what was sent; 0, or the status of the refusal, which the form says in words."""
    if request.user.is_authenticated:
        form.add_error(None, _("You are logged in as one of us: only the customer rates an answer."))
        return 403
    if not form.is_valid():
        return 422
    try:
        guard.knock(came_from(request))
    except guard.TooMuch:
        form.add_error(None, _("Very many answers came from here. What you filled in is still here: send it later."))
        return 429
    given = form.cleaned_data
    if given.get("stars"):
        ratings.rate_answer(link.response_id, int(given["stars"]))
    ratings.comment(link, given["words"])
    jobs.go_on(link.response.case.conversation_id)
    jobs.open_envelopes(limit=20)
    live.tell()
    return 0
