"""Who said it: one identity per address, named as soon as somebody gives a name."""

from armature.crm.identify.models import Identity
from house import House


def test_somebody_known_without_a_name_gets_it_from_their_first_message(house: House) -> None:
    Identity.objects.create(network="email", address="ingrid@people.example")
    house.hear("Hello?", name="Ingrid Solberg")
    house.settle()
    assert Identity.objects.get().name == "Ingrid Solberg"


def test_a_name_that_is_known_stays(house: House) -> None:
    house.hear("Hello?", name="Ingrid Solberg")
    house.settle()
    house.hear("Still there?", name="I. S.")
    house.settle()
    assert Identity.objects.get().name == "Ingrid Solberg"
