"""Course, its releases, stored lesson versions, raw bytes, pictures, old addresses, glossary terms."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learn.core.db import Base, Declaration, Identity, Json, Key, Long, Sha, Short

MATERIAL = Declaration(
    purpose="Kursmaterial",
    basis="Keine personenbezogenen Daten außer den genannten Autorinnen und Autoren (Urheberrecht)",
    retention="Solange der Kurs veröffentlicht ist",
    export="Entfällt",
    erasure="Entfällt: Namensnennung nach der Lizenz",
)


class Course(Base):
    """A course, the network's glossary or a Lernpfad. The columns from `title` on are its card.

    Card columns describe the current release, so that the catalogue reads rows and no releases.
    """

    __tablename__ = "course"
    __table_args__ = (
        Index("ix_course_catalogue", "kind", "position", "id"),
        Index("ix_course_newest", "kind", "published_on", "id"),
        Index("ix_course_shortest", "kind", "minutes", "id"),
        Index("ix_course_municipality", "municipality", "position", "id"),
    )
    declared: ClassVar = MATERIAL

    id: Mapped[Identity] = mapped_column(primary_key=True)  # kur_…, glo_… or pfa_…
    kind: Mapped[str] = mapped_column(String(10))  # kurs, glossar, pfad
    slug: Mapped[Short] = mapped_column(unique=True, index=True)
    release_id: Mapped[int | None] = mapped_column(
        ForeignKey("release.id", use_alter=True, name="fk_course_release_id_release")
    )
    title: Mapped[Short]
    outcome: Mapped[Short] = mapped_column(default="")
    minutes: Mapped[int] = mapped_column(default=0)  # of required lessons
    lessons: Mapped[int] = mapped_column(default=0)
    plain: Mapped[bool] = mapped_column(default=False)
    municipality: Mapped[Short] = mapped_column(default="")
    image: Mapped[Short] = mapped_column(default="")  # /medien/… or empty
    topics: Mapped[list[str]] = mapped_column(Json, default=list)
    words: Mapped[Long] = mapped_column(default="")  # folded text for the catalogue's filter
    position: Mapped[int] = mapped_column(default=0)  # order of first publication
    published_on: Mapped[date]  # day of the current release


class CourseTopic(Base):
    """A topic of a published course."""

    __tablename__ = "course_topic"
    declared: ClassVar = MATERIAL

    topic: Mapped[Short] = mapped_column(primary_key=True)
    course_id: Mapped[Identity] = mapped_column(ForeignKey("course.id"), primary_key=True)


class Release(Base):
    """Immutable state of a course. `sheet` holds the course page's data, `manifest` the ordered tree.

    `details` holds what only publishing, roll-back and the Abschlusstest read: glossary terms, the
    final test, the rendered texts of kurs.md and modul.md with their link targets.
    """

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("course_id", "number"),)
    declared: ClassVar = MATERIAL

    id: Mapped[Key]
    course_id: Mapped[Identity] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    origin: Mapped[Short]  # "folder" or "folder <commit>"
    created_at: Mapped[datetime]
    renderer: Mapped[int]
    manifest: Mapped[dict[str, Any]] = mapped_column(Json)
    sheet: Mapped[dict[str, Any]] = mapped_column(Json)
    details: Mapped[dict[str, Any]] = mapped_column(Json, deferred=True)


class LessonVersion(Base):
    """One stored text of one lesson; several releases may share it.

    `trace` is what publishing compares and checks later: link targets, faults, marks; no page reads it.
    """

    __tablename__ = "lesson_version"
    __table_args__ = (UniqueConstraint("lesson_id", "source_hash"),)
    declared: ClassVar = MATERIAL

    id: Mapped[Key]
    course_id: Mapped[Identity]  # no foreign key: a version is stored before its course's first release
    lesson_id: Mapped[Identity] = mapped_column(index=True)
    source_hash: Mapped[Sha]  # bytes of both variants, pictures and surroundings that rendering saw
    content_hash: Mapped[Sha]
    edition: Mapped[int]
    parser: Mapped[int]
    renderer: Mapped[int]
    sheet: Mapped[dict[str, Any]] = mapped_column(Json)  # front matter that the lesson page shows
    parts: Mapped[list[Any]] = mapped_column(Json)
    headings: Mapped[list[Any]] = mapped_column(Json)
    plain: Mapped[dict[str, Any] | None] = mapped_column(Json)  # Einfache Sprache: sheet, parts, headings
    trace: Mapped[dict[str, Any]] = mapped_column(Json, deferred=True)
    source: Mapped[Sha]  # blob of the file
    plain_source: Mapped[Sha | None]  # blob of the .einfach.md


class Blob(Base):
    """Raw bytes of an authored text file, by hash."""

    __tablename__ = "blob"
    declared: ClassVar = MATERIAL

    sha: Mapped[Sha] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class ReleaseFile(Base):
    """A file of a release: its path below the course folder, and its bytes or its picture."""

    __tablename__ = "release_file"
    declared: ClassVar = MATERIAL

    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(400), primary_key=True)
    sha: Mapped[Sha] = mapped_column(index=True)
    picture: Mapped[bool] = mapped_column(default=False)


class Asset(Base):
    """A stored picture; `backend` names the storage that holds its bytes."""

    __tablename__ = "asset"
    declared: ClassVar = MATERIAL

    sha: Mapped[Sha] = mapped_column(primary_key=True)
    ext: Mapped[str] = mapped_column(String(5))
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    backend: Mapped[str] = mapped_column(String(20))


class CourseSlug(Base):
    """An address a course has borne; it redirects unless another course bears it today."""

    __tablename__ = "course_slug"
    declared: ClassVar = MATERIAL

    slug: Mapped[Short] = mapped_column(primary_key=True)
    course_id: Mapped[Identity] = mapped_column(ForeignKey("course.id"))


class LessonSlug(Base):
    """An address a lesson has borne in its course, and its last published version, which stays readable."""

    __tablename__ = "lesson_slug"
    declared: ClassVar = MATERIAL

    course_id: Mapped[Identity] = mapped_column(ForeignKey("course.id"), primary_key=True)
    slug: Mapped[Short] = mapped_column(primary_key=True)
    lesson_id: Mapped[Identity]
    version_id: Mapped[int] = mapped_column(ForeignKey("lesson_version.id"))


class PublishedId(Base):
    """An id that was ever published (kur_, mod_, les_, glo_, pfa_, fra_) and what it belonged to."""

    __tablename__ = "published_id"
    declared: ClassVar = MATERIAL

    id: Mapped[Identity] = mapped_column(primary_key=True)
    course_id: Mapped[Identity] = mapped_column(index=True)


class Term(Base):
    """A glossary entry of a current release."""

    __tablename__ = "term"
    declared: ClassVar = MATERIAL

    course_id: Mapped[Identity] = mapped_column(ForeignKey("course.id"), primary_key=True)
    slug: Mapped[Short] = mapped_column(primary_key=True)
    title: Mapped[Short]
    sort: Mapped[Short] = mapped_column(index=True)  # folded title
    also: Mapped[list[str]] = mapped_column(Json)
    html: Mapped[Long]


class TermUse(Base):
    """A lesson of a current release that links a glossary term."""

    __tablename__ = "term_use"
    declared: ClassVar = MATERIAL

    term: Mapped[Short] = mapped_column(primary_key=True)
    course_id: Mapped[Identity] = mapped_column(ForeignKey("course.id"), primary_key=True)
    lesson_id: Mapped[Identity] = mapped_column(primary_key=True)


class TakeawayFile(Base):
    """A course as one file to take away, built by a job once per release: `kind` pdf, epub or zip.

    `state`: due, ready, failed. `done` of `total` steps while it is built. `key`: in the storage.
    """

    __tablename__ = "takeaway_file"
    __table_args__ = (UniqueConstraint("release_id", "kind"),)
    declared: ClassVar = MATERIAL

    id: Mapped[Key]
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    key: Mapped[Short] = mapped_column(default="")
    size: Mapped[int] = mapped_column(default=0)  # bytes
    maker: Mapped[int]  # version of what builds it; another one builds anew
    problem: Mapped[Short] = mapped_column(default="")
    asked_on: Mapped[date]
