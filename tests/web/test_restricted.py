"""A restricted case exists for named people and the administrators of its team; for all others it is not there."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from armature.crm.accounts import profile
from armature.crm.accounts.access import NotAllowed, Refused, keep_rights, rights_of
from armature.crm.accounts.models import AuditEntry, Membership, Role, User
from armature.crm.act import assigning, queries, restricted
from armature.crm.act.models import Case, Follower, Reader, Restriction
from armature.crm.act.work import Refused as WorkRefused
from armature.crm.listen.models import Interaction
from armature.crm.web import views_of_cases
from house import House
from visitors import PART, stranger, to_approve, to_judge, visit


@pytest.fixture
def secret(house: House) -> Case:
    """A case that Leo restricted to himself."""
    case = to_judge(house, "My lawyer will write to you about the zeppelin.")
    restricted.restrict(house.leo, case, reason="a lawsuit")
    return case


def sees(user: User, case: Case) -> bool:
    """Whether the case exists for them, asked in every way there is."""
    client = visit(user)
    said = Interaction.objects.get(conversation=case.conversation_id, direction="in")
    answers = {
        client.get(f"/cases/open/{case.pk}").status_code == 200,
        client.get(f"/case/{case.pk}/sight").status_code == 200,
        client.get(f"/interaction/{said.pk}/original").status_code == 200,
        "zeppelin" in client.get("/cases/open").content.decode(),
        "zeppelin" in client.get("/cases/open?part=list", headers=PART).content.decode(),
        views_of_cases.counts(user)["open"] == 1,
        queries.cases_for(user).filter(pk=case.pk).exists(),
    }
    assert len(answers) == 1, "one way shows it and another does not"
    return answers.pop()


def test_only_named_people_and_administrators_see_it(house: House, secret: Case) -> None:
    assert [sees(one, secret) for one in (house.leo, house.mona, house.nia, house.olga)] == [True, False, False, False]
    Membership.objects.create(user=house.olga, role=Role.ADMIN)
    assert sees(house.olga, secret)


def test_whoever_is_named_sees_it_whatever_their_team(house: House, secret: Case) -> None:
    other = stranger()
    restricted.name(house.leo, secret, other)
    assert sees(other, secret)
    with pytest.raises(NotAllowed):
        assigning.claim(other, secret)
    restricted.unname(house.leo, secret, other)
    assert not sees(other, secret)


def test_an_administrator_of_another_team_does_not_see_it(house: House, secret: Case) -> None:
    other = stranger()
    Membership.objects.filter(user=other).update(role=Role.ADMIN)
    assert not sees(other, secret)


def test_whoever_has_the_case_keeps_it(house: House) -> None:
    case = to_judge(house, "The zeppelin again.")
    assigning.claim(house.mona, case)
    restricted.restrict(house.leo, case)
    assert sees(house.mona, case)
    assert not sees(house.nia, case)


def test_what_comes_later_into_the_conversation_is_restricted_too(house: House) -> None:
    first = house.hear("I saw a zeppelin.")
    house.settle()
    case = house.case()
    restricted.restrict(house.leo, case)
    house.hear("Me too, it was mine.", author="other@people.example", in_reply_to=first)
    house.settle()
    assert Case.objects.filter(conversation=case.conversation_id).count() == 2
    assert not queries.cases_for(house.mona).exists()
    assert queries.cases_for(house.leo).count() == 2


def test_lifting_it_gives_it_back_to_the_team(house: House, secret: Case) -> None:
    visit(house.leo).post(f"/case/{secret.pk}/lift")
    assert sees(house.mona, secret)
    assert not Reader.objects.exists()


def test_only_a_lead_restricts_names_and_lifts_and_every_deed_is_in_the_log(house: House, secret: Case) -> None:
    other = to_judge(house, "A second one.", author="b@people.example")
    for deed in ("restrict", "lift", "name", "unname"):
        visit(house.mona).post(f"/case/{other.pk}/{deed}", {"user": house.nia.pk})
        assert visit(house.mona).post(f"/case/{secret.pk}/{deed}", {"user": house.mona.pk}).status_code == 404
    assert [one.conversation_id for one in Restriction.objects.all()] == [secret.conversation_id]
    assert [one.user for one in Reader.objects.all()] == [house.leo]
    visit(house.leo).post(f"/case/{secret.pk}/name", {"user": house.mona.pk})
    visit(house.leo).post(f"/case/{secret.pk}/unname", {"user": house.mona.pk})
    verbs = list(AuditEntry.objects.filter(subject=f"case {secret.pk}").values_list("verb", flat=True).order_by("id"))
    assert verbs == ["restricted a case", "named a reader", "took a reader away"]


def test_somebody_is_always_left_who_sees_it(house: House, secret: Case) -> None:
    with pytest.raises(Refused, match="Somebody must be left"):
        restricted.unname(house.leo, secret, house.leo)
    User.objects.filter(pk=house.leo.pk).update(is_active=False)
    assert not queries.cases_for(User.objects.get(pk=house.leo.pk)).exists()


def test_a_deed_reads_rights_anew_and_a_page_reads_them_once(house: House) -> None:
    response = to_approve(house)
    looking = User.objects.get(pk=house.leo.pk)
    keep_rights(looking)
    assert rights_of(looking).anywhere(Role.LEAD)
    Membership.objects.filter(user=looking).delete()
    assert rights_of(looking).anywhere(Role.LEAD)
    assert not rights_of(house.leo).roles
    assert visit(house.leo).post(f"/response/{response.pk}/approve", {"digest": response.digest}).status_code == 404


def test_nobody_is_given_a_case_that_they_could_not_see(house: House, secret: Case) -> None:
    with pytest.raises(WorkRefused, match="restricted"):
        assigning.assign(house.leo, secret, to=house.mona, seen=None)
    restricted.name(house.leo, secret, house.mona)
    assigning.assign(house.leo, secret, to=house.mona, seen=None)
    assert sees(house.mona, secret)


def test_who_follows_a_case_goes_on_seeing_it(house: House) -> None:
    case = to_judge(house, "The zeppelin.")
    Follower.objects.create(case=case, user=house.nia)
    restricted.restrict(house.leo, case)
    assert sees(house.nia, case)


def test_nobody_is_given_a_case_while_absent_and_the_list_says_so(house: House) -> None:
    case = to_judge(house)
    profile.be(house.mona, "absent", until=timezone.localdate() + timedelta(days=3), stand_in=house.nia)
    page = visit(house.leo).get(f"/cases/open/{case.pk}").content.decode()
    assert "Mona, absent until" in page and "Nia stands in" in page
    with pytest.raises(WorkRefused, match="absent"):
        assigning.assign(house.leo, case, to=User.objects.get(pk=house.mona.pk), seen=None)


def test_a_closed_account_is_not_named(house: House, secret: Case) -> None:
    User.objects.filter(pk=house.nia.pk).update(is_active=False)
    with pytest.raises(Refused, match="This account is closed"):
        restricted.name(house.leo, secret, User.objects.get(pk=house.nia.pk))
    assert [one.user for one in Reader.objects.all()] == [house.leo]


@pytest.mark.parametrize("deed", [restricted.name, restricted.unname])
def test_of_a_case_that_is_not_restricted_any_more_nobody_is_named(house: House, secret: Case, deed: Any) -> None:
    restricted.lift(house.leo, secret)
    with pytest.raises(Refused, match="not restricted any more"):
        deed(house.leo, secret, house.mona)
    assert not Reader.objects.exists()
