"""Whatever strangers put into names, subjects, texts and file names is shown as words and does nothing."""

from html.parser import HTMLParser

import pytest

from armature.crm.act import drafts, notes
from armature.crm.identify.models import Identity
from armature.crm.listen.models import Conversation, File, Interaction
from house import House
from visitors import PART, to_answer, visit

ATTACKS = [
    "<script>alert(1)</script>", "<scr<script>ipt>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>", "<math><mglyph><style><img src onerror=alert(1)></style></mglyph></math>",
    '"><a href="data:text/html,<script>alert(1)</script>">x</a>', '<a href="java&#09;script:alert(1)">x</a>',
    '<button formaction="javascript:alert(1)">x</button>', '<base href="//evil.example/">',
    '<meta http-equiv="refresh" content="0;url=//evil.example">', '<div hx-get="/log-out" hx-trigger="load"></div>',
    '<div data-hx-post="/case/1/note" data-hx-trigger="load"></div>', '<div hx-on:load="alert(1)"></div>',
    "</textarea><script>alert(1)</script>", "</title><script>alert(1)</script>", "{{ 7|add:7 }}{% csrf_token %}",
    '\' onfocus=alert(1) autofocus="', "\u202egnp.exe", "<!--", "<template><style>", "<iframe srcdoc='<script>'>",
]  # fmt: skip
OURS = set(
    "html head meta title link script body a p div section aside main nav header h1 h2 h3 b span i svg path circle "
    "small form input button label textarea kbd article time mark ul li ol dl dt dd details summary bdi iframe "
    "dialog select option datalist fieldset legend".split()
)


class Seen(HTMLParser):
    """What a browser would make of a page: its elements and the attributes that could act."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.acting: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.scripts += tag == "script"
        for name, value in attrs:
            if name.startswith(("on", "hx-on", "style")) or (value or "").lower().startswith(("javascript:", "data:")):
                self.acting.append(f"{tag} {name}={value}")


def _seen(page: str) -> Seen:
    seen = Seen()
    seen.feed(page)
    return seen


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_every_field_leaves_the_page_as_it_is(house: House, attack: str) -> None:
    pages = {}
    for words in ("harmless", attack):
        case = to_answer(house, text=words, author=f"{words}@people.example"[:250], name=words, subject=words)
        Conversation.objects.filter(pk=case.conversation_id).update(subject=words)
        said = Interaction.objects.filter(conversation=case.conversation_id)
        said.update(warning=words, automatic=words[:80])
        File.objects.create(interaction=said.first(), digest="a" * 64, name=words, content_type=words[:80], size=1)
        Identity.objects.filter(pk=case.identity_id).update(name=words)
        drafts.save(house.mona, case, text=words)
        notes.add_note(house.leo, case, text=words)
        page = visit(house.leo).get(f"/cases/open/{case.pk}").content.decode()
        pages[words] = _seen(page.replace(f"row-{case.pk}", ""))
        said.update(automatic="")
    plain, attacked = pages["harmless"], pages[attack]
    rows = attacked.tags.count("article")
    assert rows == plain.tags.count("article")
    assert not attacked.acting
    assert attacked.scripts == plain.scripts
    assert set(attacked.tags) <= OURS


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_frame_of_an_original_runs_and_loads_nothing(house: House, attack: str) -> None:
    case = to_answer(house, text=attack)
    said = Interaction.objects.get(conversation=case.conversation_id)
    response = visit(house.mona).get(f"/interaction/{said.pk}/original")
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'; ")
    assert "script-src" not in policy
    assert "allow-" not in policy
    seen = _seen(response.content.decode())
    assert not seen.acting
    assert not seen.scripts
    assert {"iframe", "form", "button", "svg", "math"}.isdisjoint(seen.tags)


def test_customer_words_stand_where_htmx_does_not_look(house: House) -> None:
    case = to_answer(house)
    notes.add_note(house.leo, case, text="A note.")
    page = visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
    assert page.count('class="body" dir="auto" hx-disable>') == 2
    assert '"allowEval":false' in page
    assert '"allowScriptTags":false' in page
    assert '"selfRequestsOnly":true' in page
    assert '"includeIndicatorStyles":false' in page


def test_words_in_every_writing_direction_find_their_own(house: House) -> None:
    case = to_answer(house, text="מתי תגיע ההזמנה שלי?", subject="הזמנה")
    page = visit(house.mona).get(f"/cases/open/{case.pk}", headers=PART).content.decode()
    assert '<div class="body" dir="auto" hx-disable>' in page
    assert '<h2 dir="auto">הזמנה' in page
