"""Persons and companies, as far as a user may see them: those with a case that the user may see."""

import re
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from armature.crm import rows
from armature.crm.accounts import audit
from armature.crm.accounts.access import NotAllowed, Refused
from armature.crm.accounts.models import Role, User
from armature.crm.act import queries
from armature.crm.act.asked import statement
from armature.crm.act.fitting import NAMED, fits
from armature.crm.act.models import Case
from armature.crm.identify import commands as identify
from armature.crm.identify.models import Company, Identity, Person, PersonNote

PAGE = 50


def identities_for(user: User) -> QuerySet[Identity]:
    """The identities of whom this user may know, latest first."""
    theirs = queries.cases_for(user).filter(identity=OuterRef("pk")).order_by()
    found = Identity.objects.filter(Exists(theirs.values("pk"))).order_by("-pk")
    return found.select_related("person__company")


def person_for(user: User, number: int) -> Person:
    """One person; raises ``Person.DoesNotExist``, whether there is one or not."""
    found = Person.objects.select_related("company").get(pk=number)
    if not identities_for(user).filter(person=found).exists() and not _added(user, found):
        raise Person.DoesNotExist
    return found


def _added(user: User, person: Person) -> bool:
    """Whether they added somebody by hand who has no case yet; from the first one on it is as with everybody."""
    return person.added_by_id == user.pk and not Case.objects.filter(identity__person=person).exists()


def identity_for(user: User, number: int) -> Identity:
    """One identity; raises ``Identity.DoesNotExist``."""
    return identities_for(user).get(pk=number)


def company_for(user: User, number: int) -> Company:
    """One company of somebody they may know; raises ``Company.DoesNotExist``."""
    found = Company.objects.get(pk=number)
    if not people_of(user, found).exists():
        raise Company.DoesNotExist
    return found


def people_of(user: User, company: Company) -> QuerySet[Identity]:
    """The identities of the people of a company, as far as the user may know them."""
    return identities_for(user).filter(person__company=company).order_by("person__name", "person", "pk")


FOUND = """
    WITH fit AS MATERIALIZED ({fit}),
    named AS MATERIALIZED (
        SELECT i.id FROM identify_person p JOIN identify_identity i ON i.person_id = p.id
        WHERE %s AND to_tsvector('simple', p.name) @@ to_tsquery('simple', %s)),
    looked AS MATERIALIZED (
        SELECT id FROM (SELECT id FROM fit UNION SELECT id FROM named) AS two
        WHERE id < %s ORDER BY id DESC LIMIT %s),
    theirs AS MATERIALIZED (
        SELECT c.id, c.identity_id FROM looked JOIN act_case c ON c.identity_id = looked.id),
    seen AS (
        SELECT DISTINCT identity_id FROM theirs
        WHERE id IN (SELECT id FROM ({visible}) AS mine(id) WHERE id = ANY(ARRAY(SELECT id FROM theirs))))
    SELECT there.number, identity_id FROM (SELECT count(*) AS number FROM looked) AS there LEFT JOIN seen ON true
"""
MOST = 500
"""So many of those that fit are looked at in one statement, the newest."""
ENOUGH = 2000
"""After so many in all a search ends, whether it has a page full or not."""
NO_END = 2**62


def search(user: User, words: str, before: int | None = None) -> list[Identity]:
    """One page of people and one more: those who fit the beginnings of all words, or all; latest known first."""
    if not words.strip():
        found = identities_for(user)
        return list((found if before is None else found.filter(pk__lt=before))[: PAGE + 1])
    fit = sorted(_fitting(user, _words(words), before or NO_END), reverse=True)[: PAGE + 1]
    return list(Identity.objects.filter(pk__in=fit).order_by("-pk").select_related("person__company")) if fit else []


def _fitting(user: User, words: list[str], before: int) -> set[int]:
    """At least a page of those with a case that this user may see, or all there are among the newest that fit."""
    found, looked = set[int](), 0
    wanted, visible = " & ".join(f"{word}:*" for word in words), statement(queries.cases_for(user))
    if not words or not visible.sql:
        return found
    for number, fit in enumerate(fits(user, NAMED, wanted, words)):
        if len(found) > PAGE or looked >= ENOUGH:
            break
        given = [*fit.values, number == 0, wanted, before, MOST, *visible.values]
        some = rows.fetch(FOUND.format(fit=fit.sql, visible=visible.sql), given)
        looked += some[0][0]
        found |= {identity for _, identity in some if identity is not None}
    return found


def _words(asked: str) -> list[str]:
    """What was typed as words; signs mean nothing."""
    return re.findall(r"\w+", asked.replace("_", " "))[:8]


def cases_of(user: User, identities: Sequence[int]) -> QuerySet[Case]:
    """Their cases that this user may see, latest first."""
    return queries.cases_for(user).filter(identity__in=identities).order_by("-last_in_at", "-pk")


@transaction.atomic
def know(user: User, identity: Identity) -> Person:
    """Keep somebody as a person, although nobody has answered them."""
    _may(user, [identity.pk])
    person = identify.person_of(identity.pk)
    Case.objects.filter(identity=identity.pk).update(person=person)
    audit.log(user, "kept a person", f"person {person.pk}", {"identity": identity.pk})
    return person


@transaction.atomic
def note(user: User, person: Person, text: str) -> PersonNote:
    """A note about a person."""
    _may(user, _of(person))
    if not text.strip():
        raise Refused(_("The note is empty."))
    kept = PersonNote.objects.create(person=person, author=user, text=text.strip())
    audit.log(user, "noted about a person", f"person {person.pk}", {"note": kept.pk})
    return kept


@transaction.atomic
def change(user: User, person: Person, *, name: str, company: str) -> None:
    """Their name, and the company they belong to (made when nobody knew it; empty: none)."""
    _may(user, _of(person))
    if not name.strip():
        raise Refused(_("It needs a name."))
    theirs = _company(company.strip()[:200])
    Person.objects.filter(pk=person.pk).update(name=name.strip()[:200], company=theirs)
    audit.log(
        user,
        "changed a person",
        f"person {person.pk}",
        {"name": name.strip(), "company": theirs.pk if theirs else None},
    )


def _company(name: str) -> Company | None:
    if not name:
        return None
    return Company.objects.get_or_create(key=name.casefold(), defaults={"name": name})[0]


@transaction.atomic
def change_company(user: User, company: Company, *, name: str, website: str) -> None:
    """Its name and website."""
    _may(user, list(people_of(user, company).values_list("pk", flat=True)[:PAGE]))
    if not name.strip():
        raise Refused(_("It needs a name."))
    if Company.objects.filter(key=name.strip().casefold()).exclude(pk=company.pk).exists():
        raise Refused(_("Another company has this name."))
    if website and not website.startswith(("https://", "http://")):
        raise Refused(_("A website begins with https://"))
    new = {"key": name.strip().casefold()[:200], "name": name.strip()[:200], "website": website[:200]}
    Company.objects.filter(pk=company.pk).update(**new)
    audit.log(user, "changed a company", f"company {company.pk}", {"name": new["name"], "website": new["website"]})


def _of(person: Person) -> list[int]:
    return list(Identity.objects.filter(person=person).values_list("pk", flat=True))


def may_change(user: User, identities: Sequence[int]) -> bool:
    """Whether they may write about somebody: at least agent in a team that has a case of theirs."""
    return any(queries.may(user, case, Role.AGENT) for case in cases_of(user, identities)[:PAGE])


def _may(user: User, identities: Sequence[int]) -> None:
    if not may_change(user, identities):
        raise NotAllowed(_("This needs the role “Agent” in a team that has a case of theirs."))
