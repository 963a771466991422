"""Whoever brought a file in hears when it is over."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from armature.crm.act import notices
from armature.crm.listen.imports.models import Import


def tell(job: Import) -> None:
    """A notice in the language of its reader."""
    with translation.override(job.user.language or settings.LANGUAGE_CODE):
        words = {
            Import.State.CHECKED: _("“%(file)s” was tried out: look at what would come in."),
            Import.State.DONE: _("“%(file)s” is brought in."),
        }.get(Import.State(job.state), _("“%(file)s” broke off: look why."))
        notices.tell([job.user_id], None, "import", words % {"file": job.name[:120]})
