"""Which facts a snapshot keeps, in which order. Only ever append, and raise ``VERSION`` with it."""

VERSION = 4
KEYS = (
    "kind", "channel", "public", "business_hours",
    "intent", "issue_type", "sentiment", "language", "confidence", "judged_by_person",
    "followers", "tier", "complaints_30d", "complaints_30d_unconfirmed", "last_product", "customer",
    "needs_evaluation", "judge_team", "judge_minutes",
    "team", "priority", "sla_minutes", "reply", "approval", "template", "executive", "incentive", "mode", "reason",
    "send_by", "then_private", "copy_team",
    "answer", "written_at", "decision", "approved", "delivery", "feedback",
    "survey", "score",
    "judging", "drafting",
    "call",
)  # fmt: skip
