"""Files of a draft: where none can be added it is said in words, and nothing is kept."""

from dataclasses import replace
from typing import Any

import pytest

from armature.crm.act import attaching, queries, responses
from armature.crm.act.models import ResponseFile
from armature.crm.act.work import Refused
from armature.crm.channels.lines import Demo
from house import House
from visitors import to_answer, to_approve


@pytest.fixture
def able(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have the channel be able to do something else than usual."""
    honest = Demo.capabilities

    def become(**more: object) -> None:
        monkeypatch.setattr(Demo, "capabilities", lambda *given: replace(honest(*given), **more))  # type: ignore[arg-type]

    return become


def test_nothing_is_attached_to_what_waits_for_approval(house: House) -> None:
    case = to_approve(house).case
    with pytest.raises(Refused, match="Nothing can be attached here now"):
        attaching.attach(house.mona, case, name="plan.pdf", body=b"%PDF")
    assert not ResponseFile.objects.exists()


@pytest.mark.parametrize(
    ("can", "words"),
    [
        ({"attachments": False}, "This channel takes no files"),
        ({"attachment_types": ("image/",)}, "does not take files like “plan.pdf”"),
    ],
)
def test_what_the_channel_does_not_take_is_not_attached(
    house: House, able: Any, can: dict[str, object], words: str
) -> None:
    case = to_answer(house)
    able(**can)
    with pytest.raises(Refused, match=words):
        attaching.attach(house.mona, case, name="plan.pdf", body=b"%PDF")
    assert not ResponseFile.objects.exists()


def test_a_kind_of_file_that_the_channel_takes_is_attached(house: House, able: Any) -> None:
    case = to_answer(house)
    able(attachment_types=("image/",))
    assert attaching.attach(house.mona, case, name="plan.png", body=b"PNG").content_type == "image/png"


def test_an_empty_file_is_not_attached(house: House) -> None:
    with pytest.raises(Refused, match="The file is empty"):
        attaching.attach(house.mona, to_answer(house), name="plan.pdf", body=b"")
    assert not ResponseFile.objects.exists()


def test_more_files_than_fit_one_answer_are_not_attached(house: House) -> None:
    case = to_answer(house)
    for number in range(attaching.MOST_FILES):
        attaching.attach(house.mona, case, name=f"{number}.txt", body=b"x")
    with pytest.raises(Refused, match="More than 20 files"):
        attaching.attach(house.mona, case, name="one more.txt", body=b"x")
    assert ResponseFile.objects.count() == attaching.MOST_FILES


def test_files_of_a_draft_do_not_leave_on_a_channel_that_takes_none_any_more(house: House, able: Any) -> None:
    case = to_answer(house)
    attaching.attach(house.mona, case, name="plan.pdf", body=b"%PDF")
    able(attachments=False)
    with pytest.raises(Refused, match="remove them, then send"):
        responses.write(house.mona, case, text="Here it is.", seen=queries.last_said(case))
    assert house.case().form == "response"


def test_a_file_that_is_sent_once_more_because_no_answer_came_is_there_once(house: House) -> None:
    case = to_answer(house)
    first, again = (attaching.attach(house.mona, case, name="plan.pdf", body=b"%PDF plan") for _ in range(2))
    assert first == again
    attaching.attach(house.mona, case, name="plan.pdf", body=b"%PDF other plan")
    assert ResponseFile.objects.count() == 2
