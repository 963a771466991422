"""The `armature` command: start it, judge a file with it, check it, measure it."""

import sys

import click

from armature import __version__
from armature.cli import backups, bench, calls, check, imports, judge, manage, maps, match, reader, replay, run, tables

EPILOG = "Start with: armature demo"


@click.group(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def armature() -> None:
    """A social CRM that runs the ARM process: hear, judge, answer or deliberately not, learn."""


for command in (
    run.demo, run.serve, run.web, run.worker, judge.judge, match.match, maps.maps, tables.tables, reader.reader,
    replay.replay,
    calls.calls, imports.imports, check.check, backups.backup, backups.restore, bench.bench, manage.manage,
):  # fmt: skip
    armature.add_command(command)


def main() -> None:
    """The console script. Errors are one line in words, never a trace."""
    try:
        sys.exit(armature(standalone_mode=False) or 0)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except click.Abort:
        sys.exit(130)
