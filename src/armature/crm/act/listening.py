"""What people do with listening queries: make, change, follow them, and try them on posts that are kept."""

import re
import unicodedata
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.arm.listening import parse
from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, rights_of
from armature.crm.accounts.models import Brand, User
from armature.crm.act.keeping import may_keep
from armature.crm.act.work import Refused
from armature.crm.listen import back_search
from armature.crm.listen.shipped import sets
from armature.crm.listen.wanted import BackSearch, ListeningQuery, QueryFollower

MOST = 10_000
"""Queries of one company."""
LONGEST_LOOK = 400
"""Days that are looked back at most."""
WHAT_IT_FINDS = ("text", "brand", "active")


def queries_for(user: User) -> QuerySet[ListeningQuery]:
    """The queries this user may see: those of their brands, and those without one; none without a role."""
    rights = rights_of(user)
    mine = Q(brand=None)
    for _team, brand, _role in rights.roles:
        mine |= Q() if brand is None else Q(brand=brand)
    everywhere = any(brand is None for _team, brand, _role in rights.roles)
    found = ListeningQuery.objects.select_related("brand", "changed_by").order_by("-active", "name", "id")
    if not rights.roles:
        return found.none()
    return found if everywhere else found.filter(mine)


def brands_for(user: User) -> QuerySet[Brand]:
    """The brands a user may make queries for."""
    return Brand.objects.filter(pk__in=[pk for pk in Brand.objects.values_list("pk", flat=True) if may(user, pk)])


def may(user: User, brand: int | None) -> bool:
    """Whether a user may change what is heard for a brand: a lead of all teams for it."""
    return may_keep(user, None, brand)


def must(user: User, brand: int | None) -> None:
    """Raises ``NotAllowed`` unless they may."""
    if not may(user, brand):
        raise NotAllowed(
            _("What is listened for is changed by leads of all teams of a brand; for every brand, by a lead of all.")
        )


def key_of(name: str) -> str:
    """What rules call a query of that name: one word of letters, digits and underscores."""
    return re.sub(r"\W+", "_", unicodedata.normalize("NFKC", name).casefold()).strip("_")[:80]


@transaction.atomic
def keep(user: User, one: ListeningQuery, **fields: Any) -> ListeningQuery:
    """Make or change a query; it listens from the next batch on. Refused when it cannot be read."""
    if one.pk:
        one = ListeningQuery.objects.select_for_update(no_key=True).get(pk=one.pk)
        must(user, one.brand_id)
    before = {name: getattr(one, name) for name in WHAT_IT_FINDS} if one.pk else None
    for name, value in fields.items():
        setattr(one, name, value)
    must(user, one.brand_id)
    one.text, one.key = one.text.strip(), one.key or key_of(one.name)
    if not one.key:
        raise Refused(_("The name needs a letter or a digit, so that rules can name the query."))
    if parse(one.text).tree is None:
        raise Refused(_("The query cannot be read yet: mend what is marked."))
    if not one.pk and ListeningQuery.objects.count() >= MOST:
        raise Refused(_("There are %(count)s queries already: change one that is no longer needed.") % {"count": MOST})
    if before is not None and before != {name: getattr(one, name) for name in WHAT_IT_FINDS}:
        one.version += 1
    _write(user, one, made=before is None)
    return one


def _write(user: User, one: ListeningQuery, *, made: bool) -> None:
    one.changed_at, one.changed_by = timezone.now(), user
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError:
        raise Refused(_("There is a query of this name already: choose another name.")) from None
    what = "made a listening query" if made else "changed a listening query"
    audit.log(user, what, f"listening query {one.pk}", {"name": one.name, "query": one.text, "active": one.active})


def follow(user: User, one: ListeningQuery, wanted: bool) -> None:
    """Be told, or no longer, when a query suddenly finds much more than usual."""
    if wanted:
        QueryFollower.objects.get_or_create(query=one, user=user)
    else:
        QueryFollower.objects.filter(query=one, user=user).delete()


def look_back(user: User, text: str, days: int, brand: int | None, query: ListeningQuery | None = None) -> BackSearch:
    """Ask what a query finds in the posts of the last days; into a query only by whoever may change it."""
    if parse(text).tree is None:
        raise Refused(_("The query cannot be read yet: mend what is marked."))
    if not 1 <= days <= LONGEST_LOOK:
        raise Refused(_("Choose from 1 to %(most)s days.") % {"most": LONGEST_LOOK})
    if query is not None:
        must(user, query.brand_id)
    now = timezone.now()
    BackSearch.objects.filter(user=user, query=None, state="running").update(state=BackSearch.State.CANCELLED)
    return back_search.ask(user, text, now - timedelta(days=days), now, brand=brand, query=query)


def search_for(user: User, number: int) -> BackSearch:
    """One search of their own; raises ``BackSearch.DoesNotExist``."""
    return BackSearch.objects.select_related("query").get(pk=number, user=user)


def load_signals(user: User, language: str) -> int:
    """Make the signal words of a language queries; those that are there already stay as they are. How many were new."""
    signals = sets()[language].signals
    must(user, None)
    there = set(ListeningQuery.objects.filter(key__in=[one.key for one in signals]).values_list("key", flat=True))
    missing = [one for one in signals if one.key not in there]
    for one in missing:  # six at most
        keep(user, ListeningQuery(key=one.key, name=one.name, purpose="signal", text=one.text))
    return len(missing)


def from_template(user: User, language: str, purpose: str, name: str, brand: Brand | None) -> ListeningQuery:
    """A query for a name, from the template of a language."""
    if not re.search(r"\w", name):
        raise Refused(_("Write the name that is listened for."))
    text = sets()[language].filled(purpose, name)
    return keep(user, ListeningQuery(name=name.strip()[:80], purpose=purpose, text=text), brand=brand)
