"""Published versions of maps and tables: which there are, which is the newest, where maps are in force."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from armature.arm.process_map.bpmn import parse
from armature.arm.process_map.reading import is_ours
from armature.crm.accounts.access import Refused
from armature.crm.decide.drawn import Draft
from armature.crm.decide.models import DecisionTable, MapAssignment, ProcessMap
from armature.crm.listen.models import Direction

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


def assigned(direction: str = Direction.IN) -> list[MapAssignment]:
    """Where which map is in force for what they say to us (or for what we start), the most exact last."""
    found = MapAssignment.objects.filter(direction=direction).select_related("map", "brand", "channel")
    return list(found.order_by("brand", "channel", "id"))


def direction_of(body: str) -> Direction:
    """What a map is drawn for: its start says it."""
    return Direction.OUT if is_ours(parse(body.encode())[0]) else Direction.IN


def for_the_rest() -> ProcessMap | None:
    """The map in force for everything that comes in and that no more exact word is about."""
    return for_brand(None)


def for_brand(brand: int | None) -> ProcessMap | None:
    """The map that what comes in to a brand enters where no word is about its channel."""
    found = MapAssignment.objects.filter(direction=Direction.IN, channel=None).select_related("map")
    words = {one.brand_id: one.map for one in found.filter(Q(brand=brand) | Q(brand=None))}
    return words.get(brand) or words.get(None)


def note_of(note: str) -> str:
    """A note that says what changed and why; raises ``Refused`` without one."""
    said = " ".join(note.replace("\x00", "").split())
    if not said or len(said) > 300:
        raise Refused(_("The note: say in 1 to 300 characters what changes and why."))
    return said
