"""Which number is ours, read from an account's settings."""

from dataclasses import dataclass

from django.utils.translation.trans_null import gettext_noop as _

from armature.crm.channels import graph
from armature.crm.channels.graph import Graph
from armature.crm.channels.numbers import NoNumber, e164
from armature.crm.channels.port import Account
from armature.crm.channels.settings import BadSettings, Setting, read

SETTINGS = (
    Setting("phone_id", _("Id of the number"), required=True, help=_("“Phone number ID”, not the number itself")),
    *graph.SETTINGS,
)


@dataclass(frozen=True, slots=True)
class WhatsAppSettings:
    """A number that can be used."""

    graph: Graph
    number: str
    phone_id: str


def whatsapp_settings(account: Account) -> WhatsAppSettings:
    """The account's settings with every default filled in; raises ``BadSettings`` naming each bad field."""
    problems: dict[str, str] = {}
    try:
        if e164(account.address) != account.address:
            problems["address"] = f"give our number like {e164(account.address)}"
    except NoNumber as odd:
        problems["address"] = str(odd)
    try:
        values = read(SETTINGS, {**account.settings, **account.secrets})
    except BadSettings as bad:
        raise BadSettings(problems | bad.problems) from None
    problems |= graph.faults(values)
    if fault := graph.number_fault(values["phone_id"], "it has only figures, like 106540352242922"):
        problems["phone_id"] = fault
    graph.check_settings(problems)
    return WhatsAppSettings(graph.graph(account, values), account.address, values["phone_id"])
