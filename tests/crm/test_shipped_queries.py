"""The queries that ship can be read, hear what they are for, and are loaded once."""

import pytest

from armature.arm.listening import Matcher, parse
from armature.crm.accounts.access import NotAllowed
from armature.crm.act import listening
from armature.crm.act.work import Refused
from armature.crm.listen.shipped import sets
from armature.crm.listen.wanted import ListeningQuery
from house import House

SAYS = {
    "like_en": ("I love this tent, amazing!", "I don't like it"),
    "dislike_en": ("A waste of money, truly awful", "It is a tent"),
    "satisfied_en": ("Very satisfied with the boots", "I am not at all satisfied"),
    "disappointed_en": ("So disappointing", "So happy"),
    "buy_en": ("I want to finally buy a tent", "I bought a tent"),
    "cancel_en": ("Please cancel my subscription", "We had to walk"),
    "like_de": ("Das gefällt mir, großartig!", "Das gefällt mir nicht"),
    "dislike_de": ("Furchtbar, das Zelt", "Ein Zelt"),
    "satisfied_de": ("Ich bin sehr zufrieden", "Ich bin nicht sehr zufrieden"),
    "disappointed_de": ("Ich bin nicht sehr zufrieden", "Ich bin zufrieden"),
    "buy_de": ("Wo kann ich das Zelt kaufen?", "Ich habe ein Zelt gekauft"),
    "cancel_de": ("Hiermit kündige ich den Vertrag", "Kunde seit zehn Jahren"),
    "like_fr": ("J'adore cette tente", "J'aime pas du tout"),
    "dislike_fr": ("Je n'aime pas cette tente", "Une tente"),
    "satisfied_fr": ("Très satisfaite de mon achat", "Je ne suis pas satisfaite"),
    "disappointed_fr": ("Je suis très déçue", "Je suis là"),
    "buy_fr": ("Je voudrais commander une tente", "Une tente verte"),
    "cancel_fr": ("Je souhaite annuler mon abonnement", "Merci pour tout"),
}


def test_every_query_can_be_read_and_has_its_example() -> None:
    signals = {one.key: one for each in sets().values() for one in each.signals}
    assert signals.keys() == SAYS.keys()
    assert set(sets()) == {"en", "de", "fr"}
    for key, (heard, not_heard) in SAYS.items():
        matcher: Matcher[int] = Matcher()
        tree = parse(signals[key].text).tree
        assert tree is not None, (key, parse(signals[key].text).faults)
        matcher.add(1, tree)
        assert matcher.match(heard, key[-2:]), key
        assert not matcher.match(not_heard, key[-2:]), key
        assert not matcher.match(heard, "xx"), key


@pytest.mark.parametrize("language", ["en", "de", "fr"])
@pytest.mark.parametrize("purpose", ["brand", "product", "competitor"])
@pytest.mark.parametrize("name", ["Acme", "Acme & Söhne", "O'Neill", "the", 'A "quoted" OR name', "ACME-2000"])
def test_a_template_takes_any_name(language: str, purpose: str, name: str) -> None:
    tree = parse(sets()[language].filled(purpose, name)).tree
    if name == "the":  # a name that stands in every post must be written as more than that
        return
    assert tree is not None, sets()[language].filled(purpose, name)
    matcher: Matcher[int] = Matcher()
    matcher.add(1, tree)
    assert matcher.match(f"Yesterday {name} said")


def test_they_are_loaded_once_and_what_was_changed_stays(house: House) -> None:
    assert listening.load_signals(house.leo, "en") == 6
    one = ListeningQuery.objects.get(key="like_en")
    listening.keep(house.leo, one, text="love")
    assert listening.load_signals(house.leo, "en") == 0
    assert ListeningQuery.objects.get(key="like_en").text == "love"
    house.hear("I love this.", language="en")
    house.settle()
    assert one.hits.count() == 1


def test_only_leads_of_all_load_them(house: House) -> None:
    with pytest.raises(NotAllowed):
        listening.load_signals(house.mona, "en")
    with pytest.raises(NotAllowed):
        listening.from_template(house.mona, "en", "brand", "Acme", None)
    with pytest.raises(Refused, match="name"):
        listening.from_template(house.leo, "en", "brand", "&&", None)
    assert not ListeningQuery.objects.exists()
