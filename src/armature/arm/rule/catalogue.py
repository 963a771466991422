"""The facts that rules can test and the outputs that tables fill: what ships, and the company's changes."""

from collections.abc import Iterable, Mapping

from armature.arm.intent import INTENTS, ISSUE_TYPES
from armature.arm.rule.field import Catalogue, Field

CHANNELS: dict[str, str] = {
    "email": "E-mail",
    "chat": "Chat on our site",
    "web_form": "Form on our site",
    "mastodon": "Mastodon",
    "bluesky": "Bluesky",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "x": "X",
    "linkedin": "LinkedIn",
    "youtube": "YouTube",
    "tiktok": "TikTok",
    "reddit": "Reddit",
    "whatsapp": "WhatsApp",
    "telegram": "Telegram",
    "matrix": "Matrix",
    "sms": "Text message",
    "forum": "Forum",
    "blog": "Blog",
    "news": "News and feeds",
    "review": "Review site",
    "phone": "Phone",
    "letter": "Letter",
    "fax": "Fax",
    "counter": "Face to face",
    "comment_card": "Comment card",
    "survey": "Survey",
    "focus_group": "Focus group",
    "event": "Event",
}
"""The places that are known by name; a company's further kinds of channel are added to them."""

KINDS: dict[str, str] = {
    "message": "Message",
    "comment": "Comment",
    "review": "Review",
    "call": "Call",
    "letter": "Letter",
    "card": "Comment card",
    "survey": "Survey answer",
    "meeting": "Meeting",
    "act": "Something done (a purchase, a sign-up)",
    "occasion": "Occasion (a renewal date)",
}
"""What an interaction can be."""

SURVEYS = {
    "csat": "CSAT (1 to 5)", "nps": "NPS (0 to 10)", "ces": "CES (1 to 7)", "own": "Only questions of our own",
}  # fmt: skip
CALLS = {
    "answered": "Answered",
    "missed": "Nobody answered",
    "busy": "Line busy",
    "failed": "Failed",
    "voicemail": "Voicemail left",
}
"""How a call ended."""
TIERS = {"none": "None", "bronze": "Bronze", "silver": "Silver", "gold": "Gold", "platinum": "Platinum"}
REPLIES = {"public": "In public", "private": "In private"}
MODES = {"none": "No response", "internal": "Only inside", "micro": "Micro response", "executive": "Executive"}
SEND_BY = {"same_channel": "Where it was said", "email": "E-mail", "phone": "Phone call", "letter": "Letter"}
JUDGING = {
    "off": "A person, who sees no suggestion",
    "suggest": "A person, who sees what the reader suggests",
    "draft": "Filled in; a person confirms with one key",
    "automatic": "The reader; nobody looks",
}
"""How a step is judged, from nothing done by a machine to nothing done by a person."""
DRAFTING = {
    "off": "Written from nothing",
    "suggest": "A canned response is offered",
    "draft": "It begins with a canned response",
}
"""How an answer is begun. There is no "automatic": a machine may draft, never release."""
DECISIONS = {"answer": "Answers", "delegate": "Hands it to the team", "meet": "Meets in person"}
DELIVERIES = {"sent": "Sent", "failed": "Failed", "unknown": "Not known whether it was sent"}
YEAR = 525_600
"""Minutes of a year: the longest promise."""
FEEDBACK = {"satisfied": "Satisfied", "not_satisfied": "Not satisfied", "silence": "Silence"}


