"""Pictures of posts, and how often a similar entry helped before anybody asked."""

from datetime import date
from typing import ClassVar

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from learn.core.db import Base, Declaration, Key, Sha, Short


class Picture(Base):
    """A re-encoded picture. It belongs to its uploader until a post that shows it gives it a question."""

    __tablename__ = "forum_picture"
    __table_args__ = ({"sqlite_autoincrement": True},)
    declared: ClassVar = Declaration(
        purpose="Bilder in Beiträgen",
        basis="Art. 6 Abs. 1 lit. e DSGVO",
        retention="So lange wie der Beitrag; nie veröffentlichte 30 Tage",
        export="Adressen der eigenen Bilder",
        erasure="Gelöscht werden nie veröffentlichte Bilder; die in Beiträgen bleiben ohne Namen",
    )

    id: Mapped[Key]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    key: Mapped[Short] = mapped_column(unique=True)  # in the storage: forum/<circle>/<random>.webp
    sha: Mapped[Sha]
    ext: Mapped[str] = mapped_column(String(5))
    width: Mapped[int]
    height: Mapped[int]
    added_on: Mapped[date] = mapped_column(index=True)


class PostPicture(Base):
    """A post shows a picture in its current revision."""

    __tablename__ = "post_picture"
    declared: ClassVar = Declaration(
        purpose="Welcher Beitrag welches Bild zeigt",
        basis="Keine personenbezogenen Daten",
        retention="Solange es den Beitrag gibt",
        export="Entfällt: gehört zum Beitrag, nicht zur Person",
        erasure="Entfällt: gehört zum Beitrag, nicht zur Person",
    )

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    picture_id: Mapped[int] = mapped_column(
        ForeignKey("forum_picture.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class SimilarHelp(Base):
    """How often „Das hilft mir“ was pressed for an entry in a month; nobody knows by whom."""

    __tablename__ = "similar_help"
    declared: ClassVar = Declaration(
        purpose="Zeigen, welche Einträge eine Frage ersparen",
        basis="Keine personenbezogenen Daten",
        retention="Ein Jahr",
        export="Entfällt: keiner Person zuzuordnen",
        erasure="Entfällt: keiner Person zuzuordnen",
    )

    item: Mapped[Short] = mapped_column(primary_key=True)  # frage:12, lektion:les_…, begriff:…, kommune:…
    month: Mapped[str] = mapped_column(String(7), primary_key=True)  # 2026-11
    number: Mapped[int] = mapped_column(default=0)
