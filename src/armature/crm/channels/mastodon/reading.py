"""Looking for what is new: mentions, the public threads they stand in, and whether what was said still reads so."""

import json
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from armature.crm.channels.api import Api
from armature.crm.channels.mastodon.settings import MastodonSettings
from armature.crm.channels.mastodon.statuses import PUBLIC, Status, mentions, stable
from armature.crm.channels.port import Cursor, Envelope, Unreachable

PAGE = 40
AROUND = 40
"""So many posts of a thread are taken in beside a mention, the nearest ones."""
CHECKS = (60, 300, 1800, 3 * 3600, 24 * 3600, 3 * 24 * 3600)
"""Seconds after which it is looked at again, one after another: most people who correct themselves do it at once."""
SURELY = 60
"""What is not there is looked for once more after so many seconds before it counts as deleted."""
MOST_WATCHED, AT_ONCE = 500, 20


def batches(settings: MastodonSettings, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
    """See ``Kind.fetch``. The cursor holds the last notification and the posts that are looked at again."""
    api = settings.api
    me = me_of(api)
    watched = [list(one) for one in cursor.get("watch", [])]
    if "last" not in cursor:
        newest = _list(api.read("/api/v1/notifications", {"limit": 1}))
        cursor = {"last": str(newest[0]["id"]) if newest else "0", "watch": watched}
        yield [], cursor
    last, threads = cursor["last"], set[str]()
    while page := _newer(api, last):
        last = max((str(one["id"]) for one in page), key=_order)
        said = [one["status"] for one in page if one.get("type") == "mention" and one.get("status")]
        envelopes = [envelope for status in said for envelope in _with_thread(api, status, me, threads)]
        watched = [*watched, *([stable(one["id"]), one.get("edited_at") or "", *_next(0), 0] for one in said)]
        before, cursor = cursor, {"last": last, "watch": watched[-MOST_WATCHED:]}
        for start in range(0, max(len(envelopes), 1), limit):  # only the last part of a page makes it read
            yield envelopes[start : start + limit], cursor if start + limit >= len(envelopes) else before
    changed, watched = _looked_again(api, watched[-MOST_WATCHED:], me)
    if changed or watched != cursor["watch"]:
        yield changed, {"last": last, "watch": watched}


def me_of(api: Api) -> dict[str, str]:
    """Who we are there."""
    found = api.read("/api/v1/accounts/verify_credentials", refused=(401, 403, 422))  # snac says 422
    if not isinstance(found, Mapping) or not found.get("id"):
        raise Unreachable(f"{api.base} does not say who we are: is it a server with Mastodon's API?")
    return {"id": str(found["id"]), "url": str(found.get("url") or ""), "acct": str(found.get("acct") or "")}


def _newer(api: Api, last: str) -> list[Any]:
    """A page of notifications after ``last``; whichever end of them a server gives first, none is left out."""
    asked: dict[str, Any] = {"min_id": last, "limit": PAGE, "types[]": "mention"}
    found: dict[str, Any] = {}
    while True:
        page = [one for one in _list(api.read("/api/v1/notifications", asked)) if _order(str(one["id"])) > _order(last)]
        new = {str(one["id"]): one for one in page if str(one["id"]) not in found}
        found |= new
        if len(page) < PAGE or not new:
            return [found[number] for number in sorted(found, key=_order)]
        asked["max_id"] = min(new, key=_order)


def _with_thread(api: Api, status: Status, me: Mapping[str, str], threads: set[str]) -> Iterator[Envelope]:
    """A mention, and what stands around it in public, that nobody needs to open the server to understand it."""
    if status.get("in_reply_to_id") and status["id"] not in threads:
        around = api.read(f"/api/v1/statuses/{status['id']}/context", gone=(404, 410)) or {}
        near = [*_list(around.get("ancestors"))[-AROUND:], *_list(around.get("descendants"))[:AROUND]]
        threads |= {one["id"] for one in near} | {status["id"]}
        for one in near:
            if one["account"]["id"] == me["id"]:
                yield _envelope("own", one, me)
            elif one.get("visibility") in PUBLIC and not mentions(one, me):  # else its own notification brings it
                to_us = one.get("in_reply_to_account_id") == me["id"]
                yield _envelope("created" if to_us else "aside", one, me, to_us=to_us)
    yield _envelope("created", status, me)


def _looked_again(api: Api, watched: list[list[Any]], me: Mapping[str, str]) -> tuple[list[Envelope], list[list[Any]]]:
    """What reads otherwise by now or is gone, and what is still to be looked at."""
    changed, left, now = list[Envelope](), list[list[Any]](), time.time()
    due = 0
    for number, stamp, at, step, missed in watched:
        if at > now or due >= AT_ONCE:
            left.append([number, stamp, at, step, missed])
            continue
        due += 1
        status = api.read(f"/api/v1/statuses/{number}", gone=(404, 410))
        if status is None and missed:
            changed.append(_gone(number, datetime.now(UTC)))
            continue
        if status is None:
            left.append([number, stamp, now + SURELY, step, 1])
            continue
        edited = status.get("edited_at") or ""
        if edited and edited != stamp:
            changed.append(_envelope("created", status, me))
        if step + 1 < len(CHECKS):
            left.append([number, edited, *_next(step + 1), 0])
    return changed, left


def _next(step: int) -> tuple[float, int]:
    return time.time() + CHECKS[step], step


def _envelope(name: str, status: Status, me: Mapping[str, str], *, to_us: bool = True) -> Envelope:
    edited = f":{status['edited_at']}" if status.get("edited_at") else ""
    key = f"{'edited' if edited else name}:{stable(status['id'])}{edited}"
    body = json.dumps({"status": status, "me": me["id"], "to_us": to_us}, ensure_ascii=False).encode()
    return Envelope(key, body, "application/json", datetime.now(UTC))


def _gone(number: str, now: datetime) -> Envelope:
    body = json.dumps({"gone": number, "at": now.isoformat()}).encode()
    return Envelope(f"deleted:{number}", body, "application/json", now)


def _list(found: Any) -> list[Any]:
    return [one for one in found if isinstance(one, Mapping) and one.get("id")] if isinstance(found, list) else []


def _order(number: str) -> tuple[int, str]:
    """Ids are numbers or words of one length: the longer one is the later one."""
    return len(number), number
