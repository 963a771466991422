"""Listening: which queries match a post, and where in it. One tokeniser and one tree for live posts and stored ones.

``parse`` reads what somebody typed, ``Matcher`` finds among thousands of queries those that match a post, and
``candidates`` says what to ask the database for first.
"""

from armature.arm.listening.candidates import candidates, lexemes
from armature.arm.listening.fault import Fault
from armature.arm.listening.heard import Heard, Span, hear
from armature.arm.listening.matcher import Matcher
from armature.arm.listening.parse import Parsed, parse
from armature.arm.listening.query import Node
from armature.arm.listening.unparse import unparse

__all__ = ["Fault", "Heard", "Matcher", "Node", "Parsed", "Span", "candidates", "hear", "lexemes", "parse", "unparse"]
