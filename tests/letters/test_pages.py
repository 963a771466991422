"""The pages for paper as a browser gets them: hostile files refused by name, what was typed kept, only one's own."""

import shutil
import struct
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from armature.crm import jobs, lease
from armature.crm.accounts.models import Brand, Membership, Role, Team, User
from armature.crm.act import papers
from armature.crm.listen.models import Channel, Interaction
from armature.crm.listen.scans import commands, kinds, programs, reading
from armature.crm.listen.scans.models import Scan, Unread
from house import House
from letters.papers import ENGLISH, pdf, picture, smudged
from visitors import PART, stranger, visit


def _upload(client: Client, post_box: Channel, **files: bytes) -> str:
    given = [SimpleUploadedFile(name.replace("__", "."), body) for name, body in files.items()]
    answer = client.post("/letters/upload", {"channel": post_box.pk, "files": given}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def _read() -> None:
    while jobs.read_paper():
        pass


def _png(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))


BOMB = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 900000000>>endobj\n"


def test_hostile_files_are_refused_by_name_and_the_others_are_kept(house: House, post_box: Channel) -> None:
    page = _upload(
        visit(house.mona), post_box, good__png=picture(ENGLISH), script__pdf=b"<script>alert(1)</script>",
        list__png=b"/etc/passwd\n", huge__png=_png(30_000, 30_000), broken__pdf=BOMB, empty__png=b"",
        many__pdf=pdf(*["page"] * 31), cut__jpg=b"\xff\xd8\xff\xe0\x00\x10",
    )  # fmt: skip
    for words in (
        "“script.pdf” is not taken: it is neither PDF nor PNG nor JPEG",
        "“list.png” is not taken: it is neither",
        "“huge.png” is not taken: its picture has 30000 × 30000 dots",
        "“broken.pdf” is not taken: this PDF",
        "“empty.png” is not taken: it is neither",
        "“many.pdf” is not taken: it has 31 pages, and 30 are taken",
        "“cut.jpg” is not taken: it has no picture",
        "1 scan is read now.",
        "0 of 1 pages read",
    ):
        assert words in page, words
    assert [scan.name for scan in Scan.objects.all()] == ["good.png"]


def test_a_file_that_is_too_large_and_a_batch_that_is_too_long_are_named(
    house: House, post_box: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "MOST_BYTES", 5_000)
    monkeypatch.setattr(papers, "MOST_FILES", 1)
    page = _upload(visit(house.mona), post_box, large__png=picture(ENGLISH), second__png=picture("two"))
    assert "“large.png” is not taken: it is larger than" in page
    assert "“second.png” is not taken: 1 files at once are taken" in page
    assert not Scan.objects.exists()


def test_a_picture_that_takes_too_long_is_left_to_a_person(
    house: House, post_box: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs.run, "__kwdefaults__", {"seconds": 0.05, "memory": programs.MEMORY})
    client = visit(house.mona)
    _upload(client, post_box, slow__png=picture(ENGLISH))
    _read()
    scan = Scan.objects.get()
    page = client.get(f"/letters/{scan.pk}").content.decode()
    assert (scan.state, Unread.objects.count()) == ("to_check", 0)
    assert "could not be read by machine: reading it takes longer" in page
    monkeypatch.undo()
    client.post(f"/letters/{scan.pk}/read-again")
    _read()
    scan.refresh_from_db()
    assert "My parcel arrived broken" in scan.text


def test_a_program_gets_only_so_much_memory(house: House, post_box: Channel, tmp_path: Any) -> None:
    (tmp_path / "page.png").write_bytes(picture(ENGLISH))
    with pytest.raises(programs.Unreadable):
        programs.run(["tesseract", str(tmp_path / "page.png"), "stdout", "tsv"], memory=30_000_000)


def test_a_page_whose_worker_died_is_read_by_another_and_only_once(house: House, post_box: Channel) -> None:
    papers.upload(house.mona, post_box, "a.png", picture(ENGLISH))
    dead = lease.claim(Unread, 1)
    assert not jobs.read_paper()
    Unread.objects.update(leased_until="2026-01-01T00:00Z")
    assert jobs.read_paper() == 1
    with pytest.raises(lease.LeaseLost):
        commands.read(dead)
        lease.finish(Unread, dead)


def test_without_the_programs_the_page_says_what_to_install(
    house: House, post_box: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name in programs.PACKAGES else found(name))
    page = visit(house.mona).get("/letters").content.decode()
    assert "apt install poppler-utils tesseract-ocr" in page
    said = _upload(visit(house.mona), post_box, letter__png=picture(ENGLISH))
    assert "“letter.png” is not taken: Paper cannot be read by machine here yet. Install: apt install" in said
    monkeypatch.undo()
    Channel.objects.filter(pk=post_box.pk).update(settings=post_box.settings | {"reads": "eng+frk"})
    assert "apt install tesseract-ocr-frk" in visit(house.mona).get("/letters").content.decode()


