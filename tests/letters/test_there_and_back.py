"""A letter comes in on paper and is answered on paper: read by the real programs, printed, posted by a person."""

import subprocess
from pathlib import Path

import pytest

from armature.crm import conservation, jobs
from armature.crm.accounts.access import Refused
from armature.crm.act import commands, doubts, outbox, papers, queries, responses
from armature.crm.act.models import Case, Delivery, Printout
from armature.crm.act.papers import Checked
from armature.crm.act.reach import reach
from armature.crm.act.work import Refused as NotNow
from armature.crm.channels.letter import sheets
from armature.crm.channels.port import Outgoing
from armature.crm.identify.models import Identity, Person
from armature.crm.listen import files
from armature.crm.listen.models import Channel, Interaction
from armature.crm.listen.scans.models import Scan, Unread
from armature.crm.web import views_of_cases
from house import House
from letters.papers import ENGLISH, GERMAN, pdf, picture, smudged

INGRID = "Ingrid Berg, 12 Harbour Street, Bristol BS1 4RN"


def _read(house: House, post_box: Channel, body: bytes, name: str = "letter.pdf") -> Scan:
    scan = papers.upload(house.mona, post_box, name, body)
    while jobs.read_paper():
        pass
    scan.refresh_from_db()
    return scan


def _checked(text: str = "My parcel arrived broken. I want my money back.", **more: object) -> Checked:
    given = {"name": "Ingrid Berg", "address": "12 Harbour Street\nBristol BS1 4RN", "subject": "The blue kettle"}
    return Checked(text, **{**given, **more})  # type: ignore[arg-type]


def _filed(house: House, post_box: Channel, **more: object) -> Case:
    scan = _read(house, post_box, picture(ENGLISH))
    papers.file(house.mona, scan, _checked(**more))
    house.settle()
    return house.case(INGRID)


def _to_post(house: House, post_box: Channel, text: str = "We are sorry, Ingrid.\n\nYour money is on its way.") -> Case:
    case = _filed(house, post_box)
    if case.form == "intent":
        commands.judge_intent(house.mona, case, intent="complaint")
        house.settle()
    case = house.case(INGRID)
    responses.write(house.mona, case, text=text, seen=queries.last_said(case))
    house.settle()
    return house.case(INGRID)


def _lawful() -> None:
    assert not [found for _law, found in conservation.broken() if found]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (pdf(ENGLISH), "My parcel arrived broken last Tuesday."),
        (picture(ENGLISH, "JPEG"), "want my money back for the blue kettle."),
        (pdf("First page", GERMAN), "Ich möchte mein Geld zurück."),
        (picture(GERMAN), "Mit freundlichen Grüßen"),
    ],
)
def test_it_is_read_word_for_word_with_its_umlauts(house: House, post_box: Channel, body: bytes, words: str) -> None:
    scan = _read(house, post_box, body)
    assert (scan.state, Unread.objects.count()) == ("to_check", 0)
    assert words in scan.text


def test_words_that_the_machine_is_not_sure_of_are_known_with_their_place(house: House, post_box: Channel) -> None:
    page = _read(house, post_box, smudged(ENGLISH)).pages.get()
    doubtful = [word for word in page.words if word[1] < 70]
    assert doubtful and len(doubtful) < len(page.words)
    assert all(0 <= left < page.width and 0 <= top < page.height for _text, _sure, left, top, *_rest in doubtful)


def test_a_letter_becomes_an_interaction_like_any_other_with_its_picture(house: House, post_box: Channel) -> None:
    case = _filed(house, post_box, written_on="2026-03-01")
    said = Interaction.objects.get(channel=post_box)
    assert (said.kind, said.public, said.subject, f"{said.occurred_at:%Y-%m-%d}") == (
        "letter", False, "The blue kettle", "2026-03-01",
    )  # fmt: skip
    assert files.read(said.files.get().digest) == picture(ENGLISH)
    assert (case.identity.name, case.identity.network) == ("Ingrid Berg", "letter")
    assert case.form in ("intent", "response")
    _lawful()


def test_it_is_never_filed_twice(house: House, post_box: Channel) -> None:
    scan = _read(house, post_box, picture(ENGLISH))
    papers.file(house.mona, scan, _checked())
    with pytest.raises(Refused, match="Mona was quicker"):
        papers.file(house.leo, scan, _checked(text="Other words"))
    with pytest.raises(Refused, match="quicker"):
        papers.drop(house.leo, scan, "advertising")
    with pytest.raises(Refused, match=r"“again.png” is not taken: the same file was uploaded here before"):
        papers.upload(house.leo, post_box, "again.png", picture(ENGLISH))
    house.settle()
    assert Interaction.objects.filter(channel=post_box).count() == 1


