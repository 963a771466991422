"""What is done about it: cases, responses, approvals, deliveries, notes and internal actions."""

from armature.crm.act.models.case import Case, Note, Status
from armature.crm.act.models.clock import Clock, ClockName
from armature.crm.act.models.internal import InternalAction
from armature.crm.act.models.notice import Notice
from armature.crm.act.models.notice_wish import NoticePost, NoticeWish
from armature.crm.act.models.response import Approval, Delivery, Response
from armature.crm.act.models.restriction import Reader, Restriction

__all__ = [
    "Approval",
    "Case",
    "Clock",
    "ClockName",
    "Delivery",
    "InternalAction",
    "Note",
    "Notice",
    "NoticePost",
    "NoticeWish",
    "Reader",
    "Response",
    "Restriction",
    "Status",
]
