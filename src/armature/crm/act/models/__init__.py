"""What is done about it: cases, responses, approvals, deliveries, notes and internal actions."""

from armature.crm.act.models.canned import CannedResponse, Macro
from armature.crm.act.models.case import Case, Note, Status
from armature.crm.act.models.internal import InternalAction
from armature.crm.act.models.response import Approval, Audience, Delivery, Response, ResponseFile, Wording

__all__ = [
    "Approval",
    "Audience",
    "CannedResponse",
    "Case",
    "Delivery",
    "InternalAction",
    "Macro",
    "Note",
    "Response",
    "ResponseFile",
    "Status",
    "Wording",
]
