"""One port: the live stream is answered here, everything else by Django."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "armature.site.settings")
django = get_asgi_application()

from armature.crm.web.stream import Stream  # noqa: E402  needs Django set up

application = Stream(django)  # type: ignore[arg-type]
