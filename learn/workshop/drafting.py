"""The working copy as publishing takes it: what differs from the release, by path."""

from collections.abc import Iterable
from hashlib import sha256
from posixpath import basename
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import NotFound, Refused
from learn.courses.drafts import Draft
from learn.courses.storing import Storage
from learn.workshop import clashing, history, holding, queries
from learn.workshop.holding import Holding
from learn.workshop.merging import unmerged
from learn.workshop.models import WorkPicture
from learn.workshop.showing import NARROW, wide


def draft(session: Session, storage: Storage, course_id: str) -> Draft:
    """The copy as publishing takes it. Raises NotFound; Refused while texts wait for being merged."""
    found = holding.load(session, course_id)
    if found is None:
        raise NotFound
    _ready(found)
    changes: dict[str, bytes | None] = dict(_changed_texts(session, found))
    changes |= _changed_pictures(session, storage, found)
    slug = found.slug if course_id.startswith("kur_") and found.slug != found.shelf.slug else ""
    return Draft(course_id, found.shelf.number, changes, slug, _as_read(session, found))


def other_pictures(session: Session, found: Holding) -> bool:
    """Whether the copy replaced, took away or gave a variant to a picture that the release shows."""
    return any(_new_picture(found, row) and _shown(found, row) for row in _pictures(session, found))


def _ready(found: Holding) -> None:
    """Raises Refused while a text is changed on both sides, or two lie at one place."""
    clashing.check(clashing.of(found))
    seen: dict[str, str] = {}
    for laid in found.laid.values():
        if not laid.removed and seen.setdefault(laid.path, laid.key) != laid.key:
            raise Refused(f"Zwei Texte heißen „{laid.path}“. Benennen Sie einen davon um.", field="path")
        if laid.text is not None and unmerged(laid.text):
            raise Refused(f"In „{laid.path}“ stehen noch beide Texte. Führen Sie sie zusammen.")


def _changed_texts(session: Session, found: Holding) -> Iterable[tuple[str, bytes | None]]:
    """What differs by path: new bytes, or None for what goes."""
    lying = [laid for laid in found.laid.values() if not laid.removed]
    stored = queries.bytes_of(session, {laid.sha for laid in lying if laid.text is None and laid.moved})
    paths = {laid.path for laid in lying}
    for path in found.shelf.shas:
        if path not in paths:
            yield path, None
    for laid in lying:
        if laid.text is not None:
            yield laid.path, laid.text.encode()
        elif laid.moved:
            yield laid.path, stored[laid.sha]


def _as_read(session: Session, found: Holding) -> frozenset[str]:
    """Hashes of texts that stand as they were read in from files."""
    rows = {
        laid.key: laid.row for laid in found.laid.values() if laid.row is not None and laid.text is not None
    }
    keys = history.as_read(session, {key: row.revision for key, row in rows.items()})
    return frozenset(sha256(rows[key].text.encode()).hexdigest() for key in keys)


def _changed_pictures(
    session: Session, storage: Storage, found: Holding
) -> Iterable[tuple[str, bytes | None]]:
    """Pictures of the copy that the release lacks and some changed text may show."""
    written = "\n".join(laid.text for laid in found.laid.values() if laid.text is not None)
    for row in _pictures(session, found):
        if row.removed:
            if _shown(found, row):
                yield row.path, None
        elif _new_picture(found, row) and (_shown(found, row) or _named(row, written)):
            with storage.open(f"{row.sha}.{row.ext}") as file:
                yield row.path, file.read()


def _pictures(session: Session, found: Holding) -> Iterable[WorkPicture]:
    if found.work is None:
        return []
    return session.scalars(select(WorkPicture).where(WorkPicture.course_id == found.course_id)).all()


def _new_picture(found: Holding, row: WorkPicture) -> bool:
    return row.removed or found.shelf.pictures.get(row.path) != row.sha


def _shown(found: Holding, row: WorkPicture) -> bool:
    """Whether the release shows a picture at this place, or one whose variant for narrow screens this is."""
    return row.path in found.shelf.pictures or wide(row.path) in found.shelf.pictures


def _named(row: WorkPicture, written: str) -> bool:
    stem = basename(row.path).rpartition(".")[0].removesuffix(NARROW)
    return stem in written or quote(stem) in written
