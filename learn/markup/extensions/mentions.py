"""Mentions in contributions: `[@Stadt Olpe](kommune:05966024)`, `[@Petra Muster](person:12)`."""

import re

from learn.markup.contributions import MOST_MENTIONS, Surroundings
from learn.markup.extensions.base import Construct
from learn.markup.tree import Node, become, plain, walk

_TARGET = re.compile(r"(?:person:[1-9][0-9]{0,17}|kommune:[0-9]{8})")


class Mentions(Construct):
    """Towns become links to their page, people stand out; what names nobody here becomes plain words."""

    def apply(self, root: Node) -> None:
        if self.context.kind != "beitrag":
            return
        quoted = {id(node) for quote in walk(root, "blockquote") for node in walk(quote)}
        for link in list(walk(root, "a")):
            target = (link.get("href") or "").strip()
            if _TARGET.fullmatch(target):
                self._mention(link, target, free=id(link) not in quoted)

    def _mention(self, link: Node, target: str, *, free: bool) -> None:
        around, known = self.context.resolve, self.context.mentions
        ours = isinstance(around, Surroundings) and around.names_by(target, plain(link))
        if not (free and ours and (target in known or len(known) < MOST_MENTIONS)):
            become(link, "span")
            return
        known[target] = None
        kind, _, key = target.partition(":")
        if kind == "person":
            become(link, "strong")
        else:
            become(link, "a", {"href": f"/kommunen/{key}"})
