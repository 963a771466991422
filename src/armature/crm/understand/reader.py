"""The reader that this installation runs."""

from functools import cache
from hashlib import sha256

from armature.arm.intent import Reader
from armature.arm.understand import StarterReader
from armature.crm.understand import language, starter_file

MEASURED = "has not been measured on your own messages yet"
"""What the screen says of it; ``ReaderVersion.measured_on`` stays empty for the same reason."""

_FILES = ("starter.npz", *(f"sentiment_{tag}.txt" for tag in ("any", "de", "en", "es", "fr")))


def load() -> Reader:
    """The reader in use."""
    return starter()


@cache
def starter() -> StarterReader:
    """The starter reader, made once in a process. Its version names what it learned."""
    weights = starter_file.from_bytes((starter_file.folder() / "starter.npz").read_bytes())
    return StarterReader(f"starter {digest()[:12]}", weights, starter_file.lexicons(), language.detector())


@cache
def digest() -> str:
    """SHA-256 of everything that it learned and looks up."""
    return sha256(b"".join((starter_file.folder() / name).read_bytes() for name in _FILES)).hexdigest()
