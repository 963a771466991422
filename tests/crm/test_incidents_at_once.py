"""An incident is sent by many hands at once: everybody who joined gets the words once, and nobody waits for ever."""

from armature.crm import jobs
from armature.crm.act import incidents, queries, spreading, statements
from armature.crm.act.models import Delivery, Joined
from armature.crm.act.work import Refused
from armature.crm.channels.port import Outgoing
from house import House
from test_endings import broken
from test_incidents import begun, cast, handed_in, released, with_joined
from together import together, well


def test_of_many_who_release_at_once_one_does_and_each_gets_it_once(open_house: House, left: list[Outgoing]) -> None:
    incident = with_joined(open_house, 3)
    digest = handed_in(open_house, incident).digest
    came = together(*[lambda: statements.release(open_house.leo, incident, digest=digest)] * 6)
    assert well(came) == [3]
    assert all(isinstance(one, Refused) for one in came if one != 3)
    together(*[spreading.spread] * 4)
    open_house.settle()
    assert sorted(one.recipients[0] for one in left) == [f"p{number}@people.example" for number in range(3)]
    assert broken() == []


def test_who_joins_while_it_is_sent_gets_it_once_or_waits_for_the_next(open_house: House, left: list[Outgoing]) -> None:
    everybody = cast(open_house, 12)
    for chosen in (everybody[:6], everybody[6:]):
        incident = begun(open_house)
        incidents.join_all(open_house.mona, chosen[:2], incident)
        digest = handed_in(open_house, incident).digest
        came = together(
            lambda incident=incident, digest=digest: statements.release(open_house.leo, incident, digest=digest),
            *[
                lambda case=case, incident=incident: incidents.join(open_house.mona, case, incident)
                for case in chosen[2:]
            ],
            spreading.spread, spreading.spread,
        )  # fmt: skip
        assert not [one for one in came if isinstance(one, BaseException)], came
        open_house.settle()
        if Joined.objects.filter(incident=incident, response=None).exists():
            statements.send_to_rest(open_house.mona, incident)
        open_house.settle()
    assert sorted(one.recipients[0] for one in left) == sorted(case.identity.address for case in everybody)
    assert broken() == []


def test_a_case_that_leaves_while_it_is_sent_left_or_has_the_words(open_house: House, left: list[Outgoing]) -> None:
    incident = with_joined(open_house, 4)
    chosen = list(queries.cases_for(open_house.mona).filter(incidents__incident=incident))
    released(open_house, incident)
    leaving = [lambda case=case: incidents.leave(open_house.mona, case, incident) for case in chosen]
    came = together(spreading.spread, *leaving, spreading.spread)
    assert all(isinstance(one, Refused | int) or one is None for one in came), came
    while jobs.everything():
        pass
    assert len(left) == Joined.objects.count() == Delivery.objects.filter(state="sent").count()
    assert broken() == []