def _found(intents: Mapping[str, str], issue_types: Mapping[str, str], channels: Mapping[str, str]) -> list[Field]:
    return [
        Field("said", "What was said", "words", "start"),
        Field("heard", "Heard by the query", "words", "start"),
        Field("author", "Written by", "choice", "start", open=True),
        Field("kind", "Kind", "choice", "start", KINDS),
        Field("automatic", "Written by a machine", "choice", "start", open=True),
        Field("survey", "Kind of survey", "choice", "start", SURVEYS),
        Field("score", "Rating given", "number", "start", low=0, high=10),
        Field("call", "How the call ended", "choice", "start", CALLS),
        Field("channel", "Channel", "choice", "where", channels),
        Field("public", "Public", "yes_no", "where"),
        Field("business_hours", "In business hours", "yes_no", "where"),
        Field("intent", "Intent", "choice", "intent", intents),
        Field("issue_type", "Kind of issue", "choice", "intent", issue_types),
        Field("sentiment", "Sentiment", "number", "intent", low=-1, high=1),
        Field("language", "Language", "choice", "intent", open=True),
        Field("confidence", "Confidence", "number", "intent", low=0, high=1),
        Field("judged_by_person", "Judged by a person", "yes_no", "intent"),
    ]


def _known(products: Mapping[str, str]) -> list[Field]:
    return [
        Field("followers", "Followers", "number", "known", low=0),
        Field("tier", "Tier", "choice", "known", TIERS),
        Field("complaints_30d", "Complaints in 30 days", "number", "known", low=0),
        Field("complaints_30d_unconfirmed", "of these confirmed by nobody", "number", "known", low=0),
        Field("last_product", "Last product bought", "choice", "known", products, open=True),
        Field("customer", "Customer", "yes_no", "known"),
    ]


def _decided(teams: Mapping[str, str]) -> list[Field]:
    anyone = not teams
    return [
        Field("needs_evaluation", "A person judges", "yes_no", "table"),
        Field("judging", "Why it was written", "choice", "table", JUDGING),
        Field("drafting", "The answer", "choice", "table", DRAFTING),
        Field("judge_team", "Judging team", "choice", "table", teams, open=anyone),
        Field("judge_minutes", "Minutes to judge", "number", "table", low=1, high=YEAR),
        Field("team", "Team", "choice", "table", teams, open=anyone),
        Field("priority", "Priority", "number", "table", low=1, high=5),
        Field("sla_minutes", "Minutes to answer", "number", "table", low=1, high=YEAR),
        Field("reply", "Reply", "choice", "table", REPLIES),
        Field("approval", "Approval needed", "yes_no", "table"),
        Field("template", "Template", "choice", "table", open=True),
        Field("executive", "Executive", "yes_no", "table"),
        Field("incentive", "Incentive", "choice", "table", open=True, optional=True),
        Field("mode", "What happens", "choice", "table", MODES),
        Field("reason", "Reason", "choice", "table", open=True, optional=True),
        Field("send_by", "Sent by", "choice", "table", SEND_BY),
        Field("then_private", "Goes on in private", "yes_no", "table"),
        Field("copy_team", "Copy to team", "choice", "table", teams, open=anyone, optional=True),
    ]


SUPERSEDED = ("needs_evaluation",)
"""Outputs that maps published earlier run on with, and that no new table begins to say."""


def _answered() -> list[Field]:
    return [
        Field("answer", "Answer", "choice", "response", open=True, optional=True),
        Field("written_at", "Written at", "choice", "response", open=True),
        Field("decision", "Executive's decision", "choice", "executive", DECISIONS),
        Field("approved", "Approved", "yes_no", "approval"),
        Field("delivery", "Delivery", "choice", "send", DELIVERIES),
        Field("feedback", "Feedback", "choice", "feedback", FEEDBACK),
    ]


def catalogue(
    *,
    intents: Mapping[str, str] = INTENTS,
    issue_types: Mapping[str, str] = ISSUE_TYPES,
    channels: Mapping[str, str] = CHANNELS,
    teams: Mapping[str, str] | None = None,
    products: Mapping[str, str] | None = None,
    more: Iterable[Field] = (),
) -> Catalogue:
    """All fields, with the company's own lists (key to words) in place of those that ship.

    Without ``teams`` any team name is accepted. ``more`` are the company's own facts, with ``step`` "known", or outputs
    of its own tables, with ``step`` "table".
    """
    fields = _found(intents, issue_types, channels) + _known(products or {}) + _decided(teams or {}) + _answered()
    return {field.key: field for field in [*fields, *more]}


FACTS: Catalogue = catalogue()
"""The catalogue that ships."""
