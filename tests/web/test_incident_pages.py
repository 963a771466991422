"""The pages of incidents: opened from a case, written, released, sent; what one may not see is a number."""

from armature.crm.accounts.models import Team
from armature.crm.act import incidents, restricted, statements
from armature.crm.act.models import Case, Incident, Joined
from house import House
from visitors import PART, stranger, to_judge, visit

NEW = {"title": "A van is lost", "about": "Ask the carrier.", "priority": "2", "team": "support"}
TEXT = "Your parcel comes on Friday."


def _begun(house: House, *cases: Case) -> Incident:
    support = Team.objects.get(key="support")
    one = incidents.begin(house.mona, title="A van is lost", team=support, brand=house.brand)
    incidents.join_all(house.mona, cases, one)
    return one


def test_an_incident_is_opened_from_a_case_written_released_and_sent(house: House) -> None:
    case = to_judge(house)
    mona, leo = visit(house.mona), visit(house.leo)
    assert b"/incidents/new?case=" in mona.get(f"/cases/open/{case.pk}").content
    opened = mona.post("/incidents/new", {**NEW, "brand": house.brand.pk, "case": case.pk})
    one = Incident.objects.get()
    assert opened.headers["Location"] == f"/incidents/{one.pk}"
    assert b"A van is lost" in mona.get(f"/cases/open/{case.pk}").content
    mona.post(f"/incidents/{one.pk}/words", {"text": TEXT, "version": "0", "act": "hand-in"})
    assert "A van is lost" in leo.get("/approvals").content.decode()
    assert "A van is lost" not in mona.get("/approvals").content.decode()
    digest = one.statement.digest
    assert mona.post(f"/incidents/{one.pk}/decide", {"digest": digest, "act": "release"}).status_code == 422
    assert leo.post(f"/incidents/{one.pk}/decide", {"digest": digest, "act": "release"}).status_code == 302
    house.settle()
    page = leo.get(f"/incidents/{one.pk}").content.decode()
    assert "1 have the statement" in page
    assert "released by Leo" in page
    assert TEXT in mona.get(f"/cases/open/{case.pk}").content.decode()


def test_a_case_joins_an_open_incident_from_the_desk_and_by_its_number(house: House) -> None:
    case, other = to_judge(house), to_judge(house, author="other@people.example")
    one, mona = _begun(house), visit(house.mona)
    page = mona.post(f"/case/{case.pk}/incident", {"incident": one.pk, "view": "open"}, headers=PART)
    assert (page.status_code, "Part of the incident" in page.content.decode()) == (200, True)
    assert mona.post(f"/case/{case.pk}/incident", {"incident": "9"}, headers=PART).status_code == 409
    assert mona.post(f"/incidents/{one.pk}/cases", {"case": f"#{other.pk}"}).status_code == 302
    assert Joined.objects.count() == 2
    assert mona.post(f"/incidents/{one.pk}/cases", {"case": other.pk, "act": "leave"}).status_code == 302
    assert Joined.objects.count() == 1
    wrong = mona.post(f"/incidents/{one.pk}/cases", {"case": "99999"})
    assert (wrong.status_code, 'value="99999"' in wrong.content.decode()) == (422, True)


def test_what_was_typed_stays_when_it_is_refused(house: House) -> None:
    mona = visit(house.mona)
    given = {**NEW, "title": " ", "about": "Keep <b>me</b>", "brand": house.brand.pk}
    refused = mona.post("/incidents/new", given)
    assert (refused.status_code, "Keep &lt;b&gt;me" in refused.content.decode()) == (422, True)
    for due in ("nonsense", "2020-01-01T10:00", "\x00"):
        assert mona.post("/incidents/new", {**NEW, "brand": house.brand.pk, "due": due}).status_code == 422
    one = _begun(house)
    statements.keep(house.leo, one, text="Leo was quicker.", version=0)
    refused = mona.post(f"/incidents/{one.pk}/words", {"text": "Mine, {{x}}", "version": "0", "act": "keep"})
    page = refused.content.decode()
    assert (refused.status_code, "Mine, {{x}}" in page, "colleague changed" in page) == (422, True, True)


def test_a_case_that_one_may_not_see_is_only_a_number(house: House) -> None:
    seen, hidden = to_judge(house), to_judge(house, text="A secret.", author="hidden@people.example")
    one = _begun(house, seen, hidden)
    restricted.restrict(house.leo, hidden, reason="legal")
    page = visit(house.mona).get(f"/incidents/{one.pk}").content.decode()
    assert "2 cases are part of it" in page
    assert "1 of them you may not see" in page
    assert "hidden@people.example" not in page
    assert "A secret." not in page
    assert visit(house.mona).post(f"/incidents/{one.pk}/cases", {"case": hidden.pk, "act": "leave"}).status_code == 422


def test_an_incident_of_another_team_has_no_page_and_takes_no_deed(house: House) -> None:
    one, sally = _begun(house, to_judge(house)), visit(stranger())
    assert sally.get(f"/incidents/{one.pk}").status_code == 404
    for deed in ("words", "decide", "rest", "cases", "close"):
        assert sally.post(f"/incidents/{one.pk}/{deed}", {"text": "x", "version": "0"}).status_code == 404
    assert "A van" not in sally.get("/incidents").content.decode()
    refused = sally.post("/incidents/new", {**NEW, "brand": house.brand.pk})
    assert (refused.status_code, Incident.objects.count()) == (422, 1)


def test_a_long_list_goes_on_behind_its_fiftieth_case(house: House) -> None:
    for number in range(53):
        house.hear("My parcel has not come.", author=f"p{number}@people.example")
    house.settle()
    one, mona = _begun(house, *Case.objects.select_related("conversation__channel")), visit(house.mona)
    first = mona.get(f"/incidents/{one.pk}").content.decode()
    before = Joined.objects.order_by("-pk")[49].pk
    assert (f"?before={before}" in first, first.count('value="leave"')) == (True, 50)
    assert mona.get(f"/incidents/{one.pk}?before={before}").content.decode().count('value="leave"') == 3
    assert mona.get(f"/incidents/{one.pk}?before=\u0663").status_code == 200


def test_a_closed_incident_is_in_the_list_of_closed_ones(house: House) -> None:
    one, mona = _begun(house), visit(house.mona)
    assert "A van" in mona.get("/incidents").content.decode()
    assert mona.post(f"/incidents/{one.pk}/close").status_code == 302
    assert mona.post(f"/incidents/{one.pk}/close").status_code == 422
    assert "A van" not in mona.get("/incidents").content.decode()
    assert "A van" in mona.get("/incidents?closed=1").content.decode()
