"""Administrators set channels up, see how they are, pause and mend them; secrets go in and never come out."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from armature.crm.accounts.models import AuditEntry, AuditValue, Brand, Membership, Role, User
from armature.crm.act import channel_health
from armature.crm.channels.port import Envelope
from armature.crm.listen import commands, setting_up
from armature.crm.listen.models import Channel, Tally, Unopened
from armature.crm.listen.models import Envelope as Kept
from armature.crm.listen.secrets import open_secrets
from armature.crm.web import kind_words
from house import House
from visitors import visit

MAIL = {
    "name": "Support", "place": "email", "address": "support@shop.example", "imap_host": "imap.shop.example",
    "imap_security": "tls", "folders": "INBOX", "history_days": "0", "smtp_security": "starttls",
    "smtp_login": "on", "timeout": "30", "imap_password": "sesame-opens",
}  # fmt: skip


@pytest.fixture
def ada(house: House) -> User:
    """She administers everything."""
    user = User.objects.create_user("ada@shop.example", "Ada", "a good password")
    Membership.objects.create(user=user, role=Role.ADMIN)
    return user


def _mailbox(house: House, ada: User) -> Channel:
    made = visit(ada).post("/channels/new/email", {**MAIL, "brand": house.brand.pk})
    assert made.status_code == 302, made.content.decode()
    return Channel.objects.get(address="support@shop.example")


def test_a_mailbox_is_set_up_switched_off_and_started(house: House, ada: User) -> None:
    mailbox = _mailbox(house, ada)
    assert (mailbox.active, mailbox.settings["imap_host"]) == (False, "imap.shop.example")
    assert open_secrets(mailbox) == {"imap_password": "sesame-opens"}
    visit(ada).post(f"/channels/{mailbox.pk}/start")
    mailbox.refresh_from_db()
    assert mailbox.active


def test_each_bad_field_is_named_and_nothing_is_kept(house: House, ada: User) -> None:
    wrong = {**MAIL, "brand": house.brand.pk, "imap_port": "99999", "address": "a+b@shop.example", "folders": ","}
    page = visit(ada).post("/channels/new/email", wrong)
    words = page.content.decode()
    assert page.status_code == 422
    assert "give a number from 1 to 65535" in words
    assert not Channel.objects.filter(kind="email").exists()
    page = visit(ada).post("/channels/new/email", {**wrong, "imap_port": ""})
    assert "cannot carry our answer marks" in page.content.decode()
    assert "names no folder" in page.content.decode()
    assert "imap.shop.example" in page.content.decode()
    assert not Channel.objects.filter(kind="email").exists()


def test_a_secret_never_comes_out_again(house: House, ada: User) -> None:
    mailbox = _mailbox(house, ada)
    for address in ("/channels", f"/channels/{mailbox.pk}"):
        assert "sesame" not in visit(ada).get(address).content.decode()
    wrong = visit(ada).post(f"/channels/{mailbox.pk}", {**MAIL, "folders": ",", "imap_password": "sesame-closes"})
    assert wrong.status_code == 422
    assert "sesame" not in wrong.content.decode()
    assert open_secrets(mailbox) == {"imap_password": "sesame-opens"}
    assert "sesame" not in str(list(AuditValue.objects.values_list("values", flat=True)))
    assert AuditEntry.objects.filter(verb="set up a channel", subject=f"channel {mailbox.pk}").exists()


def test_a_secret_is_not_put_aside_while_somebody_shows_who_they_are(house: House, ada: User) -> None:
    client = visit(ada)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0, "reauthenticated": False}]
    session.save()
    away = client.post("/channels/new/email", {**MAIL, "brand": house.brand.pk})
    assert (away.status_code, away.headers["Location"]) == (302, "/channels/new/email")
    assert client.get("/channels/new/email").headers["Location"].startswith("/again")
    assert "sesame" not in str(dict(client.session))
    assert not Channel.objects.filter(kind="email").exists()


def test_a_secret_left_empty_stays_and_reading_goes_on_where_it_stopped(house: House, ada: User) -> None:
    mailbox = _mailbox(house, ada)
    Channel.objects.filter(pk=mailbox.pk).update(cursor={"INBOX": [1, 5]}, active=True)
    visit(ada).post(f"/channels/{mailbox.pk}", {**MAIL, "imap_password": "", "name": "Helpers"})
    mailbox.refresh_from_db()
    assert (mailbox.name, mailbox.cursor, mailbox.active) == ("Helpers", {"INBOX": [1, 5]}, True)
    assert open_secrets(mailbox) == {"imap_password": "sesame-opens"}
    visit(ada).post(f"/channels/{mailbox.pk}/pause")
    mailbox.refresh_from_db()
    assert (mailbox.active, mailbox.cursor) == (False, {"INBOX": [1, 5]})


def test_one_address_is_one_channel(house: House, ada: User) -> None:
    _mailbox(house, ada)
    again = visit(ada).post("/channels/new/email", {**MAIL, "brand": house.brand.pk})
    assert again.status_code == 422
    assert "Another channel of this kind has this address" in again.content.decode()
    assert Channel.objects.filter(kind="email").count() == 1


def test_nobody_else_finds_these_pages(house: House, ada: User) -> None:
    mailbox = _mailbox(house, ada)
    other = Brand.objects.create(key="other", name="Other")
    Membership.objects.create(user=house.olga, role=Role.ADMIN, brand=other)
    for user in (house.mona, house.leo, house.olga):
        for deed in ("start", "pause", "try", "open-again"):
            assert visit(user).post(f"/channels/{mailbox.pk}/{deed}").status_code in (302, 404)
        assert visit(user).get(f"/channels/{mailbox.pk}").status_code == 404
    assert "Support" not in visit(house.olga).get("/channels").content.decode()
    mailbox.refresh_from_db()
    assert not mailbox.active
    refused = visit(house.olga).post("/channels/new/email", {**MAIL, "brand": house.brand.pk, "address": "x@y.example"})
    assert refused.status_code == 422
    assert not Channel.objects.filter(address="x@y.example").exists()


def test_it_is_tried_and_what_is_wrong_is_said(house: House, ada: User) -> None:
    page = Channel.objects.create(kind="web", place="web", address="hello", name="Page", brand=house.brand)
    said = visit(ada).post(f"/channels/{page.pk}/try", follow=True).content.decode()
    assert "It works." in said
    Channel.objects.filter(pk=page.pk).update(kind="nobody")
    said = visit(ada).post(f"/channels/{page.pk}/try", follow=True).content.decode()
    assert "no installed package offers it" in said


def test_a_page_on_the_web_names_the_sites_that_may_show_it_and_gives_them_a_line(house: House, ada: User) -> None:
    told = {"name": "Page", "brand": house.brand.pk, "place": "web_form", "address": "hello", "title": "Write to us"}
    made = visit(ada).post("/channels/new/web", {**told, "sites": "shop.example"})
    assert made.status_code == 422
    assert "is no site: write it like https://shop.example" in made.content.decode()
    visit(ada).post("/channels/new/web", {**told, "sites": "https://shop.example"})
    page = Channel.objects.get(kind="web")
    assert page.settings["sites"] == "https://shop.example"
    words = visit(ada).get(f"/channels/{page.pk}").content.decode()
    assert "/static/web/bubble.js&quot; data-page=&quot;http://testserver/talk/hello" in words.replace('"', "&quot;")


def test_what_could_not_be_read_is_shown_and_tried_once_more(house: House, ada: User) -> None:
    lines = Channel.objects.create(kind="lines", place="forum", address="forum", name="Forum", brand=house.brand)
    commands.accept(lines, [Envelope("created:1", b"{", "application/json", datetime(2026, 3, 1, tzinfo=UTC))])
    house.settle()
    page = visit(ada).get(f"/channels/{lines.pk}").content.decode()
    assert "this is not JSON" in page
    assert channel_health.of([lines.pk])[lines.pk].parked == 1
    visit(ada).post(f"/channels/{lines.pk}/open-again")
    assert Unopened.objects.filter(envelope__channel=lines).count() == 1
    assert not Kept.objects.filter(channel=lines, parked__isnull=False).exists()
    house.settle()
    assert channel_health.of([lines.pk])[lines.pk].parked == 1


def test_how_they_are_costs_one_query_for_all(house: House, ada: User) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert visitor.get("/channels").status_code == 200
        return len(seen)

    visitor = visit(ada)
    house.hear("Hello")
    few = statements()
    for number in range(5):
        Channel.objects.create(kind="web", place="web", address=f"p{number}", name="P", brand=house.brand)
    assert statements() == few
    health = channel_health.of([house.mailbox.pk])[house.mailbox.pk]
    assert (health.today, health.last_at is not None, health.unknown) == (1, True, 0)


def test_what_came_in_is_drawn_by_day_and_stands_in_a_table(house: House, ada: User) -> None:
    house.hear("Hello")
    house.hear("Hello again")
    said = Envelope("created:same", b"{}", "application/json", datetime(2026, 3, 1, tzinfo=UTC))
    commands.accept(house.mailbox, [said, said])
    commands.accept(house.mailbox, [said])
    today = datetime.now(UTC).date()
    for ago, many in ((1, 7), (29, 4), (30, 1000)):
        day = today - timedelta(days=ago)
        Tally.objects.create(channel=house.mailbox, day=day, received=many + ago, stored=many)
    page = visit(ada).get(f"/channels/{house.mailbox.pk}").content.decode()
    rows = re.findall(r'<tr><th scope="row">[^<]*</th><td>(\d+)</td><td>(\d+)</td></tr>', page)
    assert len(rows) == 30
    assert (rows[0], rows[-2]) == (("4", "29"), ("7", "1"))
    assert rows[-1] == ("3", "2")
    assert "14 messages that were new" in page
    heights = [float(one) for one in re.findall(r'<rect class="bar"[^>]*height="([\d.]+)"', page)]
    assert len(heights) == 30
    assert heights[-2] == max(heights)
    assert sum(1 for one in heights if one) == 3
    assert "style=" not in page


def test_before_anything_came_the_chart_says_so_and_its_page_costs_the_same(house: House, ada: User) -> None:
    def statements() -> tuple[int, str]:
        with CaptureQueriesContext(connection) as seen:
            page = visitor.get(f"/channels/{house.mailbox.pk}").content.decode()
        return len(seen), page

    visitor = visit(ada)
    empty, page = statements()
    assert "Nothing came in during the last 30 days." in page
    assert '<svg class="bars"' not in page
    for ago in range(30):
        day = datetime.now(UTC).date() - timedelta(days=ago)
        Tally.objects.create(channel=house.mailbox, day=day, received=ago + 1, stored=ago + 1)
    full, page = statements()
    assert (full, "465 messages that were new" in page) == (empty, True)


@pytest.mark.parametrize(
    ("kind", "place"),
    [("email", "email"), ("calls", "phone"), ("web", "web_form"), ("wordpress", "blog"), ("lines", "")],
)
def test_a_new_channel_is_of_the_usual_place_of_its_kind_or_asks(ada: User, kind: str, place: str) -> None:
    page = visit(ada).get(f"/channels/new/{kind}").content.decode()
    places = page[page.index('<select name="place"') :].partition("</select>")[0]
    assert f'<option value="{place}" selected>' in places
    assert ("Choose</option>" in places) == (place == "")


def test_what_is_said_of_kinds_is_said_of_kinds_that_are_there(ada: User) -> None:
    there = {kind.key for kind in setting_up.kinds()}
    assert set(kind_words.WHAT) | set(kind_words.USUAL_PLACE) <= there
    assert "A mailbox that we read" in visit(ada).get("/channels/new").content.decode()
