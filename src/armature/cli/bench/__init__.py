"""Measure this installation on this machine: the same figures the documentation names."""

import click

from armature.cli.bench.intake import intake


@click.group()
def bench() -> None:
    """Measure, in a database of its own."""


bench.add_command(intake)
