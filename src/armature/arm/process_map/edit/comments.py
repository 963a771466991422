"""Comments of a file that a drawing tool wrote anew without them: put back beside what they stood at."""

from xml.dom.minidom import Comment, Element

from armature.arm.process_map.edit.tree import Drawing, everything, put


def carry_comments(before: Drawing, after: Drawing) -> None:
    """Every comment of ``before`` that ``after`` lacks, before the same element (by its id), else last in its parent.

    A comment whose surroundings are gone goes with them.
    """
    held = {str(node.data) for one in everything(after.root) for node in one.childNodes if isinstance(node, Comment)}
    there = {key: one for one in everything(after.root) if (key := one.getAttribute("id"))}
    for parent in everything(before.root):
        for node in parent.childNodes:
            if isinstance(node, Comment) and str(node.data) not in held:
                _put_back(node, parent, there, after)
    after.changed()


def _put_back(comment: Comment, parent: Element, there: dict[str, Element], after: Drawing) -> None:
    made = after.document.createComment(str(comment.data))
    beside = comment.nextSibling
    while beside is not None and not isinstance(beside, Element):
        beside = beside.nextSibling
    target = there.get(beside.getAttribute("id")) if isinstance(beside, Element) else None
    if target is not None and isinstance(target.parentNode, Element):
        put(target.parentNode, made, target)  # type: ignore[arg-type]  # a comment is put like an element
        return
    inside = there.get(parent.getAttribute("id"))
    if inside is not None:
        put(inside, made)  # type: ignore[arg-type]
