"""What is done about it: cases, responses, approvals, deliveries, notes and internal actions."""

from armature.crm.act.models.bulk import BulkItem, BulkJob, BulkTodo
from armature.crm.act.models.canned import CannedResponse, Macro
from armature.crm.act.models.case import AT_WORK, ENDED, Case, Note, Status
from armature.crm.act.models.clock import Clock, ClockName
from armature.crm.act.models.count import CaseCount
from armature.crm.act.models.ending import CaseField, ReopenRule
from armature.crm.act.models.follower import Follower
from armature.crm.act.models.incident import Incident, Joined, Statement
from armature.crm.act.models.internal import InternalAction
from armature.crm.act.models.link import CaseLink
from armature.crm.act.models.mention import Mention
from armature.crm.act.models.notice import Notice
from armature.crm.act.models.notice_wish import NoticePost, NoticeWish
from armature.crm.act.models.presence import Presence
from armature.crm.act.models.rating_link import RatingAsk, RatingLink
from armature.crm.act.models.response import (
    Approval,
    Audience,
    Delivery,
    Printout,
    Response,
    ResponseFile,
    Wording,
)
from armature.crm.act.models.restriction import Reader, Restriction
from armature.crm.act.models.sample import Sample, SampleMark
from armature.crm.act.models.saved_view import SavedView
from armature.crm.act.models.start import StartMark
from armature.crm.act.models.survey_link import SurveyLink
from armature.crm.act.models.tag import Tag, Tagging
from armature.crm.act.models.tryout import Tryout, TryoutTodo

__all__ = [
    "AT_WORK",
    "ENDED",
    "Approval",
    "Audience",
    "BulkItem",
    "BulkJob",
    "BulkTodo",
    "CannedResponse",
    "Case",
    "CaseCount",
    "CaseField",
    "CaseLink",
    "Clock",
    "ClockName",
    "Delivery",
    "Follower",
    "Incident",
    "InternalAction",
    "Joined",
    "Macro",
    "Mention",
    "Note",
    "Notice",
    "NoticePost",
    "NoticeWish",
    "Presence",
    "Printout",
    "RatingAsk",
    "RatingLink",
    "Reader",
    "ReopenRule",
    "Response",
    "ResponseFile",
    "Restriction",
    "Sample",
    "SampleMark",
    "SavedView",
    "StartMark",
    "Statement",
    "Status",
    "SurveyLink",
    "Tag",
    "Tagging",
    "Tryout",
    "TryoutTodo",
    "Wording",
]
