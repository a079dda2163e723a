"""Writing a published course back as files, byte for byte; nothing unpublished is ever overwritten."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core import storage as files
from learn.core.access import Refused
from learn.courses import rollback
from learn.courses.models import Asset, Blob, Course, ReleaseFile
from learn.courses.source import prefix_of
from learn.courses.storing import Storage

PRIVATE = "fragen/"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the release: where it goes, and its bytes or its key in the storage."""

    path: Path
    sha: str
    data: bytes | None
    key: str


def export(session: Session, storage: Storage, name: str, folder: Path) -> list[Path]:
    """Write the current release of a course below `folder`; paths of the files that were written.

    The course lands in `folder/<kurs>/`, or in `folder` itself when that bears its name or holds its
    kurs.md; the network's glossary and Lernpfade lie below `folder` as below a content root. Questions of
    the Abschlusstest stay out. Raises Refused, before anything is written, when a file there holds bytes
    that no release holds.
    """
    course = rollback.course_named(session, name)
    parts = [_part(session, course, file, folder) for file in _files(session, course)]
    fresh = [part for part in parts if _differs(session, part, folder)]
    for part in fresh:
        part.path.parent.mkdir(parents=True, exist_ok=True)
        files.write(part.path, _bytes(storage, part), mode=0o644)
    return [part.path for part in fresh]


def _files(session: Session, course: Course) -> list[ReleaseFile]:
    query = select(ReleaseFile).where(ReleaseFile.release_id == course.release_id)
    found = session.scalars(query.order_by(ReleaseFile.path))
    return [file for file in found if not file.path.startswith(PRIVATE)]


def _part(session: Session, course: Course, file: ReleaseFile, folder: Path) -> Part:
    path = _place(course, folder, file.path)
    if file.picture:
        asset = session.get_one(Asset, file.sha)
        return Part(path, file.sha, None, f"{asset.sha}.{asset.ext}")
    return Part(path, file.sha, session.get_one(Blob, file.sha).data, "")


def _place(course: Course, folder: Path, path: str) -> Path:
    """The file's place; pictures outside the course folder lie beside it in a content root."""
    alone = not prefix_of(course.slug) or _is_course(course, folder)
    inside = folder if alone else folder / course.slug
    if not path.startswith("../"):
        return inside / path
    if inside == folder:
        raise Refused("Der Kurs zeigt Bilder neben seinem Ordner. Nehmen Sie den Ordner darüber.")
    return folder / path.removeprefix("../")


def _is_course(course: Course, folder: Path) -> bool:
    return folder.absolute().name == course.slug or (folder / "kurs.md").is_file()


def _differs(session: Session, part: Part, folder: Path) -> bool:
    """Whether the file must be written. Raises Refused for links and for bytes no release holds."""
    for step in (part.path, *part.path.parents):
        if step == folder:
            break
        if step.is_symlink():
            raise Refused(f"{step} ist eine Verknüpfung. Entfernen Sie sie.")
    if not part.path.exists():
        return True
    sha = hashlib.sha256(part.path.read_bytes()).hexdigest() if part.path.is_file() else ""
    if sha == part.sha:
        return False
    if session.scalar(select(ReleaseFile.sha).where(ReleaseFile.sha == sha).limit(1)) is None:
        raise Refused(
            f"{part.path} ist nicht veröffentlicht und bliebe nicht erhalten. Sichern Sie die Datei."
        )
    return True


def _bytes(storage: Storage, part: Part) -> bytes:
    if part.data is not None:
        return part.data
    with storage.open(part.key) as file:
        return file.read()
