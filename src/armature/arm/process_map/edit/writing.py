"""An XML document as bytes again: prefixes, comments, line ends inside attributes and CDATA as they were read."""

from xml.dom.minidom import Document, Node
from xml.sax.saxutils import escape

_TEXT = {"\r": "&#13;"}
_ATTRIBUTE = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def written(document: Document) -> bytes:
    """The document in UTF-8. It may nest as deeply as it likes."""
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    todo: list[Node | str] = list(reversed(document.childNodes))
    while todo:
        node = todo.pop()
        if isinstance(node, str):
            parts.append(node)
        elif node.nodeType == Node.ELEMENT_NODE:
            inside = list(node.childNodes)
            parts.append(_begin(node, bool(inside)))
            todo += ["\n"] if node.parentNode is document else []
            todo += [f"</{node.nodeName}>", *reversed(inside)] if inside else []
        else:
            parts.append(_leaf(node))
            if node.parentNode is document:
                parts.append("\n")
    return "".join(parts).encode("utf-8", "replace")


def _begin(node: Node, open_: bool) -> str:
    given = node.attributes.items() if node.attributes is not None else []
    told = "".join(f' {key}="{escape(value or "", _ATTRIBUTE)}"' for key, value in given)
    return f"<{node.nodeName}{told}{'' if open_ else ' /'}>"


def _leaf(node: Node) -> str:
    value = str(node.nodeValue or "")
    if node.nodeType == Node.COMMENT_NODE:
        return f"<!--{value}-->"
    if node.nodeType == Node.PROCESSING_INSTRUCTION_NODE:
        return f"<?{node.nodeName} {value}?>"
    return f"<![CDATA[{value}]]>" if node.nodeType == Node.CDATA_SECTION_NODE else escape(value, _TEXT)
