"""Who joined an incident and can get its words now, where they spoke and in private; and why the others cannot."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext_noop

from armature.arm.channel import Capabilities
from armature.crm.act.models import Case, Joined
from armature.crm.act.queries import last_words
from armature.crm.act.reach import too_long
from armature.crm.channels import registry
from armature.crm.channels.port import Account, Conversation
from armature.crm.decide import queries as decisions
from armature.crm.decide.queries import OpenWait
from armature.crm.identify import queries as identities
from armature.crm.listen import queries as channels
from armature.crm.listen.models import Channel

OURS = ("intent", "response", "executive")
"""Forms of work that the words of an incident complete."""
UNDER_WAY = ("approval", "send", "delivery")


@dataclass(slots=True)
class Going:
    """One who can get the words: what waits in the case, its last words, the account that sends, the key outside."""

    joined: Joined
    waits: list[OpenWait]
    last: int
    account: Account
    key: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def whose(self) -> tuple[int, int]:
        """The conversation and the identity it is about."""
        return self.joined.case.conversation_id, self.joined.case.identity_id


@dataclass(slots=True)
class Accounts:
    """The accounts of a chunk, each opened once."""

    now: datetime
    opened: dict[int, Account] = field(default_factory=dict)

    def of(self, channel: Channel) -> Account:
        """The account of a channel."""
        if channel.pk not in self.opened:
            self.opened[channel.pk] = channels.account(channel)
        return self.opened[channel.pk]

    def can(self, case: Case, public: bool) -> Capabilities:
        """What can be done there now."""
        channel = case.conversation.channel
        there = Conversation(case.identity.address, public, case.last_in_at)
        return registry.kind(channel.kind).capabilities(self.of(channel), there, self.now)


def sort(text: str, chunk: Sequence[Joined], now: datetime) -> tuple[list[Going], dict[int, str]]:
    """Who can get these words, in conversations that this transaction holds; of the others, by number, why not."""
    waiting: dict[tuple[int, int], list[OpenWait]] = {}
    for wait in decisions.open_waits([one.case.conversation_id for one in chunk]):
        waiting.setdefault(wait.whose, []).append(wait)
    last = last_words([one.case_id for one in chunk])
    topics = identities.forbidden_topics([one.case.identity_id for one in chunk])
    going, refused, accounts = list[Going](), dict[int, str](), Accounts(now)
    for one in chunk:
        case, said = one.case, last.get(one.case_id)
        waits = waiting.get((case.conversation_id, case.identity_id), [])
        why = _cannot_go(case, waits)
        if said is None:
            refused[one.pk] = why or gettext_noop("Nobody said anything in this case.")
        elif why := why or _cannot_reach(accounts.can(case, said.public), topics.get(case.identity_id, []), text):
            refused[one.pk] = why[:300]
        else:
            ours = [wait for wait in waits if wait.form in OURS]
            going.append(Going(one, ours, said.interaction_id, accounts.of(case.conversation.channel)))
    return going, refused


def _cannot_go(case: Case, waits: Sequence[OpenWait]) -> str:
    if case.merged_into_id or case.settled:
        return gettext_noop("The case was merged, or ended long ago.")
    if any(wait.form in UNDER_WAY for wait in waits):
        return gettext_noop("A response of its own is on its way in this case. Send to the rest when it is out.")
    if any(wait.state == "answered" for wait in waits):
        return gettext_noop("The case is moving on at this moment. Send to the rest in a moment.")
    return ""


def _cannot_reach(can: Capabilities, topics: Sequence[str], text: str) -> str:
    if can.blocked:
        return can.blocked
    if can.topic and can.topic in topics:
        return gettext_noop("They forbade us to write to them there.")
    if not can.private_reply:
        return gettext_noop("Nobody can be written to in private there. Answer them in their case.")
    return too_long(can, text)
