"""What is wrong with a typed query, said so that whoever typed it can mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: ``column`` and ``length`` of what it is about (the first character of the query is column 0).

    ``words`` says what is wrong, ``mend`` what to type instead; both are whole sentences.
    """

    column: int
    length: int
    words: str
    mend: str

    def __str__(self) -> str:
        return f"{self.words} {self.mend}"
