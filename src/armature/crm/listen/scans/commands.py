"""Writes of paper: take it in, read its pages by machine, give up on what no machine can read, settle it once."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from armature.crm import lease, live
from armature.crm.accounts.models import User
from armature.crm.channels import post
from armature.crm.listen import commands, files
from armature.crm.listen.models import Channel, Envelope
from armature.crm.listen.scans import kinds, programs, reading
from armature.crm.listen.scans.models import Page, Scan, Unread

USUAL_LANGUAGE = "eng"


def languages_of(channel: Channel) -> str:
    """What its papers are written in, as tesseract names it."""
    return str(channel.settings.get("reads") or USUAL_LANGUAGE)


def take_in(channel: Channel, user: User, name: str, body: bytes) -> Scan:
    """Keep a file as paper that waits to be read; raises ``kinds.NotTaken`` and ``programs.Missing``."""
    if len(body) > kinds.MOST_BYTES:
        most = kinds.MOST_BYTES // 1_000_000
        raise kinds.NotTaken(_("it is larger than %s MB: scan it at 300 dpi, or divide it.") % most)
    kinds.content_type_of(body)
    if problem := programs.missing(languages_of(channel)):
        raise programs.Missing(problem)
    paper = kinds.look(body)
    digest = files.write(body)
    try:
        with transaction.atomic():
            scan = Scan.objects.create(
                channel=channel, digest=digest, name=name[:255], content_type=paper.content_type, size=len(body),
                uploaded_by=user,
            )  # fmt: skip
            pages = Page.objects.bulk_create(Page(scan=scan, number=n + 1) for n in range(paper.pages))
            Unread.objects.bulk_create(Unread(page=page) for page in pages)
            live.wake()
    except IntegrityError:
        raise kinds.NotTaken(_("the same file was uploaded here before.")) from None
    return scan


def read(held: lease.Claim) -> None:
    """Read the pages of a claim; what the programs refuse is left to the person who checks the scan."""
    for page in Page.objects.filter(pk__in=held.keys).select_related("scan__channel"):  # a claim is one page
        read_page = Page(pk=page.pk)
        try:
            seen = reading.picture(files.path(page.scan.digest), page.scan.content_type, page.number)
            read_page.digest, read_page.width, read_page.height = files.write(seen.body), seen.width, seen.height
            read_page.words = [list(word) for word in reading.words_of(seen.body, languages_of(page.scan.channel))]
        except programs.Unreadable as problem:
            read_page.problem = str(problem)
        read_page.read_at = timezone.now()
        with transaction.atomic():
            lease.finish(Unread, lease.Claim(held.token, (page.pk,)))
            read_page.save(update_fields=["digest", "width", "height", "words", "problem", "read_at"])
            _go_on(page.scan_id)


def give_up(page_id: int, reason: str) -> None:
    """No machine reads this page: a person types it."""
    page = Page.objects.get(pk=page_id)
    Page.objects.filter(pk=page_id).update(problem=reason[:2000], read_at=timezone.now())
    Unread.objects.filter(page=page_id).delete()
    _go_on(page.scan_id)


def _go_on(scan_id: int) -> None:
    """After its last page a scan waits to be checked."""
    scan = Scan.objects.select_for_update(no_key=True).get(pk=scan_id)
    pages = list(scan.pages.order_by("number"))
    if scan.state == Scan.State.READING and all(page.read_at for page in pages):
        text = "\n\n".join(found for page in pages if (found := reading.text_of(page.words)))
        Scan.objects.filter(pk=scan_id).update(state=Scan.State.TO_CHECK, text=text)


def read_again(scan: Scan) -> int:
    """Pages that no machine could read are tried once more; how many. What was read stays."""
    with transaction.atomic():
        locked = Scan.objects.select_for_update(no_key=True).get(pk=scan.pk)
        pages = list(locked.pages.exclude(problem="")) if locked.state == Scan.State.TO_CHECK else []
        if pages:
            Page.objects.filter(pk__in=[page.pk for page in pages]).update(problem="", read_at=None)
            Unread.objects.bulk_create(Unread(page=page) for page in pages)
            Scan.objects.filter(pk=scan.pk).update(state=Scan.State.READING)
            live.wake()
    return len(pages)


def key_of(scan: Scan) -> str:
    """What its interaction is called, for good."""
    return f"scan-{scan.pk}"


def hear(scan: Scan, paper: post.Paper, user: User) -> bool:
    """It becomes an envelope of its channel, once; False when somebody else settled it before."""
    now = timezone.now()
    with transaction.atomic():
        if not _settle(scan, Scan.State.FILED, user):
            return False
        attached = [files.attachment(scan.digest, scan.name, scan.content_type)]
        envelope = post.envelope(paper, attached, now)
        commands.accept(scan.channel, [envelope])
        heard = Envelope.objects.get(channel=scan.channel_id, event_key=envelope.event_key)
        Scan.objects.filter(pk=scan.pk).update(envelope=heard, text=paper.text)
    return True


def drop(scan: Scan, user: User) -> bool:
    """It is nothing that somebody said to us; False when somebody else settled it before."""
    return _settle(scan, Scan.State.DROPPED, user)


def _settle(scan: Scan, state: str, user: User) -> bool:
    waiting: Sequence[str] = [Scan.State.TO_CHECK, *([Scan.State.READING] if state == Scan.State.DROPPED else [])]
    mine = Scan.objects.filter(pk=scan.pk, state__in=waiting)
    return bool(mine.update(state=state, settled_by=user, settled_at=timezone.now()))
