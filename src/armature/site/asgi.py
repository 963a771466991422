"""One port: the live stream is answered here, everything else by Django."""

import os
import warnings

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "armature.site.settings")
# Our static files are a few small ones, already in memory when they are sent.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
django = get_asgi_application()

from django.conf import settings  # noqa: E402  needs Django set up

from armature.crm.calm import keep_collector_calm  # noqa: E402
from armature.crm.web.stream import Stream  # noqa: E402
from armature.site.patience import Patient  # noqa: E402

# Each request runs in a thread of its own: connections are kept for all of them together, and one that waits too long
# for the database is told so.
settings.DATABASES["default"]["CONN_MAX_AGE"] = 0
settings.DATABASES["default"]["OPTIONS"]["pool"] = {
    "min_size": 2, "max_size": 20, "timeout": 4.0, "connection_class": Patient,
}  # fmt: skip

application = Stream(django)  # type: ignore[arg-type]
keep_collector_calm()
