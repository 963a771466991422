"""Learn: what came of a response, as far as what came back tells."""

from armature.arm.intent import Reading

_SAYS = {
    "thanks": "satisfied",
    "praise": "satisfied",
    "complaint": "not_satisfied",
    "problem": "not_satisfied",
    "cancel": "not_satisfied",
}


def feedback(reading: Reading) -> str:
    """Whether what came back says ``satisfied`` or ``not_satisfied``; empty when it is about something else."""
    return _SAYS.get(reading.intent, "")
