"""Private notes: what colleagues tell each other about a case. Whoever is named with @ finds it in their mentions."""

import re
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm.accounts import audit
from armature.crm.accounts.models import Role, User
from armature.crm.act import notices, queries
from armature.crm.act.models import Case, Follower, Mention, Note
from armature.crm.act.work import Refused, allowed, held

AT = re.compile(r"(?<![\w@])@(\w[\w.-]*(?: \w[\w.-]*)?)")
"""An @ with one or two words behind it, not the one in an address."""
AGAIN = timedelta(minutes=10)
MOST_NAMED = 200
"""Of more names in one note the others are only words."""


def add_note(user: User, case: Case, *, text: str) -> Note:
    """A private note; it never leaves."""
    allowed(user, case, Role.DRAFT_ONLY)
    if not text.strip():
        raise Refused(_("The note is empty."))
    with held(case):
        return keep(user, case, text)


def keep(user: User, case: Case, text: str) -> Note:
    """Write a note down, tell whoever is named in it and whoever follows the case; nobody else writes there meanwhile.

    The same words again within minutes are the same note: somebody was not told that it was kept, and tried once more.
    """
    just_now = Note.objects.filter(case=case, author=user, text=text, at__gt=timezone.now() - AGAIN)
    if there := just_now.order_by("-pk").first():
        return there
    note = Note.objects.create(case=case, author=user, text=text)
    named = mentioned(text, list(queries.colleagues_of(case)))
    Mention.objects.bulk_create(Mention(note=note, case=case, user=one) for one in named)
    Follower.objects.bulk_create([Follower(case=case, user=one) for one in named], ignore_conflicts=True)
    Mention.objects.filter(case=case, user=user, done_at=None).update(done_at=timezone.now())
    audit.log(user, "noted", f"case {case.pk}", {"note": note.pk, "mentioned": [one.pk for one in named]})
    notices.tell([one.pk for one in named], case, "mention", by=user)
    notices.tell_followers(case, user, "note", but=[one.pk for one in named])
    return note


def mentioned(text: str, people: Sequence[User]) -> list[User]:
    """Those of ``people`` whom a text names: by full name, by the part of their address before the @, or, where only
    one has it, by first name."""
    found: dict[int, User] = {}
    for words in list(dict.fromkeys(AT.findall(text)))[:MOST_NAMED]:
        if one := _named(words.rstrip(".-"), people) or _named(words.split()[0].rstrip(".-"), people):
            found[one.pk] = one
    return list(found.values())


def _named(words: str, people: Sequence[User]) -> User | None:
    wanted = words.casefold()
    exact = [p for p in people if wanted in (p.name.casefold(), p.email.partition("@")[0].casefold())]
    first = [p for p in people if p.name.casefold().split()[:1] == [wanted]]
    return exact[0] if exact else first[0] if len(first) == 1 else None


def seen_to(user: User, case: Case) -> None:
    """A user has seen to what they were asked for in a case."""
    with transaction.atomic():
        Mention.objects.filter(case=case, user=user, done_at=None).update(done_at=timezone.now())
        audit.log(user, "saw to a mention", f"case {case.pk}", {})
