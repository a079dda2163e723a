"""Builds one file to take away: in short transactions, piece by piece on the disk, ready only when whole."""

from collections.abc import Callable
from typing import BinaryIO

from sqlalchemy import Connection, delete, func, select, update

from learn.core.access import Refused
from learn.core.jobs import Work
from learn.core.paper import NotMade
from learn.core.storage import Storage
from learn.courses import queries
from learn.courses.library import CourseRelease
from learn.courses.models import Course, ReleaseFile, TakeawayFile
from learn.courses.takeaway import book, epub, files, folder
from learn.courses.takeaway.document import course_pdf, used_terms
from learn.courses.takeaway.stored import Pictures, material

EVERY = 5  # steps between two notes of how far it is
NO_PICTURE = "Ein Bild des Kurses lässt sich nicht umwandeln. Melden Sie es der Koordination."
Step = Callable[[], None]
FORMS = {
    "epub": (epub.ENDING, epub.picture_name, epub.write),
    "zip": (folder.ENDING, folder.picture_name, folder.write),
}


def build(work: Work, file_id: int) -> None:
    """Build the file of a row. Done twice, or again after a kill, it comes to the same.

    A release that is no longer read needs none: its row goes.
    """
    with work.database.reading() as session:
        row = session.get(TakeawayFile, file_id)
        if row is None or row.state == files.READY:
            return
        current = _current(session.connection(), row.release_id)
        release = queries.release(session, row.release_id) if current else None
        kind, key = row.kind, files.key(row)
    if release is None:
        with work.database.writing() as session:
            session.execute(delete(TakeawayFile).where(TakeawayFile.id == file_id))
        return
    try:
        _build(work, file_id, release, kind, key)
    except Refused:  # its words are for who sends a picture
        _note(work, file_id, state=files.FAILED, problem=NO_PICTURE)
    except NotMade as problem:
        _note(work, file_id, state=files.FAILED, problem=str(problem)[:200])
    except Exception:
        _note(work, file_id, state=files.FAILED, problem=files.NOT_MADE)
        raise


def _current(connection: Connection, release_id: int) -> bool:
    return connection.scalar(select(Course.id).where(Course.release_id == release_id)) is not None


def _build(work: Work, file_id: int, release: CourseRelease, kind: str, key: str) -> None:
    with work.database.reading() as session:
        shown = select(func.count()).select_from(ReleaseFile)
        pictures = session.scalar(shown.where(ReleaseFile.release_id == release.id, ReleaseFile.picture)) or 0
    total = sum(1 for _entry in release.manifest.lessons()) + pictures
    _note(work, file_id, state=files.DUE, done=0, total=total)
    storage = Storage(work.config.storage)
    storage.fill(key, _filling(work, release, kind, _counting(work, file_id, total)))
    size = storage.path(key).stat().st_size
    _note(work, file_id, state=files.READY, key=key, size=size, done=total, problem="")


def _counting(work: Work, file_id: int, total: int) -> Step:
    """Counts steps, and says now and then in a short transaction how far it is."""
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if done % EVERY == 0:
            _note(work, file_id, done=min(done, total))

    return step


def _filling(work: Work, release: CourseRelease, kind: str, step: Step) -> Callable[[BinaryIO], object]:
    """What writes the file; texts are read before, pictures one after the other while it is written."""
    pictures = Pictures(Storage(work.config.storage))
    if kind == "pdf":
        made = _pdf(work, release, pictures, step)
        return lambda target: target.write(made)
    with work.database.reading() as session:
        made_of = material(session, work.config, release)
    ending, name, write = FORMS[kind]
    whole = book.make(made_of, ending, name(pictures), step)
    return lambda target: write(whole, pictures, target, step)


def _pdf(work: Work, release: CourseRelease, pictures: Pictures, step: Step) -> bytes:
    def picture(address: str) -> bytes | None:
        step()
        return pictures.content(address)

    with work.database.reading() as session:
        texts = queries.lessons(session, release)
        terms = [each for slug in used_terms(release, texts) for each in queries.term(session, slug)]
    for _text in texts:
        step()
    network, base_url = work.config.network_name, work.config.base_url
    return course_pdf(release, texts, terms, picture, network=network, base_url=base_url)


def _note(work: Work, file_id: int, **values: object) -> None:
    with work.database.writing() as session:
        session.execute(update(TakeawayFile).where(TakeawayFile.id == file_id).values(**values))
