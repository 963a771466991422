"""The assessment: what happened so far is cut into askings, counted, and answered with proposals. Pure."""

from armature.arm.assessment.evidence import Judged, Routed, Share
from armature.arm.assessment.exchange import Asking, Exchange, Ours, Theirs, exchanges
from armature.arm.assessment.lanes import lanes
from armature.arm.assessment.proposal import Proposal
from armature.arm.assessment.routing import routing
from armature.arm.assessment.segment import Segment
from armature.arm.assessment.watching import watching

__all__ = [
    "Asking",
    "Exchange",
    "Judged",
    "Ours",
    "Proposal",
    "Routed",
    "Segment",
    "Share",
    "Theirs",
    "exchanges",
    "lanes",
    "routing",
    "watching",
]  # fmt: skip
