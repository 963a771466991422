"""One port: the live stream is answered here, everything else by Django."""

import os
import warnings

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "armature.site.settings")
# Our static files are a few small ones, already in memory when they are sent.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
django = get_asgi_application()

from armature.crm.web.stream import Stream  # noqa: E402  needs Django set up

application = Stream(django)  # type: ignore[arg-type]
