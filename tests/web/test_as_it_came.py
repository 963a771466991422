"""A mail can be looked at as it came: cleaned, in its own frame, with words where pictures were."""

from email.message import EmailMessage

from django.utils import timezone

from armature.crm.channels.port import Envelope
from armature.crm.listen import commands
from armature.crm.listen.models import Channel, Interaction
from house import House
from visitors import to_judge, visit

HTML = """<h1>Order 4711</h1><p onclick="alert(1)">It <b>never</b> came.</p><script>alert(1)</script>
<img src="cid:photo" alt="the torn box"><img src="https://evil.example/pixel.gif">
<form action="//evil.example"></form>"""


def _mail() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Ingrid <ingrid@people.example>", "hello@shop.example", "Order 4711"
    mail["Message-ID"], mail["Date"] = "<one@people.example>", "Mon, 02 Mar 2026 10:00:00 +0000"
    mail.set_content("It never came.")
    mail.add_alternative(HTML, subtype="html")
    return mail.as_bytes()


def test_a_mail_offers_its_own_look_and_shows_it_without_what_acts(house: House) -> None:
    settings = {"imap_host": "imap.shop.example", "smtp_host": "smtp.shop.example", "username": "hello@shop.example"}
    mailbox = Channel.objects.create(
        kind="email", place="email", address="mail@shop.example", name="Post", brand=house.brand, settings=settings
    )
    mailed = Envelope("created:one", _mail(), "message/rfc822", timezone.now())
    commands.accept(mailbox, [mailed])
    house.settle()
    said = Interaction.objects.get(channel=mailbox)
    client = visit(house.mona)
    page = client.get(f"/cases/open/{house.case().pk}").content.decode()
    frame = f'<iframe src="/interaction/{said.pk}/original" title="The message as it came" loading="lazy" sandbox>'
    assert frame in page
    shown = client.get(f"/interaction/{said.pk}/original").content.decode()
    assert "<b>never</b>" in shown
    assert 'alt="the torn box"' in shown
    for gone in ("script", "onclick", "evil.example/pixel", "cid:", "<form"):
        assert gone not in shown, gone


def test_what_came_as_plain_words_has_no_other_look(house: House) -> None:
    case = to_judge(house)
    assert "Show as it came" not in visit(house.mona).get(f"/cases/open/{case.pk}").content.decode()
