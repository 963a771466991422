"""The labelling page and the agreement page: by keyboard, fair, only what one may see, each number with its list."""

import re

from django.test import Client

from armature.crm.accounts.models import AuditEntry, Membership, Role
from armature.crm.act import restricted
from armature.crm.decide.models import Wait
from armature.crm.learn import drawing, labelling
from armature.crm.learn.models import Label
from armature.crm.understand import versions
from armature.crm.understand.models import ReaderVersion, Reading, Retraining
from house import House
from visitors import PART, to_judge, visit

TEXTS = ("Where is my <b>parcel</b>?", "Thank you so much", "I want to cancel", "Invoice 7 is wrong", "Buy pills now")


def heard(house: House, many: int = 5) -> list[int]:
    """Private messages at rest, read by the reader; their numbers."""
    for n in range(many):
        to_judge(house, TEXTS[n % 5], author=f"{n}@people.example")
    Wait.objects.filter(state="open").update(state="done")
    return list(Reading.objects.order_by("interaction").values_list("interaction", flat=True))


def asked(page: str) -> list[int]:
    """The messages on a page, in their order."""
    return [int(number) for number in re.findall(r'data-number="(\d+)"', page)]


def give(client: Client, number: int, intent: str, **more: object) -> str:
    """Label one as the page does."""
    suggestion = Reading.objects.get(interaction=number, user=None).pk
    answer = client.post(
        f"/reader/label/{number}", {"suggestion": suggestion, "intent": intent, **more}, headers=PART
    )  # fmt: skip
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_next_messages_are_on_the_page_with_a_key_for_each_intent(house: House) -> None:
    numbers = heard(house)
    page = visit(house.leo).get("/reader/label").content.decode()
    assert sorted(asked(page)) == numbers
    assert [f'data-key="{key}"' in page for key in ("Enter", "1", "0", "w", "d")] == [True] * 5
    assert "<b>parcel</b>" not in page and "&lt;b&gt;" in page
    assert "Asked because the reader is unsure." in page and "style=" not in page


def test_a_label_brings_the_next_message_and_can_be_taken_back(house: House) -> None:
    numbers, client = heard(house), visit(house.leo)
    part = give(client, numbers[0], "partner", here=",".join(map(str, numbers[:2])), left=1)
    assert sorted(asked(part)) == numbers[2:], "what is on the page already is not sent again"
    assert "1 label by you today." in part and f"/reader/label/{numbers[0]}/undo" in part
    back = client.post(f"/reader/label/{numbers[0]}/undo")
    assert back.headers["Location"] == f"/reader/label?first={numbers[0]}"
    assert asked(client.get(back.headers["Location"]).content.decode())[0] == numbers[0]
    assert not Reading.objects.filter(user__isnull=False, current=True).exists()


def test_without_scripts_the_form_does_the_same(house: House) -> None:
    number, client = heard(house, 1)[0], visit(house.leo)
    suggestion = Reading.objects.get().pk
    answer = client.post(f"/reader/label/{number}", {"suggestion": suggestion, "intent": "unknown"})
    assert answer.status_code == 302 and Label.objects.get().unknown
    assert "Nothing to label just now." in client.get("/reader/label").content.decode()


def test_who_was_slower_is_told_and_goes_on(house: House) -> None:
    numbers = heard(house)
    give(visit(house.leo), numbers[0], "spam")
    assert "Somebody said already what this message is." in give(visit(house.mona), numbers[0], "partner", here="x,²")
    assert Reading.objects.get(interaction=numbers[0], current=True).user == house.leo


def test_a_restricted_case_is_neither_asked_nor_counted(house: House) -> None:
    numbers = heard(house)
    labelling.label(house.leo, numbers[0], Reading.objects.get(interaction=numbers[0]).pk, "spam")
    restricted.restrict(house.leo, house.case("0@people.example"))
    restricted.restrict(house.leo, house.case("1@people.example"))
    client = visit(house.mona)
    assert sorted(asked(client.get("/reader/label").content.decode())) == numbers[2:]
    assert "Nobody said anything of a suggestion" in client.get("/reader").content.decode()
    assert client.post(f"/reader/label/{numbers[1]}", {"intent": "spam", "suggestion": 1}).status_code == 404
    assert client.post(f"/reader/label/{numbers[0]}/undo").status_code == 404


def test_each_number_leads_to_a_list_of_that_length(house: House) -> None:
    numbers, client = heard(house), visit(house.leo)
    drawing.fill(5)
    for number in numbers:
        read = Reading.objects.get(interaction=number)
        give(client, number, read.intent_id if number == numbers[0] else "partner")
    page = client.get("/reader").content.decode()
    links = re.findall(r'<a href="(/reader/behind[^"]*)">(\d+)</a>', page)
    assert len(links) >= 11 and "right, of what was drawn by chance" in page
    for address, count in links:
        behind = client.get(address.replace("&amp;", "&")).content.decode()
        assert behind.count('class="snippet"') == int(count), address
        assert f"{count} message" in behind


def test_an_address_that_is_no_number_is_no_page(house: House) -> None:
    client = visit(house.leo)
    for wrong in ("by=x", "agrees=maybe", "after=x"):
        assert client.get(f"/reader/behind?{wrong}").status_code == 404
    for odd in ("by=channel&key=x", "by=channel&key=²", "by=intent&key=%00", "by=language&key=xx"):
        assert client.get(f"/reader/behind?{odd}").status_code == 200


def test_only_an_administrator_of_all_lets_it_learn_and_chooses_the_version(house: House) -> None:
    version = ReaderVersion.objects.create(name="learned abc", digest="d", verdicts=50, in_use=True)
    for deed in ("learn", "use/0"):
        assert visit(house.leo).post(f"/reader/{deed}").status_code == 404
    page = visit(house.leo).get("/reader").content.decode()
    assert "learned abc" in page and "Learn now" not in page
    Membership.objects.filter(user=house.leo).update(role=Role.ADMIN)
    client = visit(house.leo)
    assert "Learn now" in client.get("/reader").content.decode()
    assert client.post("/reader/learn").status_code == 302 and Retraining.objects.get().asked_by == house.leo
    assert client.post("/reader/use/0").status_code == 302
    version.refresh_from_db()
    assert not version.in_use and versions.in_use().version.startswith("starter")
    assert client.post(f"/reader/use/{version.pk}").status_code == 404, "its weights are gone"
    assert set(AuditEntry.objects.values_list("verb", flat=True)) >= {"chose the reader", "asked the reader to learn"}