def test_who_is_known_by_mail_is_known_by_letter(house: House, post_box: Channel) -> None:
    house.hear("Where is my parcel?", name="Ingrid Berg")
    house.settle()
    known = papers.persons.search(house.mona, "ingrid")[0]
    _filed(house, post_box, sender=known.pk)
    person = Person.objects.get()
    assert set(Identity.objects.filter(person=person).values_list("network", flat=True)) == {"email", "letter"}
    assert house.case(INGRID).person == person


def test_a_card_without_a_name_is_heard_and_cannot_be_answered(house: House, post_box: Channel) -> None:
    Channel.objects.filter(pk=post_box.pk).update(place="comment_card")
    post_box.refresh_from_db()
    scan = _read(house, post_box, picture("Lovely shop,\nslow till."))
    papers.file(house.mona, scan, Checked(scan.text))
    house.settle()
    said = Interaction.objects.get(channel=post_box)
    assert said.kind == "card"
    case = Case.objects.get(conversation=said.conversation)
    can = reach(case, {}).can
    assert can.blocked == "They left no address: nothing can be posted to them."


def test_what_is_missing_is_said_at_its_field(house: House, post_box: Channel) -> None:
    scan = _read(house, post_box, picture(ENGLISH))
    with pytest.raises(papers.BadFields) as wrong:
        papers.file(house.mona, scan, Checked(" ", written_on="2999-01-01"))
    assert set(wrong.value.problems) == {"text", "name", "address", "written_on"}
    scan.refresh_from_db()
    assert scan.state == "to_check"


def _pdf_text(body: bytes, tmp_path: Path) -> str:
    (tmp_path / "out.pdf").write_bytes(body)
    return subprocess.run(
        ["pdftotext", "-layout", tmp_path / "out.pdf", "-"], capture_output=True, check=True, text=True
    ).stdout


def _views(house: House) -> dict[str, int | str]:
    counted = views_of_cases.counts(house.mona)
    return {view: counted[view] for view in ("post", "unknown")}


def test_the_answer_is_a_document_to_post_and_nothing_is_sent_before_somebody_says_so(
    house: House, post_box: Channel, tmp_path: Path
) -> None:
    text = "Liebe Ingrid – es tut uns leid: “kaputt”, ärgerlich, 20 €.\n\n" + "Wir zahlen. " * 600
    case = _to_post(house, post_box, text)
    delivery, printout = Delivery.objects.get(), Printout.objects.get()
    assert (case.form, delivery.state, delivery.response.state) == ("delivery", "byhand", "byhand")
    assert _views(house) == {"post": 1, "unknown": 0}
    said = _pdf_text(files.read(printout.digest), tmp_path)
    for words in ("Shop Ltd", "Marktstr. 1", "12 Harbour Street", "Re: The blue kettle", text[:58]):
        assert words in said
    assert said.count("Wir zahlen.") == 600
    for way in (doubts.send_again, lambda *who: doubts.leave(*who, reason="words")):
        with pytest.raises(NotNow, match="print it again"):
            way(house.mona, case)
    _lawful()
    doubts.it_is_there(house.mona, case)
    house.settle()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("sent", "Mona printed and posted it.")
    assert house.case(INGRID).form == "feedback"
    assert _views(house) == {"post": 0, "unknown": 0}
    with pytest.raises(NotNow):
        doubts.it_is_there(house.leo, case)
    assert Delivery.objects.count() == 1
    _lawful()


def test_what_was_not_posted_goes_back_to_its_writer(house: House, post_box: Channel) -> None:
    case = _to_post(house, post_box)
    doubts.it_is_not_there(house.mona, case)
    house.settle()
    assert house.case(INGRID).form == "response"
    _lawful()


def test_a_worker_that_dies_while_the_document_is_made_leaves_no_doubt(
    house: House, post_box: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "send", lambda number: None)
    _to_post(house, post_box)
    assert Delivery.objects.get().state == "sending"
    Delivery.objects.update(claimed_at="2026-01-01T00:00Z")
    assert outbox.expire() == 1
    assert (Delivery.objects.get().state, Printout.objects.count()) == ("byhand", 1)
    assert outbox.expire() == 0


def test_letters_without_a_shape_go_back_with_the_mend(house: House, post_box: Channel) -> None:
    case = _to_post(house, post_box, "你好 Ingrid")
    assert case.form == "response"
    assert "The font has no shape for 你 好" in Delivery.objects.get().reason


def test_a_word_without_end_is_divided_without_measuring_it_anew_for_each_letter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    measured, fits = list[int](), sheets._Sheet._fits

    def counted(self: sheets._Sheet, text: str) -> bool:
        measured.append(len(text))
        return fits(self, text)

    monkeypatch.setattr(sheets._Sheet, "_fits", counted)
    word = "ø" * 5000
    made = sheets.letter(sheets.Sender("Shop", ["Street 1"]), Outgoing("1", (INGRID,), word), sheets.USUAL_FONT)
    read = subprocess.run(["pdftotext", "-", "-"], input=made.body, capture_output=True, check=True)
    assert read.stdout.decode().count("ø") == 5000
    assert sum(measured) < 200 * 5000
