"""Whom an answer in a case reaches, and what its channel allows of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.translation import gettext as _

from armature.arm.channel import Capabilities, size
from armature.arm.interaction import Value
from armature.crm.act import forbidden
from armature.crm.act.models import Audience, Case
from armature.crm.channels import registry
from armature.crm.channels.port import Conversation
from armature.crm.listen import queries as channels


@dataclass(frozen=True, slots=True)
class Reach:
    """The audiences that are possible here, first the one that the rules ask for."""

    case: Case
    can: Capabilities
    audiences: tuple[Audience, ...]

    @property
    def open(self) -> bool:
        """Whether the channel takes an answer now."""
        return bool(self.audiences) and not self.can.blocked

    @property
    def usual(self) -> Audience:
        """Who reads an answer when nobody chooses."""
        return self.audiences[0] if self.audiences else Audience.PRIVATE

    def refusal(self, audience: str, *texts: str) -> str:
        """Why the channel would not take these words for this audience; empty when it would."""
        if not self.open:
            return self.can.blocked or _("This channel takes no answer.")
        if audience not in self.audiences:
            return _("This channel cannot answer in that way. Choose another audience.")
        return next((words for text in texts if (words := too_long(self.can, text))), "")


def reach(case: Case, facts: Mapping[str, Value]) -> Reach:
    """What can be done on the channel of this case at this moment; ``facts`` are those of its last judgement."""
    channel = case.conversation.channel
    there = Conversation(case.identity.address, facts.get("public") is True, case.last_in_at)
    can = registry.kind(channel.kind).capabilities(channels.account(channel), there, timezone.now())
    if words := forbidden.refusal(case, can.topic):
        can = replace(can, blocked=words)
    possible = [Audience.PRIVATE] if can.private_reply else []
    if can.public_reply:
        possible = [Audience.PUBLIC, *([Audience.BOTH] if can.private_reply else []), *possible]
    wanted = _wanted(facts)
    return Reach(case, can, tuple(sorted(possible, key=lambda one: one != wanted)))


def _wanted(facts: Mapping[str, Value]) -> str:
    """The audience the rules ask for; where they say nothing, an answer is given where it was said."""
    if facts.get("reply") == "private" or facts.get("public") is False:
        return Audience.PRIVATE
    return Audience.BOTH if facts.get("then_private") is True else Audience.PUBLIC


def too_long(can: Capabilities, text: str) -> str:
    """Why the channel would refuse this text; empty when it would not."""
    count = size(text, can.unit)
    if not can.max_length or count <= can.max_length:
        return ""
    return _("This channel takes %(most)s %(unit)s; your text has %(count)s. Shorten it, then send.") % {
        "most": can.max_length, "unit": _(can.unit), "count": count,
    }  # fmt: skip
