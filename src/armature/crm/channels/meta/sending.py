"""Saying something there: under what was said, or to the person alone, as long as Meta lets us."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation.trans_null import gettext_noop as _

from armature.arm.channel import size
from armature.crm.channels.api import Body, as_form, as_json
from armature.crm.channels.meta.comments import MENTION
from armature.crm.channels.meta.settings import MetaSettings
from armature.crm.channels.port import WINDOW, Failed, Outcome, Outgoing, Sent, Unknown
from armature.crm.channels.reading import clean

DAY, WEEK = timedelta(hours=24), timedelta(days=7)
DAY_OVER = _(
    "Meta takes messages for 24 hours after somebody wrote, and that time is over. Wait until they write, or answer "
    "in another way."
)
WEEK_OVER = _("Meta takes a private answer for seven days, and that time is over. Wait until they write.")
RECENT = timedelta(minutes=10)
"""Only what is younger can be what we just said."""
PLACE = re.compile(r"\d{1,30}(_\d{1,30})?")
"""The name of a comment or a post; messages have longer ones, with letters."""
_PERSON = re.compile(r"\d{1,30}")
NO_NAME = "It was taken, but not said under which name: it may have gone out."


def send(settings: MetaSettings, outgoing: Outgoing, most: tuple[int, str], now: datetime) -> Outcome:
    """Hand it over once, if it is no longer than ``most``; see ``Kind.send``."""
    if size(outgoing.text, most[1]) > most[0]:
        return Failed(f"It takes {most[0]} {most[1]}: shorten it.")
    if outgoing.attachments:
        return Failed("No files go out by Facebook and Instagram from here: remove them.")
    return _in_public(settings, outgoing) if outgoing.public else _in_private(settings, outgoing, now)


def _in_public(settings: MetaSettings, outgoing: Outgoing) -> Outcome:
    above, words = outgoing.in_reply_to, {"message": outgoing.text}
    if above.startswith(MENTION):
        media, _colon, comment = above.removeprefix(MENTION).partition(":")
        more = {"media_id": media} | ({"comment_id": comment} if comment else {})
        return _say(settings, f"{settings.me}/mentions", as_form({**words, **more}), "id")
    if not PLACE.fullmatch(above):
        return Failed("What this answers was said in private: it cannot be answered in public.")
    under = "replies" if settings.graph.api.account.kind == "instagram" else "comments"
    return _say(settings, f"{above}/{under}", as_form(words), "id")


def _in_private(settings: MetaSettings, outgoing: Outgoing, now: datetime) -> Outcome:
    """To a comment Meta lets us answer once in private; a talk goes on as long as they have written of late."""
    above, age = outgoing.in_reply_to, age_of(outgoing.heard_at, now)
    fields: dict[str, Any] = {"message": {"text": outgoing.text}}
    if PLACE.fullmatch(above):
        if age >= WEEK:
            return Failed(WEEK_OVER, cause=WINDOW)
        is_post = above.startswith(f"{settings.me}_")
        fields["recipient"] = {"post_id" if is_post else "comment_id": above}
    else:
        person = next(iter(outgoing.recipients), "")
        if not _PERSON.fullmatch(person) or len(outgoing.recipients) != 1:
            return Failed("A message goes to one person whom Meta has named to us: answer in public.")
        if age >= DAY and not (settings.human_agent and age < WEEK):
            return Failed(WEEK_OVER if settings.human_agent else DAY_OVER, cause=WINDOW)
        fields["recipient"] = {"id": person}
        late = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
        fields |= late if age >= DAY else {"messaging_type": "RESPONSE"}
    if settings.graph.api.account.kind == "facebook":
        fields["message"]["metadata"] = outgoing.external_id
    return _say(settings, f"{settings.sender}/messages", as_json(fields), "message_id")


def age_of(heard_at: datetime | None, now: datetime) -> timedelta:
    """How long ago it was said; what nobody knows is left to Meta."""
    return now - heard_at if heard_at else timedelta(0)


def _say(settings: MetaSettings, path: str, body: Body, named: str) -> Outcome:
    taken = settings.graph.say(path, body)
    if isinstance(taken, Failed | Unknown):
        return taken
    name = clean(taken.get(named))
    return Sent(name, name) if name else Unknown(NO_NAME)


def find(settings: MetaSettings, outgoing: Outgoing) -> Sent | None:
    """What we said, where it was to stand: in public below what it answers, in private in the talk with that person."""
    said = _below(settings, outgoing.in_reply_to) if outgoing.public else _talk(settings, outgoing)
    since = datetime.now(UTC) - RECENT
    for one in said:
        author = one.get("from")
        ours = isinstance(author, Mapping) and str(author.get("id")) in (settings.me, settings.sender)
        words, at = one.get("message") or one.get("text"), one.get("created_time") or one.get("timestamp")
        if ours and clean(words).strip() == outgoing.text.strip() and datetime.fromisoformat(str(at)) >= since:
            return Sent(str(one["id"]), str(one["id"]))
    return None


def _below(settings: MetaSettings, above: str) -> Sequence[Mapping[str, Any]]:
    if not PLACE.fullmatch(above):
        return ()
    if settings.graph.api.account.kind == "instagram":
        query = {"fields": "id,text,timestamp,from", "limit": "50"}
        return settings.graph.read(f"{above}/replies", query).get("data") or ()
    query = {"fields": "id,message,created_time,from", "limit": "50", "order": "reverse_chronological"}
    return settings.graph.read(f"{above}/comments", query).get("data") or ()


def _talk(settings: MetaSettings, outgoing: Outgoing) -> Sequence[Mapping[str, Any]]:
    person = next(iter(outgoing.recipients), "")
    if not _PERSON.fullmatch(person):
        return ()
    platform = "instagram" if settings.graph.api.account.kind == "instagram" else "messenger"
    fields = "messages.limit(20){id,message,created_time,from}"
    query = {"platform": platform, "user_id": person, "fields": fields}
    talks = settings.graph.read(f"{settings.sender}/conversations", query).get("data") or ()
    return [one for talk in talks for one in (talk.get("messages") or {}).get("data") or ()]
