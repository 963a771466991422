"""`armature check`: is anything lost, doubled, unapproved or undecided?"""

import json

import click

from armature.cli import home


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object: each law with what breaks it.")
@click.option("--demo", is_flag=True, help="Check the demo's database.")
def check(as_json: bool, demo: bool) -> None:
    """Check that nothing is lost, sent twice, unapproved or undecided. Exit code 1 when something is wrong."""
    with home.database("armature_demo" if demo else "armature", make=False):
        home.set_up()
        home.patiently(_refuse_empty)
        from armature.crm import conservation

        found = {law.words: problems for law, problems in conservation.broken()}
    if as_json:
        click.echo(json.dumps(found))
    else:
        for words, problems in found.items():
            click.echo(f"{'ok   ' if not problems else 'WRONG'}  {words}")
            for problem in problems:
                click.echo(f"         {problem}")
    if any(found.values()):
        raise click.exceptions.Exit(1)


def _refuse_empty() -> None:
    from django.db import connection

    if "listen_envelope" not in connection.introspection.table_names():
        raise click.ClickException(
            "This database holds no company yet; nothing was checked. `armature serve` makes one. "
            "The demo's is checked with `armature check --demo`."
        )
