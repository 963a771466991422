"""Beside a running demo: lets customers speak and brings about what is rare. Reads orders as JSON lines, answers each.

Started with the demo's folder; it uses the same database as the demo, and its workers do the rest.
"""

import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from armature import postgres


def main(home: Path) -> None:
    cluster = postgres.Cluster(home)
    cluster.start()
    os.environ["DATABASE_URL"] = cluster.url("armature_demo")
    os.environ["ARMATURE_SECRET_KEY"] = (home / "secret_key").read_text().strip()
    os.environ["ARMATURE_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "armature.site.settings"
    import django

    django.setup()
    for line in sys.stdin:
        order = json.loads(line)
        done = {"hear": hear, "unknown": unknown, "number": number}[order.pop("do")](**order)
        print(json.dumps(done), flush=True)


def hear(place: str, **line: Any) -> bool:
    """Somebody says something now."""
    from django.utils import timezone

    from armature.crm import live
    from armature.crm.channels import lines
    from armature.crm.listen import commands
    from armature.crm.listen.models import Channel

    channel = Channel.objects.get(place=place)
    now = timezone.now()
    said = {"public": channel.settings["public"], "occurred_at": now.isoformat(), **line}
    commands.accept(channel, [lines.envelope(said, now)])
    live.tell()
    return True


def number(external_id: str, form: str | None = None) -> int:
    """The case in which that was said; 0 until there is one (that waits for ``form``)."""
    from armature.crm.act.models import Case

    found = Case.objects.filter(conversation__interaction__external_id=external_id)
    case = (found.filter(form=form) if form is not None else found).first()
    return case.pk if case else 0


def unknown(external_id: str, intent: str, text: str) -> bool:
    """Mona answers, and the worker that hands it over dies in the middle: nobody knows whether it went out."""
    from django.db import transaction
    from django.utils import timezone

    from armature.crm import jobs
    from armature.crm.accounts.models import User
    from armature.crm.act import commands, queries, responses
    from armature.crm.act.models import Delivery

    mona = User.objects.get(email="mona@fjord.example")
    with transaction.atomic():
        case = queries.cases_for(mona).get(conversation__interaction__external_id=external_id)
        commands.judge_intent(mona, case, intent=intent)
        jobs.judge_conversations()
        case = queries.case_for(mona, case.pk)
        responses.write(mona, case, text=text, seen=queries.last_said(case))
        jobs.judge_conversations()
        long_ago = timezone.now() - timedelta(hours=1)
        died = Delivery.objects.filter(response__case=case)
        return bool(died.update(state="sending", token=1, claimed_at=long_ago))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
