"""What is wrong with a typed query, in the language of whoever typed it: the core knows no framework."""

import re
from functools import cache

from django.utils.translation import gettext, gettext_noop

SENTENCES = (
    gettext_noop("The query has {n} characters; at most {most} are read."), gettext_noop("Make two queries of it."),
    gettext_noop("The query is empty."), gettext_noop("Write a word that posts must hold."),
    gettext_noop("The query searches for {n} things; at most {most} are possible."),
    gettext_noop("This bracket closes nothing."), gettext_noop("Take it out, or open one before it."),
    gettext_noop("Write words there, or several in brackets with OR between: (refund OR money) NEAR/5 back"),
    gettext_noop("NEAR needs a word or a phrase on either side."),
    gettext_noop("Write: one NEAR/5 two AND two NEAR/5 three"),
    gettext_noop("NEAR joins two things, and here are three."),
    gettext_noop("Something is missing after this bracket."),
    gettext_noop("Something is missing after {operator}."), gettext_noop("Something is missing before {operator}."),
    gettext_noop("Write a word there, or take it out."), gettext_noop("Write a word there, or take them out."),
    gettext_noop("More than {most} brackets stand inside each other."),
    gettext_noop("There is nothing between these brackets."), gettext_noop("This bracket is never closed."),
    gettext_noop("Write ) where it ends."), gettext_noop("{what} does not say how near."),
    gettext_noop("Write NEAR/5 for at most five words."),
    gettext_noop('Write AND in capitals if both must be there, or "and" with the marks for the word.'),
    gettext_noop('Write OR in capitals if one of the two is enough, or "or" with the marks for the word.'),
    gettext_noop('It is not clear whether "{word}" is a word to search for.'),
    gettext_noop("Write a number from 1 (side by side) to {most}."),
    gettext_noop("{what} is no distance between words."),
    gettext_noop("Write {operator} if that is meant, or take it out."),
    gettext_noop("Take it out, or write a word instead."), gettext_noop("{what} holds nothing to search for."),
    gettext_noop('Write " where the phrase ends.'), gettext_noop("This quotation mark is never closed."),
    gettext_noop('Write a phrase, as in "out of stock".'),
    gettext_noop("There is no word between these quotation marks."),
    gettext_noop('Take the star out, or write cold NEAR/1 drin* instead of "cold drin*".'),
    gettext_noop("A star means nothing between quotation marks."),
    gettext_noop("A star can stand only at the end of a word."),
    gettext_noop("Write the beginning of the word and a star: deliver*"),
    gettext_noop("A star works at the end of one word, and this is more than one."),
    gettext_noop("Write {words} with a space between the words."), gettext_noop("{what} would find far too much."),
    gettext_noop("Write at least {n} letters before the star."), gettext_noop('Write " where the value ends.'),
    gettext_noop('There is no field "{name}".'), gettext_noop("After {field}: something is missing."),
    gettext_noop("Write it without a space: lang:de place:oslo author:anna"),
    gettext_noop("Write two letters, as in lang:en or lang:de"), gettext_noop("{what} is not the code of a language."),
    gettext_noop("This only excludes beside OR, so it would match nearly every post."),
    gettext_noop("This only excludes, so it would match nearly every post."),
    gettext_noop("Add a word that must be there, as in: delivery NOT late"),
    gettext_noop("{what} alone beside OR stands in nearly every post."),
    gettext_noop("{what} alone stands in nearly every post."),
    gettext_noop('Add a rarer word, or write a phrase, as in "{phrase}"'),
    gettext_noop("This beside OR would match every post of a language or place."),
    gettext_noop("This would match every post of a language or place."),
    gettext_noop("Add a word that must be there, as in: delivery lang:de"), gettext_noop("Write {typed}"),
)  # fmt: skip
"""Every sentence that a fault can have; the first that fits is meant."""


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    return [
        (re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(sentence)), re.DOTALL), sentence)
        for sentence in SENTENCES
    ]


def sentence_of(words: str) -> tuple[str, dict[str, str]] | None:
    """The sentence that these words are, and what stands in it; None when it is none of them."""
    for pattern, sentence in _patterns():
        if found := pattern.fullmatch(words):
            return sentence, found.groupdict()
    return None


def in_their_language(words: str) -> str:
    """The words as their reader reads them."""
    known = sentence_of(words)
    return gettext(known[0]).format(**known[1]) if known else words
