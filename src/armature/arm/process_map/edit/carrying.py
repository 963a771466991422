"""A file that a drawing tool wrote anew: what such tools drop or write otherwise is put back as it stood before."""

from xml.dom.minidom import Comment, Element

from armature.arm.process_map.edit.tree import Drawing, drop, everything, kids, put


def carry_over(before: Drawing, after: Drawing) -> None:
    """Put back what is not drawn: extensions of other tools, by the id of what they stand in, and comments.

    bpmn-js takes the prefix off attributes inside extensions, and drops comments. What stood in an element that is
    gone, goes with it.
    """
    there = {key: one for one in everything(after.root) if (key := one.getAttribute("id"))}
    for one in list(everything(before.root)):
        if (target := there.get(one.getAttribute("id"))) is not None:
            _extensions(one, target, after)
    held = {str(node.data) for one in everything(after.root) for node in one.childNodes if isinstance(node, Comment)}
    for parent in everything(before.root):
        for node in parent.childNodes:
            if isinstance(node, Comment) and str(node.data) not in held:
                _comment(node, parent, there, after)
    after.changed()


def _extensions(one: Element, target: Element, after: Drawing) -> None:
    given = next(kids(one, "extensionElements"), None)
    if given is None:
        return
    made = after.document.importNode(given, True)
    for name, meant in _names(given).items():
        if after.root.getAttribute(name) != meant and not made.hasAttribute(name):
            made.setAttribute(name, meant)
    for held in kids(target, "extensionElements"):
        drop(held)
    put(target, made, next((kid for kid in kids(target) if kid.localName != "documentation"), None))


def _names(given: Element) -> dict[str, str]:
    """The declarations that the names in an element need."""
    found: dict[str, str] = {}
    for one in everything(given):
        attributes = one.attributes.values() if one.attributes is not None else []
        for node in (one, *attributes):
            if node.namespaceURI and node.prefix not in ("xmlns", "xml") and node.nodeName != "xmlns":
                found.setdefault(f"xmlns:{node.prefix}" if node.prefix else "xmlns", node.namespaceURI)
    return found


def _comment(comment: Comment, parent: Element, there: dict[str, Element], after: Drawing) -> None:
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
