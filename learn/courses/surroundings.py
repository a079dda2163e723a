"""What a text may point to: pages, pictures, glossary terms and local values around it.

`Shared` is the same for all texts of a course and is sent to a rendering process once; `Resolver` adds
the path of one text. Both can be pickled. Nothing is opened or fetched when a target is resolved.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property

from learn.courses.targets import Outside, place
from learn.markup.model import Link, Picture, Unresolved

EXCUSED = Picture(f"/medien/{'0' * 64}.png", 300, 150)


@dataclass(frozen=True, slots=True)
class Page:
    """A Markdown file as a target.

    `terms`: a glossary's slugs by fragment. `sections`: names that marks give to parts of a lesson.
    """

    href: str
    identity: str
    terms: Mapping[str, str] | None = None
    sections: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Shared:
    """Pages and pictures by path below the content root, and the course's local values (None: unknown).

    `faulty` are files and folders that have a fault of their own; who names them is not to blame.
    """

    pages: Mapping[str, Page]
    pictures: Mapping[str, Picture]
    values: frozenset[str] | None = frozenset()
    faulty: frozenset[str] = frozenset()

    def excuses(self, path: str) -> bool:
        """Whether the path names something faulty, or lies below it; case does not matter."""
        folded = path.casefold()
        parents = (folded[:index] for index, char in enumerate(folded) if char == "/")
        return bool(self.faulty) and (folded in self.faulty or not self.faulty.isdisjoint(parents))

    @cached_property
    def key(self) -> str:
        """Names this state, so that a process keeps what it has seen."""
        pages = {
            path: [page.href, page.identity, page.terms, sorted(page.sections)]
            for path, page in self.pages.items()
        }
        pictures = {path: asdict(picture) for path, picture in self.pictures.items()}
        data = json.dumps([pages, pictures, sorted(self.values or ()), sorted(self.faulty)], sort_keys=True)
        return hashlib.sha256(data.encode()).hexdigest()


@dataclass
class Resolver:
    """Resolves what the file `base` names."""

    base: str
    shared: Shared

    def picture(self, target: str) -> Picture | Unresolved:
        """The stored picture, K109 or K501."""
        try:
            path, _fragment = place(self.base, target)
        except Outside:
            return Unresolved("K109", {"pfad": target})
        if path not in self.shared.pictures and self.shared.excuses(path):
            return EXCUSED
        return self.shared.pictures.get(path) or Unresolved("K501", {"pfad": target})

    def link(self, target: str) -> Link | Unresolved:
        """The page, glossary term or picture, K109 or K503."""
        try:
            path, fragment = place(self.base, target)
        except Outside:
            return Unresolved("K109", {"pfad": target})
        page = self.shared.pages.get(path)
        if page is not None:
            return _page(page, fragment) or Unresolved("K503", {"ziel": target})
        if self.shared.excuses(path):
            return Link("/", "")
        picture = self.shared.pictures.get(path)
        return Link(picture.src, picture.src) if picture else Unresolved("K503", {"ziel": target})

    def knows_value(self, name: str) -> bool:
        return self.shared.values is None or name in self.shared.values


def _page(page: Page, fragment: str) -> Link | None:
    if page.terms is not None:
        return _term(page, fragment)
    if not fragment:
        return Link(page.href, page.identity)
    anchor = fragment if fragment in page.sections else f"s-{fragment.lower()}"
    return Link(f"{page.href}#{anchor}", f"{page.identity}#{fragment}")


def _term(page: Page, fragment: str) -> Link | None:
    """A glossary entry is a page of its own."""
    if not fragment:
        return Link(page.href, page.identity)
    slug = (page.terms or {}).get(fragment)
    return Link(f"{page.href}/{slug}", f"{page.identity}#{slug}", term=True) if slug else None


def answer(resolver: Resolver, target: str) -> str:
    """Where a target leads, in one comparable text: as a picture, else as a page, else the code."""
    picture = resolver.picture(target)
    if isinstance(picture, Picture):
        narrow = picture.narrow.src if picture.narrow else ""
        return f"{picture.src} {picture.width}x{picture.height} {narrow}".rstrip()
    link = resolver.link(target)
    return link.href if isinstance(link, Link) else f"!{link.code}"
