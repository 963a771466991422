"""What was edited shows its earlier words when asked; of what was deleted no page shows a word."""

from typing import Any

import pytest
from django.test import Client

from armature.crm.act.models import Case
from armature.crm.channels import lines
from armature.crm.listen import commands, files
from armature.crm.listen.models import File, Interaction
from house import MONDAY, House
from visitors import to_judge, visit


@pytest.fixture
def case(house: House) -> Case:
    return to_judge(house, "The tent leaks.", external_id="tent")


def tell(house: House, event: str, minute: int, text: str = "", **more: Any) -> None:
    at = MONDAY.replace(hour=12, minute=minute)
    line = {"event": event, "external_id": "tent", "text": text, "occurred_at": at.isoformat(), **more}
    commands.accept(house.mailbox, [lines.envelope(line, at)])
    house.settle()


def page(client: Client, case: Case) -> str:
    return client.get(f"/cases/open/{case.pk}").content.decode()


def test_an_edited_message_shows_its_words_now_and_the_earlier_ones_behind_a_click(house: House, case: Case) -> None:
    tell(house, "edited", 1, "The <b>tent</b> drips.")
    tell(house, "edited", 2, "The tent is fine.")
    shown = page(visit(house.mona), case)
    thread = shown[shown.index('id="thread"') :]
    now, _, before = thread.partition('<details class="wordings')
    assert "The tent is fine." not in before.partition("</details>")[0]
    earlier = before.partition("</details>")[0]
    assert earlier.index("The &lt;b&gt;tent&lt;/b&gt; drips.") < earlier.index("The tent leaks.")
    assert "Wording 2" in earlier and "Wording 1" in earlier and "Edited," in earlier
    assert now


def test_of_a_deleted_message_no_page_shows_a_word(house: House, case: Case) -> None:
    said = Interaction.objects.get(external_id="tent")
    digest = files.write(b"a picture of the tent")
    file = File.objects.create(
        interaction=said, digest=digest, name="tentpicture.png", content_type="image/png", size=21
    )
    client = visit(house.mona)
    assert client.get(f"/file/{file.pk}").status_code == 200
    tell(house, "edited", 1, "The tent drips.")
    tell(house, "deleted", 2)
    for address in (f"/cases/open/{case.pk}", "/cases/open", f"/people/at/{case.identity_id}", "/search?q=tent"):
        found = client.get(address).content.decode()
        assert "tent leaks" not in found and "tent drips" not in found and "tentpicture" not in found, address
    assert "Deleted by its author" in page(client, case)
    assert client.get(f"/file/{file.pk}").status_code == 404
    assert client.get(f"/interaction/{said.pk}/original").status_code == 404


def test_the_composer_says_how_often_their_words_changed(house: House, case: Case) -> None:
    tell(house, "edited", 1, "The tent drips.")
    assert 'name="changes" value="1"' in page(visit(house.mona), case)
