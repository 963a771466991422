"""What the code says to people goes through gettext, whole: a sentence glued from pieces has no other language."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import armature
import catalogue

CRM = Path(armature.__file__).parent / "crm"
SAYS = {"Refused", "NotAllowed", "BadHours", "Overtaken", "ValidationError", "error", "success", "add_error", "Trace"}
"""Calls whose words come to a screen."""
LOGS = {"logger", "click", "log"}


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _bare(node: ast.expr) -> bool:
    words = isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
    return words or isinstance(node, ast.JoinedStr)


def _said(tree: ast.AST) -> Iterator[ast.expr]:
    """The words that a module shows, where they come from no catalogue."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in SAYS:
            logs = isinstance(node.func, ast.Attribute) and _name(node.func.value) in LOGS
            yield from (each for each in node.args if _bare(each) and not logs)
        elif isinstance(node, ast.Call):
            yield from (each.value for each in node.keywords if each.arg == "label" and _bare(each.value))
            glued = _name(node.func) in catalogue.CALLS
            yield from (each for each in node.args if glued and isinstance(each, ast.JoinedStr))
        elif isinstance(node, ast.ClassDef) and any(_name(each) == "TextChoices" for each in node.bases):
            pairs = [each.value for each in node.body if isinstance(each, ast.Assign)]
            yield from (
                each.elts[1] for each in pairs if isinstance(each, ast.Tuple) and isinstance(each.elts[1], ast.Constant)
            )


FILES = [file for step in ("accounts", "act", "decide", "learn", "web") for file in (CRM / step).rglob("*.py")]


@pytest.mark.parametrize("file", [one for one in FILES if "migrations" not in one.parts], ids=lambda one: one.name)
def test_what_a_module_says_comes_from_a_catalogue(file: Path) -> None:
    assert not [f"line {each.lineno}: {ast.unparse(each)}" for each in _said(ast.parse(file.read_text()))]


def test_words_that_no_catalogue_knows_are_found() -> None:
    bare = ("raise Refused('Not now.')", "messages.error(request, f'{x} is gone')", "Field(label='Your name')",
            "_(f'{x} is gone')", "class A(TextChoices):\n    B = 'b', 'Being done'")  # fmt: skip
    assert all(list(_said(ast.parse(code))) for code in bare)
    fine = (
        "raise Refused(_('Not now.'))",
        "logger.error('it broke off')",
        "class A(TextChoices):\n    B = 'b', _('C')",
    )
    assert not any(list(_said(ast.parse(code))) for code in fine)


def test_words_of_the_core_that_are_shown_are_named_for_translators() -> None:
    from armature.arm.intent import INTENTS, ISSUE_TYPES
    from armature.arm.rule import FACTS
    from armature.arm.rule.catalogue import CHANNELS, FEEDBACK, KINDS, TIERS
    from armature.crm.web.shipped_words import NAMES, SHIPPED

    known = [field.label for field in FACTS.values() if field.step in ("start", "where", "intent", "known")]
    lists = (INTENTS, ISSUE_TYPES, CHANNELS, KINDS, TIERS, FEEDBACK)
    shown = {*known, *(words for each in lists for words in each.values()), "not known", "yes", "no"}
    short = {words.partition(":")[0] for words in INTENTS.values()}
    assert (shown | short) - set(SHIPPED) - NAMES == set()
