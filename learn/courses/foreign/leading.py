"""Where targets of a foreign text lead in its draft: lessons, pictures, the repository, or nowhere."""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from posixpath import basename, dirname, join, normpath, relpath
from urllib.parse import quote, unquote

from learn.courses.foreign.kinds import Course
from learn.courses.foreign.languages import spoken_of
from learn.courses.foreign.titles import slug as short_name
from learn.courses.pictures import SUFFIXES, looks_like_one

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
GOOD = ("http://", "https://", "mailto:", "tel:", "var:")
SAFE = "/~!*'+,;=:@&$.-_%()"
ROOTS = ("", "static/", "assets/", "content/", "docs/", "public/", "source/", "src/")
PAGES = ("", ".md", ".Rmd", ".markdown", "/index.md", "/_index.md", "/README.md", "/readme.md")
SHOWN = ("", "fig/", "static/", "assets/", "images/", "img/")
ENDINGS = re.compile(r"\.(?:html?|md|rmd|markdown|mdx)$", re.IGNORECASE)
Slugs = Callable[[str], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Led:
    """`target` in the draft. `lost`: it leads nowhere and only its place is kept."""

    target: str
    lost: bool = False


@dataclass(slots=True)
class Atlas:
    """Files of a course and their drafts. `drafts` and `pictures` lie below the course's folder.

    `slugs` gives the fragments of a lesson by what foreign texts call them. `wanted` are the pictures that
    texts show, by their path in the source; `inline` those that stand in a text, by name.
    """

    course: Course
    drafts: Mapping[str, str]
    slugs: Slugs
    pictures: dict[str, str] = field(default_factory=dict)
    wanted: dict[str, str] = field(default_factory=dict)
    inline: dict[str, bytes] = field(default_factory=dict)
    _folded: dict[str, str] = field(default_factory=dict)
    _stems: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in self.course.source.sizes:
            self._folded.setdefault(path.casefold(), path)
        for path in self.drafts:
            self._folded.setdefault(spoken_of(path).casefold(), path)
            self._stems.setdefault(ENDINGS.sub("", basename(spoken_of(path))).casefold(), []).append(path)

    def link(self, base: str, target: str) -> Led:
        """Where a link in the text `base` leads."""
        target = target.strip()
        if target.startswith("//"):
            return Led(f"https:{target}")
        if SCHEME.match(target):
            return Led(target) if target.lower().startswith(GOOD) else self._lost(base)
        written, _, fragment = target.partition("#")
        if not written:
            return self._within(base, base, fragment) if fragment else self._lost(base)
        path, known = self._path(base, written)
        if known in self.drafts:
            return self._within(base, known, fragment)
        if known and looks_like_one(known):
            return Led(self._picture(base, known))
        return self._away(base, path, known)

    def picture(self, base: str, target: str) -> Led:
        """Where a picture in the text `base` lies; `lost` where there is no such file."""
        target = target.strip()
        if target.startswith("//"):
            return Led(f"https:{target}")
        if target.lower().startswith(("http://", "https://")):
            return Led(target)
        if target.lower().startswith("data:image/"):
            return self._inline(base, target)
        path, known = self._path(base, target.partition("#")[0])
        if known and not known.casefold().endswith(".md"):
            return Led(self._picture(base, known))
        name = _picture_name(path or "bild", set(self.pictures.values()))
        return Led(self._up(base, f"bilder/{name}"), lost=True)

    def _inline(self, base: str, target: str) -> Led:
        """A picture that stands in the text itself becomes a file."""
        kind, _, packed = target.partition(";base64,")
        try:
            data = base64.b64decode(unquote(packed), validate=False)
        except ValueError:
            data = b""
        suffix = kind.lower().removeprefix("data:image/").partition("+")[0].replace("jpeg", "jpg")
        name = f"bild-{hashlib.sha256(data).hexdigest()[:10]}.{suffix}"
        if not data or f".{suffix}" not in SUFFIXES:
            return Led(self._up(base, "bilder/bild"), lost=True)
        self.inline[name] = data
        return Led(self._up(base, f"bilder/{name}"))

    def _within(self, base: str, path: str, fragment: str) -> Led:
        """A lesson, with the heading that the fragment means where there is one."""
        draft = self._up(base, self.drafts[path])
        name = unquote(fragment)
        if not name:
            return Led(draft)
        slugs = self.slugs(path)
        found = slugs.get(name) or slugs.get(name.lower()) or slugs.get(_letters(name))
        if found is None:
            return Led(draft, lost=path == base)
        return Led(f"#{found}" if path == base else f"{draft}#{found}")

    def _lost(self, base: str) -> Led:
        """The lesson itself: a link stays a link, and does no harm."""
        return Led(basename(self.drafts[base]), lost=True)

    def _away(self, base: str, path: str, known: str) -> Led:
        """A file that is no lesson: its page in the repository, where that is known."""
        folder = (
            any(name.startswith(f"{path}/") for name in self.course.source.sizes)
            if path and not known
            else False
        )
        if self.course.repository and (known or folder):
            kind = "blob" if known else "tree"
            return Led(
                f"{self.course.repository}/{kind}/HEAD/{quote(known or path, safe=SAFE, errors='replace')}"
            )
        return self._lost(base)

    def _up(self, base: str, path: str) -> str:
        """A path below the course's folder as the draft of `base` names it."""
        return relpath(path, dirname(self.drafts[base]) or ".")

    def _path(self, base: str, written: str) -> tuple[str, str]:
        """The path a target means, and the file there or where the site would find it (empty: none)."""
        name = unquote(written.partition("?")[0]).replace("\\", "/")
        tried = [path for path in self._tries(base, name) if path is not None]
        for path in tried:
            for ending in PAGES:
                found = self._folded.get(f"{path}{ending}".casefold())
                if found is not None:
                    return path, found
        for path in tried:
            found = self._folded.get(ENDINGS.sub(".md", path).casefold()) or self._index(path)
            if found:
                return path, found
        first = tried[0] if tried else ""
        return first, self._alike(name)

    def _index(self, path: str) -> str:
        """The lesson whose page on the site this is: `name.html`, `name/`."""
        for ending in (".Rmd", ".markdown", "/index.md"):
            found = self._folded.get(f"{ENDINGS.sub('', path)}{ending}".casefold())
            if found:
                return found
        return ""

    def _tries(self, base: str, name: str) -> list[str | None]:
        """Paths that a target may mean, the likeliest first."""
        if name.startswith("/"):
            bare = name.lstrip("/")
            tops = (self.course.base, *ROOTS)
            return [_normal(top + bare) for top in tops] + [_normal(bare.partition("/")[2] or bare)]
        folder = dirname(base)
        near = [_normal(join(folder, name)), _normal(join(folder, ENDINGS.sub("", basename(base)), name))]
        if looks_like_one(name):
            near += [_normal(top + name.replace("../", "")) for top in (*SHOWN, self.course.base)]
        return [*near, _normal(name.replace("../", ""))]

    def _alike(self, name: str) -> str:
        """The one lesson of this name, wherever it lies: sites put all pages side by side."""
        bare = name.rstrip("/")
        if not ENDINGS.search(bare) and not name.endswith("/"):
            return ""
        found = self._stems.get(ENDINGS.sub("", basename(bare)).casefold(), [])
        return found[0] if len(found) == 1 else ""

    def _picture(self, base: str, path: str) -> str:
        name = self.pictures.get(path)
        if name is None:
            name = _picture_name(path, set(self.pictures.values()))
            self.pictures[path] = name
        self.wanted[path] = name
        return self._up(base, f"bilder/{name}")


def _normal(path: str) -> str | None:
    found = normpath(path).strip("/")
    return None if found.startswith("..") else ("" if found == "." else found)


def _letters(fragment: str) -> str:
    return re.sub(r"[\W_]+", "", fragment.lower())


def _picture_name(path: str, taken: set[str]) -> str:
    """A name for a picture that no other one bears."""
    stem, dot, suffix = basename(path).rpartition(".")
    ending = f".{suffix.lower()}" if dot and f".{suffix.lower()}" in SUFFIXES else ""
    bare = {name.rpartition(".")[0] or name for name in taken}
    narrow = "-schmal" if stem.endswith("-schmal") else ""
    return short_name(stem.removesuffix("-schmal") or suffix, "bild", bare) + narrow + ending
