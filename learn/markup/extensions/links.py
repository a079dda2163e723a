"""Links: where they lead on our pages, outside, or nowhere."""

import re
from urllib.parse import unquote

from learn.markup.extensions.base import Construct
from learn.markup.extensions.values import SCHEME, local_value
from learn.markup.model import Unresolved
from learn.markup.sanitise import address_ok
from learn.markup.tree import Node, become, kids, plain, walk

EMPTY_WORDS = frozenset({"", "hier", "mehr", "link"})  # say nothing of where a link leads
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_FILE = re.compile(r"(?i:file:)|[A-Za-z]:[\\/]")  # of this machine: refused as any path outside
_SECTIONS = re.compile(r"(?:quiz|frage|aufgabe|fahrplan)-(.+)")


class Links(Construct):
    def apply(self, root: Node) -> None:
        for link in list(walk(root, "a")):
            if "href" not in link.attrib:  # an anchor of authors' HTML, no link
                continue
            words = plain(link)
            if words.lower() in EMPTY_WORDS:
                self.context.fault("K506", link.line, text=words)
            self._link(link, (link.get("href") or "").strip())
        for parent in list(walk(root)):
            for child in kids(parent):
                if child.tag == "a" and not child.get("href"):
                    become(child, "span")

    def _link(self, link: Node, target: str) -> None:
        if target.lower().startswith(SCHEME):
            if not local_value(link, target, self.context):
                self._refuse(link, target)
        elif target.startswith("#"):
            self._fragment(link, target)
        elif _FILE.match(target):
            self._inside(link, target)
        elif target.startswith("//") or _SCHEME.match(target):
            self._outside(link, target)
        else:
            self._inside(link, target)

    def _refuse(self, link: Node, target: str, code: str = "K503", **values: str) -> None:
        self.context.fault(code, link.line, **(values or {"ziel": target}))
        link.attrib.clear()

    def _outside(self, link: Node, target: str) -> None:
        if not address_ok(target):
            if link.auto:
                link.attrib.clear()
            else:
                self._refuse(link, target)
            return
        link.set("href", target.replace(" ", "%20"))
        link.identity = target
        if target.lower().startswith("http"):
            link.set("rel", "noopener")

    def _fragment(self, link: Node, target: str) -> None:
        name = unquote(target[1:])
        place = self.context.fragments.get(name) or self.context.fragments.get(name.lower())
        section = _SECTIONS.fullmatch(name)
        if place is None and section and section[1] in self.context.ids:
            place = name
        if place is None:
            self._refuse(link, target)
            return
        if place.startswith("/"):
            link.set("class", "sc-term")
            link.set("href", place)
        else:
            link.set("href", f"#{place}")
        link.identity = target

    def _inside(self, link: Node, target: str) -> None:
        found = self.context.resolve.link(target) if target else Unresolved("K503", {"ziel": target})
        if isinstance(found, Unresolved):
            self._refuse(link, target, found.code, **found.values)
            return
        link.set("href", found.href)
        link.identity = found.identity
        if found.term:
            link.set("class", "sc-term")
            link.attrib.pop("title", None)
