"""What people keep beside questions: what they read and follow, reactions, drafts, the key of their feeds."""

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learn.core.db import Base, Declaration, Json, Key, Sha, Short

BASIS = "Art. 6 Abs. 1 lit. e DSGVO"
FOLLOWING = Declaration(
    purpose="Themen und Kommunen, denen eine Person folgt",
    basis=BASIS,
    retention="Bis die Person es ändert, höchstens bis zur Löschung des Kontos",
    export="Alle Einstellungen",
    erasure="Gelöscht",
)
REACTIONS = Declaration(
    purpose="„Ich auch“ und „Hat geholfen“: gezeigt wird nur die Zahl der Kommunen",
    basis=BASIS,
    retention="Bis die Person es zurücknimmt, höchstens bis zur Löschung des Kontos",
    export="Die eigenen Angaben",
    erasure="Gelöscht",
)


class QuestionReader(Base):
    """Up to which number a person has read a question, and how she follows it; no time.

    `follow`: alles, wichtiges, nichts or empty; `reason` says why (gefragt, geantwortet, gewaehlt).
    """

    __tablename__ = "question_reader"
    __table_args__ = (Index("ix_question_reader_following", "question_id", "follow"),)
    declared: ClassVar = Declaration(
        purpose="Ungelesenes zeigen und Mitteilungen zu verfolgten Fragen",
        basis=BASIS,
        retention="So lange wie die Frage, höchstens bis zur Löschung des Kontos",
        export="Frage, Nummer des letzten gelesenen Beitrags, Folgen und Grund",
        erasure="Gelöscht",
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    last_read: Mapped[int] = mapped_column(default=0)  # only grows, never beyond Question.last_number
    follow: Mapped[str] = mapped_column(String(10), default="")
    reason: Mapped[str] = mapped_column(String(12), default="")


class TopicFollow(Base):
    """A person follows a topic: alles, wichtiges or nichts."""

    __tablename__ = "topic_follow"
    declared: ClassVar = FOLLOWING

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[Short] = mapped_column(primary_key=True, index=True)
    level: Mapped[str] = mapped_column(String(10))


class TownFollow(Base):
    """A person follows what a town asks and answers."""

    __tablename__ = "town_follow"
    declared: ClassVar = FOLLOWING

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    municipality_id: Mapped[int] = mapped_column(
        ForeignKey("municipality.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    level: Mapped[str] = mapped_column(String(10))


class MeToo(Base):
    """„Ich auch“: the person's town, as it was then, has the same question."""

    __tablename__ = "me_too"
    declared: ClassVar = REACTIONS

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    municipality_id: Mapped[int] = mapped_column(
        ForeignKey("municipality.id", ondelete="CASCADE"), index=True
    )


class Helped(Base):
    """„Hat geholfen“: an Antwort helped the person's town, as it was then."""

    __tablename__ = "helped"
    declared: ClassVar = REACTIONS

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    municipality_id: Mapped[int] = mapped_column(
        ForeignKey("municipality.id", ondelete="CASCADE"), index=True
    )


class ForumDraft(Base):
    """An unpublished text, one per person and target, kept until its post is stored.

    `target`: `frage`, `frage:<lesson id>`, `antwort:<question>`, `rueckfrage:<post>`, `bearbeiten:<post>`.
    `fields`: the form's fields by name; `sequence` orders saves.
    """

    __tablename__ = "forum_draft"
    __table_args__ = (UniqueConstraint("person_id", "target"), {"sqlite_autoincrement": True})
    declared: ClassVar = Declaration(
        purpose="Angefangene Fragen und Antworten gehen nicht verloren",
        basis=BASIS,
        retention="Bis zur Veröffentlichung, höchstens ein Jahr nach dem letzten Speichern",
        export="Alle Entwürfe mit Text",
        erasure="Gelöscht",
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    target: Mapped[Short]
    fields: Mapped[dict[str, Any]] = mapped_column(Json)
    sequence: Mapped[int] = mapped_column(default=0)
    saved_on: Mapped[date] = mapped_column(index=True)


class FeedKey(Base):
    """The key in the addresses of a person's feeds, as a hash; renewing it ends the old one."""

    __tablename__ = "feed_key"
    declared: ClassVar = Declaration(
        purpose="Atom-Feeds mit dem, was die Person lesen darf",
        basis=BASIS,
        retention="Bis zur Erneuerung, höchstens bis zur Löschung des Kontos",
        export="Ob es einen Schlüssel gibt; der Schlüssel nicht",
        erasure="Gelöscht",
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    key_hash: Mapped[Sha] = mapped_column(unique=True)
