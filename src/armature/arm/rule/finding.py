"""What is wrong with a table or a map, said so that its author can mend it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. ``place`` is the id of a row or an element (empty: the whole), ``field`` the fact or attribute meant.

    ``words`` is a whole sentence for the author's screen. A finding with ``error`` forbids publishing, a note does not.
    """

    place: str
    field: str
    words: str
    error: bool = True


class Unfit(ValueError):
    """Something that was to be compiled has errors; all of them are in ``findings``."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(finding.words for finding in findings))


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Only what forbids publishing."""
    return [finding for finding in findings if finding.error]


def quoted(raw: object) -> str:
    """Anything an author wrote, short enough to be repeated inside a sentence."""
    text = raw if isinstance(raw, str) else repr(raw)
    return f'"{text[:60]}…"' if len(text) > 60 else f'"{text}"'


def listed(words: Iterable[str], last: str = "and", limit: int = 12) -> str:
    """``a, b and c``; a long list is cut with an ellipsis."""
    items = list(words)
    if len(items) > limit:
        return ", ".join(items[:limit]) + ", …"
    return f" {last} ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


def meant(word: object, accepted: Iterable[str]) -> str:
    """`` (did you mean "followers"?)`` when something close to ``word`` is accepted, else nothing."""
    close = get_close_matches(str(word)[:60], list(accepted), n=1)
    return f' (did you mean "{close[0]}"?)' if close else ""
