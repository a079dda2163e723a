"""A course as a ZIP that publishing takes without change: the same course always gives the same bytes.

The ZIP is a content root: the course's folder, and `bilder` beside it where the course shows pictures from
there. Questions of the Abschlusstest stay out (content.md section 3).
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from posixpath import normpath
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import NotFound
from learn.core.storage import Storage
from learn.courses import drafts
from learn.courses.drafts import Draft
from learn.courses.export import PRIVATE
from learn.courses.files import Tree
from learn.courses.models import Asset, Course, Release, ReleaseFile
from learn.workshop import copies, media

DRAFT, PUBLISHED = "entwurf", "veroeffentlicht"
BEGINNING = (1980, 1, 1, 0, 0, 0)  # a ZIP knows no earlier moment
MODE = 0o100644 << 16
UNIX = 3
CHUNK = 256 * 1024
PACKED = (".md", ".svg")  # pictures are packed already


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a ZIP is to hold, by path: texts as bytes, pictures by their keys in the storage."""

    name: str
    texts: Tree
    paths: tuple[str, ...]
    pictures: dict[str, str]


def written(session: Session, course_id: str) -> Bundle:
    """The working copy, with all its pictures. Raises NotFound; Refused while texts wait for being merged."""
    found = copies.draft(session, _NoBytes(), course_id)
    texts = {path: data for path, data in found.changes.items() if path.endswith(".md")}
    copy = copies.copy(session, course_id)
    if copy is None:
        raise NotFound
    pictures = {path: f"{one.sha}.{one.ext}" for path, one in media.held(session, course_id).items()}
    return bundle(session, replace(found, changes=texts), copy.slug, pictures)


def published(session: Session, course_id: str) -> Bundle:
    """The current release. Raises NotFound where there is none."""
    statement = select(Course.slug, Release.number).join(Release, Release.id == Course.release_id)
    found = session.execute(statement.where(Course.id == course_id)).one_or_none()
    if found is None:
        raise NotFound
    rows = session.execute(
        select(ReleaseFile.path, Asset.sha, Asset.ext)
        .join(Course, Course.release_id == ReleaseFile.release_id)
        .join(Asset, Asset.sha == ReleaseFile.sha)
        .where(Course.id == course_id, ReleaseFile.picture)
    )
    shown = {row.path: f"{row.sha}.{row.ext}" for row in rows}
    return bundle(session, Draft(course_id, found.number, {}), found.slug, shown)


def bundle(session: Session, draft: Draft, slug: str, pictures: dict[str, str]) -> Bundle:
    """A draft's texts as publishing would store them, and these pictures by path below the course folder."""
    tree = drafts.tree(session, [draft])
    folder = "" if draft.course_id.startswith("glo_") else f"{slug}/"
    paths = [
        path for path in tree.sizes if path.endswith(".md") and not path.startswith(f"{folder}{PRIVATE}")
    ]
    keys = {normpath(folder + path): key for path, key in pictures.items()}
    return Bundle(slug, tree, tuple(paths), keys)


def packed(storage: Storage, found: Bundle) -> Iterator[bytes]:
    """The ZIP in pieces. Raises NotFound, before the first, when a picture is missing in the storage."""
    if not all(storage.exists(key) for key in found.pictures.values()):
        raise NotFound
    return _pieces(storage, found)


def _pieces(storage: Storage, found: Bundle) -> Iterator[bytes]:
    out = _Out()
    with zipfile.ZipFile(out, "w") as target:
        for path in sorted({*found.paths, *found.pictures}):
            source = _opened(storage, found, path)
            with source, target.open(_info(path), "w") as member:
                while chunk := source.read(CHUNK):
                    member.write(chunk)
                    yield from out.taken()
            yield from out.taken()
    yield from out.taken()


def _opened(storage: Storage, found: Bundle, path: str) -> io.BufferedIOBase:
    key = found.pictures.get(path)
    if key is None:
        return io.BytesIO(found.texts.read(path))
    file = storage.open(key)
    assert isinstance(file, io.BufferedIOBase)
    return file


def _info(path: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, BEGINNING)
    info.create_system, info.external_attr = UNIX, MODE
    info.compress_type = zipfile.ZIP_DEFLATED if path.endswith(PACKED) else zipfile.ZIP_STORED
    return info


class _NoBytes:
    """In place of the storage while only texts are wanted: pictures are read one by one, later."""

    backend = Storage.backend

    def save(self, key: str, _data: bytes) -> None:
        raise io.UnsupportedOperation(key)

    def open(self, _key: str) -> BinaryIO:
        return io.BytesIO()


class _Out(io.RawIOBase):
    """Takes what the ZIP writes and hands it on; nobody can go back in it."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self.pieces.append(piece)
        return len(piece)

    def taken(self) -> Iterator[bytes]:
        """What has been written since."""
        pieces, self.pieces = self.pieces, []
        yield from pieces
