"""Pictures: figures with caption where one stands alone in a paragraph, stored files only."""

import re

from learn.markup.context import Context
from learn.markup.extensions.base import Construct
from learn.markup.model import Picture, Unresolved
from learn.markup.sanitise import address_ok
from learn.markup.tree import Node, become, fill, items, kids, make, walk

DECORATIVE = "schmuck"
MISSING = "sc-missing"  # on what no release holds: a picture that is not there, or has no words
NARROW = "(max-width: 40rem)"
_REMOTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)


class Figures(Construct):
    def apply(self, root: Node) -> None:
        linked = {id(node) for link in walk(root, "a") for node in walk(link)}
        for parent in list(walk(root)):
            for child in kids(parent):
                if child.tag == "img":
                    self._picture(parent, child, inside_link=id(child) in linked)

    def _picture(self, parent: Node, image: Node, *, inside_link: bool) -> None:
        target = (image.get("src") or "").strip()
        if _REMOTE.match(target):
            self._remote(image, target, inside_link=inside_link)
            return
        self._described(image)
        found = self.context.resolve.picture(target) if target else Unresolved("K501", {"pfad": target})
        if isinstance(found, Unresolved):
            self.context.fault(found.code, image.line, **found.values)
            become(image, "span", self._missing(title=target))
            fill(image, [image.info])
            return
        caption = image.get("title") or ""
        self._file(image, found)
        if _alone(parent, image) and not inside_link:
            self._figure(parent, image, found, caption)
        elif caption and caption != DECORATIVE:
            image.set("title", caption)

    def _missing(self, **more: str) -> dict[str, str]:
        """What marks a picture with an error in the preview of a course's text."""
        return {"class": MISSING, **more} if self.context.profile == "kurs" else {}

    def _described(self, image: Node) -> None:
        """A picture needs words or the title that calls it decorative."""
        image.info = image.get("alt") or ""
        if not image.info.strip() and image.get("title") != DECORATIVE:
            self.context.fault("K502", image.line)

    def _remote(self, image: Node, target: str, *, inside_link: bool) -> None:
        """Nothing is fetched from elsewhere: a link, or in a link its words."""
        self.context.fault("K513", image.line)
        words = image.get("alt") or target
        if inside_link or target.startswith("//") or not address_ok(target):
            become(image, "span")
        else:
            become(image, "a", {"href": target})
        fill(image, [words])

    def _file(self, image: Node, found: Picture) -> None:
        decorative = image.get("title") == DECORATIVE
        alt = "" if decorative else image.info
        undescribed = not decorative and not alt.strip()
        image.attrib.clear()
        image.attrib.update(self._missing() if undescribed else {})
        image.attrib.update(_address("src", found))
        image.set("alt", alt)
        image.set("loading", "lazy")
        note(self.context, found)

    def _figure(self, parent: Node, image: Node, found: Picture, caption: str) -> None:
        become(parent, "figure", {"class": "sc-figure"})
        content: list[str | Node] = [image]
        if found.narrow:
            source = make("source", line=image.line, media=NARROW, **_address("srcset", found.narrow))
            content = [make("picture", [source, image], image.line)]
        if caption and caption != DECORATIVE:
            content.append(make("figcaption", [caption], image.line))
        fill(parent, content)


def _alone(parent: Node, image: Node) -> bool:
    return (
        parent.tag == "p"
        and len(parent) == 1
        and not parent.tight
        and [i for i in items(parent) if not _blank(i)] == [image]
    )


def _blank(item: str | Node) -> bool:
    return isinstance(item, str) and not item.strip()


def _address(name: str, found: Picture) -> dict[str, str]:
    return {name: found.src, "width": str(found.width), "height": str(found.height)}


def note(context: Context, found: Picture) -> None:
    """Notes which stored pictures the text shows, in order."""
    context.pictures[found.src] = None
    if found.narrow:
        context.pictures[found.narrow.src] = None
