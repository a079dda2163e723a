"""Details: authors' `<details>` get our class and always a summary."""

from learn.markup.extensions.base import Construct
from learn.markup.tree import Node, kids, make, walk


class Details(Construct):
    def apply(self, root: Node) -> None:
        for node in walk(root, "details"):
            node.set("class", "sc-details")
            if not any(child.tag == "summary" for child in kids(node)):
                head = make("summary", ["Mehr dazu"], node.line)
                head.tail, node.text = node.text, None
                node.insert(0, head)
