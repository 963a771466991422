"""Our scripts show no word that is in no catalogue, and our styles know no left and right."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import armature
import catalogue
from armature.crm.web import script_words
from armature.site import languages

FILES = Path(armature.__file__).parent / "crm/web/static/web"
STRING = re.compile(r"""(\b(?:gettext|ngettext)\(\s*)?("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)""")
SENTENCE = re.compile(
    r"(^|>)(\$\{[^}]*\})? ?[A-Z]?[a-z]+([ ,]+(\$\{[^}]*\}|[a-z0-9]+))*[.?!]($|<| )|(^|>)[A-Z][a-z]+ [a-z]"
)
"""Words with an end, or words that begin like a sentence; selectors and names of events have neither."""
PHYSICAL = re.compile(
    r"[\s;{](?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-)?(?:left|right)(?:-\w+)?\s*:"
    r"|border-(?:top|bottom)-(?:left|right)-radius|text-align\s*:\s*(?:left|right)|float\s*:\s*(?:left|right)"
)
FOUR_SIDES = re.compile(r"(?:margin|padding|inset|border-width)\s*:\s*([^\s;]+) ([^\s;]+) ([^\s;]+) ([^\s;]+)\s*[;}]")


def _outside_of_gettext(script: str) -> list[str]:
    code = re.sub(r"^\s*//.*$", "", script, flags=re.M)
    return [words for call, words in STRING.findall(code) if not call and SENTENCE.search(words[1:-1])]


@pytest.mark.parametrize("script", sorted(FILES.glob("*.js")), ids=lambda file: file.name)
def test_every_word_of_a_script_comes_from_its_catalogue(script: Path) -> None:
    assert not _outside_of_gettext(script.read_text())


def test_words_of_scripts_are_known_from_what_only_looks_like_words() -> None:
    assert _outside_of_gettext('say("Too long for this channel.");')
    assert _outside_of_gettext("say(`${who} wrote again.`);")
    assert _outside_of_gettext("""list.innerHTML = '<button id="news">The list has changed</button>';""")
    assert not _outside_of_gettext('say(gettext("Too long for this channel."));')
    assert not _outside_of_gettext("""find("#rows .row"); on("htmx:afterSwap"); key = `words ${user} ${keep}`;""")


@pytest.mark.parametrize("styles", sorted(FILES.glob("*.css")), ids=lambda file: file.name)
def test_styles_say_start_and_end_so_that_a_page_can_be_mirrored(styles: Path) -> None:
    found = [rule for rule in styles.read_text().splitlines() if PHYSICAL.search(rule)]
    unequal = [sides for sides in FOUR_SIDES.findall(styles.read_text()) if sides[1] != sides[3]]
    assert not found + unequal


def test_scripts_get_their_words_from_us_in_the_language_of_the_page(tmp_path: Path, settings: Any) -> None:
    catalogue.write(tmp_path, "ar")
    settings.LOCALE_PATHS, settings.LANGUAGES = [tmp_path], languages.of([tmp_path])
    script_words._script.cache_clear()
    answer = Client().get("/words/ar.js")
    assert json.dumps(catalogue.mirrored("Too long for this channel.")) in answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in answer.headers
    assert Client().get("/words/xx.js").status_code == 404
    script_words._script.cache_clear()


def test_a_language_is_there_when_its_catalogue_is(tmp_path: Path) -> None:
    assert languages.of([tmp_path, tmp_path / "missing"]) == [("en", "English")]
    for name in ("de", "pt_BR", "tlh"):
        catalogue.write(tmp_path, name)
    found = languages.of([tmp_path])
    assert found == [("en", "English"), ("de", "Deutsch"), ("pt-br", "Português Brasileiro"), ("tlh", "tlh")]
