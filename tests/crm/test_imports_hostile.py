"""Files that want to do harm, or are broken: told with place and mend, in little memory and time."""

import io
import json
import tracemalloc
import zipfile
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from armature.crm.listen.imports import kinds, mails, tables
from armature.crm.listen.imports.cards import Cards, _add
from armature.crm.listen.imports.mails import Mails, Mbox
from armature.crm.listen.imports.objects import Objects
from armature.crm.listen.imports.records import NotReadable, Record, Source
from armature.crm.listen.imports.sheets import Sheet, looked_at
from armature.crm.listen.imports.tables import Table, as_written, inert
from armature.crm.listen.imports.tickets import Tickets


def all_of(source: Source) -> list[Record]:
    """Every record, and the file closed."""
    try:
        return list(source.records())
    finally:
        source.close()


def kept(folder: Path, body: bytes) -> Path:
    """A file with these bytes."""
    path = folder / "file"
    path.write_bytes(body)
    return path


def packed(folder: Path, parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A zip with these parts."""
    path = folder / "file"
    with zipfile.ZipFile(path, "w", method) as made:
        for name, body in parts.items():
            made.writestr(name, body)
    return path


def workbook(change: dict[str, bytes] | None = None) -> dict[str, bytes]:
    """The parts of a small workbook."""
    book, stream = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["when", "who", "text"])
    book.active.append(["2024-01-02", "per@people.example", "Hello"])
    book.save(stream)
    with zipfile.ZipFile(stream) as made:
        return {name: made.read(name) for name in made.namelist()} | (change or {})


def test_a_workbook_is_read_and_one_that_is_a_bomb_is_not_opened(tmp_path: Path) -> None:
    """B19: 200 MB of nothing in a file of 200 kB."""
    assert [one.cells for one in all_of(Sheet(packed(tmp_path, workbook())))] == [
        ["2024-01-02", "per@people.example", "Hello"]
    ]
    bomb = packed(tmp_path, workbook({"xl/worksheets/sheet1.xml": b"<a>" + b" " * 150_000_000}))
    assert bomb.stat().st_size < 400_000
    tracemalloc.start()
    with pytest.raises(NotReadable, match="hundred times"):
        kinds.known(bomb)
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_a_workbook_that_declares_entities_is_not_opened(tmp_path: Path, part: str) -> None:
    """B19: a billion laughs, and a file of ours read through an entity."""
    evil = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c SYSTEM "file:///etc/passwd">]><a>&b;&c;</a>'
    with pytest.raises(NotReadable, match="entities"):
        Sheet(packed(tmp_path, workbook({part: evil})))


def test_a_zip_of_very_many_parts_or_a_locked_one_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match="Divide it"):
        looked_at(packed(tmp_path, {f"{n}.eml": b"" for n in range(11)}), entries=10)


def test_a_mail_of_a_zip_that_is_larger_than_mails_are_is_left_out_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mails, "LONGEST_MAIL", 100_000)
    mail = b"From: a@b.example\r\nSubject: x\r\n\r\nHello\r\n"
    large = b"From: a@b.example\r\n\r\n" + b"".join(b"%08d" % n for n in range(20_000))
    found = all_of(Mails(packed(tmp_path, {"a.eml": mail, "in/b.eml": large, "c.txt": b"x", "d.eml": b" "})))
    assert [one.wrong[:12] for one in found] == ["", "this mail is", "this mail is"]


def test_a_line_of_100_mb_in_an_mbox_costs_that_mail_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with path.open("wb") as made:
        made.write(b"From a\nFrom: a@b.example\n\nOne\n\nFrom b\nFrom: a@b.example\n\n")
        for _ in range(100):
            made.write(b"x" * 1_000_000)
        made.write(b"\n\nFrom c\nFrom: a@b.example\n\n>From here on\nThree\n")
    tracemalloc.start()
    found = all_of(Mbox(path))
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()
    assert [one.wrong[:9] for one in found] == ["", "this mail", ""] and b"\nFrom here on" in found[2].raw


def test_a_csv_line_of_100_mb_costs_that_line_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with path.open("wb") as made:
        made.write(b"when,text\na,b\n")
        for _ in range(100):
            made.write(b"x" * 1_000_000)
        made.write(b"\nc,d\n")
    tracemalloc.start()
    found = all_of(Table(path))
    assert tracemalloc.get_traced_memory()[1] < 40_000_000
    tracemalloc.stop()
    assert [(one.cells, one.wrong[:20]) for one in found] == [
        (["a", "b"], ""),
        ([], "this line has more t"),
        (["c", "d"], ""),
    ]
    assert found[2].place == "line 4"


def test_a_quotation_mark_that_is_never_closed_is_named_with_the_lines_it_swallows(tmp_path: Path) -> None:
    found = all_of(Table(kept(tmp_path, b'a,b\n1,2\n3,"4\n5,6\n')))
    assert found[0].cells == ["1", "2"] and "never closed" in found[1].wrong and found[1].place == "line 3"
    assert "lines 3 to 4" in found[1].wrong


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_of_spreadsheets_are_told_apart(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [["Datum", "Größe", "Text"], ["1", "2", '"a, b; é\r\nund"'], ["3", "4", "c"]]
    text = "".join(delimiter.join(row) + "\r\n" for row in rows)
    found = kinds.known(path := kept(tmp_path, text.encode(encoding)))
    source = kinds.opened(path, found.kind, found.options)
    assert source.heads == ["Datum", "Größe", "Text"]
    assert [one.cells for one in all_of(source)] == [["1", "2", "a, b; é\r\nund"], ["3", "4", "c"]]


def test_nul_bytes_bad_letters_and_too_many_cells_are_told_with_their_column(tmp_path: Path) -> None:
    found = all_of(Table(kept(tmp_path, b"a,b\n1,x\0y\n2,\xc3\xa9\xc3\xa9\xc3\xa9\n3,\xe9\n4,5,6\n7,8\n")))
    assert [one.wrong.partition(":")[0][:44] for one in found] == [
        "the column “b” holds a NUL byte, which no te", "", "the column “b” holds bytes that are no lette",
        "there are 3 cells and 2 columns", "",
    ]  # fmt: skip


def test_ten_thousand_columns_are_refused_in_every_kind(tmp_path: Path) -> None:
    wide = ",".join(f"c{n}" for n in range(10_000)).encode()
    with pytest.raises(NotReadable, match="up to 200"):
        Table(kept(tmp_path, wide))
    with pytest.raises(NotReadable, match="up to 200"):
        Objects(kept(tmp_path, json.dumps({f"c{n}": 1 for n in range(10_000)}).encode()))


def test_json_nested_deeper_than_anybody_writes_is_a_fault_of_its_line(tmp_path: Path) -> None:
    deep = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    found = all_of(Objects(kept(tmp_path, b'{"text":"x"}\n' + deep + b'\n[1]\n{"text":"y","text2":{"z":[1]}}\n')))
    assert [bool(one.wrong) for one in found] == [False, True, True, False]
    listed = all_of(Tickets(kept(tmp_path, b"[" + deep + b"]"), "zendesk", True))
    assert len(listed) == 1 and listed[0].wrong


def test_a_card_without_an_end_and_one_with_a_huge_picture_are_told(tmp_path: Path) -> None:
    cards = (
        b"BEGIN:VCARD\nFN:A\nEND:VCARD\nBEGIN:VCARD\nPHOTO:" + b"x" * 5_000_000 + b"\nEND:VCARD\nBEGIN:VCARD\nFN:C\n"
    )
    found = all_of(Cards(kept(tmp_path, cards)))
    assert [one.wrong[:12] for one in found] == ["", "this card is", "the file end"]


@pytest.mark.parametrize(
    "body", [b"", b"  \n", b"\x00\x01\x02\x03" * 50, b"PK\x03\x04nonsense", b"\xd0\xcf\x11\xe0" * 9, b"[1,2]"]
)
def test_what_can_be_nothing_of_it_says_what_to_give_instead(tmp_path: Path, body: bytes) -> None:
    with pytest.raises(NotReadable):
        kinds.opened(kept(tmp_path, body), kinds.known(kept(tmp_path, body)).kind, {})


@pytest.mark.parametrize(
    "cell", ["=1", "'=1", "''=1", "'plain", "-1", "＝1", "\t=1", " +1", "", "x", "'", "@a", "\r\n=1"]
)
def test_an_inert_cell_reads_as_it_was(cell: str) -> None:
    """B9."""
    written = inert(cell)
    assert as_written(written) == cell
    assert written.lstrip(" \n\r\t")[:1] not in tuple("=+-@|%＝＋－＠") or not written


def test_a_row_that_says_it_is_the_last_of_a_hundred_thousand_million_ends_the_sheet(tmp_path: Path) -> None:
    """Every row before it would be made, one after the other, while whoever uploaded it waits."""
    rows = (
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>text</t></is></c></row><row r="99999999999"><c><v>1</v></c></row>'
    )
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = b'<worksheet xmlns="' + space + b'"><sheetData>' + rows + b"</sheetData></worksheet>"
    read = Sheet(packed(tmp_path, workbook({"xl/worksheets/sheet1.xml": sheet})))
    assert read.heads == ["text"] and all_of(read) == []


def test_a_row_of_ever_more_cells_of_several_lines_ends_at_four_megabytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No cell and no line of it is too long, and all of it would be one row."""
    monkeypatch.setattr(tables, "LONGEST_LINE", 1000)
    found = all_of(Table(kept(tmp_path, b"text,when\n" + b'"a\n",' * 5000 + b"\nHello,2024\n")))
    assert len(found) > 5 and "4 MB" in found[0].wrong


def test_a_number_longer_than_any_is_a_fault_of_its_ticket(tmp_path: Path) -> None:
    found = all_of(Tickets(kept(tmp_path, b'[{"subject":"x","id":' + b"9" * 6000 + b"}]"), "zendesk", True))
    assert len(found) == 1 and found[0].wrong


def test_a_picture_in_an_address_book_is_not_put_together_line_by_line(tmp_path: Path) -> None:
    card = b"BEGIN:VCARD\nPHOTO:x\n" + b" a\n" * 50_000 + b"NOTE:x\n" + b" a\n" * 50_000 + b"FN:Per\nEND:VCARD\n"
    found: list[str] = []
    for line in card.decode().splitlines()[1:-1]:
        _add(found, line)
    assert [len(one) < 20_000 for one in found] == [True] * 3 and len(found[0]) == 7
    assert all_of(Cards(kept(tmp_path, card)))[0].cells[0] == "Per"


def test_names_of_columns_hold_nothing_that_no_database_keeps(tmp_path: Path) -> None:
    with closing(Table(kept(tmp_path, b"te\x00xt,when\n"))) as table:
        assert table.heads == ["text", "when"]
    with closing(Objects(kept(tmp_path, b'{"te\\u0000xt": "a", "\\ud800": "b"}\n'))) as lines:
        assert lines.heads == ["text", "\ufffd"]
