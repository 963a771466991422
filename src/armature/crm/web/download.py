"""A file that somebody sent us, handed on so that nothing in it can run."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def as_download(body: bytes, name: str) -> HttpResponse:
    """Bytes to be saved, whatever they say they are."""
    response = HttpResponse(body, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = content_disposition_header(True, name or "attachment") or "attachment"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
