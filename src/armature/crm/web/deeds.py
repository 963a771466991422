"""Everything that can be done by a key or by name: one list, shown as the key sheet and as the command palette.

``press`` finds what a key or a choice clicks on the page; a deed whose button is not there cannot be done now.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Deed:
    """One deed: its key (empty: none of its own), its name, its group, and what on the page does it."""

    key: str
    name: Words
    group: Words
    press: str = ""
    palette: bool = True

    @property
    def keys(self) -> list[str]:
        """The keys to press, one after the other or together."""
        return self.key.split()


LIST, CASE, ANSWER, EVERYWHERE = _("The list"), _("The case"), _("The answer"), _("Everywhere")
DEEDS = (
    Deed("j", _("Next case"), LIST, "key:j"),
    Deed("k", _("Previous case"), LIST, "key:k"),
    Deed("Enter", _("Open the case that has the focus"), LIST, palette=False),
    Deed("x", _("Choose the case for bulk work, with Shift up to here"), LIST, "key:x"),
    Deed("f", _("Filter the list"), LIST, "#menu-filter > summary"),
    Deed("", _("Do something to the chosen cases"), LIST, "#bulk-do"),
    Deed("a", _("Take the case, or give it to somebody"), CASE, "#bar [data-key=a]"),
    Deed("", _("Assign or hand over"), CASE, "#menu-assign > summary"),
    Deed("s", _("Snooze, or wake it"), CASE, "#bar [data-key=s]"),
    Deed("t", _("Tag"), CASE, "#menu-tag > summary"),
    Deed("e", _("End the case"), CASE, "#menu-end > summary"),
    Deed("o", _("Reopen the case"), CASE, "#bar [data-key=o]"),
    Deed("m", _("More: follow, priority, merge, split"), CASE, "#menu-more > summary"),
    Deed("i", _("Confirm the suggested intent"), CASE, "[data-key=i]"),
    Deed("c", _("Correct the intent: arrows or first letters choose, Enter takes"), CASE, "key:c"),
    Deed("r", _("Reply"), ANSWER, "#tab-reply"),
    Deed("v", _("Begin with the canned response that is offered"), ANSWER, "[data-key=v]"),
    Deed("n", _("Private note"), ANSWER, "#tab-note"),
    Deed("Ctrl Enter", _("Send, or keep the note"), ANSWER, palette=False),
    Deed("y", _("Approve and send"), ANSWER, "[data-key=y]"),
    Deed("b", _("Send back: write the reason, then Enter"), ANSWER, "[data-focus=b]"),
    Deed("z", _("Take back what has not left"), ANSWER, "[data-key=z]"),
    Deed("l", _("Log what was said: a call, a letter, at the counter"), EVERYWHERE, "[data-key=l]"),
    Deed("Ctrl k", _("Do anything by its name"), EVERYWHERE, palette=False),
    Deed("?", _("All keys"), EVERYWHERE, "key:?"),
)


def by_group() -> dict[str, list[Deed]]:
    """Those with a key, for the sheet."""
    groups: dict[str, list[Deed]] = {}
    for deed in DEEDS:
        if deed.key:
            groups.setdefault(str(deed.group), []).append(deed)
    return groups
