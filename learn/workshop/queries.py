"""What the Werkstatt reads of published courses: the files of a release by their keys, and their texts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.courses import files, frontmatter, library
from learn.courses.cache import OBJECT, weight
from learn.courses.heads import FileKind, Head, read
from learn.courses.manifest import LessonEntry, Manifest
from learn.courses.models import Course, Release, ReleaseFile
from learn.courses.origin import WORKSHOP
from learn.courses.parse import TEST
from learn.courses.published import all_bytes
from learn.workshop.keys import PLAIN

PLAIN_FILE = ".einfach.md"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A release as the Werkstatt sees it; without one all is empty and `number` 0.

    `paths`: where each text lies below the course folder, by key. `shas`: hashes of the stored bytes of
    texts by path, `pictures` those of pictures. `ours`: it was published from the Werkstatt, at `made_at`.
    """

    number: int = 0
    slug: str = ""
    title: str = ""
    ours: bool = False
    made_at: datetime | None = None
    paths: Mapping[str, str] = field(default_factory=dict)
    shas: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)  # titles by id
    lessons: Mapping[str, LessonEntry] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)  # of glossary and Abschlusstest

    def sha(self, key: str) -> str:
        """The hash of a text's bytes, empty where the release lacks it."""
        path = self.paths.get(key)
        return self.shas[path] if path is not None else ""


NOTHING = Shelf()


def shelf(session: Session, course_id: str) -> Shelf:
    """The current release of a course or of the network's glossary; Lernpfade are written in files only."""
    written = (Course.id == course_id) & (Course.kind != "pfad")
    release_id = session.scalar(select(Course.release_id).where(written))
    return _shelf(session, release_id) if release_id is not None else NOTHING


def shelf_of(session: Session, course_id: str, number: int) -> Shelf:
    """An earlier release of the course."""
    named = (Release.course_id == course_id) & (Release.number == number)
    release_id = session.scalar(select(Release.id).where(named))
    return _shelf(session, release_id) if release_id is not None else NOTHING


def texts_of(session: Session, shas: Iterable[str]) -> dict[str, str]:
    """Stored texts by hash, as they are edited."""
    return {sha: edited(data) for sha, data in bytes_of(session, shas).items()}


def bytes_of(session: Session, shas: Iterable[str]) -> dict[str, bytes]:
    """Stored bytes by hash."""
    return all_bytes(session, shas)


def edited(data: bytes) -> str:
    """A text as it is edited: without BOM, with LF."""
    text = files.decode(data)
    return frontmatter.LINE_END.sub("\n", text if isinstance(text, str) else data.decode("utf-8", "replace"))


def head(text: str, kind: FileKind) -> Head:
    """The front matter of a text, as far as it can be read."""
    return read(frontmatter.split(text), kind)


def _shelf(session: Session, release_id: int) -> Shelf:
    return library.cached(("workshop", release_id), lambda: _made(session, release_id))


def _made(session: Session, release_id: int) -> tuple[Shelf, int]:
    """A release from its rows, and its weight."""
    columns = (Release.number, Release.origin, Release.created_at, Release.manifest, Release.details["paths"])
    row = session.execute(select(*columns).where(Release.id == release_id)).one()
    number, origin, made_at, stored, paths = row
    shas: dict[str, str] = {}
    pictures: dict[str, str] = {}
    for file in session.scalars(select(ReleaseFile).where(ReleaseFile.release_id == release_id)):
        (pictures if file.picture else shas)[file.path] = file.sha
    keys = _keys(session, paths or {}, shas)
    tree = Manifest.from_json(stored)
    found = Shelf(
        number=number,
        slug=tree.slug,
        title=tree.title,
        ours=origin == WORKSHOP,
        made_at=made_at,
        paths=keys,
        shas=shas,
        pictures=pictures,
        modules={module.id: module.title for module in tree.modules},
        lessons={entry.id: entry for entry in tree.lessons()},
        titles=_titles(session, keys, shas),
    )
    return found, weight(stored) + 3 * OBJECT * (len(shas) + len(pictures))


def _keys(session: Session, paths: Mapping[str, str], shas: Mapping[str, str]) -> dict[str, str]:
    """Paths by key: those of ids, their plain variants, and the Abschlusstest a folder may leave out."""
    found = {identity: path for identity, path in paths.items() if path in shas}
    for identity, path in list(found.items()):
        plain = path.removesuffix(".md") + PLAIN_FILE
        if identity.startswith("les_") and plain in shas:
            found[identity + PLAIN] = plain
    if TEST in shas and TEST not in found.values():
        identity = head(texts_of(session, [shas[TEST]])[shas[TEST]], "fragen").id
        found[identity] = TEST
    return found


def _titles(session: Session, keys: Mapping[str, str], shas: Mapping[str, str]) -> dict[str, str]:
    kinds: dict[str, FileKind] = {"glo_": "glossar", "fra_": "fragen"}
    wanted = {key: shas[path] for key, path in keys.items() if key[:4] in kinds}
    texts = texts_of(session, wanted.values())
    return {key: head(texts[sha], kinds[key[:4]]).text("titel") for key, sha in wanted.items()}
