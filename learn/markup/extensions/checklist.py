"""Checklists, and list items as GFM writes them: without paragraphs where the list is tight."""

from learn.markup.extensions.base import Construct
from learn.markup.tree import Node, fill, items, kids, walk


class Checklist(Construct):
    def apply(self, root: Node) -> None:
        for item in walk(root, "li"):
            if item.tick is not None:
                self._tick(item, done=item.tick)

    def _tick(self, item: Node, *, done: bool) -> None:
        box = Node("input", {"type": "checkbox", "disabled": ""}, item.line)
        if done:
            box.set("checked", "")
        if self.context.ours:
            item.set("class", "sc-tick")
            box.set("aria-label", "erledigt" if done else "offen")
        first = kids(item)[0] if len(item) else item
        place = first if first.tag == "p" else item
        fill(place, [box, " ", *items(place)])


class Tight(Construct):
    """Runs last of all that look at paragraphs."""

    def apply(self, root: Node) -> None:
        for item in list(walk(root, "li")):
            if any(child.tight for child in kids(item)):
                content: list[str | Node] = []
                for part in items(item):
                    if isinstance(part, Node) and part.tight:
                        content.extend([*items(part), "\n"])
                    else:
                        content.append(part)
                if isinstance(content[-1], str):
                    content[-1] = content[-1].rstrip("\n")
                fill(item, content)
