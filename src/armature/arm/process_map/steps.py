"""What a box can be bound to: the automatic steps, the forms that people fill in, the ways it can end."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of work. ``finds`` facts of the catalogue's step with that name, ``waits``, or is only carried out.

    ``needs`` must be known before it, ``provides`` is known after it.
    """

    label: str
    finds: str = ""
    waits: bool = False
    needs: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()
    writes: bool = False


STEPS: dict[str, Step] = {
    "where": Step("Where it was said", finds="where"),
    "intent": Step("Suggest intent", finds="intent"),
    "known": Step("What we know", finds="known"),
    "internal": Step("Tell a team, make a task", needs=("team",)),
    "record": Step("Record in the customer record"),
    "flag": Step("Flag as candidate for testimonial or advocate"),
    "raise": Step("Raise the priority, tell the lead"),
    "offer": Step("Offer to the next team"),
    "reopen": Step("Reopen the case"),
    "send": Step("Send", waits=True, needs=("written_at",), provides=("delivery",)),
    "feedback": Step("Wait for feedback", waits=True, provides=("feedback",)),
}
"""Automatic steps, by the name that ``arm:step`` gives."""

FORMS: dict[str, Step] = {
    "intent": Step("Judge intent", waits=True, provides=("intent", "issue_type", "sentiment", "judged_by_person")),
    "response": Step("Write a response", waits=True, provides=("answer", "written_at"), writes=True),
    "executive": Step("Executive decides", waits=True, provides=("decision", "answer", "written_at"), writes=True),
    "approval": Step("Approve a response", waits=True, needs=("written_at",), provides=("approved",)),
    "delivery": Step("Was it sent?", waits=True, needs=("delivery",), provides=("delivery",)),
}
"""What people fill in, by the name that ``arm:form`` gives."""

OUTCOMES: dict[str, str] = {
    "answered": "Answered",
    "internal": "Acted on inside",
    "no_response": "No response",
    "noted": "Told or raised, the wait goes on",
}
"""How an interaction can end, by the name that ``arm:outcome`` gives."""

STARTS: dict[str, str] = {
    "": "What they say or do",
    "ours": "What we start: a call we make",
    "incident": "An incident, answered for many",
}
"""What can begin at a start, by the name that ``arm:start`` gives."""
WE_START = "ours"

INCIDENT = ("team", "priority", "sla_minutes", "reply", "approval", "template")
"""What whoever opens an incident says, besides what was said."""

VOIDED = ("approved", "delivery", "feedback")
"""What an earlier answer was worth: gone as soon as somebody writes again."""
