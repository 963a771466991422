"""Which page or which account on Instagram is ours, read from an account's settings."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation.trans_null import gettext_noop as _

from armature.crm.channels import graph
from armature.crm.channels.graph import Graph
from armature.crm.channels.port import Account
from armature.crm.channels.settings import BadSettings, Setting, read

HUMAN = Setting(
    "human_agent", _("Answers up to seven days later"), "yes_no",
    help=_("only when Meta has allowed your app the tag “human agent”; else 24 hours"),
)  # fmt: skip
FACEBOOK = (*graph.SETTINGS, HUMAN)
INSTAGRAM = (
    Setting(
        "page_id", _("Number of the Facebook page it is linked to"),
        help=_("empty when the token was made by logging in to Instagram itself"),
    ),
    *graph.SETTINGS, HUMAN,
)  # fmt: skip
LIKE = "give its number at Meta, which has only figures, like 17841405822304914"


@dataclass(frozen=True, slots=True)
class MetaSettings:
    """An account that can be used: ``me`` is its number, ``sender`` the number under which messages leave."""

    graph: Graph
    me: str
    sender: str
    human_agent: bool


def meta_settings(account: Account) -> MetaSettings:
    """The account's settings with every default filled in; raises ``BadSettings`` naming each bad field."""
    problems: dict[str, str] = {}
    if fault := graph.number_fault(account.address, LIKE):
        problems["address"] = fault
    wanted = INSTAGRAM if account.kind == "instagram" else FACEBOOK
    try:
        values = read(wanted, {**account.settings, **account.secrets})
    except BadSettings as bad:
        raise BadSettings(problems | bad.problems) from None
    problems |= graph.faults(values) | _wrong_page(values)
    graph.check_settings(problems)
    sender = values.get("page_id") or account.address
    return MetaSettings(graph.graph(account, values), account.address, sender, values["human_agent"] is True)


def may_be_late(account: Account) -> bool:
    """Whether answers to messages may take seven days, not one."""
    return str(account.settings.get("human_agent", "")).lower() in ("true", "yes", "on", "1")


def _wrong_page(values: dict[str, Any]) -> dict[str, str]:
    page = values.get("page_id") or "0"
    fault = graph.number_fault(page, LIKE)
    return {"page_id": fault} if fault else {}
