"""A world of foreign objects, everybody for whom they are foreign, and what was written: the ground of the matrix."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from armature.crm.accounts.models import Brand, Invitation, InvitedRole, Membership, Role, Team, User
from armature.crm.act import listening, notes, persons, presence, queries, responses, restricted
from armature.crm.act.models import (
    BulkItem,
    BulkJob,
    CannedResponse,
    Case,
    CaseField,
    CaseLink,
    Delivery,
    Incident,
    Joined,
    Macro,
    Notice,
    Printout,
    Response,
    ResponseFile,
    SavedView,
    Statement,
    Tryout,
)  # fmt: skip
from armature.crm.decide import drafts, versions
from armature.crm.decide.models import Wait
from armature.crm.identify import commands as identify
from armature.crm.identify.models import Fact, Identity, Merge, Person
from armature.crm.learn.assessments.models import Assessment, AssessmentExchange, AssessmentTodo
from armature.crm.learn.replays.models import Replay, ReplayChange, ReplayTodo
from armature.crm.listen import back_search
from armature.crm.listen.imports.models import Import
from armature.crm.listen.models import Channel, File, Interaction
from armature.crm.listen.scans.models import Page, Scan
from armature.crm.listen.wanted import ListeningQuery
from asked import answer, make_survey, open_address
from house import House
from visitors import to_answer

SECRET = "qz7"
"""Stands in every word of the foreign objects; none of it may reach a page."""
NUMBER = "+4722334455"
ALWAYS_WRITTEN = {"accounts_session", "accounts_cache", "django_session"}


@dataclass
class World:
    """The foreign objects: a case of the support of the first brand, and all that hangs on it."""

    house: House
    case: Case
    response: Response
    said: Interaction
    file: File
    invitation: Invitation
    other_brand: Brand
    membership: Membership


def make_world(house: House) -> World:
    """A case of support for the first brand; what anybody can say about it has the secret in it."""
    about = {"author": f"{SECRET}@people.example", "name": f"{SECRET} Person", "subject": f"{SECRET} subject"}
    _listen(house)
    case = to_answer(house, text=f"My {SECRET} is broken.", **about)
    responses.write(house.mona, case, text=f"We are sorry about the {SECRET}.", seen=queries.last_said(case))
    house.settle()
    response = Response.objects.select_related("case").get()
    _know(house, Identity.objects.get(pk=response.case.identity_id))
    Notice.objects.create(user=house.leo, case=response.case, kind="mention", text=f"{SECRET} asks you")
    notes.add_note(house.mona, response.case, text=f"A note about {SECRET}")
    _on_paper(house, response)
    _ask(house)
    Case.objects.update(team="support", asks="support")
    _around(house, response.case)
    _write_down(house, response)
    case = Case.objects.select_related("conversation__channel", "identity").get(pk=response.case_id)
    said = Interaction.objects.filter(conversation=case.conversation_id, direction="in").latest("id")
    file = File.objects.create(interaction=said, digest="a" * 64, name=f"{SECRET}.pdf", content_type="", size=1)
    invitation = Invitation.objects.create(
        email=f"{SECRET}@shop.example", digest="d", made_by=house.leo, expires_at=timezone.now() + timedelta(days=1)
    )
    support = Team.objects.get(key="support")
    InvitedRole.objects.create(invitation=invitation, team=support, brand=house.brand, role=Role.AGENT)
    held = Membership.objects.create(user=house.olga, team=support, brand=house.brand, role=Role.AGENT)
    other = Brand.objects.create(key="other", name="Other")
    return World(house, case, response, said, file, invitation, other, held)


def _listen(house: House) -> None:
    """A query that hears it, what somebody looked for and brought in; and a draft of the map."""
    body = versions.newest_maps()["reactive"].body
    drafts.begin(house.leo, "map", "reactive", name="Reactive ARM process", body=body)
    listening.keep(house.leo, ListeningQuery(name="Damage", purpose="brand", text="broken", brand=house.brand))
    back_search.ask(house.leo, f"{SECRET} broken", timezone.now() - timedelta(days=3000), timezone.now())


def _ask(house: House) -> None:
    """A survey, and what somebody answered: its questions are for all of the brand, the answer is not."""
    survey = make_survey(house)
    address = f"{SECRET}@people.example"
    words = {"q-why": f"All about {SECRET}.", "email": address, "name": f"{SECRET} Person"}
    assert answer(open_address(survey), rating="3", **words).status_code == 302
    house.settle()


def _around(house: House, case: Case) -> None:
    """What colleagues made beside a case: a link to another, a job for many, a view of their own, somebody there."""
    CaseLink.objects.create(kind="split", earlier=case, later=case, user=house.leo)
    job = BulkJob.objects.create(user=house.leo, deed="end", total=1, state="done")
    BulkItem.objects.create(job=job, case=case, state="done", words=f"{SECRET} done")
    SavedView.objects.create(name=f"{SECRET} view", owner=house.leo, view="open", filters={"q": SECRET})
    presence.around(house.leo, case.pk, True)
    incident = Incident.objects.create(
        title=f"{SECRET} van", team=Team.objects.get(key="legal"), brand=house.brand, priority=2, opened_by=house.leo
    )
    Joined.objects.create(incident=incident, case=case, user=house.leo)
    Statement.objects.create(
        incident=incident, author=house.mona, sender="Mona", text=f"{SECRET} comes", state="approval", digest="x"
    )
    Import.objects.create(
        user=house.leo, brand=house.brand, what="said", kind="csv", name=f"{SECRET}.csv", digest="a" * 64, size=1,
        heads=["When", "Who", "Text"], channel=house.mailbox, mapping={"when": 0, "who": 1, "text": 2},
    )  # fmt: skip
    Tryout.objects.create(
        user=house.leo, brand=house.brand, name=f"{SECRET}.mbox", kind="mbox", place="email", draft="d", state="done"
    )
    replay = Replay.objects.create(user=house.leo, tried={"names": [SECRET]}, over={}, total=1)
    ReplayTodo.objects.create(replay=replay)
    said = Interaction.objects.filter(conversation=case.conversation, direction="in").latest("id")
    ReplayChange.objects.create(
        replay=replay, interaction=said, conversation=case.conversation, identity_id=case.identity_id,
        occurred_at=said.occurred_at, kinds=["differs:team"], changes={"team": ["support", "legal"]},
    )  # fmt: skip
    _assess(house, case, said)
    CaseField.objects.create(key="why", label="Why", kind="text", team=Team.objects.get(key="legal"))


def _assess(house: House, case: Case, said: Interaction) -> None:
    """An assessment that runs, with somebody who waits and something that is proposed."""
    numbers = {"count": 20, "of": 20, "percent": 100, "least": 83, "kinds": []}
    lane = {"kind": "lane", "side": f"a:{SECRET}@shop.example", "why": "kinds", "numbers": numbers}
    job = Assessment.objects.create(
        user=house.leo, scope=[[None, None, False]], total=1, proposals=[lane],
        over={"since": None, "until": timezone.now().isoformat(), "brand": None, "channels": [house.mailbox.pk],
              "live": True, "chosen": False},
    )  # fmt: skip
    AssessmentTodo.objects.create(assessment=job)
    AssessmentExchange.objects.create(
        assessment=job, kind="never", interaction=said, conversation=case.conversation, identity_id=case.identity_id,
        channel=house.mailbox.pk, at=said.occurred_at, minutes=90.0,
    )  # fmt: skip


def _write_down(house: House, response: Response) -> None:
    """Words that a team nobody here is in keeps for itself; a file that goes out with a response."""
    legal = Team.objects.get(key="legal")
    CannedResponse.objects.create(
        name=SECRET, shortcut=SECRET, text=f"{SECRET} words", team=legal, brand=house.brand, by=house.leo
    )
    Macro.objects.create(
        name=SECRET, steps=[{"step": "note", "value": SECRET}], team=legal, brand=house.brand, by=house.leo
    )
    ResponseFile.objects.create(response=response, digest="b" * 64, name=f"{SECRET}.pdf", content_type="", size=1)


def _on_paper(house: House, response: Response) -> None:
    """A scan in the post box of a team nobody here is in; a letter to be posted in the case."""
    box = Channel.objects.create(
        kind="letter", place="letter", name="Box", address="Box", brand=house.brand,
        settings={"team": "legal"},
    )  # fmt: skip
    scan = Scan.objects.create(
        channel=box, digest="c" * 64, name=f"{SECRET}.png", content_type="image/png", size=1, state="to_check",
        uploaded_by=house.leo, text=f"{SECRET} words",
    )  # fmt: skip
    Page.objects.create(scan=scan, number=1, digest="c" * 64, read_at=timezone.now())
    case = response.case
    said = Interaction.objects.create(
        channel=case.conversation.channel, conversation=case.conversation, direction="out", external_id=f"{SECRET}-out",
        text=f"{SECRET} answer", occurred_at=timezone.now(),
    )  # fmt: skip
    wait = Wait.objects.filter(conversation=case.conversation_id).latest("pk")
    sent = Delivery.objects.create(
        response=response, wait=wait, channel=said.channel, interaction=said, digest="d", state="byhand"
    )
    Printout.objects.create(delivery=sent, digest="d" * 64, name=f"{SECRET}.pdf", size=1)


def _know(house: House, identity: Identity) -> None:
    """All that can be known about somebody."""
    person = identify.person_of(identity.pk)
    persons.change(house.mona, person, name=f"{SECRET} Person", company=f"{SECRET} Works")
    persons.note(house.mona, person, f"{SECRET} likes tea")
    other = Person.objects.create(name=f"{SECRET} Other")
    Identity.objects.create(network="phone", address=NUMBER, name=SECRET, person=person)
    Merge.objects.create(kept=person, gone=other, user=house.mona, moved={"identities": [], "notes": []})
    order = {"identity": identity.pk, "source": SECRET, "order_number": SECRET, "what": SECRET, "currency": "EUR"}
    identify.keep_purchases([order | {"at": timezone.now().isoformat(), "amount": "1"}])
    Fact.objects.create(
        identity=identity, kind="tier", value=SECRET, source=SECRET, verified=True, observed_at=timezone.now()
    )


PLACES = ("another team", "another brand")


def people() -> list[str]:
    """Everybody for whom the foreign objects are foreign."""
    placed = [f"{role} of {place}" for role in Role.values for place in PLACES]
    kept_out = [f"{role} kept out by name" for role in Role.values if role != Role.ADMIN]
    return ["nobody", "without a role", "closed account", *placed, *kept_out]


def make(who: str, world: World) -> User | None:
    """One of them."""
    if who == "nobody":
        return None
    user = User.objects.create_user("sam@shop.example", "Sam", "a good password")
    support, sales = Team.objects.get(key="support"), Team.objects.get(key="sales")
    role = who.partition(" ")[0]
    if who.endswith("another team"):
        Membership.objects.create(user=user, team=sales, role=role)
    elif who.endswith("another brand"):
        Membership.objects.create(user=user, team=support, brand=world.other_brand, role=role)
    elif who.endswith("by name"):
        for case in Case.objects.select_related("conversation__channel", "identity"):
            restricted.restrict(world.house.leo, case, reason=f"{SECRET} reason")
        Membership.objects.create(user=user, team=support, brand=world.house.brand, role=role)
    elif who == "closed account":
        Membership.objects.create(user=user, role=Role.ADMIN)
    return user


def everything_written() -> dict[str, int]:
    """Rows written to each table since the test began, also those that were taken back: the database counts them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return {table: rows for table, rows in cursor.fetchall() if table not in ALWAYS_WRITTEN}


def drawn_revision() -> int:
    """The revision of the map that is drawn."""
    from armature.crm.decide.drawn import Draft

    return Draft.objects.filter(kind="map").values_list("revision", flat=True).first() or 1
