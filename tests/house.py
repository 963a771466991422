"""One company and one cast for all tests of the Django side."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from armature.arm.rule import rewriting
from armature.crm import company, jobs
from armature.crm.accounts.models import Brand, Membership, Role, User
from armature.crm.act import queries
from armature.crm.act.models import Case
from armature.crm.channels import lines
from armature.crm.decide import publishing, tables, versions
from armature.crm.listen import commands
from armature.crm.listen.models import Channel

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@dataclass
class House:
    """The company of the tests: Mona answers, Leo leads, Nia only drafts; Olga works here but sees nothing of it."""

    brand: Brand
    mailbox: Channel
    mona: User
    leo: User
    nia: User
    olga: User
    said: int = 0

    def hear(self, text: str, author: str = "ingrid@people.example", **more: Any) -> str:
        """Somebody writes, in public, so that a person is asked for the intent; the id of what they wrote."""
        self.said += 1
        at = MONDAY + timedelta(minutes=self.said)
        line = {
            "external_id": f"said-{self.said}",
            "author": author,
            "text": text,
            "public": True,
            "occurred_at": at.isoformat(),
            **more,
        }
        commands.accept(self.mailbox, [lines.envelope(line, at)])
        return str(line["external_id"])

    def let_the_reader_judge(self, row: str = "J04") -> None:
        """As a company that measured its reader: nobody is asked for what falls on this row, from now on."""
        table = tables.published(versions.newest_tables()["who_judges"])
        publishing.replace(rewriting.with_output(table, row, "judging", "automatic"), "Measured well enough")

    def settle(self) -> None:
        """Let the workers do all there is to do."""
        while jobs.everything():
            pass

    def case(self, author: str = "ingrid@people.example") -> Case:
        """The latest case of somebody, as Mona sees it."""
        found = queries.cases_for(self.mona).filter(identity__address=author).order_by("-id").first()
        assert found is not None
        return found


def make_house() -> House:
    """Founded anew for each test."""
    brand = company.found()
    mailbox = Channel.objects.create(
        kind="demo",
        place="email",
        address="hello@shop.example",
        name="Mailbox",
        brand=brand,
        settings={"network": "email"},
    )
    people: dict[str, User] = {}
    roles: list[tuple[str, str | None]] = [
        ("mona", Role.AGENT),
        ("leo", Role.LEAD),
        ("nia", Role.DRAFT_ONLY),
        ("olga", None),
    ]
    for name, role in roles:
        people[name] = User.objects.create_user(f"{name}@shop.example", name.capitalize(), "a good password")
        if role:
            Membership.objects.create(user=people[name], role=role)
    return House(brand, mailbox, **people)


def administrator(name: str = "Anna") -> User:
    """Somebody who administers the whole company."""
    user = User.objects.create_user(f"{name.lower()}@shop.example", name, "a good password")
    Membership.objects.create(user=user, role=Role.ADMIN)
    return user
