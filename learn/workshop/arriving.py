"""A ZIP that was sent in becomes folders in our format: texts and pictures as drafts will hold them.

Slow, without a database and below a folder that goes afterwards: foreign material is converted, missing ids
are written, pictures that hold more than their pixels are made anew.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from learn.core.access import Refused
from learn.courses import files, heads, ids, parse
from learn.courses.files import IGNORED, LEVELS, TEXT_LIMIT
from learn.courses.findings import Finding, finding
from learn.courses.foreign import importing, titles
from learn.courses.foreign.reading import Below, Source, is_markdown, printable
from learn.courses.pictures import LIMIT, inspect, looks_like_one
from learn.markup.model import Fault
from learn.workshop import bare, queries, stripping, uploading
from learn.workshop.keys import PLAIN
from learn.workshop.portable import portable
from learn.workshop.queries import PLAIN_FILE

NUMBERED = r"[0-9]{2,3}-[a-z0-9]+(?:-[a-z0-9]+)*"
TEXTS = re.compile(
    rf"kurs\.md|glossar\.md|fragen/abschluss\.md|{NUMBERED}/(?:modul|{NUMBERED}(?:\.einfach)?)\.md"
)
EMPTY = "Darin ist kein Kurs: keine Markdown-Datei, die eine Lektion sein könnte."


@dataclass(slots=True)
class Arrived:
    """A course in a folder of its own. `foreign`: converted. `left`: what was left out, with its fault.

    `anew`: pictures that were made anew.
    """

    slug: str
    folder: Path
    foreign: bool
    left: list[Finding] = field(default_factory=list)
    anew: list[str] = field(default_factory=list)


def arrive(source: Source, out: Path) -> list[Arrived]:
    """Lay all courses of a source below `out`. Raises Refused with a sentence."""
    courses = list(_own(source, out)) or list(_foreign(source, out))
    for course in courses:
        _pictures(course)
        _identities(course)
    if not courses:
        raise Refused(EMPTY)
    return courses


def keys_of(folder: Path) -> tuple[dict[str, str], list[str]]:
    """Keys of a course's texts by path, and paths of those that can bear none: no text, no readable head."""
    paths = [path.relative_to(folder).as_posix() for path in folder.rglob("*.md")]
    decoded = {path: files.decode((folder / path).read_bytes()) for path in paths}
    found = keys_in({path: text for path, text in decoded.items() if isinstance(text, str)})
    return found, sorted(set(paths) - set(found))


def keys_in(texts: Mapping[str, str]) -> dict[str, str]:
    """Keys of texts by path; those without an id of their own are left out."""
    found: dict[str, str] = {}
    for path in sorted(texts):
        key = "" if path.endswith(PLAIN_FILE) else queries.head(texts[path], kind_of(path)).id
        if key and key not in found.values():
            found[path] = key
    for path in sorted(texts):
        lesson = found.get(path.removesuffix(PLAIN_FILE) + ".md", "")
        if path.endswith(PLAIN_FILE) and lesson:
            found[path] = lesson + PLAIN
    return found


def kind_of(path: str) -> heads.FileKind:
    """What a text is by its path below the course folder."""
    if path == parse.TEST:
        return "fragen"
    names: dict[str, heads.FileKind] = {"kurs.md": "kurs", "glossar.md": "glossar", "modul.md": "modul"}
    return names.get(path.rpartition("/")[2], "lektion")


def _own(source: Source, out: Path) -> Iterator[Arrived]:
    """Courses in our format: the whole source, or folders of it."""
    if _is_ours(source, "kurs.md"):
        yield _course(source, out, source.name)
        return
    tops = sorted({path.partition("/")[0] for path in source.sizes if path.count("/") == 1})
    for top in tops:
        if _is_ours(source, f"{top}/kurs.md"):
            yield _course(Below(source, top), out, top)


def _is_ours(source: Source, path: str) -> bool:
    small = source.sizes.get(path, TEXT_LIMIT + 1) <= TEXT_LIMIT
    return small and importing.OURS.search(source.read(path)) is not None


def _course(source: Source, out: Path, name: str) -> Arrived:
    taken = [path.name for path in out.iterdir()] if out.is_dir() else []
    slug = titles.slug(name, "kurs", taken, numbered=False)
    made = Arrived(slug, out / slug, foreign=False)
    made.left += [finding(printable(path), fault) for path, fault in source.odd]
    for path, size in source.sizes.items():
        if any(IGNORED.match(part) for part in path.split("/")):
            continue
        fault = _refused(path, size)
        if fault is None:
            target = made.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read(path))
        else:
            made.left.append(finding(printable(path), fault))
    return made


def _refused(path: str, size: int) -> Fault | None:
    """Why a file of a course in our format stays out."""
    if is_markdown(path):
        if not TEXTS.fullmatch(path):
            return Fault("K106", 1) if path.count("/") <= 1 else Fault("K111", 1)
        return Fault("K108", 1, {"was": "Die Datei", "grenze": "256 KB"}) if size > TEXT_LIMIT else None
    if not looks_like_one(path) or path.count("/") >= LEVELS:
        return Fault("K111", 1)
    return None if portable(path) else Fault("K106", 1)


def _foreign(source: Source, out: Path) -> Iterator[Arrived]:
    outcome = importing.run(source, out, keep=False)
    for course in outcome.courses:
        made = Arrived(course.slug, out / course.slug, foreign=True)
        made.left += [found for found in outcome.findings if found.file.startswith(course.prefix)]
        yield made


def _identities(course: Arrived) -> None:
    """Write ids that texts lack; what can bear none stays out."""
    _keys, bad = keys_of(course.folder)
    if bad:
        ids.write_missing(course.folder)
        _keys, bad = keys_of(course.folder)
    for path in bad:
        (course.folder / path).unlink()
        course.left.append(finding(path, Fault("K102", 1, {"grund": "Er lässt sich nicht lesen"})))


def _pictures(course: Arrived) -> None:
    """Keep pictures that hold nothing but what is seen, make others anew, leave out what is none."""
    for file in sorted(course.folder.rglob("*")):
        path = file.relative_to(course.folder).as_posix()
        if file.is_file() and not path.endswith(".md") and not path.startswith("."):
            made = _as_kept(file.read_bytes(), path)
            if made is None:
                file.unlink()
                course.left.append(finding(path, Fault("K509", 1)))
            elif made:
                file.write_bytes(made)
                course.anew.append(path)


def _as_kept(data: bytes, path: str) -> bytes | None:
    """A picture made anew; empty where it may stay as it is, None where it is none."""
    seen = inspect(data)
    if seen is None:
        return None
    if len(data) <= LIMIT and seen.ext != "svg" and bare.is_bare(data):
        return b""
    try:
        made = (
            stripping.stripped(data) if seen.ext == "svg" else uploading.prepare(data, instead_of=path).data
        )
    except Refused:
        return None
    return b"" if made == data else made
