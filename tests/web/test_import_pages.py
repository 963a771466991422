"""The pages that bring in the past: upload, pickers, preview, dry run, progress, what is to be mended."""

import csv
import io
import json
import re
import zipfile
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from armature.crm.identify.models import Person, Purchase
from armature.crm.listen.imports.models import Import
from armature.crm.listen.models import Channel, Interaction
from house import House
from visitors import visit

HEADS = "When,Author,Text\n"
GOOD = "2024-02-03 10:00,ingrid@people.example,My kettle is broken\n"
EVIL = '2024-02-31 10:00,per@people.example,"=HYPERLINK(""http://x.example"",""a"")"\n'


def upload(client: Client, house: House, body: bytes, name: str = "old.csv", what: str = "said") -> Any:
    """Choose the file and press the button."""
    file = SimpleUploadedFile(name, body)
    return client.post("/imports", {"file": file, "what": what, "brand": house.brand.pk})


def uploaded(client: Client, house: House, body: bytes, name: str = "old.csv", what: str = "said") -> Import:
    """The same, when it goes well."""
    there = upload(client, house, body, name, what)
    assert there.status_code == 302, re.findall(r'role="alert"[^>]*>([^<]+)', there.content.decode())
    return Import.objects.get(pk=int(there["Location"].rsplit("/", 1)[1]))


def form_of(job: Import, **more: Any) -> dict[str, Any]:
    """What the form of the page sends when nobody changes anything."""
    columns = {f"column-{key}": column for key, column in job.mapping.items()}
    return {**columns, "channel": "past", "past_name": "Old shop", "place": "email", "zone": "UTC", "order": "day",
            "ours": "", "country": "NO", "currency": "EUR", **more}  # fmt: skip


def through(client: Client, house: House, job: Import, **more: Any) -> Import:
    """Map, try out, bring in."""
    assert client.post(f"/imports/{job.pk}/keep", form_of(job, **more)).status_code == 302
    house.settle()
    assert client.post(f"/imports/{job.pk}/drive", {"do": "run"}).status_code == 302
    house.settle()
    job.refresh_from_db()
    return job


def to_mend(client: Client, job: Import) -> bytes:
    """What the button downloads."""
    return b"".join(client.post(f"/imports/{job.pk}/to-mend"))


def test_a_file_is_shown_as_it_will_be_understood_and_comes_in_by_two_buttons(house: House) -> None:
    leo = visit(house.leo)
    job = uploaded(leo, house, (HEADS + GOOD + EVIL).encode())
    page = leo.get(f"/imports/{job.pk}").content.decode()
    assert "My kettle is broken" in page and "3 February 2024" in page and "is no time there is" in page
    job = through(leo, house, job)
    assert (job.state, job.counts["new"], job.counts["faulty"]) == ("done", 1, 1)
    assert Interaction.objects.get().channel == Channel.objects.get(name="Old shop")
    done = leo.get(f"/imports/{job.pk}").content.decode()
    assert "Brought in" in done and "Download what is to be mended" in done


def test_pickers_change_the_preview_and_keep_nothing(house: House) -> None:
    leo = visit(house.leo)
    job = uploaded(leo, house, (HEADS + GOOD).encode())
    asked = {"part": "preview", **form_of(job), "column-text": 1}
    shown = leo.get(f"/imports/{job.pk}", asked, headers={"HX-Request": "true"}).content.decode()
    assert "My kettle" not in shown
    job.refresh_from_db()
    assert job.mapping["text"] == 2


def test_what_is_missing_is_said_beside_its_picker(house: House) -> None:
    leo = visit(house.leo)
    job = uploaded(leo, house, b"A,B\n1,2\n")
    there = leo.post(f"/imports/{job.pk}/keep", form_of(job))
    assert there.status_code == 422 and 'id="column-text_error"' in there.content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_to_be_mended_runs_nowhere_and_comes_back_mended_as_it_was(house: House, kind: str) -> None:
    """B9: cells that begin like formulas are inert in the download, and equal once they are read again."""
    leo = visit(house.leo)
    odd = ["=1+1", "+49 30", "-x", "@sum", "\ttab", "＝1", " =2", "'=3", "'plain", "%x", "a\nb"]
    rows = [["When", "Author", "Text"], *[["2024-02-31 10:00", "per@people.example", cell] for cell in odd]]
    job = through(leo, house, uploaded(leo, house, _file(rows, kind), f"old.{kind}"))
    assert job.counts["faulty"] == len(odd)
    body = to_mend(leo, job)
    assert not _runs(body, kind)
    mended = body.replace(b"2024-02-31", b"2024-02-29") if kind == "csv" else _mended(body)
    again = through(leo, house, uploaded(leo, house, mended, f"old-to-mend.{kind}"))
    assert (again.counts["new"], again.counts["faulty"]) == (len(odd), 0)
    assert set(Interaction.objects.values_list("text", flat=True)) == {cell.strip() for cell in odd}


def _file(rows: list[list[str]], kind: str) -> bytes:
    if kind == "csv":
        text = io.StringIO()
        csv.writer(text).writerows([["'" + c if c[:2] in ("=1", "'=") else c for c in row] for row in rows])
        return text.getvalue().encode()
    book, kept = openpyxl.Workbook(), io.BytesIO()
    for down, row in enumerate(rows, 1):
        for across, cell in enumerate(row, 1):
            book.active.cell(down, across, cell).data_type = "s"
    book.save(kept)
    return kept.getvalue()


