"""Published versions of maps and tables: which there are, which is the newest, where maps are in force."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from armature.crm.accounts.access import Refused
from armature.crm.decide.drawn import Draft
from armature.crm.decide.models import DecisionTable, MapAssignment, ProcessMap

MAP, TABLE = "map", "table"
Version = ProcessMap | DecisionTable


def newest(kind: str, key: str) -> Version | None:
    """The newest published version of a map or a table; None before there is one."""
    return of(kind, key).first()


def of(kind: str, key: str) -> QuerySet[ProcessMap] | QuerySet[DecisionTable]:
    """All versions, newest first, with who published them."""
    found = ProcessMap.objects if kind == MAP else DecisionTable.objects
    return found.filter(key=key).select_related("published_by").order_by("-version")


def newest_tables() -> dict[str, DecisionTable]:
    """The newest version of each table, by key."""
    found = DecisionTable.objects.order_by("key", "-version").distinct("key")
    return {table.key: table for table in found}


def only_drawn() -> list[Draft]:
    """Drafts of tables that were never published."""
    published = DecisionTable.objects.filter(key=OuterRef("key"))
    return list(Draft.objects.filter(~Exists(published), kind=TABLE).order_by("key"))


def newest_maps() -> dict[str, ProcessMap]:
    """The newest version of each map, by key."""
    found = ProcessMap.objects.order_by("key", "-version").distinct("key").prefetch_related("tables")
    return {one.key: one for one in found}


def bodies(tables: Iterable[DecisionTable]) -> dict[str, bytes]:
    """What the core compiles, by key."""
    return {table.key: table.body.encode() for table in tables}


def assigned() -> list[MapAssignment]:
    """Where which map is in force, the most exact last."""
    return list(MapAssignment.objects.select_related("map", "brand", "channel").order_by("brand", "channel", "id"))


def for_the_rest() -> ProcessMap | None:
    """The map in force for everything that no more exact word is about."""
    found = MapAssignment.objects.filter(brand=None, channel=None).select_related("map").first()
    return found.map if found else None


def note_of(note: str) -> str:
    """A note that says what changed and why; raises ``Refused`` without one."""
    said = " ".join(note.replace("\x00", "").split())
    if not said or len(said) > 300:
        raise Refused(_("The note: say in 1 to 300 characters what changes and why."))
    return said
