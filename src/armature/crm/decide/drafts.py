"""Drafts of maps and tables: begin, draw, give up, ask for them to be published. Nothing here runs anything."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, Refused, rights_of
from armature.crm.accounts.models import Role, User
from armature.crm.decide import versions
from armature.crm.decide.drawn import Draft, DraftBefore, Publisher

LARGEST = 2_000_000
"""Characters of a draft."""
KEPT = 50
"""Earlier wordings of a draft that one can go back to."""


class DrawnMeanwhile(Refused):
    """Somebody else changed the draft since it was read; nothing was overwritten."""


def may_draw(user: User) -> bool:
    """Leads, whoever is above them, and who may publish draw; what they draw runs only once it is published."""
    return rights_of(user).anywhere(Role.LEAD) or (user.is_active and Publisher.objects.filter(user=user).exists())


def must_draw(user: User) -> None:
    """Raises ``NotAllowed`` unless they may."""
    if not may_draw(user):
        raise NotAllowed(_("Maps and rules are drawn by leads and administrators."))


def draft_for(user: User, kind: str, key: str) -> Draft | None:
    """The draft of a map or table, for whoever may draw."""
    found = Draft.objects.select_related("edited_by", "asked_by").filter(kind=kind, key=key)
    return found.first() if may_draw(user) else None


def drafts_for(user: User) -> Sequence[Draft]:
    """All drafts, latest first, for whoever may draw."""
    found = Draft.objects.select_related("edited_by", "asked_by").order_by("-edited_at", "-id")
    return list(found) if may_draw(user) else []


@transaction.atomic
def begin(user: User, kind: str, key: str, *, name: str, body: str, begun_from: int | None = None) -> Draft:
    """A new draft: of the version named, else of the newest, else of nothing. Raises ``Refused`` where one is drawn."""
    must_draw(user)
    _fits(body)
    newest = versions.newest(kind, key)
    since = begun_from if begun_from is not None else newest.version if newest else 0
    made, new = Draft.objects.get_or_create(
        kind=kind, key=key, defaults={"name": name.strip()[:200], "body": body, "begun_from": since, "edited_by": user}
    )
    if not new:
        raise Refused(_("There is a draft already, by {name}. Go on with it, or give it up first.").format(
            name=made.edited_by.name))  # fmt: skip
    made.revision = _first(made.pk)
    made.save(update_fields=["revision"])
    audit.log(user, f"began a draft of a {kind}", f"{kind} {key}", {"begun_from": since})
    return made


def _first(number: int) -> int:
    """The first revision of a draft, out of its number: whoever looked at one that was given up changes no other."""
    return number % 2_000_000 * 1_000 + 1


@transaction.atomic
def keep(user: User, draft: Draft, body: str, *, revision: int, name: str | None = None) -> Draft:
    """The draft reads so now. ``revision`` is the one that was changed; raises ``DrawnMeanwhile`` when it is older."""
    must_draw(user)
    _fits(body)
    held = _held(draft, revision)
    DraftBefore.objects.create(draft=held, revision=held.revision, body=held.body)
    DraftBefore.objects.filter(draft=held, revision__lte=held.revision - KEPT).delete()
    return _write(user, held, body, name)


@transaction.atomic
def undo(user: User, draft: Draft, *, revision: int) -> Draft:
    """The draft reads as before its last change. Raises ``DrawnMeanwhile``, or ``Refused`` where nothing is kept."""
    must_draw(user)
    held = _held(draft, revision)
    before = DraftBefore.objects.filter(draft=held).order_by("-revision").first()
    if before is None:
        raise Refused(_("There is no change to take back."))
    before.delete()
    return _write(user, held, before.body, None)


def _held(draft: Draft, revision: int) -> Draft:
    held = Draft.objects.select_for_update().filter(pk=draft.pk).first()
    if held is None:
        raise DrawnMeanwhile(_("This draft was published or given up meanwhile. Open it again."))
    if held.revision != revision:
        raise DrawnMeanwhile(_("{name} changed this draft meanwhile. Open it again to see how it stands.").format(
            name=held.edited_by.name))  # fmt: skip
    return held


def _write(user: User, held: Draft, body: str, name: str | None) -> Draft:
    held.body, held.edited_by, held.edited_at = body, user, timezone.now()
    held.name = held.name if name is None else name.strip()[:200]
    held.revision += 1
    held.save()
    return held


@transaction.atomic
def give_up(user: User, draft: Draft) -> None:
    """Throw a draft away as it was looked at; what is in force stays as it is. Its last wording stands in the log.

    Raises ``DrawnMeanwhile`` when somebody changed it, so that nobody's words are thrown away unseen.
    """
    must_draw(user)
    held = _held(draft, draft.revision)
    held.delete()
    audit.log(user, f"gave up a draft of a {held.kind}", f"{held.kind} {held.key}", {"body": held.body})


@transaction.atomic
def ask(user: User, draft: Draft, note: str) -> None:
    """Ask for the draft, as it was looked at, to be published by somebody who may. Raises ``DrawnMeanwhile``."""
    must_draw(user)
    said = versions.note_of(note)
    _held(draft, draft.revision)
    Draft.objects.filter(pk=draft.pk).update(
        asked_by=user, asked_at=timezone.now(), asked_note=said, asked_revision=draft.revision
    )
    audit.log(user, f"asked to publish a {draft.kind}", f"{draft.kind} {draft.key}", {"note": said})


def _fits(body: str) -> None:
    if len(body) > LARGEST:
        raise Refused(_("The draft is larger than %(most)s characters.") % {"most": f"{LARGEST:,}"})
    if "\x00" in body:
        raise Refused(_("The draft holds a character that no text can have (NUL)."))
