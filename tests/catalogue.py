"""A catalogue of a made-up language for a running company: every word that ships, in Arabic letters."""

import ast
import re
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.utils.translation.template import templatize

import armature

SOURCE = Path(armature.__file__).parent
HEAD = {"": "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"}
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
IN_SCRIPTS = re.compile(r'gettext\("([^"]+)"')
FILLED_IN = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]+>|&\w+;")
LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ابتثجحخدذرزسشصضطظعغفقكلمنه")


def of_python(code: str) -> Iterator[tuple[str, ...]]:
    """The words that a module hands to gettext: one, or one and many."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            many = node.func.id.startswith("ngettext")
            words = [each.value for each in node.args[: 2 if many else 1] if isinstance(each, ast.Constant)]
            if words and all(isinstance(each, str) for each in words):
                yield tuple(map(str, words))


def of_template(words: str) -> Iterator[tuple[str, ...]]:
    """The same of a template: Django writes its calls out for tools that read Python, among other letters."""
    for call in re.finditer(
        r"(?<!\w)(?:n?gettext|_)\((?:u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|\"\"\".*?\"\"\"),?\s*)+",
        templatize(words),
        re.S,
    ):
        found = re.findall(r"\"\"\".*?\"\"\"|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", call[0], re.S)
        yield tuple(str(ast.literal_eval(each)) for each in found[: 2 if call[0].startswith("n") else 1])


def shipped() -> set[tuple[str, ...]]:
    """All of them, of pages and modules."""
    found = {each for file in SOURCE.rglob("*.py") for each in of_python(file.read_text())}
    pages = [*SOURCE.rglob("*.html"), *SOURCE.rglob("templates/**/*.txt")]
    return found | {each for file in pages for each in of_template(file.read_text())}


def mirrored(words: str) -> str:
    """In Arabic letters, but for what is filled in."""
    kept = [*FILLED_IN.findall(words), ""]
    pieces = FILLED_IN.split(words)
    return "".join(piece.lower().translate(LETTERS) + one for piece, one in zip(pieces, kept, strict=True))


def write(folder: Path, language: str) -> None:
    """The catalogues of that language, for pages and for scripts, as a company would put them there."""
    place = folder / language / "LC_MESSAGES"
    place.mkdir(parents=True)
    pages = {"\0".join(each): "\0".join(map(mirrored, each)) for each in shipped()}
    scripts = "".join(file.read_text() for file in SOURCE.rglob("static/web/*.js"))
    (place / "django.mo").write_bytes(compiled(HEAD | pages))
    (place / "djangojs.mo").write_bytes(compiled(HEAD | {one: mirrored(one) for one in IN_SCRIPTS.findall(scripts)}))


def compiled(words: Mapping[str, str]) -> bytes:
    """A catalogue as gettext reads it."""
    pairs = [(one.encode(), words[one].encode()) for one in sorted(words, key=str.encode)]
    at = 28 + 16 * len(pairs)
    tables, body = [b"", b""], b""
    for side in (0, 1):
        for pair in pairs:
            tables[side] += struct.pack("<II", len(pair[side]), at + len(body))
            body += pair[side] + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, at) + b"".join(tables) + body
