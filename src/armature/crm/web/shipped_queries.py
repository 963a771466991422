"""Queries that ship: signal words with one click, and templates for a name."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import Brand, User
from armature.crm.act import listening
from armature.crm.act.work import Refused
from armature.crm.listen.shipped import sets
from armature.crm.listen.wanted import ListeningQuery
from armature.crm.web.desk_parts import user_of

TEMPLATES = ("brand", "product", "competitor")


class TemplateForm(forms.Form):
    """A name, and what kind of name it is."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    purpose = forms.ChoiceField(
        label=gettext_lazy("What it is for"),
        choices=[(key, label) for key, label in ListeningQuery.Purpose.choices if key in TEMPLATES],
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the words that are left out"), widget=forms.Select({"translate": "no"})
    )
    brand = forms.ModelChoiceField(label=gettext_lazy("Brand"), queryset=Brand.objects.none(), required=False)

    def __init__(self, user: User, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        brand, language = self.fields["brand"], self.fields["language"]
        assert isinstance(brand, forms.ModelChoiceField) and isinstance(language, forms.ChoiceField)
        brand.queryset, brand.empty_label = listening.brands_for(user).order_by("name"), _("Every brand")
        language.choices = [(key, one.language) for key, one in sets().items()]


@require_http_methods(["GET", "HEAD", "POST"])
def shipped(request: HttpRequest) -> HttpResponse:
    """What ships, and what of it is there already."""
    user = user_of(request)
    form = TemplateForm(user, request.POST if request.POST.get("do") == "template" else None)
    if request.method == "POST":
        try:
            if made := _made(request, user, form):
                return redirect("listening-query", made.pk)
            if not form.is_bound:
                return redirect("listening")
        except (Refused, NotAllowed) as refused:
            if form.is_bound:
                form.add_error(None, str(refused))
            else:
                messages.error(request, str(refused))
    there = set(listening.queries_for(user).values_list("key", flat=True))
    listed = [(key, one, all(signal.key in there for signal in one.signals)) for key, one in sets().items()]
    context = {"at": "listening", "sets": listed, "form": form, "may": listening.may(user, None)}
    return render(request, "web/listening/shipped.html", context, status=409 if form.errors else 200)


def _made(request: HttpRequest, user: User, form: TemplateForm) -> ListeningQuery | None:
    """The query of a template; none when signal words were loaded or the form is not filled in."""
    if form.is_bound:
        if not form.is_valid():
            return None
        given = form.cleaned_data
        made = listening.from_template(user, given["language"], given["purpose"], given["name"], given["brand"])
        messages.success(request, _("Made. It listens from now on."))
        return made
    language = request.POST.get("language", "")
    if language not in sets():
        raise Refused(_("Choose a language of the list."))
    new = listening.load_signals(user, language)
    messages.success(request, ngettext("%(n)s query is new.", "%(n)s queries are new.", new) % {"n": new})
    return None
