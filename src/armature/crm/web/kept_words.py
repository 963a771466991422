"""The pages on which a team makes and changes its canned responses and macros."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from armature.crm.accounts.access import NotAllowed, rights_of
from armature.crm.accounts.models import Brand, Role, Team, User
from armature.crm.act import canned, keeping, macros
from armature.crm.act.macro_steps import STEPS
from armature.crm.act.models import CannedResponse, Macro
from armature.crm.act.work import Refused
from armature.crm.web.desk_parts import user_of

KEYS = [("", "-"), *((key, key) for key in "123456789")]
EVERYBODY = gettext_lazy("Everybody")
EVERY_BRAND = gettext_lazy("Every brand")
NAMED = {"team": gettext_lazy("Team"), "brand": gettext_lazy("Brand")}


class CannedForm(forms.ModelForm):  # type: ignore[type-arg]  # not a generic when it runs
    """One canned response."""

    class Meta:
        model = CannedResponse
        fields = ("name", "shortcut", "team", "brand", "language", "text")
        widgets = {"text": forms.Textarea({"rows": 8, "dir": "auto"})}

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        _places(self)


class MacroForm(forms.ModelForm):  # type: ignore[type-arg]  # not a generic when it runs
    """One macro, without its steps."""

    key = forms.ChoiceField(
        label=gettext_lazy("Key"), required=False, choices=[("", "-")] + [(k, k) for k in "123456789"]
    )

    class Meta:
        model = Macro
        fields = ("name", "key", "team", "brand")

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        _places(self)


def _places(form: forms.BaseForm) -> None:
    for name, queryset, empty in (("team", Team.objects.all(), EVERYBODY), ("brand", Brand.objects.all(), EVERY_BRAND)):
        field = form.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset, field.empty_label, field.required = queryset.order_by("name"), empty, False
        field.label = NAMED[name]


def _may_make(user: User) -> bool:
    return rights_of(user).anywhere(Role.LEAD)


@require_safe
def canned_list(request: HttpRequest) -> HttpResponse:
    """All canned responses this user may take."""
    user = user_of(request)
    kept = keeping.kept_for(user, CannedResponse)[:500]
    return render(request, "web/canned.html", {"at": "canned", "kept": kept, "may_make": _may_make(user)})


@require_http_methods(["GET", "HEAD", "POST"])
def canned_one(request: HttpRequest, number: int = 0) -> HttpResponse:
    """Make or change one canned response."""
    one = _one(request, CannedResponse, number)
    form = CannedForm(request.POST or None, instance=one)
    if request.method == "POST" and form.is_valid():
        try:
            canned.keep(user_of(request), one, **form.cleaned_data)
        except (Refused, NotAllowed) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Kept: /%s.") % one.shortcut)
            return redirect("canned")
    context = {"at": "canned", "form": form, "one": one, "placeholders": canned.PLACEHOLDERS}
    return render(request, "web/canned_one.html", context, status=409 if form.errors else 200)


@require_POST
def canned_drop(request: HttpRequest, number: int) -> HttpResponse:
    """Take one away."""
    return _drop(request, _one(request, CannedResponse, number), "canned")


@require_safe
def macro_list(request: HttpRequest) -> HttpResponse:
    """All macros this user may run."""
    user = user_of(request)
    kept = keeping.kept_for(user, Macro)[:500]
    named = [(one, [STEPS[step["step"]].label for step in one.steps if step["step"] in STEPS]) for one in kept]
    return render(request, "web/macros.html", {"at": "macros", "kept": named, "may_make": _may_make(user)})


@require_http_methods(["GET", "HEAD", "POST"])
def macro_one(request: HttpRequest, number: int = 0) -> HttpResponse:
    """Make or change one macro."""
    one = _one(request, Macro, number)
    form, steps = MacroForm(request.POST or None, instance=one), list(one.steps)
    if request.method == "POST":
        steps = _steps(request)
        if form.is_valid():
            try:
                macros.keep(user_of(request), one, steps=steps, **form.cleaned_data)
            except (Refused, NotAllowed) as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Kept: %s.") % one.name)
                return redirect("macros")
    rows = [{**step, "wants": STEPS[step["step"]].value if step["step"] in STEPS else ""} for step in steps]
    rows += [{"step": "", "value": "", "wants": ""}] * min(3, macros.MOST - len(steps))
    context = {
        "at": "macros",
        "form": form,
        "one": one,
        "steps": rows,
        "kinds": STEPS.items(),
        "placeholders": canned.PLACEHOLDERS,
    }
    return render(request, "web/macro_one.html", context, status=409 if form.errors else 200)


def _steps(request: HttpRequest) -> list[dict[str, str]]:
    """The steps of the form, in order; rows without a kind are left out."""
    kinds, values = request.POST.getlist("step")[: macros.MOST], request.POST.getlist("value")
    return [
        {"step": kind, "value": value.replace("\r\n", "\n").replace("\x00", "")}
        for kind, value in zip(kinds, values, strict=False)
        if kind
    ]


@require_POST
def macro_drop(request: HttpRequest, number: int) -> HttpResponse:
    """Take one away."""
    return _drop(request, _one(request, Macro, number), "macros")


def _one(request: HttpRequest, kind: type[keeping.K], number: int) -> keeping.K:
    """One that this user may take, or a new one; what is not theirs does not exist."""
    if not number:
        return kind()
    found = keeping.kept_for(user_of(request), kind).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _drop(request: HttpRequest, one: CannedResponse | Macro, page: str) -> HttpResponse:
    try:
        if isinstance(one, CannedResponse):
            canned.drop(user_of(request), one)
        else:
            macros.drop(user_of(request), one)
    except NotAllowed as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Taken away: %s.") % one.name)
    return redirect(page)
