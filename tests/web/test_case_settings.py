"""The page about ending cases: leads of a team set what is theirs, nobody else does."""

from armature.crm.accounts.models import AuditEntry, Membership, Role, Team
from armature.crm.act.models import CaseField, ReopenRule
from house import House
from visitors import stranger, to_judge, visit

FIELD = {"label": "Cause of it", "kind": "choice", "choices": "rain\nsun\n\nrain", "at_end": "1"}


def test_a_lead_adds_a_field_and_removes_it(house: House) -> None:
    client = visit(house.leo)
    page = client.post("/ending-cases/add", FIELD, follow=True).content.decode()
    assert "Field added." in page
    assert "rain, sun" in page
    field = CaseField.objects.get()
    assert (field.key, field.choices, field.team, field.at_end) == ("cause-of-it", ["rain", "sun"], None, True)
    assert "a field of that name already" in client.post("/ending-cases/add", FIELD, follow=True).content.decode()
    client.post(f"/ending-cases/{field.pk}/remove")
    assert not CaseField.objects.exists()
    assert AuditEntry.objects.filter(verb="removed a case field", actor=house.leo).exists()


def test_who_leads_one_team_sets_only_what_is_that_teams(house: House) -> None:
    sam = stranger("legal")
    client = visit(sam)
    client.post("/ending-cases/add", FIELD)
    client.post("/ending-cases/add", FIELD | {"team": "support"})
    client.post("/ending-cases/days", {"days": "3", "team": "support"})
    assert not CaseField.objects.exists()
    client.post("/ending-cases/add", FIELD | {"team": "legal"})
    client.post("/ending-cases/days", {"days": "3", "team": "legal"})
    assert CaseField.objects.get().team == Team.objects.get(key="legal")
    assert ReopenRule.objects.get().days == 3
    theirs = CaseField.objects.create(key="x", label="X", kind="text")
    client.post(f"/ending-cases/{theirs.pk}/remove")
    assert CaseField.objects.filter(key="x").exists()


def test_an_agent_sees_the_page_and_changes_nothing(house: House) -> None:
    client = visit(house.mona)
    page = client.get("/ending-cases").content.decode()
    assert "Within 14 days" in page
    assert "Add a field" not in page
    client.post("/ending-cases/add", FIELD)
    client.post("/ending-cases/days", {"days": "3"})
    assert not CaseField.objects.exists()
    assert not ReopenRule.objects.exists()
    Membership.objects.filter(user=house.mona).update(role=Role.LEAD)
    client.post("/ending-cases/days", {"days": "1"})
    client.post("/ending-cases/days", {"days": "2"})
    assert "Within 2 days" in client.get("/ending-cases").content.decode()


def test_what_makes_no_sense_is_refused_in_words(house: House) -> None:
    client = visit(house.leo)
    for given in ({"label": "!"}, {"kind": "car"}, {"choices": "one"}, {"team": "nobody"}):
        assert 'class="problem"' in client.post("/ending-cases/add", FIELD | given, follow=True).content.decode()
    for days in ("-1", "x", "99999"):
        assert 'class="problem"' in client.post("/ending-cases/days", {"days": days}, follow=True).content.decode()
    assert not CaseField.objects.exists()
    assert client.post("/ending-cases/999/remove").status_code == 404
    assert client.get("/ending-cases/add").status_code == 405


def test_a_company_names_its_fields_in_its_own_letters_and_fills_them(house: House) -> None:
    client = visit(house.leo)
    client.post("/ending-cases/add", FIELD | {"label": "Αιτία της", "kind": "text"})
    field = CaseField.objects.get()
    assert (field.key, field.label) == ("αιτία-της", "Αιτία της")
    case = to_judge(house)
    ended = {"how": "resolved", f"field-{field.key}": "βροχή", "view": "open"}
    client.post(f"/case/{case.pk}/end", ended)
    case.refresh_from_db()
    assert (case.status, case.fields) == ("resolved", {"αιτία-της": "βροχή"})
