"""A post as it came, to what was said: pure."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop

from armature.crm.channels.bluesky import facets, posts
from armature.crm.channels.bluesky.names import on_the_web, parts
from armature.crm.channels.lines import files_of
from armature.crm.channels.port import Account, Created, Deleted, Envelope, Event
from armature.crm.channels.reading import clean, from_json

NETWORK = "bluesky"
ASIDE = gettext_noop("said to others in this thread")
BY_MACHINE = gettext_noop("an account that says it is a machine")


def normalise(account: Account, envelope: Envelope) -> list[Event]:
    """One post, or word that it is gone; raises ``ValueError`` for what cannot be read."""
    found = from_json(envelope.body)
    try:
        if "gone" in found:
            return [Deleted(_name(found["gone"]), posts.moment(found["at"]))]
        return [_created(found["post"], found)]
    except (KeyError, TypeError, AttributeError, RecursionError) as odd:
        raise ValueError(f"the server sent a post that cannot be read: {type(odd).__name__} {odd}") from odd


def _created(post: Mapping[str, Any], found: Mapping[str, Any]) -> Created:
    author, record, uri = post["author"], post["record"], _name(post["uri"])
    own = author["did"] == found["me"]
    near = dict.fromkeys([posts.above_of(record), posts.root_of(record), posts.quoted(record)])
    languages = record.get("langs")
    return Created(
        external_id=uri,
        author=_handle(author),
        author_name=clean(author.get("displayName"))[:200],
        occurred_at=posts.moment(post.get("indexedAt") or record["createdAt"]),
        text=_words(record),
        network=NETWORK,
        public=True,
        references=tuple(clean(one) for one in near if one and one != uri),
        attachments=files_of(found),
        automatic="" if own or found["to_us"] else ASIDE,
        language=clean(languages[0])[:12] if isinstance(languages, list) and languages else "",
        warning=BY_MACHINE if _by_machine(author) and not own else "",
        own=own,
    )


def _name(given: object) -> str:
    name = clean(given)
    if not parts(name)[1] or len(name) > 300:
        raise ValueError(f"“{name[:60]}” is no name of a post")
    return name


def _handle(author: Mapping[str, Any]) -> str:
    """As everybody writes it; the number behind it where the network does not believe the handle."""
    handle = clean(author.get("handle")).casefold()
    return handle if handle and handle != "handle.invalid" else clean(author["did"])


def _words(record: Mapping[str, Any]) -> str:
    """Its words, then a line for whatever else it shows."""
    said = clean(facets.written_out(str(record.get("text") or ""), record.get("facets"))).strip()
    shown = [f"[{kind}{': ' * bool(alt.strip())}{' '.join(clean(alt).split())}]" for kind, alt in posts.media(record)]
    page, other = clean(posts.card(record)), clean(posts.quoted(record))
    more = [page] if page and page not in said else []
    return "\n".join([said, *shown, *more, *([on_the_web(other)] if other else [])]).strip()


def _by_machine(author: Mapping[str, Any]) -> bool:
    """Whether they put that sign on themselves."""
    labels = author.get("labels")
    return isinstance(labels, list) and any(
        isinstance(one, Mapping) and one.get("val") == "bot" and one.get("src") == author["did"] for one in labels
    )
