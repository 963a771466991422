"""`armature bench intake`: messages through the whole process to committed decisions, against the raw limit."""

import json
import multiprocessing
import os
import resource
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import click

from armature.cli import home, parts
from armature.cli.bench import messages

BATCH = 1000
_Batch = list[tuple[str, dict[str, Any]]]


@click.command()
@click.option("--messages", "count", default=100_000, show_default=True, help="How many messages.")
@click.option("--persons", default=25_000, show_default=True, help="How many people wrote them.")
@click.option("--workers", default=1, show_default=True, help="How many processes work.")
@click.option("--stored", default=0, show_default=True, help="How many interactions stand in the database before.")
@click.option(
    "--file", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Messages of your own."
)
@click.option(
    "--queries", "queries", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Queries that listen meanwhile, one a line.",
)  # fmt: skip
@click.option("--raw/--no-raw", default=True, help="Write the same rows by bare COPY afterwards, to compare.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of words.")
def intake(as_json: bool, **asked: Any) -> None:
    """Accept, open, judge and decide messages; then write the same rows by bare COPY, and compare."""
    with home.database("armature_bench"):
        # As the owner of the tables: it empties them before, and once more to write the same rows by bare COPY.
        os.environ["DATABASE_URL"] = os.environ.get("ARMATURE_OWNER_URL", os.environ["DATABASE_URL"])
        _empty_database()
        figures = _measure(_Asked(**asked))
    if as_json:
        click.echo(json.dumps(figures))
    else:
        for key, value in figures.items():
            click.echo(f"{key:>24}  {value:,.3f}" if isinstance(value, float) else f"{key:>24}  {value:,}")


def _empty_database() -> None:
    from django.db import connection

    parts.migrate()
    home.refuse_unsafe_server()
    from armature.cli.bench import raw

    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(raw.tables())} CASCADE")
    connection.close()


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be measured, as the command line says."""

    count: int
    persons: int
    workers: int
    stored: int
    path: Path | None
    queries: Path | None
    raw: bool


def _measure(asked: _Asked) -> dict[str, Any]:
    from armature.cli.bench import raw

    count, persons = asked.count, asked.persons
    prepare()
    if asked.queries:
        _listen(asked.queries)
    if asked.stored:
        _run(_pieces(messages.generate(asked.stored, max(persons, asked.stored // 4), first=count), 2), quiet=True)
    before = raw.stored()
    shares = [_Share(asked.path, count, n, asked.workers) for n in range(asked.workers)] if asked.path else None
    figures = _run(shares or _pieces(messages.generate(count, persons), asked.workers))
    after = raw.stored()
    done = figures["interactions"]
    figures["rows_per_interaction"] = (after.rows - before.rows) / done
    figures["bytes_per_interaction"] = (after.size - before.size) / done
    if asked.raw:
        figures["raw_per_second"] = (done + asked.stored) / raw.seconds_to_copy()
        figures["ratio"] = figures["per_second"] / figures["raw_per_second"]
    return {**figures, "workers": asked.workers, "stored": asked.stored, "cores": os.cpu_count() or 0}


def _listen(path: Path) -> None:
    """Keep the queries of a file, ready to hear."""
    from armature.cli import match_files
    from armature.crm.listen.wanted import ListeningQuery

    asked, problems = match_files.read_queries(path)
    for problem in problems:
        click.echo(problem, err=True)
    ListeningQuery.objects.bulk_create(
        [ListeningQuery(key=f"q{n}", name=f"q{n}", purpose="brand", text=one.text) for n, one in enumerate(asked)]
    )


@dataclass(frozen=True, slots=True)
class _Share:
    """What one worker takes in of a file: each of so many batches that is its own, read when its turn has come."""

    path: Path
    count: int
    number: int
    workers: int

    def __iter__(self) -> Iterator[_Batch]:
        return islice(_batches(islice(messages.read(self.path), self.count)), self.number, None, self.workers)


def prepare() -> None:
    """The company that the messages of the measurements are written to."""
    from armature.crm import company
    from armature.crm.listen.models import Channel

    brand = company.found()
    for place in messages.PLACES:
        Channel.objects.get_or_create(
            kind="lines", address=f"{place}@bench.example",
            defaults={"place": place, "name": place, "brand": brand, "settings": {"network": place}},
        )  # fmt: skip


def _pieces(source: Iterator[dict[str, Any]], workers: int) -> list[list[_Batch]]:
    """Batches for each worker, in turn."""
    batches = list(_batches(source))
    return [batches[number::workers] for number in range(workers)]


def _batches(source: Iterator[dict[str, Any]]) -> Iterator[_Batch]:
    lines = messages.as_lines(source)
    return iter(lambda: list(islice(lines, BATCH)), [])


def _run(pieces: Sequence[Iterable[_Batch]], quiet: bool = False) -> dict[str, Any]:
    """Let each worker take in its piece and work until nothing is left; the clock runs from first to last byte."""
    from django.db import connection

    from armature.cli.bench import cpu
    from armature.crm import rows

    context = multiprocessing.get_context("spawn")
    ready, go, results = context.Barrier(len(pieces) + 1), context.Event(), context.Queue()
    team = [context.Process(target=_work, args=(piece, ready, go, results)) for piece in pieces]
    for process in team:
        process.start()
    ready.wait()
    backend = rows.fetch("SELECT pg_backend_pid(), count(*) FROM decide_judgement WHERE current", [])[0]
    server, begin = cpu.of_server(backend[0]), time.perf_counter()
    go.set()
    told = [results.get() for _ in team]
    worked = sum(seconds for seconds, _memory in told)
    seconds = time.perf_counter() - begin
    server = cpu.of_server(backend[0]) - server
    for process in team:
        process.join()
    done = rows.fetch("SELECT count(*) FROM decide_judgement WHERE current", [])[0][0] - backend[1]
    connection.close()
    return {
        "interactions": done, "seconds": seconds, "per_second": done / seconds,
        "cpu_per_1000": 1000 * (worked + server) / done, "cpu_per_1000_workers": 1000 * worked / done,
        "cpu_per_1000_server": 1000 * server / done, "megabytes_of_a_worker": max(memory for _, memory in told),
    }  # fmt: skip


def _work(batches: Iterable[_Batch], ready: Any, go: Any, results: Any) -> None:
    """One worker, in a process of its own, warm before the clock starts."""
    import django

    django.setup()
    from armature.crm import calm, jobs
    from armature.crm.channels.lines import envelope
    from armature.crm.listen import commands
    from armature.crm.listen.models import Channel
    from armature.crm.understand import reader

    channels = {channel.place: channel for channel in Channel.objects.all()}
    reader.load().read(["Where is my parcel? I ordered it two weeks ago and nobody answers."], [""])
    calm.keep_collector_calm()
    ready.wait()
    go.wait()
    begin = time.process_time()
    for batch in batches:
        by_place: dict[str, list[dict[str, Any]]] = {}
        for place, line in batch:
            by_place.setdefault(place, []).append(line)
        for place, lines in sorted(by_place.items()):
            commands.accept(
                channels[place], [envelope(line, datetime.fromisoformat(line["occurred_at"])) for line in lines]
            )
        jobs.everything()
    while jobs.everything():
        home.refuse_unsafe_server()
    results.put((time.process_time() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))
