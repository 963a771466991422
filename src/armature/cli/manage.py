"""Django's own commands, for those who know them."""

import click

from armature.cli import home


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run a Django management command (migrate, shell, createsuperuser ...)."""
    from django.core.management import execute_from_command_line

    with home.database():
        execute_from_command_line(["armature manage", *arguments])
