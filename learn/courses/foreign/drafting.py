"""One foreign lesson becomes the bytes of its draft; whatever had to be guessed or mended is named."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from learn.core.access import Refused
from learn.courses import files
from learn.courses.foreign import decoding, outline, titles, writing
from learn.courses.foreign.converting import convert
from learn.courses.foreign.kinds import Course, is_liascript
from learn.courses.foreign.kinds import text as text_of
from learn.courses.foreign.leading import Atlas
from learn.courses.foreign.lines import Lines
from learn.courses.foreign.model import Converted, Foreign
from learn.courses.foreign.rewriting import DEFINITION, Rewriting
from learn.courses.values import MINUTES
from learn.markup.model import Fault

TEXT_LIMIT = files.TEXT_LIMIT
LARGEST = 4 * TEXT_LIMIT  # what is larger is no lesson but data


@dataclass(frozen=True, slots=True)
class Glance:
    """What is known of a source file before it is converted. `title` is empty where nothing gives one."""

    sha: str
    front: Mapping[str, Any]
    title: str
    empty: bool
    sample: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft without its id. `lines` are those of the source for each line of `body`."""

    head: Mapping[str, str | Sequence[str]]
    body: str
    lines: tuple[int, ...]
    values: Mapping[str, str]
    faults: tuple[Fault, ...]

    def data(self, identity: str) -> bytes:
        """The bytes of the file."""
        return writing.text({"id": identity, **self.head}, self.body)


def glance(course: Course, path: str) -> Glance | None:
    """A quick look at a source file; None where it is no text or far too large."""
    text = _text(course, path)
    if text is None:
        return None
    parted = decoding.part(text.text)
    title = titles.words(parted.front.get("title"))
    if not title:
        found = outline.headings(Lines.of(parted.body))
        title = titles.words(outline.plain(found[0].text)) if found else ""
    sha = hashlib.sha256(course.source.read(path)).hexdigest()
    return Glance(sha, parted.front, title, not parted.body.strip(), parted.body[:2000])


def draft(atlas: Atlas, path: str, name: str, *, optional: bool = False) -> Draft:
    """The draft of a lesson. `name` is its title where neither front matter nor text gives one."""
    text = _text(atlas.course, path)
    assert text is not None
    parted = decoding.part(text.text)
    converted, lines = _converted(atlas.course, path, parted)
    title, lines, titled = _titled(parted, _defined(atlas.course, lines), name)
    lines, gaps = outline.levelled(lines, titled=titled)
    rewriting = Rewriting(atlas, path, lines, converted.values)
    lines = rewriting.done()
    count = len(lines.joined.split())
    known = converted.minutes or _minutes(parted.front)
    minutes = min(max(known, 1), titles.LONGEST) if known else titles.minutes(count)
    faults = [*_encoded(text), *converted.faults, *gaps, *rewriting.faults]
    if not known:
        shown = {"ausschnitt": f"{count} Wörter", "neu": f"dauer: {minutes}min"}
        faults.append(Fault("K602", 1, shown))
    head: dict[str, str | Sequence[str]] = {"titel": writing.quoted(title), "dauer": f"{minutes}min"}
    if optional:
        head["pflicht"] = "nein"
    head["ziele"] = [titles.words(goal) for goal in converted.goals][:4]
    return Draft(head, lines.joined, tuple(lines.numbers), dict(converted.values), tuple(faults))


def fragments(course: Course, path: str) -> dict[str, str]:
    """The fragments of a lesson's draft by what foreign texts may call them."""
    text = _text(course, path)
    if text is None:
        return {}
    parted = decoding.part(text.text)
    _, lines = _converted(course, path, parted)
    _, lines, titled = _titled(parted, lines, "")
    return outline.fragments(lines, titled=titled)


def _text(course: Course, path: str) -> decoding.Decoded | None:
    if course.source.sizes[path] > LARGEST:
        return None
    try:
        return decoding.decode(course.source.read(path))
    except OSError:
        raise Refused(f"{path} lässt sich nicht lesen.") from None


def _converted(course: Course, path: str, parted: decoding.Parted) -> tuple[Converted, Lines]:
    kind = "liascript" if is_liascript(parted.body[:20_000]) else course.kind
    site = course.config.get("params")
    site = site if isinstance(site, Mapping) else {}
    found = convert(Foreign(path, kind, parted.front, parted.body, parted.line, site))
    numbers = list(found.lines)
    lines = Lines.of(found.body, parted.line)
    return found, Lines(lines.texts, numbers) if len(numbers) == len(lines.texts) else lines


def _defined(course: Course, lines: Lines) -> Lines:
    """With those targets of the Carpentries' `links.md` that the text names and does not define itself."""
    names = ("links.md", "_includes/links.md") if course.kind == "carpentries" else ()
    shared = "\n".join(words for name in names if (words := text_of(course.source, name)))
    if not shared:
        return lines
    body = " ".join(lines.joined.casefold().split())
    own = {found[2].casefold() for found in DEFINITION.finditer(lines.joined)}
    added = [
        " ".join(found[0].split())
        for found in DEFINITION.finditer(shared)
        if f"[{found[2].casefold()}]" in body and found[2].casefold() not in own
    ]
    if not added:
        return lines
    added = [""] * bool(lines.texts[-1].strip()) + added
    return Lines([*lines.texts, *added], [*lines.numbers, *([lines.numbers[-1]] * len(added))])


def _titled(parted: decoding.Parted, lines: Lines, name: str) -> tuple[str, Lines, bool]:
    """The title, the text, and whether its first heading is that title; else all headings move down."""
    found = outline.headings(lines)
    first = outline.leading(lines, found)
    said = outline.plain(found[0].text) if found else ""
    title = titles.words(parted.front.get("title")) or titles.words(said) or name or "Ohne Titel"
    if first is None:
        return title, lines, False
    if outline.letters(said) == outline.letters(title) and outline.letters(said):
        return title, lines, True
    return title, outline.lowered(lines, found), False


def _minutes(front: Mapping[str, Any]) -> int:
    """Minutes that the front matter names as we do."""
    match = MINUTES.fullmatch(str(front.get("duration") or front.get("dauer") or ""))
    return int(match[1]) if match else 0


def _encoded(text: decoding.Decoded) -> list[Fault]:
    if not text.encoding:
        return []
    return [Fault("K101", text.line), Fault("K602", text.line, {"ausschnitt": text.encoding, "neu": "UTF-8"})]
