"""What the demo does not have by itself: channels in each state, paper to check, a query that hears much more."""

from typing import Any

LETTER = (
    "Dear shop,\n\nmy parcel arrived broken last Tuesday.\nI want my money back for the blue kettle.\n\nIngrid Berg"
)
UNSURE = ("Tuesday.", "kettle.")
REFUSED = (
    "imap.fjord.example does not take the password of help@fjord.example any more. Type the new one in its settings."
)


def make() -> dict[str, int]:
    """Numbers of what was made, by name."""
    from armature.crm.listen.models import Channel

    found = Channel.objects.filter(kind="demo", place="email").earliest("pk")  # the demo's own
    return _channels(found.brand_id) | _scans(found.brand_id) | {"running": found.pk} | _spike() | _past(found)


def _channels(brand: int) -> dict[str, int]:
    """One that stopped, one with what could not be read; ``running`` has an outcome that nobody knows."""
    from django.utils import timezone

    from armature.crm.channels.port import Envelope
    from armature.crm.listen import commands
    from armature.crm.listen.models import Channel

    now = timezone.now()
    host = {"imap_host": "imap.fjord.example", "folders": "INBOX"}
    stopped = Channel.objects.create(kind="email", place="email", name="Help desk", address="help@fjord.example",
                                     brand_id=brand, settings=host, problem=REFUSED, paused_at=now)  # fmt: skip
    forum = Channel.objects.create(kind="lines", place="forum", name="Forum", address="forum", brand_id=brand)
    commands.accept(forum, [Envelope(f"created:{n}", b"{", "application/json", now) for n in range(3)])
    Channel.objects.create(kind="lines", place="event", name="Open day", address="open-day", brand_id=brand)
    phone = {"kind": "calls", "place": "phone", "name": "Phone", "address": "+47 22 00 00 00"}
    called = Channel.objects.create(**phone, brand_id=brand, settings={"country": "NO"})
    return {"stopped": stopped.pk, "parked": forum.pk, "phone": called.pk}


def _past(channel: Any) -> dict[str, int]:
    """A file whose columns are to be mapped, and one that is brought in with faults."""
    from armature.crm import jobs
    from armature.crm.accounts.models import User
    from armature.crm.act import tryouts
    from armature.crm.listen.imports import commands
    from armature.crm.listen.imports.models import ImportRow

    ada = User.objects.get(email="ada@fjord.example")
    body = b"When,From,Text\n2024-02-03 10:00,ingrid@people.example,My tent leaks\n2024-02-31,x,y\n"
    mapping = commands.upload(ada, channel.brand, "said", "old-desk.csv", [body])
    done = commands.upload(ada, channel.brand, "said", "older-desk.csv", [body])
    done.channel, done.state, done.position, done.counts = channel, "done", 2, {"new": 1, "faulty": 1}
    done.save()
    ImportRow.objects.create(job=done, number=2, place="line 3", result="faulty", field="when", why="no time there is")
    own = b"date,from,to,text\n2026-02-03 10:00,ingrid@people.example,us,My tent leaks\n2026-02-04,us,x,Sorry\n"
    tried = tryouts.try_out(ada, channel.brand, "email", "own.csv", [own + 2 * own.partition(b"\n")[2]])
    jobs.try_out()
    return {"to_map": mapping.pk, "brought_in": done.pk, "tried_out": tried.pk} | _replayed(ada) | _assessed(ada)


def _replayed(ada: Any) -> dict[str, int]:
    """Cancellations go to another team in a draft that was replayed over all there is."""
    from armature.crm import lease
    from armature.crm.decide import versions
    from armature.crm.decide.drawn import Draft
    from armature.crm.learn.replays import commands
    from armature.crm.learn.replays.models import ReplayChange, ReplayTodo

    body = versions.newest_tables()["business_rules"].body.replace("retention", "legal").replace('"support"', '"sales"')
    job = commands.begin(ada, [Draft(kind="table", key="business_rules", name="Business rules", body=body)], {})
    commands.carry_out(lease.claim(ReplayTodo, 1))
    return {"replayed": job.pk, "otherwise": ReplayChange.objects.filter(replay=job).latest("pk").pk}


def _assessed(ada: Any) -> dict[str, int]:
    """All that the demo heard, assessed."""
    from armature.crm import lease
    from armature.crm.learn.assessments import commands
    from armature.crm.learn.assessments.models import AssessmentTodo

    job = commands.begin(ada)
    commands.carry_out(lease.claim(AssessmentTodo, 1))
    return {"assessed": job.pk}


def _scans(brand: int) -> dict[str, int]:
    """A letter whose words were read, with two that the machine was not sure of, and one that is still being read."""
    from armature.crm.accounts.models import User
    from armature.crm.listen import files
    from armature.crm.listen.models import Channel
    from armature.crm.listen.scans.models import Page, Scan

    body, words, size = _drawn()
    box = Channel.objects.create(kind="letter", place="letter", name="Post box", address="Havnegata 1", brand_id=brand)
    kept = {"channel": box, "content_type": "image/png", "size": len(body),
            "uploaded_by": User.objects.get(email="mona@fjord.example")}  # fmt: skip
    digest = files.write(body)
    scan = Scan.objects.create(digest=digest, name="2026-03-letter.png", state="to_check", text=LETTER, **kept)
    Page.objects.create(scan=scan, number=1, digest=digest, width=size[0], height=size[1], words=words)
    reading = Scan.objects.create(digest="0" * 64, name="comment-cards.pdf", **kept)
    Page.objects.bulk_create(Page(scan=reading, number=number) for number in (1, 2, 3))
    return {"scan": scan.pk, "being_read": reading.pk}


def _drawn() -> tuple[bytes, list[list[Any]], tuple[int, int]]:
    """A page with the letter on it, and each word with how sure a machine is of it and where it stands."""
    import io

    from PIL import Image, ImageDraw, ImageFont

    from armature.crm.channels.letter.sheets import USUAL_FONT

    picture = Image.new("L", (827, 1169), 255)
    pen, font = ImageDraw.Draw(picture), ImageFont.truetype(USUAL_FONT, 22)
    words: list[list[Any]] = []
    for row, line in enumerate(LETTER.splitlines()):
        x = 90
        for word in line.split():
            wide = int(pen.textlength(word, font))
            pen.text((x, 160 + 40 * row), word, 0, font)
            words.append([word, 54 if word in UNSURE else 96, x, 158 + 40 * row, wide, 30, 0])
            x += wide + 9
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made.getvalue(), words, picture.size


def _spike() -> dict[str, int]:
    """A query heard much more in the hour of its last hit than usually."""
    from armature.crm.listen.wanted import Hit, ListeningQuery, Spike

    query = ListeningQuery.objects.get(key="boots")
    last = Hit.objects.filter(query=query).order_by("-at").first()
    assert last is not None
    hour = last.at.replace(minute=0, second=0, microsecond=0)
    Spike.objects.create(query=query, hour=hour, found=12, usual=1.0)
    return {"spiked": query.pk}
