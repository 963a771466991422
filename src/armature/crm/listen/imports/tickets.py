"""Exports of other desks, comment by comment as rows: tickets of Zendesk, conversations of Chatwoot."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from armature.crm.listen.imports.objects import each
from armature.crm.listen.imports.records import Counted, Record

HEADS = ["external_id", "conversation", "when", "who", "name", "direction", "to", "subject", "text", "note"]
"""What a comment is as a row; a note between colleagues says so."""
Row = Mapping[str, Any]


class Tickets(Counted):
    """A file of tickets or conversations, each with all that was said in it."""

    def __init__(self, path: Path, kind: str, one_list: bool) -> None:
        super().__init__(path)
        self._one_list, self._rows = one_list, {"zendesk": _of_ticket, "chatwoot": _of_conversation}[kind]
        self.heads = HEADS

    def records(self) -> Generator[Record, None, None]:
        """See ``Source``: a record for each comment; one that is wrong as a whole for a ticket that cannot be read."""
        number = 0
        for place, one in enumerate(each(self._counting, self._one_list), 1):
            try:
                rows = [{}] if isinstance(one, str) else list(self._rows(one))
                wrong = one if isinstance(one, str) else ""
            except (TypeError, ValueError, AttributeError, KeyError, OverflowError) as problem:
                rows, wrong = (
                    [{}],
                    (_("this is no ticket as the export writes it: %(problem)s") % {"problem": repr(problem)})[:250],
                )
            for row in rows:
                number += 1
                cells = [_text(row.get(head)) for head in HEADS]
                yield Record(
                    number,
                    (_("ticket %(n1)s") % {"n1": row.get("conversation") or place})[:40],
                    [] if wrong else cells,
                    wrong,
                )


def _text(value: Any) -> str:
    return "" if value is None else str(value).replace("\x00", "").encode("utf-8", "replace").decode()


def _of_ticket(ticket: Row) -> Iterator[Row]:
    """Zendesk: who asked said what comes in, everybody else what goes out."""
    asked, people = ticket.get("requester") or {}, _people(ticket)
    asked_id = ticket.get("requester_id") or asked.get("id")
    who = _address(asked) or f"zendesk:{asked_id}"
    comments: Sequence[Row] = ticket.get("comments") or [
        {"id": f"{ticket['id']}-first", "author_id": asked_id, "created_at": ticket.get("created_at"),
         "body": ticket.get("description"), "public": True}
    ]  # fmt: skip
    for number, comment in enumerate(comments, 1):
        person = {**people.get(comment.get("author_id"), {}), **(comment.get("author") or {})}
        theirs = comment.get("author_id", person.get("id")) == asked_id
        other = _address(person) or f"zendesk:{comment.get('author_id')}"
        outsider = str(person.get("role", "")) == "end-user" and not theirs
        yield {
            "external_id": f"zendesk-{ticket['id']}-{comment.get('id') or number}",
            "conversation": f"zendesk-{ticket['id']}",
            "when": comment.get("created_at") or ticket.get("created_at"),
            "who": who if theirs else other, "name": (asked if theirs else person).get("name"),
            "direction": "in" if theirs or outsider else "out", "to": "" if theirs else who,
            "subject": ticket.get("subject"),
            "text": comment.get("plain_body") or comment.get("body") or "",
            "note": "" if comment.get("public", True) else "note",
        }  # fmt: skip


def _people(ticket: Row) -> dict[Any, Row]:
    named = [ticket.get(key) or {} for key in ("requester", "submitter", "assignee")]
    named += [one for key in ("users", "collaborator", "collaborators") for one in ticket.get(key) or []]
    return {one["id"]: one for one in named if isinstance(one, dict) and "id" in one}


def _address(person: Row) -> str:
    return str(person.get("email") or person.get("phone") or person.get("phone_number") or "")


KINDS_OF_MESSAGE = {"0": "in", "incoming": "in", "1": "out", "outgoing": "out", "3": "out", "template": "out"}


def _of_conversation(one: Row) -> Iterator[Row]:
    """Chatwoot: incoming and outgoing messages; what only says that something happened is left out."""
    contact = one.get("contact") or (one.get("meta") or {}).get("sender") or {}
    name = one.get("display_id") or one["id"]
    who = _address(contact) or f"chatwoot:{contact.get('id') or name}"
    attributes = one.get("additional_attributes") or {}
    for number, said in enumerate(one.get("messages") or [], 1):
        direction = KINDS_OF_MESSAGE.get(str(said.get("message_type")))
        if direction is None:
            continue
        sender = said.get("sender") or {}
        theirs = direction == "in"
        yield {
            "external_id": f"chatwoot-{name}-{said.get('id') or number}", "conversation": f"chatwoot-{name}",
            "when": _moment(said.get("created_at")),
            "who": who if theirs else _address(sender) or f"chatwoot agent {sender.get('id', '')}".strip(),
            "name": (contact if theirs else sender).get("name"), "direction": direction, "to": "" if theirs else who,
            "subject": attributes.get("mail_subject"),
            "text": said.get("content") or "", "note": "note" if said.get("private") else "",
        }  # fmt: skip


def _moment(given: Any) -> Any:
    """Seconds since 1970, or a time as it stands."""
    if isinstance(given, int | float) and not isinstance(given, bool):
        return datetime.fromtimestamp(given, UTC).isoformat()
    return given
