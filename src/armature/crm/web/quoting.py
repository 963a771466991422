"""The button for the browser, and the small form that it opens: a post seen elsewhere comes in, or onto a case."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from armature.crm import jobs
from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import Brand, User
from armature.crm.act import queries, quoting
from armature.crm.act.models import Case
from armature.crm.act.work import Refused
from armature.crm.web.desk_parts import user_of

BUTTON = (
    "javascript:(()=>{const e=encodeURIComponent,m=document.querySelector("
    "'meta[name=author],meta[property=\"article:author\"]');"
    "open('%s?url='+e(location.href)+'&title='+e(document.title)+'&text='+e(String(getSelection()).slice(0,4000))"
    "+'&author='+e(m?m.content:''))})()"
)
"""What the browser does on the page that somebody looks at: it opens our form, and changes and sends nothing."""


class QuoteForm(forms.Form):
    """A post as it was seen."""

    url = forms.CharField(label=gettext_lazy("Address of the post"), max_length=quoting.LONGEST_ADDRESS)
    author = forms.CharField(label=gettext_lazy("Who wrote it"), required=False, max_length=200)
    title = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=300)
    text = forms.CharField(
        label=gettext_lazy("What it says"), max_length=quoting.LONGEST_TEXT, required=False,
        widget=forms.Textarea({"rows": 8, "dir": "auto"}),
    )  # fmt: skip
    brand = forms.ModelChoiceField(
        label=gettext_lazy("Comes in for"), queryset=Brand.objects.none(), required=False, empty_label=None
    )
    case = forms.IntegerField(
        label=gettext_lazy("Or: note it on the case number"), required=False, min_value=1, max_value=2**62
    )

    def __init__(self, user: User, *given: object, **more: object) -> None:
        super().__init__(*given, **more)  # type: ignore[arg-type]
        field = self.fields["brand"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = quoting.brands_for(user).order_by("name")

    def seen(self) -> quoting.Seen:
        """What was filled in."""
        given = self.cleaned_data
        return quoting.Seen(given["url"], given["title"], given["author"], given["text"])


@require_safe
def button(request: HttpRequest) -> HttpResponse:
    """The button to drag into the browser, and how to use it."""
    there = request.build_absolute_uri(reverse("quote"))
    return render(request, "web/listening/button.html", {"at": "listening", "button": BUTTON % there})


@require_http_methods(["GET", "HEAD", "POST"])
def quote(request: HttpRequest) -> HttpResponse:
    """The form, filled in with what the browser knows; only sending it writes anything."""
    user = user_of(request)
    if request.method != "POST":
        asked = {name: request.GET.get(name, "")[:20_000] for name in ("url", "title", "text")}
        asked["author"] = request.GET.get("author", "")[:200] or _guess(asked["url"])
        return _form(request, QuoteForm(user, initial=asked))
    form = QuoteForm(user, request.POST)
    if form.is_valid():
        try:
            return _brought(request, user, form)
        except (Refused, NotAllowed) as refused:
            form.add_error(None, str(refused))
    return _form(request, form, 409)


def _form(request: HttpRequest, form: QuoteForm, status: int = 200) -> HttpResponse:
    return render(request, "web/listening/quote.html", {"at": "listening", "form": form}, status=status)


def _guess(address: str) -> str:
    try:
        return quoting.author_of(quoting.address_of(address))
    except Refused:
        return ""


def _brought(request: HttpRequest, user: User, form: QuoteForm) -> HttpResponse:
    if number := form.cleaned_data["case"]:
        try:
            case = queries.case_for(user, number)
        except Case.DoesNotExist:
            raise Refused(_("There is no case of this number that you may see.")) from None
        quoting.note_on(user, case, form.seen())
        messages.success(request, _("Noted on the case."))
        return redirect("case", "open", case.pk)
    if form.cleaned_data["brand"] is None:
        raise Refused(_("Choose the brand for which it comes in, or the number of a case."))
    quoted = quoting.bring_in(user, form.cleaned_data["brand"], form.seen())
    jobs.open_envelopes(limit=20)
    if found := quoting.case_of(user, quoted):
        return redirect("case", "open", found.pk)
    messages.success(request, _("It came in, and is judged like everything that is said to you."))
    return redirect("listening")
