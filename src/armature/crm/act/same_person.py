"""Two persons turn out to be one, or one turns out to be two: what is whose moves, and can move back for 30 days."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import User
from armature.crm.act import persons
from armature.crm.act.models import Case
from armature.crm.identify.models import Identity, Merge, Person, PersonNote

UNDO_DAYS = 30


@transaction.atomic
def join(user: User, kept: Person, gone: Person) -> Merge:
    """All that is ``gone``'s belongs to ``kept`` now: addresses with their cases, facts and purchases, notes."""
    if kept.pk == gone.pk:
        raise Refused(_("This is the same person already."))
    _hold(kept, gone)
    theirs, notes = _addresses(gone), list(gone.notes.values_list("pk", flat=True))
    _may(user, theirs, _addresses(kept))
    merge = Merge.objects.create(kept=kept, gone=gone, user=user, moved={"identities": theirs, "notes": notes})
    _give(theirs, notes, kept)
    if kept.company_id is None:
        Person.objects.filter(pk=kept.pk).update(company=gone.company_id)
    for number in (kept.pk, gone.pk):
        audit.log(user, "joined persons", f"person {number}", {"kept": kept.pk, "gone": gone.pk, "identities": theirs})
    return merge


@transaction.atomic
def undo(user: User, merge: Merge) -> Person:
    """They are two after all: what was the other's goes back, as far as it was not given to somebody else since."""
    _hold(merge.kept, merge.gone)
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at:
        raise Refused(_("This was undone already."))
    if merge.at < timezone.now() - timedelta(days=UNDO_DAYS):
        words = _("This can be undone for %(days)s days. Give the addresses to a person of their own instead.")
        raise Refused(words % {"days": UNDO_DAYS})
    still = Identity.objects.filter(pk__in=merge.moved["identities"], person=merge.kept_id)
    theirs = list(still.values_list("pk", flat=True))
    _may(user, theirs, _addresses(merge.kept))
    notes = PersonNote.objects.filter(pk__in=merge.moved["notes"], person=merge.kept_id)
    _give(theirs, list(notes.values_list("pk", flat=True)), merge.gone)
    Merge.objects.filter(pk=merge.pk).update(undone_at=timezone.now())
    for number in (merge.kept_id, merge.gone_id):
        audit.log(user, "undid joining persons", f"person {number}", {"merge": merge.pk, "identities": theirs})
    return merge.gone


@transaction.atomic
def split(user: User, person: Person, identity: Identity) -> Person:
    """One of their addresses is somebody else's: a person of its own."""
    _hold(person)
    theirs = _addresses(person)
    if identity.pk not in theirs:
        raise Refused(_("This address does not belong to them any more."))
    if len(theirs) < 2:
        raise Refused(_("This is the only address of this person."))
    _may(user, [identity.pk], theirs)
    other = Person.objects.create(name=identity.name or identity.address)
    _give([identity.pk], [], other)
    for number in (person.pk, other.pk):
        audit.log(user, "gave an address to a person of its own", f"person {number}", {"identity": identity.pk})
    return other


def merges_of(person: Person) -> list[Merge]:
    """Who was joined into a person and can still be parted."""
    fresh = timezone.now() - timedelta(days=UNDO_DAYS)
    found = Merge.objects.filter(kept=person, undone_at=None, at__gt=fresh).select_related("gone", "user")
    return list(found.order_by("-id")[:20])


def now_part_of(number: int) -> int | None:
    """The person into whom this one was joined, if they were."""
    found = Merge.objects.filter(gone=number, undone_at=None).order_by("-id").values_list("kept", flat=True)
    return found.first()


def _hold(*people: Person) -> None:
    list(Person.objects.select_for_update().filter(pk__in=[one.pk for one in people]).order_by("pk"))


def _addresses(person: Person) -> list[int]:
    return list(Identity.objects.filter(person=person).order_by("pk").values_list("pk", flat=True))


def _give(identities: Sequence[int], notes: Sequence[int], person: Person) -> None:
    Identity.objects.filter(pk__in=identities).update(person=person)
    PersonNote.objects.filter(pk__in=notes).update(person=person)
    Case.objects.filter(identity__in=identities).update(person=person)


def _may(user: User, *of: Sequence[int]) -> None:
    """Whoever joins or parts people works on cases of each of them."""
    if not all(persons.may_change(user, identities) for identities in of):
        raise NotAllowed(_("This needs the role “Agent” in a team that has cases of both."))
