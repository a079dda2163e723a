"""Rendering one file as it would be stored, in the surroundings of its course."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from learn.core.access import Refused
from learn.courses import files, frontmatter, heads, pages, parse, rendering, shelved
from learn.courses.findings import Finding, finding, ordered
from learn.courses.heads import FileKind
from learn.courses.surroundings import Shared
from learn.markup import guard, store
from learn.markup.model import Part, Profile, Term

KINDS: dict[str, FileKind] = {"kurs.md": "kurs", "modul.md": "modul", "glossar.md": "glossar"}


@dataclass(frozen=True, slots=True)
class Rendering:
    """Parts and terms of a file, and what was found."""

    parts: tuple[Part, ...]
    terms: tuple[Term, ...]
    findings: tuple[Finding, ...]


def render(path: Path, profile: Profile, session: Session | None) -> Rendering:
    """Render a Markdown file. Raises Refused when it is no text or too large."""
    if not path.is_file():
        raise Refused(f"{path} ist keine Datei.")
    with path.open("rb") as file:
        data = file.read(files.TEXT_LIMIT + 1)
    if len(data) > files.TEXT_LIMIT:
        raise Refused(f"{path} überschreitet 256 KB.")
    decoded = files.decode(data)
    if isinstance(decoded, int):
        raise Refused(f"{path}:{decoded}: Speichern Sie die Datei als UTF-8 ohne Steuerzeichen.")
    if profile != "kurs":
        return _bare(path, decoded, profile)
    return _course_text(path, decoded, session)


def kind_of(path: Path) -> FileKind:
    """What the file is by its name."""
    if path.name.endswith(parse.PLAIN):
        return "einfach"
    if path.parent.name == "fragen" and path.name == "abschluss.md":
        return "fragen"
    return "pfad" if _is_path(path) else KINDS.get(path.name, "lektion")


def _is_path(path: Path) -> bool:
    folder = path.resolve().parent
    return folder.name == files.PATHS and not (folder / "kurs.md").is_file()


def _bare(path: Path, text: str, profile: Profile) -> Rendering:
    try:
        rendered = guard.render(text, profile)
    except guard.Refused as problem:
        raise Refused(str(problem)) from None
    found = ordered(finding(str(path), fault) for fault in rendered.faults)
    return Rendering(rendered.parts, rendered.terms, found)


def _course_text(path: Path, decoded: str, session: Session | None) -> Rendering:
    kind = kind_of(path)
    front = frontmatter.split(decoded)
    bare = not decoded.lstrip().startswith("---")
    head = heads.read(front, kind)
    base, shared = _surroundings(path.resolve(), session)
    task = rendering.Task(
        path=base,
        body=front.body,
        kind=kind,
        first_line=front.body_line,
        title=head.text("titel"),
        formulas=head.flag("formeln"),
    )
    drawn = rendering.draw(task, shared)
    if drawn.trace.problem:
        raise Refused(drawn.trace.problem)
    faults = drawn.trace.faults if bare else (*head.faults, *drawn.trace.faults)
    found = ordered(finding(str(path), fault, head.id) for fault in faults)
    return Rendering(store.load(drawn.parts), drawn.terms, found)


def _surroundings(path: Path, session: Session | None) -> tuple[str, Shared]:
    """The file's path below the content root, and what its course holds, for a Lernpfad all of the root.

    Nothing is around another file without a course.
    """
    course = next((folder for folder in path.parents if (folder / "kurs.md").is_file()), None)
    if course is None and not _is_path(path):
        return path.name, Shared({}, {})
    content = parse.parse(course or path.parents[1])
    places = pages.of_folder(content)
    if session is not None:
        shelved.add(places, session, content)
    values = content.courses[0].text.head.pairs("werte") if content.courses else ()
    base = path.relative_to(course.parent if course else path.parents[1])
    return base.as_posix(), places.shared(None, (name for name, _ in values))
