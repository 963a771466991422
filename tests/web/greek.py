"""A house in which everything has a Greek name: who and what stands in it, and how somebody writes and is answered."""

from dataclasses import dataclass, field
from typing import Any

from armature.crm.accounts.models import Brand, Membership, Role, Team, User
from armature.crm.act import (
    drafts,
    queries,
    responses,
)  # fmt: skip
from armature.crm.act.models import (
    Case,
    Response,
)  # fmt: skip
from armature.crm.listen.models import Channel
from house import House
from visitors import to_answer

SAID = "Το δέμα μου είναι σπασμένο."
OURS = "Λυπούμαστε πολύ."
TEAMS = ("Ομάδα", "Πωλήσεις", "Νομικό", "Γραφείο")


@dataclass
class Greek:
    """The house and what stands in it, by name."""

    house: House
    cases: dict[str, Case] = field(default_factory=dict)
    response: Response | None = None
    others: dict[str, Any] = field(default_factory=dict)


def rename(house: House) -> None:
    """Whatever has a name gets a Greek one."""
    for number, user in enumerate(User.objects.order_by("pk")):
        User.objects.filter(pk=user.pk).update(name=f"{'ΜΛΝΟ'[number]}όνα", signature="Με εκτίμηση")
    for number, team in enumerate(Team.objects.order_by("pk")):
        Team.objects.filter(pk=team.pk).update(name=f"{TEAMS[number % 4]} {number}")
    Brand.objects.update(name="Εταιρεία")
    Channel.objects.update(name="Γραμματοκιβώτιο")
    for user in (house.mona, house.leo, house.nia, house.olga):
        user.refresh_from_db()
    Membership.objects.filter(user=house.leo).update(role=Role.ADMIN)


def say(greek: Greek, name: str, intent: str = "complaint", **more: str) -> Case:
    """A case that waits for an answer, of somebody of its own."""
    who = {"author": f"{name}@people.example", "name": "Ίνγκριντ", "subject": "Δέμα", "text": SAID}
    greek.cases[name] = to_answer(greek.house, intent, **who | more)
    return greek.cases[name]


def write(greek: Greek, case: Case, user: User | None = None, **terms: Any) -> Response:
    """An answer, as far as the workers bring it."""
    writer = user or greek.house.mona
    said = queries.last_said(case)
    found = responses.write(writer, case, text=OURS, seen=said, terms=drafts.Terms(**terms))
    greek.house.settle()
    return found