def test_doubtful_words_are_marked_on_the_picture_and_listed(house: House, post_box: Channel) -> None:
    client = visit(house.mona)
    _upload(client, post_box, smudged__png=smudged(ENGLISH))
    _read()
    scan = Scan.objects.get()
    page = client.get(f"/letters/{scan.pk}").content.decode()
    doubtful = [word for word in scan.pages.get().words if word[1] < reading.SURE]
    assert page.count("<rect ") == len(doubtful) > 0
    for word in doubtful:
        assert f"<bdi>{word[0]}</bdi>" in page
    shown = client.get(f"/letters/{scan.pk}/page/1")
    assert (shown.content, shown.headers["Content-Type"]) == (smudged(ENGLISH), "image/png")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/letters/{scan.pk}/page/2").status_code == 404


def test_what_was_typed_stays_when_a_sender_is_looked_for_or_something_is_wrong(
    house: House, post_box: Channel
) -> None:
    house.hear("Where is it?", name="Ingrid Berg")
    house.settle()
    client = visit(house.mona)
    _upload(client, post_box, letter__png=picture(ENGLISH))
    _read()
    scan = Scan.objects.get()
    given = {"text": "Corrected words", "subject": "Kettle", "name": "Ingrid B.", "address": "", "q": "ingrid"}
    page = client.post(f"/letters/{scan.pk}/file", {**given, "find": "1"}).content.decode()
    assert all(words in page for words in ("Corrected words", 'value="Kettle"', 'value="Ingrid B."'))
    assert "ingrid@people.example" in page
    refused = client.post(f"/letters/{scan.pk}/file", {**given, "written_on": "soon"})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert all(words in page for words in ("Corrected words", "Type the address as it stands", "Write the date as"))
    done = client.post(f"/letters/{scan.pk}/file", {**given, "address": "Street 1\nTown"}, follow=True)
    assert "Filed." in done.content.decode()
    again = client.post(f"/letters/{scan.pk}/file", {**given, "address": "Street 1\nTown"})
    assert again.status_code == 422 and "Mona was quicker" in again.content.decode()
    house.settle()
    assert Interaction.objects.filter(channel=post_box).count() == 1


def test_paper_of_another_brand_or_team_is_not_there(house: House, post_box: Channel) -> None:
    client = visit(house.mona)
    _upload(client, post_box, letter__png=picture(ENGLISH))
    _read()
    scan = Scan.objects.get()
    other = Brand.objects.create(key="other", name="Other")
    support = Team.objects.get(key="support")
    theirs = User.objects.create_user("tom@shop.example", "Tom", "a good password")
    Membership.objects.create(user=theirs, role=Role.LEAD, team=support, brand=other)
    for user in (theirs, stranger(), house.olga):
        for address in (f"/letters/{scan.pk}", f"/letters/{scan.pk}/page/1"):
            assert visit(user).get(address).status_code == 404
        assert "letter.png" not in visit(user).get("/letters").content.decode()
        for deed in ("file", "drop", "read-again"):
            assert visit(user).post(f"/letters/{scan.pk}/{deed}", {"text": "w", "reason": "r"}).status_code == 404
        given = {"channel": post_box.pk, "files": SimpleUploadedFile("a.png", picture("a"))}
        assert visit(user).post("/letters/upload", given).status_code == 404
    only_drafts = visit(house.nia)
    assert only_drafts.get(f"/letters/{scan.pk}").status_code == 200
    assert only_drafts.post(f"/letters/{scan.pk}/file", {"text": "w", "name": "n", "address": "a"}).status_code == 422
    scan.refresh_from_db()
    assert scan.state == "to_check"


def test_the_list_tells_by_itself_how_far_the_machine_is(house: House, post_box: Channel) -> None:
    client = visit(house.mona)
    _upload(client, post_box, two__pdf=pdf(ENGLISH, "Second page"))
    jobs.read_paper()
    part = client.get("/letters?part=list", headers=PART).content.decode()
    assert "1 of 2 pages read" in part and 'hx-trigger="every 2s"' in part
    _read()
    part = client.get("/letters?part=list", headers=PART).content.decode()
    assert "hx-trigger" not in part and "Check" in part


def test_an_administrator_sets_a_post_box_up_and_hears_what_is_wrong_with_it(house: House) -> None:
    Membership.objects.filter(user=house.leo).update(role=Role.ADMIN)
    client = visit(house.leo)
    given = {
        "name": "Post box", "brand": house.brand.pk, "place": "letter", "address": "P.O. Box 2", "sender": "Shop Ltd",
        "sender_address": "Marktstr. 1, 10115 Berlin", "reads": "deu;rm", "team": "support", "font": "/nowhere.ttf",
    }  # fmt: skip
    refused = client.post("/channels/new/letter", given)
    assert refused.status_code == 422
    assert all(
        words in refused.content.decode() for words in ("name languages like eng", "there is no file /nowhere.ttf")
    )
    good = {**given, "reads": "deu", "font": ""}
    kept = client.post("/channels/new/letter", good, follow=True).content.decode()
    assert "Try it, then start it." in kept
    number = Channel.objects.get(kind="letter").pk
    assert "Started." in client.post(f"/channels/{number}/start", follow=True).content.decode()
