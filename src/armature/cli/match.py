"""`armature match --queries FILE POSTS`: which queries match which posts, and where. No server, no database."""

import json
import sys
from pathlib import Path
from typing import TextIO

import click

from armature.arm.listening import Matcher, Span
from armature.cli import match_files
from armature.cli.match_files import Post, Query

WIDTH = 46
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("posts", type=_FILE)
@click.option("--queries", required=True, type=_FILE, help="One query a line, or a name, a tab and a query.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per post instead of a table.")
def match(posts: Path, queries: Path, as_json: bool) -> None:
    """Find in a file of posts what queries listen for.

    Posts are JSON Lines with the fields text, language, place, author, external_id; only text is needed, other fields
    are left alone. The file may be of any size.
    """
    asked, problems = match_files.read_queries(queries)
    for problem in problems:
        click.echo(problem, err=True)
    wrong = bool(problems)
    matcher = Matcher[int]()
    for number, query in enumerate(asked):
        matcher.add(number, query.tree)
    table = None if as_json else _Table(sys.stdout)
    heard = hits = 0
    with click.progressbar(
        length=posts.stat().st_size, label="Listening", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        for size, post in match_files.read_posts(posts):
            bar.update(size)
            if isinstance(post, str):
                click.echo(post, err=True)
                wrong = True
                continue
            found = matcher.match(post.text, post.language, post.place, post.author)
            named = [(asked[number], found[number]) for number in sorted(found)]
            heard, hits = heard + 1, hits + bool(named)
            if table:
                table.rows(post, named)
            else:
                click.echo(json.dumps(_as_object(post, named), ensure_ascii=False))
    if table:
        click.echo(f"{hits:,} of {heard:,} posts match.", err=True)
    if wrong:
        raise click.exceptions.Exit(2)


def _as_object(post: Post, named: list[tuple[Query, tuple[Span, ...]]]) -> dict[str, object]:
    """A post and its matches; ``start`` and ``end`` count characters of the text."""
    matches = [
        {
            "name": query.name,
            "query": query.text,
            "where": [{"start": start, "end": end, "text": post.text[start:end]} for start, end in spans],
        }
        for query, spans in named
    ]
    return {"line": post.line, "external_id": post.external_id, "matches": matches}


class _Table:
    """The posts that match as lines that a person reads, one for each query."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.out.write(f"{'line':>7}  {'post':<{WIDTH}}  {'query':<24}  where\n")

    def rows(self, post: Post, named: list[tuple[Query, tuple[Span, ...]]]) -> None:
        """One line for each query that matches the post."""
        for query, spans in named:
            where = ", ".join(dict.fromkeys(_shown(post.text[start:end], WIDTH) for start, end in spans))
            said, name = _shown(post.text, WIDTH), _shown(query.name, 24)
            self.out.write(f"{post.line:>7}  {said:<{WIDTH}}  {name:<24}  {where}\n".rstrip() + "\n")


def _shown(text: str, width: int) -> str:
    """What a stranger wrote, on one line of so many characters, without signs that a terminal obeys."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text[: 4 * width]).split())
    return line if len(line) <= width else line[: width - 1] + "…"
