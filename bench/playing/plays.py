"""Plays: what people and workers do to one case, in any order; what was released beside what left."""

from __future__ import annotations

import contextlib
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from armature.crm.accounts.access import NotAllowed
from armature.crm.accounts.models import User
from armature.crm.act import approvals, commands, doubts, drafts, outbox, queries, responses
from armature.crm.act.drafts import Terms
from armature.crm.act.models import Case, Delivery, Response
from armature.crm.act.work import Refused
from armature.crm.channels.port import Outgoing
from armature.crm.decide.models import Wait
from armature.crm.decide.waits import AlreadyAnswered
from house import House
from playing.recorder import Content, Died, Recorder, content_of

NO = (Refused, NotAllowed, AlreadyAnswered, Wait.DoesNotExist)
FATES = ("well", "well", "well", "dies before", "dies after", "answer lost", "refused")


@dataclass
class Stage:
    """What all plays share: the company, its people, chance, and deliveries that workers have claimed."""

    house: House
    lea: User
    chance: random.Random
    claimed: list[int] = field(default_factory=list)
    asleep: list[int] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    words: int = 0

    def new_words(self, kind: str) -> str:
        """Words that nobody else says."""
        self.words += 1
        return f"{kind} {self.words}."


@dataclass
class Play:
    """One case. ``released`` is what somebody released and nobody took back, as they had it before them."""

    stage: Stage
    case_id: int
    thread: str
    released: list[Content] = field(default_factory=list)
    looked: dict[int, tuple[int, str, Content]] = field(default_factory=dict)
    ever: set[Content] = field(default_factory=set)

    def step(self, name: str, chance: random.Random) -> None:
        """Do one thing; that it is refused is part of the play."""
        try:
            STEPS[name](self, chance)
            self.stage.counted[name] += 1
        except NO:
            self.stage.counted[f"{name} refused"] += 1

    def case(self, user: User) -> Case:
        return queries.case_for(user, self.case_id)

    def latest(self, *states: str) -> Response | None:
        found = Response.objects.filter(case=self.case_id, state__in=states).select_related("author").order_by("-id")
        return found.first()

    def write(self, chance: random.Random) -> None:
        house = self.stage.house
        user = chance.choice((house.mona, house.mona, house.nia, house.leo))
        case, text = self.case(user), self.stage.new_words("Written")
        terms = Terms(copies=("boss@people.example",) if chance.random() < 0.2 else ())
        response = responses.write(user, case, text=text, seen=queries.last_said(case), terms=terms)
        if not response.asked_by:
            self.release(_content(response))

    def intent(self, chance: random.Random) -> None:
        user = self.stage.house.mona
        commands.judge_intent(user, self.case(user), intent=chance.choice(("cancel", "complaint")))

    def edit(self, chance: random.Random) -> None:
        house = self.stage.house
        user = chance.choice((house.mona, house.nia))
        drafts.save(user, self.case(user), text=self.stage.new_words("Drafted"))

    def look(self, chance: random.Random) -> None:
        if waiting := self.latest("approval"):
            for user in (self.stage.house.leo, self.stage.lea, self.stage.house.mona):
                self.looked[user.pk] = (waiting.pk, waiting.digest, _content(waiting))

    def approve(self, chance: random.Random) -> None:
        user = self._decides(chance)
        if user.pk not in self.looked:
            self.look(chance)
        if user.pk in self.looked:
            number, digest, content = self.looked[user.pk]
            approvals.approve(user, queries.response_for(user, number), digest=digest)
            self.release(content)

    def change(self, chance: random.Random) -> None:
        user = self._decides(chance)
        if user.pk in self.looked:
            number, digest, content = self.looked[user.pk]
            text = self.stage.new_words("Changed")
            if approvals.change(user, queries.response_for(user, number), digest=digest, text=text):
                self.release((text, *content[1:4], user.name))

    def send_back(self, chance: random.Random) -> None:
        if waiting := self.latest("approval"):
            user = self._decides(chance)
            approvals.send_back(user, queries.response_for(user, waiting.pk), reason="Shorter")

    def _decides(self, chance: random.Random) -> User:
        return chance.choice((self.stage.house.leo, self.stage.house.leo, self.stage.lea, self.stage.house.mona))

    def take_back(self, chance: random.Random) -> None:
        if found := self.latest("queued", "approval"):
            user = chance.choice((self.stage.house.mona, self.stage.house.leo))
            was_queued = Delivery.objects.filter(response=found, state="queued").exists()
            responses.take_back(user, queries.response_for(user, found.pk))
            if was_queued and (content := _content(found)) in self.released:
                self.released.remove(content)

    def doubt(self, chance: random.Random) -> None:
        user = chance.choice((self.stage.house.mona, self.stage.house.leo))
        case, found = self.case(user), self.latest("unknown")
        if found is None:
            self.late(chance)
            return
        way = chance.choice((doubts.it_is_there, doubts.it_is_not_there, doubts.send_again, None))
        if way is None:
            doubts.leave(user, case, reason="Nobody knows")
        else:
            way(user, case)
        if way in (doubts.send_again, doubts.it_is_not_there):
            self._decided_against(_content(found), again=way is doubts.send_again)

    def _decided_against(self, content: Content, *, again: bool) -> None:
        """A person says that it is not there: what has not left by now may not leave any more, but for their again."""
        already = Recorder.left.get(self.thread, []).count(content)
        self.released = [one for one in self.released if one != content] + [content] * (already + again)

    def hear(self, chance: random.Random) -> None:
        first = self.case(self.stage.house.leo).conversation.interaction_set.order_by("id").first()
        assert first is not None
        self.stage.house.hear("And another thing.", author=first.author, in_reply_to=first.external_id)

    def claim(self, chance: random.Random) -> None:
        self.stage.claimed += outbox.claim(1)

    def send(self, chance: random.Random) -> None:
        """A worker with a claim goes on, somewhere; it may die on the way, or have slept too long."""
        stage = self.stage
        pool = stage.asleep if stage.asleep and chance.random() < 0.1 else stage.claimed
        if not pool:
            return
        number = pool.pop(chance.randrange(len(pool)))
        if pool is stage.claimed and chance.random() < 0.35:
            stage.asleep.append(number)
            return
        Recorder.here.fate = chance.choice(FATES)
        try:
            outbox.send(number)
        except Died:
            stage.counted["died"] += 1
        finally:
            Recorder.here.fate = "well"  # also where it was refused at the door, so that nobody else meets this fate

    def late(self, chance: random.Random) -> None:
        """What hangs in sending is given up."""
        long_ago = timezone.now() - outbox.LONGEST - timedelta(seconds=1)
        Delivery.objects.filter(response__case=self.case_id, state="sending").update(claimed_at=long_ago)
        outbox.expire()

    def crash(self, chance: random.Random) -> None:
        """A process dies in the middle of a deed: nothing of it is kept, and nothing of it counts as released."""
        shadow = Play(self.stage, self.case_id, self.thread, list(self.released), dict(self.looked))
        with contextlib.suppress(Died), transaction.atomic():
            shadow.step(chance.choice(("approve", "write", "take_back", "change", "doubt")), chance)
            raise Died

    def rogue(self, chance: random.Random) -> None:
        """A faulty program changes words that wait to be approved or to leave."""
        states = ["approval", "queued"]
        wrong = self.stage.new_words("Rogue")
        Response.objects.filter(case=self.case_id, state__in=states).update(text=wrong)

    def judge(self) -> list[str]:
        """What left of this case and should not have."""
        left, released = Counter(Recorder.left.get(self.thread, [])), Counter(self.released)
        problems = []
        for content, often in left.items():
            if content[0].startswith("Rogue") or content not in self.ever:
                problems.append(f"sent without or other than approved: {content[0]}")
            elif often > released[content]:
                problems.append(f"sent twice, or after somebody decided against it: {content[0]}")
        return problems

    def release(self, content: Content) -> None:
        """Somebody released this, as they had it before them."""
        self.released.append(content)
        self.ever.add(content)


STEPS: dict[str, Callable[[Play, random.Random], Any]] = {
    name: getattr(Play, name)
    for name in ("write", "edit", "look", "approve", "change", "send_back", "take_back", "doubt", "hear", "claim",
                 "send", "late", "crash", "rogue", "intent")
}  # fmt: skip
FITTING = {
    "intent": ("intent",),
    "response": ("write",) * 6 + ("edit", "crash"),
    "approval": ("approve",) * 5 + ("look", "change", "send_back", "take_back", "crash"),
    "send": ("claim",) * 4 + ("send",) * 5 + ("take_back", "rogue", "late"),
    "delivery": ("doubt",),
    "feedback": ("hear",),
}
"""What people are likely to do next, by what the case waits for; the rest of the time anything."""
LIKELY = 0.75


def next_step(form: str, chance: random.Random) -> str:
    """The name of a step for a case that waits for ``form``."""
    return chance.choice(FITTING.get(form) or tuple(STEPS)) if chance.random() < LIKELY else chance.choice(tuple(STEPS))


def _content(response: Response) -> Content:
    return content_of(
        Outgoing("", tuple(response.recipients), response.text, copies=tuple(response.copies),
                 subject=response.subject, author_name=response.sender)
    )  # fmt: skip
