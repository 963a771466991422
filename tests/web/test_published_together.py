"""A map and the tables that it needs are drawn, checked and put in force in one go."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from armature.crm.accounts.models import User
from armature.crm.decide import drafts, publishing, versions
from armature.crm.decide.drawn import Draft
from house import House
from visitors import visit

MAP, RULES = "/maps/reactive/draft", "/tables/second_rules/draft"


@pytest.fixture
def both(house: House) -> tuple[Draft, Draft]:
    """A new table, and a draft of the map that asks it; nobody published either."""
    body = json.loads(versions.newest_tables()["business_rules"].body)
    text = json.dumps({**body, "key": "second_rules", "label": "Second rules"})
    table = drafts.begin(house.leo, "table", "second_rules", name="Second rules", body=text)
    drawn = versions.newest_maps()["reactive"].body.replace('arm:table="business_rules"', 'arm:table="second_rules"')
    return drafts.begin(house.leo, "map", "reactive", name="Reactive", body=drawn), table


def _publish(client: Client, address: str, draft: Draft, *beside: str, do: str = "publish") -> Any:
    draft.refresh_from_db()
    given = {"do": do, "note": "A second table decides", "revision": draft.revision, "with": beside}
    return client.post(f"{address}/publish", given)


def test_a_map_is_drawn_with_a_table_that_nobody_published_yet_and_takes_it_along(
    both: tuple[Draft, Draft], anna: User
) -> None:
    drawn, table = both
    client = visit(anna)
    page = client.get(MAP).content.decode()
    assert "Nothing to mend" in page
    assert f'value="{table.reads_as}" checked' in page
    assert "Second rules" in client.get(f"{MAP}/steps/Rules").content.decode()
    alone = _publish(client, MAP, drawn)
    assert alone.status_code == 422 and not versions.of("table", "second_rules")
    assert _publish(client, MAP, drawn, table.reads_as).status_code == 302
    assert not Draft.objects.exists()
    newest = versions.newest_maps()["reactive"]
    assert set(newest.tables.values_list("key", flat=True)) == {"who_judges", "second_rules", "action_details"}


def test_a_table_takes_the_map_along_that_begins_to_ask_it(both: tuple[Draft, Draft], anna: User) -> None:
    drawn, table = both
    assert _publish(visit(anna), RULES, table, drawn.reads_as).status_code == 302
    assert "second_rules" in versions.newest_maps()["reactive"].tables.values_list("key", flat=True)


def test_what_goes_along_goes_as_it_was_looked_at_or_not_at_all(
    both: tuple[Draft, Draft], house: House, anna: User
) -> None:
    drawn, table = both
    looked_at = table.reads_as
    drafts.keep(house.leo, table, table.body.replace("Second rules", "Third rules"), revision=table.revision)
    answer = _publish(visit(anna), MAP, drawn, looked_at)
    assert answer.status_code == 422 and "changed meanwhile" in answer.content.decode()
    for strange in ("0-0", "x", "1-1-1", "\x00", f"{drawn.pk}-{drawn.revision}"):
        assert _publish(visit(anna), MAP, drawn, strange).status_code == 422
    assert Draft.objects.count() == 2 and not versions.of("table", "second_rules")


def test_what_is_wrong_in_what_goes_along_is_told(both: tuple[Draft, Draft], house: House, anna: User) -> None:
    drawn, table = both
    table = drafts.keep(house.leo, table, table.body.replace('"retention"', '"nobody here"'), revision=table.revision)
    answer = _publish(visit(anna), MAP, drawn, table.reads_as)
    assert answer.status_code == 422 and "nobody here" in answer.content.decode()
    assert not versions.of("table", "second_rules")


def test_a_table_that_lets_messages_past_people_does_not_slip_in_beside_a_map(
    both: tuple[Draft, Draft], house: House, anna: User
) -> None:
    drawn, table = both
    body = json.loads(versions.newest_tables()["who_judges"].body)
    body["rows"][3]["then"]["judging"] = "automatic"
    judges = drafts.begin(house.leo, "table", "who_judges", name="Who judges?", body=json.dumps(body))
    answer = _publish(visit(anna), MAP, drawn, table.reads_as, judges.reads_as)
    assert answer.status_code == 422 and "at least 30 labelled messages" in answer.content.decode()
    assert Draft.objects.count() == 3


def test_where_two_must_publish_each_of_them_is_asked_for(both: tuple[Draft, Draft], house: House, anna: User) -> None:
    drawn, table = both
    publishing.say(anna, four_eyes=True)
    assert _publish(visit(house.leo), MAP, drawn, table.reads_as, do="ask").status_code == 302
    assert all(one.is_asked_for for one in Draft.objects.all())
    assert _publish(visit(anna), MAP, drawn, table.reads_as).status_code == 302
    assert not Draft.objects.exists()


def test_the_page_asks_as_much_however_many_drafts_there_are(both: tuple[Draft, Draft], house: House) -> None:
    client = visit(house.leo)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(MAP).status_code == 200
        return len(queries)

    asked()
    before = asked()
    for number in range(5):
        drafts.begin(house.leo, "table", f"more_{number}", name=f"More {number}", body=both[1].body)
    assert asked() == before
