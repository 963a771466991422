"""Files leave as they were attached and released, or not at all."""

import pytest

from armature.crm.act import attaching, queries, responses
from armature.crm.act.models import Delivery, ResponseFile
from armature.crm.act.work import Refused
from armature.crm.channels.port import Outgoing
from armature.crm.listen import files
from house import House
from test_releasing import _approved, _broken, _handed_in
from visitors import to_answer


def test_a_file_that_was_added_or_exchanged_after_the_release_does_not_leave(
    house: House, left: list[Outgoing]
) -> None:
    response = _handed_in(house)
    _approved(house, response)
    ResponseFile.objects.create(
        response=response, digest=files.write(b"other"), name="a.txt", content_type="text/plain", size=5
    )
    house.settle()
    assert left == []


def test_files_leave_as_they_were_attached_and_stand_in_the_conversation(house: House, left: list[Outgoing]) -> None:
    case = to_answer(house)
    attaching.attach(house.mona, case, name="../\u200bplan.pdf", body=b"%PDF plan")
    response = responses.write(house.mona, case, text="Here it is.", seen=queries.last_said(case))
    house.settle()
    response = queries.response_for(house.leo, response.pk)
    _approved(house, response)
    house.settle()
    assert [(one.name, one.content_type, one.body) for one in left[0].attachments] == [
        ("plan.pdf", "application/pdf", b"%PDF plan")
    ]
    sent = case.conversation.interaction_set.get(direction="out")
    assert [file.name for file in sent.files.all()] == ["plan.pdf"]
    assert not _broken()


def test_a_file_that_is_damaged_on_disk_is_not_sent(house: House, left: list[Outgoing]) -> None:
    case = to_answer(house)
    file = attaching.attach(house.mona, case, name="plan.txt", body=b"plan")
    response = responses.write(house.mona, case, text="Here it is.", seen=queries.last_said(case))
    house.settle()
    _approved(house, queries.response_for(house.leo, response.pk))
    files.path(file.digest).write_bytes(b"plot")
    house.settle()
    assert left == []
    assert "damaged" in Delivery.objects.get().reason


@pytest.mark.parametrize("name", ["run.exe", "photo.jpg.js", "\u200b.htaccess", "PICTURE.SVG"])
def test_what_runs_when_it_is_opened_is_not_attached(house: House, name: str) -> None:
    with pytest.raises(Refused, match="could run"):
        attaching.attach(house.mona, to_answer(house), name=name, body=b"x")
    assert not ResponseFile.objects.exists()


def test_more_than_the_channel_takes_is_not_attached(house: House) -> None:
    case = to_answer(house)
    attaching.attach(house.mona, case, name="a.bin", body=b"x" * 3_000_000)
    with pytest.raises(Refused, match=r"2.0 MB are left"):
        attaching.attach(house.mona, case, name="b.bin", body=b"x" * 3_000_000)


def test_nobody_takes_a_file_off_a_colleagues_draft(house: House) -> None:
    case = to_answer(house)
    file = attaching.attach(house.mona, case, name="a.txt", body=b"x")
    with pytest.raises(Refused):
        attaching.detach(house.leo, case, file.pk)
    attaching.detach(house.mona, case, file.pk)
    assert not ResponseFile.objects.exists()
