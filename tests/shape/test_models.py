"""Later steps point back, earlier steps never forward; no column hides a link; no link may point at anything."""

from django.apps import apps
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

STEPS = ["accounts", "listen", "identify", "understand", "decide", "act", "learn"]
WORDS_OF_OTHERS = {"external_id", "provider_id"}
"""Ids that other systems gave: they name nothing of ours."""


def _ours() -> list[type[models.Model]]:
    return [model for step in STEPS for model in apps.get_app_config(step).get_models(include_auto_created=True)]


def forward_links(found: list[type[models.Model]]) -> list[str]:
    """Foreign keys from an earlier step to a later one."""
    return [
        f"{model._meta.label}.{field.name} points forward to {field.related_model._meta.label}"
        for model in found
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and field.related_model._meta.app_label in STEPS
        and STEPS.index(field.related_model._meta.app_label) > STEPS.index(model._meta.app_label)
    ]


def hidden_links(found: list[type[models.Model]]) -> list[str]:
    """Columns that hold the number of another row without saying so."""
    return [
        f"{model._meta.label}.{field.name} looks like a link: make it a ForeignKey"
        for model in found
        for field in model._meta.local_fields
        if not isinstance(field, models.ForeignKey)
        and not field.primary_key
        and (field.name.endswith(("_id", "_ids", "_pk")) and field.name not in WORDS_OF_OTHERS)
    ]


def test_no_step_points_forward() -> None:
    assert forward_links(_ours()) == []


def test_no_column_hides_a_link() -> None:
    assert hidden_links(_ours()) == []


def test_nothing_points_at_just_anything() -> None:
    generic = [
        f"{model._meta.label}.{field.name}"
        for model in _ours()
        for field in [*model._meta.get_fields(), *model._meta.private_fields]
        if field.__class__.__name__ in ("GenericForeignKey", "GenericRelation")
        or (
            getattr(getattr(field, "related_model", None), "_meta", None) is not None
            and field.related_model._meta.label == "contenttypes.ContentType"
        )  # type: ignore[union-attr]
    ]
    assert generic == []


def test_the_checks_see_what_they_are_for() -> None:
    """A forward link written as text and a number of another row are both found."""

    class Forward(models.Model):
        case = models.ForeignKey("act.Case", models.CASCADE)
        person_id = models.BigIntegerField()

        class Meta:
            app_label = "listen"

    try:
        assert forward_links([Forward]) == ["listen.Forward.case points forward to act.Case"]
        assert hidden_links([Forward]) == ["listen.Forward.person_id looks like a link: make it a ForeignKey"]
    finally:
        del apps.all_models["listen"]["forward"]
        apps.clear_cache()


def test_every_step_is_an_app_and_every_app_is_placed() -> None:
    ours = [config.label for config in apps.get_app_configs() if config.name.startswith("armature.crm.")]
    assert ours == [*STEPS, "web"]


def test_the_migrations_make_what_the_models_say() -> None:
    written = MigrationLoader(None)
    missing = MigrationAutodetector(written.project_state(), ProjectState.from_apps(apps)).changes(graph=written.graph)
    assert {label: [str(one.operations) for one in found] for label, found in missing.items()} == {}
