"""Calls in steps of any order, lists of calls with bad rows, and who calls: on a real database."""

import base64
import itertools
import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from armature.arm.call import Step, told_by
from armature.cli.calls import _bring_in
from armature.crm.act import by_phone, persons, queries
from armature.crm.act.models import Case
from armature.crm.channels import registry
from armature.crm.channels.port import Account, CallStep, Created, Envelope
from armature.crm.channels.signatures import sign_webhook
from armature.crm.identify.models import Identity, Person
from armature.crm.listen import calls
from armature.crm.listen.models import Channel, Interaction
from armature.crm.listen.secrets import seal_secret
from house import House, make_house
from visitors import visit

KIND = registry.kind("calls")
SECRET = f"whsec_{base64.b64encode(b'k' * 32).decode()}"
ACCOUNT = Account(1, "calls", "pbx", {"country": "NO"})
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
INGRID = "+4722334455"
END = {
    "event": "end", "call_id": "c1", "direction": "in", "from": "22 33 44 55", "to": "200", "result": "missed",
    "at": "2026-03-02T09:00:20Z",
}  # fmt: skip
STEPS = [
    {"event": "start", "call_id": "c1", "at": "2026-03-02T09:00:00Z"},
    {"event": "answer", "call_id": "c1", "at": "2026-03-02T09:00:07Z", "agent": "mona"},
    END | {"at": "2026-03-02T09:03:07Z", "result": "answered"},
    {"event": "recording", "call_id": "c1", "at": "2026-03-02T09:03:30Z", "recording": "https://pbx.example/1.wav"},
    {"event": "disposition", "call_id": "c1", "at": "2026-03-02T09:05:00Z", "disposition": "sold", "note": "Boots."},
]


@pytest.fixture
def house(db: None) -> House:
    return make_house()


@pytest.fixture
def channel(house: House) -> Channel:
    found = Channel.objects.create(
        kind="calls", place="phone", name="Phone", address="pbx", brand=house.brand, settings={"country": "NO"}
    )
    seal_secret(found, "hook_secret", SECRET)
    return found


def called(channel: Channel, step: dict[str, Any], name: str) -> int:
    """The phone system calls us."""
    body = json.dumps(step).encode()
    headers = sign_webhook(SECRET, name, body, datetime.fromtimestamp(time.time(), UTC))
    asked = Client(enforce_csrf_checks=True)
    address = f"/hook/{channel.hook}"
    return int(asked.post(address, body, content_type="application/json", headers=headers).status_code)


def test_steps_in_any_order_are_one_call() -> None:
    steps = [one for line in STEPS for one in events(line) if isinstance(one, CallStep)]
    told = {told_by(Step(one.step, one.at, one.known) for one in order) for order in itertools.permutations(steps)}
    (call,) = told
    assert (call.agent, call.talked, call.rang, call.result) == ("mona", 180, 7, "answered")
    assert (call.disposition, call.note, call.recording) == ("sold", "Boots.", "https://pbx.example/1.wav")


def events(line: dict[str, Any]) -> list[Any]:
    return KIND.normalise(ACCOUNT, Envelope("hook:1", json.dumps(line).encode(), "application/json", NOW))


@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [3, 0, 4, 2, 1]])
def test_a_call_that_was_answered_is_kept_and_no_work(house: House, channel: Channel, order: list[int]) -> None:
    for each in order:
        assert called(channel, STEPS[each], f"call-{each}") == 200
        house.settle()
    (said,) = Interaction.objects.all()
    assert (said.kind, said.author, said.text, bool(said.automatic)) == ("call", INGRID, "Call, answered", True)
    (call,) = calls.calls([said.pk]).values()
    assert (call.agent, call.talked, call.note) == ("mona", 180, "Boots.")
    assert (
        not Case.objects.filter(status="new").exists() and not queries.cases_for(house.mona).exclude(form="").exists()
    )


def test_a_missed_call_is_work_and_shows_what_is_known(house: House, channel: Channel) -> None:
    for line, name in ((STEPS[0], "a"), (END, "b"), (END, "b"), (STEPS[4], "c")):
        assert called(channel, line, name) == 200
    house.settle()
    case = house.case(INGRID)
    assert case.form and case.identity.network == "phone"
    page = visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    assert "Missed call" in page and "Rang for" in page and "0:20" in page and "Boots." in page and "back" in page
    assert called(channel, END | {"call_id": "c2"}, "d") == 200
    house.settle()
    assert Case.objects.count() == 1, "who rings twice is one case"
    assert called(channel, END | {"call_id": "c3", "from": "anonymous"}, "e") == 200
    house.settle()
    assert Identity.objects.filter(network="none").count() == 1 and Case.objects.count() == 2


def test_what_we_rang_is_ours(house: House, channel: Channel) -> None:
    assert called(channel, END | {"direction": "out", "from": "200", "to": INGRID, "result": "busy"}, "a") == 200
    house.settle()
    assert Interaction.objects.get().direction == "out" and not Case.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"event": "ring"}, '"event" must be one of'), ({"call_id": ""}, '"call_id"'), ({"call_id": None}, '"call_id"'),
        ({"result": "gone"}, '"result" must be one of'), ({"direction": "up"}, '"direction"'),
        ({"from": "nonsense"}, "no phone number"), ({"at": "soon"}, "must be a time"), ({"talked": "3"}, '"talked"'),
        ({"talked": -1}, '"talked"'), ({"recording": "javascript:alert(1)"}, '"recording"'), ({"agent": 7}, '"agent"'),
    ],
)  # fmt: skip
def test_a_bad_step_is_parked_with_the_field(change: dict[str, Any], words: str) -> None:
    assert isinstance(events(END)[0], Created)
    with pytest.raises(ValueError, match=words):
        events(END | change)


