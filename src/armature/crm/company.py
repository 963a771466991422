"""What every installation begins with: the catalogues, the teams that the rules name, the baseline map as version 1."""

from django.db import transaction

from armature.arm.intent import INTENTS, ISSUE_TYPES
from armature.arm.process_map import compile_plan
from armature.crm import baseline
from armature.crm.accounts.models import Brand, BusinessHours, Team
from armature.crm.decide import company_facts
from armature.crm.decide.models import DecisionTable, MapAssignment, ProcessMap
from armature.crm.understand.models import Intent, IssueType

TEAMS = {
    "evaluation": "Evaluation",
    "support": "Support",
    "legal": "Legal",
    "executive_desk": "Executive desk",
    "retention": "Retention",
    "after_hours": "After hours",
    "community": "Community",
    "marketing": "Marketing",
    "sales": "Sales",
    "translation_desk": "Translation desk",
    "peer_support": "Peer support",
    "triage": "Triage",
}
OFFICE_WEEK = [[[540, 1020]]] * 5 + [[], []]
"""Monday to Friday, nine to five, in minutes after midnight."""


@transaction.atomic
def found(brand_name: str = "Our company", timezone: str = "UTC") -> Brand:
    """Make what is missing, change nothing that is there; the brand to begin with."""
    Intent.objects.bulk_create(
        [Intent(key=key, label=label, order=order) for order, (key, label) in enumerate(INTENTS.items())],
        ignore_conflicts=True,
    )
    IssueType.objects.bulk_create(
        [IssueType(key=key, label=label, order=order) for order, (key, label) in enumerate(ISSUE_TYPES.items())],
        ignore_conflicts=True,
    )
    Team.objects.bulk_create([Team(key=key, name=name) for key, name in TEAMS.items()], ignore_conflicts=True)
    brand = Brand.objects.order_by("id").first() or Brand.objects.create(key="main", name=brand_name)
    BusinessHours.objects.get_or_create(brand=brand, team=None, defaults={"timezone": timezone, "week": OFFICE_WEEK})
    if not ProcessMap.objects.exists():
        MapAssignment.objects.create(map=publish_baseline())
    return brand


def publish_baseline() -> ProcessMap:
    """The map and the tables that ship, checked like any other."""
    xml, tables = baseline.files()
    published = ProcessMap.objects.create(
        key="reactive",
        version=1,
        body=xml.decode(),
        digest=compile_plan(xml, tables, company_facts.for_running()).hash,
        note="The baseline that ships",
    )
    published.tables.set(
        DecisionTable.objects.create(key=key, version=1, body=body.decode(), note="The baseline that ships")
        for key, body in tables.items()
    )
    return published
