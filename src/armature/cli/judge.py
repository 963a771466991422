"""`armature judge FILE`: the main job at the terminal. No server, no database: a file in, a judgement per line out."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from armature.arm.interaction import Interaction
from armature.arm.judgement import Judgement, Turn
from armature.arm.person import Known
from armature.cli import judge_files, judge_tables, judge_words

BATCH = 500


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option(
    "--known", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Facts: a CSV with author and facts."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line instead of a table.")
def judge(file: Path, known: Path | None, as_json: bool) -> None:
    """Judge a file of interactions with the baseline map: JSON Lines, CSV or mbox; - is standard input.

    Fields of JSON Lines and CSV: channel, text, public, author, external_id, occurred_at; only text is needed. Facts
    go by author: followers, tier, last_product ...
    """
    said, problems = judge_files.read(file)
    facts = judge_tables.read_known(known) if known else {}
    for problem in problems:
        click.echo(problem, err=True)
    table = None if as_json else judge_words.Table(sys.stdout)
    for interaction, judgement, plan in _judged(said, facts):
        if table:
            table.row(interaction, judgement, plan)
        else:
            click.echo(json.dumps(judge_words.as_object(interaction, judgement, plan), ensure_ascii=False))
    if problems:
        raise click.exceptions.Exit(2)


def _judged(said: Sequence[Interaction], facts: Mapping[str, Known]) -> Iterator[tuple[Interaction, Judgement, Any]]:
    from datetime import UTC, datetime

    from armature.arm.calendar import Calendar
    from armature.arm.judge import judge as judge_batch
    from armature.arm.person import NOBODY, Past
    from armature.crm.baseline import load_plan
    from armature.crm.understand import reader

    plan, read, now = load_plan(), reader.load(), datetime.now(UTC)
    office = Calendar((((540, 1020),),) * 5 + ((), ()), UTC)
    past: dict[int, list[Past]] = {}
    ordered = sorted(said, key=lambda one: one.order)
    with click.progressbar(
        length=len(ordered), label="Judging", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        for begin in range(0, len(ordered), BATCH):
            batch = ordered[begin : begin + BATCH]
            knowledge = {
                one.identity: Known(facts.get(one.author, NOBODY).facts, tuple(past.get(one.identity, ())))
                for one in batch
            }
            judgements = judge_batch([Turn(one) for one in batch], knowledge, plan, read, {0: office}, now)
            for one, judgement in zip(batch, judgements, strict=True):
                if judgement.reading:
                    past.setdefault(one.identity, []).append(Past(one.occurred_at, one.id, judgement.reading.intent))
                yield one, judgement, plan
            bar.update(len(batch))
