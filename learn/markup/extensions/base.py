"""What all constructs have in common."""

from abc import abstractmethod
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor

from learn.markup.context import Context
from learn.markup.tree import Node


class Construct(Treeprocessor):
    """One construct, applied to the whole tree after inline parsing."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context

    def run(self, root: Element) -> None:
        assert isinstance(root, Node)
        self.apply(root)

    @abstractmethod
    def apply(self, root: Node) -> None:
        """Change the tree in place."""
