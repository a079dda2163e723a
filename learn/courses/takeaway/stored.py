"""What a book is made of, read from the shelf: lessons and terms of a current release, and its pictures."""

from typing import BinaryIO

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core.storage import Storage
from learn.courses import queries
from learn.courses.library import CourseRelease
from learn.courses.models import Course, Term, TermUse
from learn.courses.takeaway.book import Explained, Material
from learn.courses.takeaway.linking import MEDIA


class Pictures:
    """Pictures of the storage by their keys, `<sha256>.<ext>`."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    def holds(self, key: str) -> bool:
        """Whether it is there; a key that is none is not."""
        try:
            return self.storage.exists(key)
        except ValueError:
            return False

    def open(self, key: str) -> BinaryIO:
        """Open it for reading. Raises FileNotFoundError."""
        return self.storage.open(key)

    def content(self, address: str) -> bytes | None:
        """The bytes at an address `/medien/…`, None where there are none."""
        key = address.removeprefix(MEDIA)
        return self.storage.path(key).read_bytes() if self.holds(key) else None


def material(session: Session, config: Config, release: CourseRelease) -> Material:
    """What the book of a current release is made of: two statements, one while its lessons are cached."""
    texts = queries.lessons(session, release)
    return Material(
        release=release,
        texts={text.lesson_id: text for text in texts},
        terms=tuple(terms(session, release.course_id)),
        base_url=config.base_url,
        network=config.network_name,
    )


def terms(session: Session, course_id: str) -> list[Explained]:
    """The terms of a course, and the network's words for those and for what its lessons link, sorted."""
    linked = select(TermUse.term).where(TermUse.course_id == course_id)
    own = select(Term.slug).where(Term.course_id == course_id)
    meant = and_(Course.kind == "glossar", or_(Term.slug.in_(linked), Term.slug.in_(own)))
    rows = session.execute(
        select(Term.slug, Term.title, Term.html)
        .join(Course, Course.id == Term.course_id)
        .where(or_(Term.course_id == course_id, meant))
        .order_by(Term.sort, Term.slug, Course.kind)
    )
    return [Explained(*row) for row in rows]
