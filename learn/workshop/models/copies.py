"""A course's working copy: what differs from its release, the texts' history, unsaved states, pictures."""

from datetime import datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learn.core.db import Base, Declaration, Identity, Json, Key, Long, Sha, Short

TextKey = Annotated[str, mapped_column(String(24))]  # an id, or `les_…/einfach`
Path = Annotated[str, mapped_column(String(400))]
BASIS = "Art. 6 Abs. 1 lit. e DSGVO: Die Lernbegleitung schreibt gemeinsam an Kursen"
NAMELESS = "Gelöscht wird der Name; der Text bleibt"
NAME_STAYS = "der Name höchstens bis zur Löschung des Kontos"


class WorkCourse(Base):
    """A course somebody works on. `base`: number of the release the copy was made from, 0 before the first.

    `state`: `entwurf`, `freigabe` (waits for a second pair of eyes), `bereit` (approved, perhaps with
    `publish_at`). Without changes to its texts the copy is the release. `revision` rises with every change.
    `approved`, `planned`: which state of the copy (`Copy.revision`) was approved or is to be published at
    `publish_at`, else -1. `checked`: which one the worker checked last, -1 for none; `report` is what it
    found, none yet while it is at it.
    """

    __tablename__ = "work_course"
    declared: ClassVar = Declaration(
        purpose="Kurse in der Werkstatt schreiben",
        basis=BASIS,
        retention=f"Solange an dem Kurs gearbeitet wird; {NAME_STAYS}",
        export="Kurse, an denen die Person zuletzt gearbeitet hat",
        erasure=NAMELESS,
    )

    id: Mapped[Identity] = mapped_column(primary_key=True)  # kur_… or glo_…
    slug: Mapped[Short] = mapped_column(unique=True)
    title: Mapped[Short]
    base: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10), default="entwurf")
    approved: Mapped[int] = mapped_column(BigInteger, default=-1)
    planned: Mapped[int] = mapped_column(BigInteger, default=-1)
    publish_at: Mapped[datetime | None]
    checked: Mapped[int] = mapped_column(BigInteger, default=-1)
    report: Mapped[dict[str, Any] | None] = mapped_column(Json, deferred=True)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    changed_at: Mapped[datetime]

    def stand(self, revision: int) -> str:
        """The state that holds: an approval is for one state of the copy, any change takes it back."""
        return "freigabe" if self.state == "bereit" and self.approved != revision else self.state


class WorkText(Base):
    """One text that differs from the release: new, changed, moved or taken away (`removed`).

    `text` is the whole file with its front matter. `base_path` and `base_sha`: where and what (SHA-256 of
    the stored bytes) it was in the release it was changed from; empty for a new one.
    """

    __tablename__ = "work_text"
    declared: ClassVar = Declaration(
        purpose="Entwürfe von Lektionen, Modulen und Kursdaten",
        basis=BASIS,
        retention=f"Bis zur Veröffentlichung oder bis der Entwurf verworfen wird; {NAME_STAYS}",
        export="Entwürfe, die die Person zuletzt gespeichert hat",
        erasure=NAMELESS,
    )

    key: Mapped[TextKey] = mapped_column(primary_key=True)
    course_id: Mapped[Identity] = mapped_column(ForeignKey("work_course.id", ondelete="CASCADE"), index=True)
    path: Mapped[Path]
    text: Mapped[Long]
    removed: Mapped[bool] = mapped_column(default=False)
    base_path: Mapped[Path] = mapped_column(default="")
    base_sha: Mapped[str] = mapped_column(String(64), default="")
    revision: Mapped[int]
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    saved_at: Mapped[datetime]


class WorkRevision(Base):
    """A stored state of a text, compressed (zlib, UTF-8). `cause`: a German word for the list."""

    __tablename__ = "work_revision"
    declared: ClassVar = Declaration(
        purpose="Verlauf der Texte: vergleichen und zurückholen",
        basis=BASIS,
        retention="Die neuesten 200 jedes Textes, höchstens ein Jahr",
        export="Die Fassungen, die die Person gespeichert hat",
        erasure=NAMELESS,
    )

    key: Mapped[TextKey] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[Identity] = mapped_column(index=True)
    path: Mapped[Path]
    packed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    cause: Mapped[Short]
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    saved_at: Mapped[datetime] = mapped_column(index=True)


class Autosave(Base):
    """What a person has typed and not yet saved, per text and window; only she reads it.

    `window`: drawn by the page; `sequence` orders what arrives; `base_revision`: what she began from.
    """

    __tablename__ = "work_autosave"
    __table_args__ = (UniqueConstraint("person_id", "key", "window"),)
    declared: ClassVar = Declaration(
        purpose="Angefangene Texte gehen nicht verloren",
        basis=BASIS,
        retention="Bis zum Speichern, höchstens 30 Tage",
        export="Alle ungespeicherten Texte",
        erasure="Gelöscht",
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    key: Mapped[TextKey]
    window: Mapped[str] = mapped_column(String(40))
    sequence: Mapped[int]
    base_revision: Mapped[int]
    text: Mapped[Long]
    saved_at: Mapped[datetime] = mapped_column(index=True)


class WorkPicture(Base):
    """A picture added in the Werkstatt, at its path below the course folder; always re-encoded.

    Its bytes lie in storage as `<sha>.<ext>`. `description`, `source`, `licence`: what the author says of it.
    """

    __tablename__ = "work_picture"
    declared: ClassVar = Declaration(
        purpose="Bilder für Kurse mit Quelle und Lizenz",
        basis=BASIS,
        retention=f"Solange der Kurs besteht oder bis das Bild entfernt wird; {NAME_STAYS}",
        export="Bilder, die die Person hochgeladen hat, mit ihren Angaben",
        erasure=NAMELESS,
    )

    course_id: Mapped[Identity] = mapped_column(
        ForeignKey("work_course.id", ondelete="CASCADE"), primary_key=True
    )
    path: Mapped[Path] = mapped_column(primary_key=True)
    sha: Mapped[Sha] = mapped_column(index=True)
    ext: Mapped[str] = mapped_column(String(5))
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    removed: Mapped[bool] = mapped_column(default=False)
    description: Mapped[Long] = mapped_column(default="")
    source: Mapped[Short] = mapped_column(default="")
    licence: Mapped[Short] = mapped_column(default="")
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    added_at: Mapped[datetime]
