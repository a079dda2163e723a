"""A tree walker for Bleach, linear in the text; its own one is quadratic in the number of siblings."""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from learn.markup.names import names

_VOID = names("base command event-source link meta hr br img embed param area col input source track")
_HTML = (None, "http://www.w3.org/1999/xhtml")


class Walker:
    """The tokens html5lib's walkers give for a parsed fragment, without comments and document types."""

    def __init__(self, tree: Element) -> None:
        self.tree = tree

    def __iter__(self) -> Iterator[dict[str, Any]]:
        open_elements: list[tuple[Element, Iterator[Element]]] = [(self.tree, iter(self.tree))]
        yield from _text(self.tree.text)
        while open_elements:
            element, children = open_elements[-1]
            child = next(children, None)
            if child is None:
                open_elements.pop()
                if open_elements:
                    yield _end(element)
                    yield from _text(element.tail)
            elif _is_element(child):
                token = _start(child)
                yield token
                if token["type"] == "StartTag":
                    yield from _text(child.text)
                    open_elements.append((child, iter(child)))
                else:
                    yield from _text(child.tail)
            else:
                yield from _text(child.tail)


def _is_element(node: Element) -> bool:
    tag: object = node.tag  # comments have a function there
    return isinstance(tag, str) and not tag.startswith("<!")


def _text(text: str | None) -> Iterator[dict[str, Any]]:
    if text:
        yield {"type": "Characters", "data": text}


def _name(tag: str) -> tuple[str | None, str]:
    if tag.startswith("{"):
        namespace, _, name = tag[1:].partition("}")
        return namespace, name
    return None, tag


def _start(element: Element) -> dict[str, Any]:
    namespace, name = _name(element.tag)
    kind = "EmptyTag" if name in _VOID and namespace in _HTML else "StartTag"
    data = {_name(key): value for key, value in element.attrib.items()}
    return {"type": kind, "name": name, "namespace": namespace, "data": data}


def _end(element: Element) -> dict[str, Any]:
    namespace, name = _name(element.tag)
    return {"type": "EndTag", "name": name, "namespace": namespace}
