"""A file that somebody sent us, handed on so that nothing in it can run."""

import logging

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from armature.crm.listen import files

logger = logging.getLogger(__name__)


def as_download(digest: str, name: str) -> HttpResponse:
    """Bytes to be saved, whatever they say they are; 404 when they are not on disk as they were."""
    try:
        body = files.read(digest)
    except OSError as problem:  # for whoever keeps the disk; the reader can do nothing about it
        logger.error("a file cannot be read: %s", problem)
        raise Http404 from problem
    response = HttpResponse(body, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = content_disposition_header(True, name or "attachment") or "attachment"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