def _runs(body: bytes, kind: str) -> list[str]:
    """Cells that a spreadsheet would run."""
    if kind == "csv":
        read = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""))
        return [cell for row in read for cell in row if cell.lstrip()[:1] in tuple("=+-@|%\t\r＝＋－＠") and cell]
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return re.findall(r"<f>.*?</f>", packed.read("xl/worksheets/sheet1.xml").decode())


def _mended(body: bytes) -> bytes:
    book, kept = openpyxl.load_workbook(io.BytesIO(body)), io.BytesIO()
    for row in book.active.iter_rows(min_row=2):
        row[0].value = "2024-02-29 10:00"
        row[2].data_type = "s"
    book.save(kept)
    return kept.getvalue()


def test_json_lines_to_mend_are_json_lines(house: House) -> None:
    leo = visit(house.leo)
    line = {"when": "never", "from": {"email": "per@people.example"}, "text": "Hello"}
    job = uploaded(leo, house, json.dumps(line).encode() + b"\n", "old.jsonl")
    job = through(leo, house, job, **{"column-who": job.heads.index("from.email")})
    kept = json.loads(to_mend(leo, job))
    assert kept["text"] == "Hello" and "is no time there is" in kept["why_not_taken"]


def test_people_come_with_what_they_bought_and_contradictions_are_listed(house: House) -> None:
    leo = visit(house.leo)
    head = b"Name,E-mail,Phone,Company,Order number,Product,Order date,Total\n"
    rows = b'Ingrid Berg,ingrid@people.example,22 33 44 55,Fjord,A-1,Kettle,2024-02-03,"1.234,50"\n'
    job = through(leo, house, uploaded(leo, house, head + rows, "people.csv", "people"))
    assert (job.state, job.counts["new"]) == ("done", 1), job.rows.values()
    person = Person.objects.get()
    assert person.company is not None and person.company.name == "Fjord"
    assert {one.address for one in person.identities.all()} == {"ingrid@people.example", "+4722334455"}
    bought = Purchase.objects.get()
    assert (str(bought.amount), bought.currency, bought.what) == ("1234.50", "EUR", "Kettle")
    more = rows.replace(b"A-1", b"A-2") + rows.replace(b"Ingrid Berg", b"Somebody Else").replace(b"A-1", b"A-3") + rows
    again = through(leo, house, uploaded(leo, house, head + more, "people.csv", "people"))
    assert {k: n for k, n in again.counts.items() if n} == {"changed": 1, "conflict": 1, "known": 1}
    assert Person.objects.get().name == "Ingrid Berg" and Purchase.objects.count() == 2
    assert "Ingrid" not in again.rows.get(result="conflict").why


def test_an_address_book_brings_people(house: House) -> None:
    leo = visit(house.leo)
    card = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Berg;Ingrid;;;\r\nFN:Ingrid Berg\r\nORG:Fjord\\, Inc;Sales\r\n"
        "EMAIL;TYPE=INTERNET:ingrid@people.example\r\nitem1.TEL;TYPE=CELL:+47 22 33\r\n  44 55\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Per\r\nTEL;VALUE=uri:tel:+4799887766\r\nEND:VCARD\r\n"
    )
    job = through(leo, house, uploaded(leo, house, card.encode(), "book.vcf", "people"))
    assert job.counts["new"] == 2, list(job.rows.values())
    assert set(Person.objects.values_list("name", "company__name")) == {("Ingrid Berg", "Fjord, Inc"), ("Per", None)}


def test_a_lead_of_one_brand_brings_in_no_people(house: House) -> None:
    from armature.crm.accounts.models import Membership

    Membership.objects.filter(user=house.leo).update(brand=house.brand)
    leo = visit(house.leo)
    assert 'value="people"' not in leo.get("/imports").content.decode()
    assert upload(leo, house, b"E-mail\nper@people.example\n", "p.csv", "people").status_code == 422
    assert not Import.objects.exists()


HOSTILE_HEADS = ("owner__password__startswith", "'; DROP TABLE listen_interaction; --", "__proto__", "{{7*7}}", "%s")


def test_heads_and_choices_are_data_and_reach_no_statement(house: House) -> None:
    """B8: what looks like SQL, an operator or a look-up in names of columns, values and addresses of the page."""
    leo = visit(house.leo)
    rows = [
        ["When", "Author", "Text", *HOSTILE_HEADS],
        ["2024-02-03 10:00", "per@people.example", "' OR 1=1 --", *"abcde"],
    ]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    job = uploaded(leo, house, text.getvalue().encode())
    for odd in ("1 OR 1=1", "text; DROP TABLE x", "-1", "9" * 400, "0000019", "²", "\x00"):
        asked = {"part": "preview", **form_of(job), "column-text": odd, "column-__proto__": "1", "channel": odd}
        assert leo.get(f"/imports/{job.pk}", asked, headers={"HX-Request": "true"}).status_code == 200
        assert leo.get("/imports", {"before": odd}).status_code == 200
        assert leo.post(f"/imports/{job.pk}/keep", form_of(job, **{"column-text": odd})).status_code == 422
        assert leo.post(f"/imports/{job.pk}/drive", {"do": odd}).status_code == 404
    job = through(leo, house, job)
    assert Interaction.objects.get().text == "' OR 1=1 --"
