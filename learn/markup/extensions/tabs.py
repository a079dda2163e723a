"""Tabs: headings of one level between `tabs` marks become sections beside each other."""

from learn.markup.extensions.base import Construct
from learn.markup.extensions.headings import LEVELS
from learn.markup.tree import Node, become, fill, kids, make, walk


class Tabs(Construct):
    def apply(self, root: Node) -> None:
        for node in list(walk(root, "tabs")):
            blocks = kids(node)
            levels = [LEVELS[block.tag] for block in blocks if block.tag in LEVELS]
            become(node, "div", {"class": "sc-variants"})
            if not levels:
                self.context.fault("K203", node.line, name="tabs")
                continue
            fill(node, _sections(blocks, min(levels)))


def _sections(blocks: list[Node], level: int) -> list[str | Node]:
    """What stands before the first heading stays before the sections."""
    found: list[str | Node] = []
    section: Node | None = None
    for block in blocks:
        if LEVELS.get(block.tag) == level:
            section = make("section", [block], block.line, class_="sc-variant")
            section.set("aria-labelledby", block.get("id") or "")
            found.append(section)
        elif section is None:
            found.append(block)
        else:
            section.append(block)
    return found
