"""A form with files, taken apart as a whole: a mail stands in one field of it, however long the mail is.

Django's own parser holds fields to the size of what people type, and so would refuse every mail with a large file.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.http import parse_header_parameters

MOST_PARTS = 1000
Form = tuple[QueryDict, MultiValueDict[str, Any]]


def read(body: bytes, content_type: str, encoding: str) -> Form:
    """Its fields and its files; raises ``ValueError`` for what is no form."""
    fields, files = QueryDict(mutable=True, encoding=encoding), MultiValueDict[str, Any]()
    for about, data in _parts(body, parse_header_parameters(content_type)[1].get("boundary", "")):
        _kind, given = parse_header_parameters(about.get("content-disposition", ""))
        name, called = given.get("name"), given.get("filename", "").replace("\\", "/").rpartition("/")[2]
        if name is None:
            continue
        if called:
            files.appendlist(name, SimpleUploadedFile(called, data, about.get("content-type", "")))
        elif "filename" not in given:
            fields.appendlist(name, data.decode(encoding, "replace"))
    return fields, files


def _parts(body: bytes, boundary: str) -> Iterator[tuple[Mapping[str, str], bytes]]:
    """Each part with what stands above it."""
    if not 0 < len(boundary) <= 200 or not boundary.isascii():
        raise ValueError("it is a form whose parts nothing tells apart")
    edge = re.compile(rb"\r\n--" + re.escape(boundary.encode()) + rb"(?=--|[ \t]*\r\n)")
    _before, *parts = edge.split(b"\r\n" + body, MOST_PARTS + 1)
    if len(parts) > MOST_PARTS:
        raise ValueError(f"it is a form with more than {MOST_PARTS} parts")
    for part in parts:
        if part.startswith(b"--"):
            return
        above, gap, data = part.partition(b"\r\n\r\n")
        if not gap:
            raise ValueError("it is a form with a part that never begins")
        lines = (line.partition(":") for line in above.decode("utf-8", "replace").split("\r\n"))
        yield {name.strip().lower(): value.strip() for name, _colon, value in lines}, data
    raise ValueError("it is a form without an end")
