"""Links and pictures of a book: what it holds is named by file, everything else by its full address."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote, unquote, urljoin, urlsplit, urlunsplit

from learn.courses.manifest import Manifest
from learn.courses.takeaway.wellformed import Node, xml_id

BOOK = "book:"  # what our own templates write before the name of a chapter
MEDIA = "/medien/"
GLOSSARY = "/vokabelheft/"
SAFE = "/:?#[]@!$&'()*+,;=%~-._"
PROTOCOLS = frozenset({"http", "https", "mailto", "tel"})
LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
HOST = re.compile(  # RFC 2396, as the parser behind EPUBCheck reads it
    rf"(?:[\w.~-]+@)?(?:(?:{LABEL}\.)*[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.?|[0-9]+(?:\.[0-9]+){{3}}"
    r"|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece of stored HTML comes from: the chapter that holds it, the prefix of its ids there.

    `address`: the full address of its page, for targets that are written relative to it.
    """

    chapter: str
    prefix: str
    address: str


@dataclass(slots=True)
class Links:
    """Rewrites targets. `picture` gives the path of a stored picture in the book, or empty.

    Collects the pictures that are shown (keys of the storage) and the fragments that are aimed at.
    """

    manifest: Manifest
    base_url: str
    ending: str
    terms: frozenset[str]
    picture: Callable[[str], str]
    pictures: dict[str, str] = field(default_factory=dict)
    aims: set[tuple[str, str]] = field(default_factory=set)
    _lessons: dict[str, tuple[str, str, bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, module in enumerate(self.manifest.modules, 1):
            for place, entry in enumerate(module.lessons, 1):
                self._lessons[entry.slug] = (entry.id, lesson_name(number, place), entry.plain)

    def file(self, chapter: str) -> str:
        """The file of a chapter; pages of a website begin with their index."""
        return "index.html" if (chapter, self.ending) == ("titel", ".html") else f"{chapter}{self.ending}"

    def settle(self, root: Node, place: Place) -> Node:
        """The tree with ids behind the prefix, links and pictures rewritten, in place."""
        for node in [root, *root.all()]:
            node.children = [self._shown(child) for child in node.children]
            for name in ("id", "aria-labelledby"):
                if name in node.values:
                    node.values[name] = f"{place.prefix}{node.values[name]}"
            if "href" in node.values:
                href = self._target(node.values.pop("href"), place)
                if href:
                    node.values["href"] = href
                else:
                    node.name = "span"
            if "srcset" in node.values:
                node.values["srcset"] = self._path(node.values["srcset"])
        return root

    def _path(self, address: str) -> str:
        key = address.removeprefix(MEDIA)
        path = self.picture(key) if address.startswith(MEDIA) else ""
        if path:
            self.pictures[key] = path
        return path

    def _shown(self, node: Node) -> Node:
        """A picture by its path; one that is gone is told in words."""
        if node.name == "source":
            gone = not self.picture(node.values.get("srcset", "").removeprefix(MEDIA))
            return Node(text="") if gone else node
        if node.name != "img":
            return node
        path = self._path(node.values.get("src", ""))
        if not path:
            return Node("span", children=[Node(text=node.values.get("alt", ""))])
        node.values["src"] = path
        node.values.setdefault("alt", "")
        return node

    def _target(self, href: str, place: Place) -> str:
        """Where a link leads from the book; empty if nowhere."""
        if href.startswith(BOOK):
            return self._inside(*href.removeprefix(BOOK).partition("#")[::2])
        if href.startswith("#"):
            return self._inside(place.chapter, place.prefix + unquote(href[1:]))
        if href.startswith("/") and not href.startswith("//"):
            found = self._ours(href)
            return self._inside(*found) if found else outside(self.base_url + href)
        return outside(urljoin(place.address, href))

    def _inside(self, chapter: str, fragment: str) -> str:
        """A place in the book."""
        if fragment:
            fragment = xml_id(fragment)
            self.aims.add((chapter, fragment))
            return f"{self.file(chapter)}#{fragment}"
        return self.file(chapter)

    def _ours(self, href: str) -> tuple[str, str] | None:
        """Chapter and fragment of a page of ours that is in the book."""
        parts = urlsplit(href)
        course = f"/kurse/{self.manifest.slug}"
        if parts.path == course:
            return "titel", ""
        if parts.path.startswith(GLOSSARY):
            term = parts.path.removeprefix(GLOSSARY)
            return ("glossar", f"begriff-{term}") if term in self.terms else None
        found = self._lessons.get(parts.path.removeprefix(f"{course}/"))
        if not found or not parts.path.startswith(f"{course}/"):
            return None
        lesson_id, name, plain = found
        easy = plain and parse_qs(parts.query).get("fassung") == ["einfach"]
        prefix = before(lesson_id, easy=easy)
        return easy_name(name) if easy else name, prefix + unquote(parts.fragment) if parts.fragment else ""


def lesson_name(module: int, lesson: int) -> str:
    """The name of a lesson's file without its ending: short, and safe on every system."""
    return f"lektion-{module:02}-{lesson:02}"


def easy_name(name: str) -> str:
    """The file of the same lesson in Einfache Sprache."""
    return f"{name}-einfach"


def before(lesson_id: str, *, easy: bool = False) -> str:
    """What stands before every id of a lesson."""
    return f"{lesson_id}-einfach-" if easy else f"{lesson_id}-"


def outside(address: str) -> str:
    """An address as every reader takes it: signs that URLs do not know are encoded; empty if broken."""
    try:
        parts = urlsplit(address)
        host = parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
    except ValueError:
        return ""
    if parts.scheme not in PROTOCOLS or (parts.scheme in {"http", "https"} and not HOST.fullmatch(host)):
        return ""
    rest = (quote(text, safe=SAFE.replace("#", "").replace("[", "").replace("]", "")) for text in parts[2:])
    return urlunsplit((parts.scheme, host, *rest))


def without(body: str, missing: Mapping[str, set[str]]) -> str:
    """A chapter whose links name no fragment that its file does not have; fragments by file."""
    for file, fragments in missing.items():
        for fragment in fragments:
            body = body.replace(f'href="{file}#{fragment}"', f'href="{file}"')
    return body
