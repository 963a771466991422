"""Time: what is due hurries somebody, what nobody judges goes on by itself, silence is an outcome too."""

from datetime import timedelta

from django.utils import timezone

from armature.crm import conservation, jobs
from armature.crm.accounts.models import Brand, BusinessHours, Membership, Team, User
from armature.crm.act import commands, notices, queries, responses
from armature.crm.act.models import Case, InternalAction, Notice
from armature.crm.decide.models import Judgement, ProcessMap, Wait
from armature.crm.learn.models import Feedback
from house import House


def _let_pass(wait: Wait, count: int = 1) -> None:
    """As if the first ``count`` timers of the wait had run out."""
    past = (timezone.now() - timedelta(minutes=5)).isoformat()
    wait.timers = [[past, *timer[1:]] for timer in wait.timers[:count]] + wait.timers[count:]
    wait.next_timer_at = past
    wait.save()
    assert jobs.tick()


def _open(form: str) -> Wait:
    return Wait.objects.get(state="open", form=form)


def _to_write(house: House) -> None:
    house.hear("The tent is broken.")
    house.settle()
    commands.judge_intent(house.mona, house.case(), intent="complaint")
    house.settle()


def test_an_intent_that_nobody_judges_goes_on_to_the_rules_marked_so(house: House) -> None:
    house.hear("The tent is broken.")
    house.settle()
    _let_pass(_open("intent"))
    house.settle()
    assert house.case().form in ("response", "executive", "approval")
    latest = Judgement.objects.get(current=True)
    assert any(row.startswith("business_rules:") for row in latest.rows)


def test_a_response_that_is_late_is_raised_and_then_offered_to_the_next_team(house: House) -> None:
    support, sales = Team.objects.get(key="support"), Team.objects.get(key="sales")
    support.next_team = sales
    support.save()
    _to_write(house)
    before = _open("response").priority
    _let_pass(_open("response"))
    house.settle()
    assert _open("response").priority == before - 1 == Case.objects.get().priority
    told = Notice.objects.filter(kind=Notice.Kind.RAISED)
    assert [(one.user, one.case) for one in told] == [(house.leo, Case.objects.get())], "its lead, nobody else"
    _let_pass(_open("response"))
    house.settle()
    assert _open("response").team == "sales" == Case.objects.get().asks
    assert Wait.objects.filter(form="response").count() == 1
    assert not [line for law in conservation.LAWS for line in law.broken()]


def test_where_a_team_has_no_lead_whoever_is_above_hears_of_it_once_until_they_have_looked(
    house: House, anna: User
) -> None:
    Membership.objects.filter(user=house.leo).update(brand=Brand.objects.create(key="other", name="Other"))
    _to_write(house)
    whose = Case.objects.values_list("conversation_id", "identity_id")
    for _each in range(2):
        notices.raised(list(whose))
    assert [one.user for one in Notice.objects.filter(kind=Notice.Kind.RAISED)] == [anna]
    Notice.objects.update(read_at=timezone.now())
    notices.raised(list(whose))
    assert Notice.objects.filter(kind=Notice.Kind.RAISED, read_at=None).count() == 1


def test_a_timer_fires_once(house: House) -> None:
    _to_write(house)
    before = _open("response").priority
    _let_pass(_open("response"))
    house.settle()
    jobs.tick()
    house.settle()
    assert _open("response").priority == before - 1
    assert len(_open("response").timers) == 1


def test_silence_ends_the_wait_for_feedback(house: House) -> None:
    _to_write(house)
    case = house.case()
    responses.write(house.mona, case, text="We mend it.", seen=queries.last_said(case))
    house.settle()
    _let_pass(_open("feedback"))
    house.settle()
    assert house.case().status == "resolved"
    assert [(one.kind, one.verdict) for one in Feedback.objects.all()] == [("silence", "silence")]


def test_the_promise_runs_in_business_hours(house: House) -> None:
    BusinessHours.objects.all().delete()
    BusinessHours.objects.create(brand=house.brand, week=[[[0, 1440]]] * 7)
    _to_write(house)
    wait = _open("response")
    assert wait.due_at - wait.opened_at == timedelta(minutes=wait.minutes or 0)


def test_running_work_keeps_the_map_it_began_with(house: House) -> None:
    house.hear("The tent is broken.")
    house.settle()
    first = ProcessMap.objects.get()
    second = ProcessMap.objects.create(
        key=first.key, version=2, body=first.body.replace("Write micro response", "Answer"), digest="2", note="shorter"
    )
    second.tables.set(first.tables.all())
    house.brand.mapassignment_set.create(map=second)
    house.hear("And the bag too.", author="tom@people.example")
    house.settle()
    for author in ("ingrid@people.example", "tom@people.example"):
        commands.judge_intent(house.mona, house.case(author), intent="complaint")
        house.settle()
    versions = Wait.objects.filter(form="response").order_by("id").values_list("map__version", flat=True)
    assert list(versions) == [1, 2]


def test_a_flag_for_the_community_is_kept_when_somebody_is_satisfied(house: House) -> None:
    _to_write(house)
    case = house.case()
    responses.write(house.mona, case, text="We mend it.", seen=queries.last_said(case))
    house.settle()
    house.hear("Thank you, perfect!", in_reply_to="said-1")
    house.settle()
    assert InternalAction.objects.filter(step="flag").exists()
