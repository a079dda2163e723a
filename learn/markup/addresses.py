"""The surroundings of a text that belongs to the installation, not to a course folder."""

from learn.markup.context import NoFiles
from learn.markup.model import Link, Unresolved


class OwnAddresses(NoFiles):
    """Links lead to addresses of this installation such as `/hilfe`; there are no pictures."""

    def link(self, target: str) -> Link | Unresolved:
        inside = target.startswith("/") and not target.startswith("//")
        return Link(target, target) if inside else super().link(target)
