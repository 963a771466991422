"""Reads of paper: how far the machine is, and what comes next."""

from collections.abc import Iterable

from django.db.models import Count, QuerySet

from armature.crm.listen.scans.models import Page, Scan


def progress(scans: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Of each scan: how many pages are gone through, and how many there are."""
    counted = Page.objects.filter(scan__in=list(scans)).values("scan").order_by("scan")
    found = counted.annotate(through=Count("read_at"), pages=Count("pk")).values_list("scan", "through", "pages")
    return {scan: (through, pages) for scan, through, pages in found}


def next_to_check(among: QuerySet[Scan], after: Scan) -> Scan | None:
    """What whoever is done with this one can check next: the one that has waited longest."""
    return among.filter(state=Scan.State.TO_CHECK).exclude(pk=after.pk).order_by("pk").first()