CDR = (
    '"","{src}","{dst}","in","""Ingrid"" <{src}>","SIP/1","SIP/2","Dial","x","{start}","{answer}","{end}",20,{billsec},'
    '"{disposition}","DOCUMENTATION","{uniqueid}",""\n'
)
ROW = {"src": "22334455", "dst": "200", "start": "2026-03-02 10:00:00", "answer": "", "end": "2026-03-02 10:00:20",
       "billsec": "0", "disposition": "NO ANSWER", "uniqueid": "1772442000.1"}  # fmt: skip


def test_a_list_of_asterisk_is_taken_once_and_bad_rows_are_told(
    house: House, channel: Channel, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "Master.csv"
    rows = [
        CDR.format(**ROW),
        CDR.format(**ROW | {"uniqueid": "2", "disposition": "EXPLODED"}),
        '"a","quote that never ends\n',
        CDR.format(
            **ROW | {"uniqueid": "3", "disposition": "ANSWERED", "answer": "2026-03-02 10:00:05", "billsec": "15"}
        ),
        CDR.format(**ROW | {"uniqueid": "4", "start": "yesterday", "end": ""}),
        CDR.format(**ROW | {"uniqueid": "5", "src": "201"}),
        "\n",
        CDR.format(**ROW | {"uniqueid": "6", "src": "200", "dst": "004722334455", "disposition": "BUSY"}),
    ]
    file.write_text("".join(rows))
    assert _bring_in(file, "pbx", "asterisk", "Europe/Oslo") == (3, 0, 4)
    told = capsys.readouterr().err
    for line, words in ((2, "EXPLODED"), (3, "no row"), (5, "yesterday"), (6, "inside the house")):
        assert f"Master.csv, line {line}: " in told and words in told
    assert _bring_in(file, str(channel.pk), "asterisk", "Europe/Oslo") == (0, 3, 4)
    house.settle()
    said = {one.external_id: one for one in Interaction.objects.all()}
    assert {name: (one.direction, one.text) for name, one in said.items()} == {
        "1772442000.1": ("in", "Missed call"), "3": ("in", "Call, answered"), "6": ("out", "We called, line busy"),
    }  # fmt: skip
    assert said["3"].occurred_at == datetime(2026, 3, 2, 9, tzinfo=UTC), "its clock is in Oslo"
    assert calls.calls([said["3"].pk])[said["3"].pk].talked == 15
    assert called(channel, END | {"call_id": "1772442000.1"}, "x") == 200
    house.settle()
    assert Interaction.objects.count() == 3, "the same call heard of in another way"


def test_any_table_with_names_on_top_is_taken(house: House, channel: Channel, tmp_path: Path) -> None:
    from click import ClickException

    file = tmp_path / "calls.csv"
    file.write_text(
        "\ufeffResult,call_id,direction,from,to,start,talked,note\r\n"
        f'voicemail,v1,in,{INGRID},200,2026-03-02T10:00:00+01:00,,"Ring me, please"\r\n'
        f"missed,v2,in,{INGRID},200,2026-03-02T10:00:00+01:00,soon,\r\n"
        "missed,v3,in\r\n"
    )
    assert _bring_in(file, "pbx", "header", "") == (1, 0, 2)
    house.settle()
    assert Interaction.objects.get().text == "Call, voicemail left: Ring me, please"
    file.write_text("from,to\n1,2\n")
    for layout, zone, words in (("header", "", "missing: call_id"), ("asterisk", "Nowhere", "no zone")):
        with pytest.raises(ClickException, match=words):
            _bring_in(file, "pbx", layout, zone)
    with pytest.raises(ClickException, match="takes no lists"):
        _bring_in(file, "hello@shop.example", "header", "")
    with pytest.raises(ClickException, match="no channel"):
        _bring_in(file, "nowhere", "header", "")


def test_who_calls_is_shown_or_made_known(house: House, channel: Channel) -> None:
    mona, olga = visit(house.mona), visit(house.olga)
    assert called(channel, END, "a") == 200
    house.settle()
    there = Identity.objects.get(address=INGRID)
    for typed in ("22334455", "004722334455", "+4722334455", "22 33 44 55"):
        assert mona.get(f"/people/by-phone/{typed}").headers["Location"] == f"/people/at/{there.pk}"
    assert olga.get(f"/people/by-phone/{INGRID}").status_code == 404, "she may not know of it"
    assert olga.post(f"/people/by-phone/{INGRID}", {"name": "X"}).status_code == 404
    person = persons.know(house.mona, there)
    assert mona.get(f"/people/by-phone/{INGRID}").headers["Location"] == f"/people/{person.pk}"

    page = mona.get("/people/by-phone/99887766")
    assert page.status_code == 404 and "Make a new person" in page.content.decode()
    made = mona.post("/people/by-phone/99887766", {"name": "Ola"})
    ola = Person.objects.get(name="Ola")
    assert (
        made.headers["Location"] == f"/people/{ola.pk}" == mona.get("/people/by-phone/+4799887766").headers["Location"]
    )
    assert (
        mona.get(f"/people/{ola.pk}").status_code == 200
        and visit(house.leo).get(f"/people/{ola.pk}").status_code == 404
    )
    assert by_phone.add(house.mona, "99887766", "Again") == ola
    assert mona.get("/people/by-phone/nonsense").status_code == 404
    assert "no phone number" in mona.get("/people/by-phone/nonsense").content.decode()
