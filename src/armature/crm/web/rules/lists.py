"""Lists that rules use: kept once, tested in many tables."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.decide import drafts, rule_lists
from armature.crm.decide.drawn import RuleList
from armature.crm.web import given
from armature.crm.web.desk_parts import user_of

LONGEST = 120_000


@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: HttpRequest) -> HttpResponse:
    """All lists; a new one."""
    return _kept(request, None)


def _kept(request: HttpRequest, one: RuleList | None) -> HttpResponse:
    user, refused = user_of(request), ""
    name, words = given.words(request, "name"), given.words(request, "entries", LONGEST)
    known = given.words(request, "known", 40) or (one.reads_as if one else "")
    if request.method == "POST":
        try:
            made = rule_lists.keep(user, name, words.split("\n"), one, known=known)
            messages.success(request, _("Kept. Rules that run keep what they were published with."))
            return redirect("rule-list", made.key)
        except rule_lists.ChangedMeanwhile as meanwhile:
            refused, known = str(meanwhile), list_or_404(one.key).reads_as if one else ""
        except (Refused, NotAllowed) as problem:
            refused = str(problem)
    elif one:
        name, words = one.name, "\n".join(one.entries)
    context = {
        "at": "tables", "one": one, "name": name, "words": words, "may": drafts.may_draw(user), "refused": refused,
        "known": known, "lists": [] if one else RuleList.objects.order_by("name")[:500],
        "using": rule_lists.using(one.key) if one else [],
    }  # fmt: skip
    page = "web/rules/list.html" if one else "web/rules/lists.html"
    return render(request, page, context, status=422 if refused else 200)


def list_or_404(key: str) -> RuleList:
    """The list with this key."""
    found = RuleList.objects.filter(key=key).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def shown(request: HttpRequest, key: str) -> HttpResponse:
    """One list: what is on it, which tables use it."""
    return _kept(request, list_or_404(key))


@require_POST
def carry_on(request: HttpRequest, key: str) -> HttpResponse:
    """Drafts of the tables that keep something else of it; or the list is removed."""
    user, one = user_of(request), list_or_404(key)
    try:
        if request.POST.get("do") == "remove":
            rule_lists.remove(user, one)
            messages.success(request, _("Removed."))
            return redirect("rule-lists")
        count = len(rule_lists.carry_on(user, one))
        told = ngettext(
            "{count} table is drawn anew: put it in force to use what is on the list now.",
            "{count} tables are drawn anew: put them in force to use what is on the list now.", count,
        ).format(count=count)  # fmt: skip
        messages.success(request, told)
        return redirect("tables")
    except (Refused, NotAllowed) as refused:
        messages.error(request, str(refused))
    return redirect("rule-list", key)
