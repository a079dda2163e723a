"""Which texts of a course show which pictures, by their targets as written; nothing is rendered."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol
from urllib.parse import unquote

from learn.courses import frontmatter, heads, targets
from learn.courses.pictures import SUFFIXES
from learn.workshop import keys

DECORATIVE = "schmuck"  # in place of a description: the picture says nothing
PICTURE = re.compile(r"!\[([^\]\n]*)\]\([ \t]*(?:<([^<>\n]*)>|([^\s()<>]+))(?:[ \t]+\"([^\"\n]*)\")?[ \t]*\)")
ENDINGS = tuple(SUFFIXES)
ROOT = "kurs/"  # stands for the course's folder, so that targets beside it stay apart
NARROW = "-schmal"  # a picture for narrow screens, shown with the one it belongs to


class Written(Protocol):
    """A text of the working copy."""

    @property
    def path(self) -> str: ...

    @property
    def text(self) -> str: ...


def shown(texts: Mapping[str, Written], paths: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Keys of the texts that show each of these pictures, in the texts' order."""
    found: dict[str, dict[str, None]] = {path: {} for path in paths}
    for key, text in texts.items():
        for path in targets_of(key, text):
            for one in (path, narrow(path)):
                if one in found:
                    found[one][key] = None
    return {path: tuple(users) for path, users in found.items()}


def targets_of(key: str, text: Written) -> Iterator[str]:
    """Paths of pictures below the course folder that a text names; those beside it begin with `../`."""
    for target in targets.scan(text.text, 1):
        yield from _path(text.path, target.text)
    yield from _card(key, text)


def described(texts: Mapping[str, Written], paths: Iterable[str]) -> dict[str, str]:
    """What the first text that shows a picture says of it; `schmuck` where it is decoration.

    A picture for narrow screens says what the other one says; a course's card picture is decoration.
    """
    wanted, found = set(paths), dict[str, str]()
    for key, text in texts.items():
        for path, said in _said(key, text):
            for one in (path, narrow(path)):
                if one in wanted:
                    found.setdefault(one, said)
    return found


def _said(key: str, text: Written) -> Iterator[tuple[str, str]]:
    """Pictures of a text with the words they stand with, if any."""
    for words, quoted, bare, title in PICTURE.findall(text.text):
        said = DECORATIVE if title.strip().lower() == DECORATIVE else " ".join(words.split())
        if said:
            yield from ((path, said) for path in _path(text.path, quoted or bare))
    yield from ((path, DECORATIVE) for path in _card(key, text))


def _card(key: str, text: Written) -> Iterator[str]:
    """The picture on the course's card."""
    if keys.kind_of(key) == "kurs":
        yield from _path(text.path, heads.read(frontmatter.split(text.text), "kurs").text("bild"))


def narrow(path: str) -> str:
    """Where the variant for narrow screens of this picture lies, if there is one."""
    stem, dot, suffix = path.rpartition(".")
    return f"{stem}{NARROW}{dot}{suffix}"


def wide(path: str) -> str:
    """Where the picture lies whose variant for narrow screens this is; empty for any other."""
    stem, dot, suffix = path.rpartition(".")
    return f"{stem.removesuffix(NARROW)}{dot}{suffix}" if stem.endswith(NARROW) else ""


def _path(base: str, target: str) -> Iterator[str]:
    if not unquote(target).lower().endswith(ENDINGS):  # most targets are no pictures
        return
    try:
        path, _ = targets.place(f"{ROOT}{base}", target)
    except targets.Outside:
        return
    yield path.removeprefix(ROOT) if path.startswith(ROOT) else f"../{path}"
