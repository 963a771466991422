"""Maps to start from: what ships, each with the tables it needs. Starting makes drafts; nothing is in force by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

from django.db import transaction
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.arm.rule.table import read_table
from armature.crm import baseline
from armature.crm.accounts.access import Refused
from armature.crm.accounts.models import User
from armature.crm.decide import drafts, versions
from armature.crm.decide.drawn import Draft
from armature.crm.decide.models import ProcessMap


@dataclass(frozen=True, slots=True)
class Shipped:
    """One map of the library; ``what`` says in a sentence whom it is for."""

    key: str
    name: Promise
    what: Promise
    tables: Sequence[str] = ()

    def files(self) -> tuple[bytes, dict[str, bytes]]:
        """The drawing, and the tables by key."""
        if self.key == "reactive":
            return baseline.files()
        folder = resources.files("armature.arm") / "library"
        return (folder / f"{self.key}.bpmn").read_bytes(), {
            table: (folder / f"{table}.json").read_bytes() for table in self.tables
        }


LIBRARY: Sequence[Shipped] = (
    Shipped(
        "reactive",
        gettext_lazy("Reactive ARM process"),
        gettext_lazy("Everything that comes in: a person judges where it matters, rules route it, a person answers."),
    ),
    Shipped(
        "assessment",
        gettext_lazy("Response assessment"),
        gettext_lazy("For what is said about us: discover, evaluate, respond or let it stand, each with its reason."),
        ("response_assessment",),
    ),
    Shipped(
        "calls",
        gettext_lazy("Calls that we make"),
        gettext_lazy("For what we start: who was not reached is called again; after four hours the lead hears of it."),
    ),
)


def shipped(key: str) -> Shipped | None:
    """The map of the library with this key."""
    return next((one for one in LIBRARY if one.key == key), None)


@transaction.atomic
def start(user: User, one: Shipped, name: str) -> Draft:
    """A draft of a new map with this name that reads like the one that ships, and drafts of tables that are missing."""
    xml, tables = one.files()
    made = new_map(user, name, xml.decode())
    there = versions.newest_tables().keys() | set(
        Draft.objects.filter(kind=versions.TABLE).values_list("key", flat=True)
    )
    for key, body in tables.items():
        if key not in there:
            table = read_table(body)[0]
            drafts.begin(user, versions.TABLE, key, name=table.label if table else key, body=body.decode())
    return made


@transaction.atomic
def new_map(user: User, name: str, body: str) -> Draft:
    """A draft of a new map, under a key made of its name. Raises ``Refused``."""
    drafts.must_draw(user)
    said = " ".join(name.replace("\x00", "").split())
    if not said or len(said) > 100:
        raise Refused(_("The name: say in 1 to 100 characters what this map is for."))
    return drafts.begin(user, versions.MAP, _free_key(said), name=said, body=body)


def _free_key(name: str) -> str:
    base = slugify(name)[:40] or "map"
    taken = set(ProcessMap.objects.values_list("key", flat=True).distinct())
    taken |= set(Draft.objects.filter(kind=versions.MAP).values_list("key", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (base, *numbered) if key not in taken)
