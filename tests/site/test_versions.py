"""A version that is older than its database does not touch it."""

import click
import pytest
from django.db import connection

from armature.cli import parts


@pytest.mark.django_db
def test_an_older_version_refuses_the_tables_of_a_newer_one() -> None:
    parts.migrate()  # its own tables are fine
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('listen', '9999_tomorrow', now())")
    with pytest.raises(click.ClickException, match=r"newer version of Armature \(listen 9999_tomorrow\)"):
        parts.migrate()
