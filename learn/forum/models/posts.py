"""Question, its numbered posts, who wrote them (in a table of its own), their revisions and references."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from learn.core.db import Base, Declaration, Identity, Json, Key, Long, Sha, Short

POSTS = Declaration(
    purpose="Austausch im Forum: Fragen, Antworten und Rückfragen",
    basis="Art. 6 Abs. 1 lit. e DSGVO",
    retention="Solange es das Forum gibt; der Name höchstens bis zur Löschung des Kontos",
    export="Alle eigenen Beiträge mit Text und Tag",
    erasure="Gelöscht wird der Name; der Beitrag bleibt als „Ehemaliges Mitglied“ mit der damaligen Kommune",
)
NOBODY = Declaration(
    purpose="Verweise zwischen Fragen und ihre Themen",
    basis="Keine personenbezogenen Daten",
    retention="Solange es die Frage gibt",
    export="Entfällt: gehört zur Frage, nicht zur Person",
    erasure="Entfällt: gehört zur Frage, nicht zur Person",
)


class Question(Base):
    """A question with what its lists need. Its text is post number 1; who asked stands in `PostAuthor`.

    `circle` names its readers: `oeffentlich`, `netzwerk`, `klasse:<id>`. `listed` is the same while it is
    shown, empty while it is hidden or merged away: lists, counts, search and feeds ask for `listed` alone.
    `state` (offen, beantwortet, uebernommen), `answers`, `solutions`, `me_too`, `top_number`, `latest_at`,
    `waits_since` are derived by one function and repaired nightly.
    """

    __tablename__ = "question"
    __table_args__ = (
        Index("ix_question_new", "listed", "latest_at", "id"),
        Index("ix_question_state", "listed", "state", "latest_at", "id"),
        Index("ix_question_waiting", "listed", "state", "waits_since", "id"),
        Index("ix_question_all_new", "latest_at", "id"),
        Index("ix_question_all_state", "state", "latest_at", "id"),
        Index("ix_question_all_waiting", "state", "waits_since", "id"),
        Index("ix_question_lesson", "lesson_id", "latest_at", "id"),
        Index("ix_question_course", "course_id", "latest_at", "id"),
        Index("ix_question_town", "municipality_id", "state", "latest_at", "id"),
        {"sqlite_autoincrement": True},
    )
    declared: ClassVar = POSTS

    id: Mapped[Key]
    title: Mapped[Short]
    slug: Mapped[Short]
    tried: Mapped[Long] = mapped_column(default="")  # Markdown, „Was wir schon versucht haben“
    tried_parts: Mapped[list[Any]] = mapped_column(Json, default=list)  # as Post.parts
    phase: Mapped[str] = mapped_column(String(10))  # idee, konzept, vergabe, betrieb
    level: Mapped[str] = mapped_column(String(12))  # oeffentlich, netzwerk, klasse
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"), index=True)
    circle: Mapped[str] = mapped_column(String(20))
    listed: Mapped[str] = mapped_column(String(20))
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))  # when asked
    size: Mapped[str] = mapped_column(String(10), default="")  # its class when asked: learn.network.sizes
    topic: Mapped[Short]  # the main one
    lesson_id: Mapped[Identity | None]
    course_id: Mapped[Identity | None]
    heading: Mapped[Short] = mapped_column(default="")  # slug of the heading it stands under
    edition: Mapped[int | None]  # Ausgabe of the lesson when asked
    status: Mapped[str] = mapped_column(String(12), default="gezeigt")  # gezeigt, ausgeblendet, verschoben
    reason: Mapped[Long] = mapped_column(default="")  # why it is hidden, locked or merged, shown in place
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    locked: Mapped[bool] = mapped_column(default=False)
    verdict: Mapped[str] = mapped_column(String(12), default="")  # geloest, teilweise, ungeloest
    state: Mapped[str] = mapped_column(String(12), default="offen")
    answers: Mapped[int] = mapped_column(default=0)  # unhidden Antworten
    solutions: Mapped[int] = mapped_column(default=0)  # unhidden Lösungen
    me_too: Mapped[int] = mapped_column(default=0)  # Kommunen besides the asking one
    last_number: Mapped[int] = mapped_column(default=0)  # given last
    top_number: Mapped[int] = mapped_column(default=0)  # highest unhidden
    quiet_number: Mapped[int] = mapped_column(default=0)  # up to here nothing was ever unread: imports
    asked_at: Mapped[datetime]
    latest_at: Mapped[datetime]  # of the latest unhidden post
    waits_since: Mapped[datetime]  # order of the list „Offen“, earliest first
    origin: Mapped[Short | None] = mapped_column(unique=True)  # of an import, which finds it again


class QuestionTopic(Base):
    """A topic of a question; what lists sort and filter by is repeated, so that a rare topic is one range."""

    __tablename__ = "question_topic"
    __table_args__ = (
        Index("ix_question_topic_new", "topic", "listed", "latest_at", "question_id"),
        Index("ix_question_topic_state", "topic", "listed", "state", "latest_at", "question_id"),
        Index("ix_question_topic_waiting", "topic", "listed", "state", "waits_since", "question_id"),
        Index("ix_question_topic_all_new", "topic", "latest_at", "question_id"),
        Index("ix_question_topic_all_state", "topic", "state", "latest_at", "question_id"),
        Index("ix_question_topic_all_waiting", "topic", "state", "waits_since", "question_id"),
    )
    declared: ClassVar = NOBODY

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[Short] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(default=0)  # 0: the main one
    listed: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12))
    latest_at: Mapped[datetime]
    waits_since: Mapped[datetime]


class QuestionLink(Base):
    """Two questions that somebody found alike; kept once in each direction."""

    __tablename__ = "question_link"
    declared: ClassVar = NOBODY

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(
        ForeignKey("question.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Post(Base):
    """A Beitrag: the question's text (number 1), an Antwort, a Rückfrage, or a `verweis` to where one moved.

    `parts` is a list of {"html": …} and {"quote": {"post": id, "revision": n, "html": …}}; sanitised HTML.
    """

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        Index(  # a handful among thousands of posts
            "ix_post_solution",
            "question_id",
            "number",
            sqlite_where=text("solution = 1"),
            postgresql_where=text("solution"),
        ),
        {"sqlite_autoincrement": True},
    )
    declared: ClassVar = POSTS

    id: Mapped[Key]
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))  # frage, antwort, rueckfrage, verweis
    about_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)  # of a Rückfrage
    body: Mapped[Long] = mapped_column(default="")
    parts: Mapped[list[Any]] = mapped_column(Json, default=list)
    renderer: Mapped[int] = mapped_column(default=0, index=True)
    excerpt: Mapped[Long] = mapped_column(default="")  # plain words, at most 300 characters
    revision: Mapped[int] = mapped_column(default=1)
    attribution: Mapped[str] = mapped_column(String(10), default="name")  # name, funktion
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), index=True)  # then
    size: Mapped[str] = mapped_column(String(10), default="")
    by_name: Mapped[Short] = mapped_column(default="")  # of an import: the owner's plain name
    at: Mapped[datetime]
    hidden: Mapped[str] = mapped_column(String(16), default="")  # ausgeblendet, zurueckgezogen, gemeldet
    reason: Mapped[Long] = mapped_column(default="")  # why, shown in place
    solution: Mapped[bool] = mapped_column(default=False)
    helped: Mapped[int] = mapped_column(default=0)  # Kommunen besides the answering one
    moved_to: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)  # of a verweis
    key: Mapped[Sha | None] = mapped_column(unique=True)  # hash of person and form key: sent twice is one
    origin: Mapped[Short | None] = mapped_column(unique=True)


class PostAuthor(Base):
    """Who wrote a post. Erasing a person deletes the row; the post stays „Ehemaliges Mitglied“."""

    __tablename__ = "post_author"
    declared: ClassVar = Declaration(
        purpose="Wer einen Beitrag geschrieben hat",
        basis="Art. 6 Abs. 1 lit. e DSGVO",
        retention="Bis zur Löschung des Kontos",
        export="Keine Ausgabe: steht mit jedem eigenen Beitrag in der Ausgabe",
        erasure="Gelöscht",
    )

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)


class PostRevision(Base):
    """A stored state of a post, the current one included. `title`, `tried`: of post number 1 only."""

    __tablename__ = "post_revision"
    declared: ClassVar = POSTS

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[Short] = mapped_column(default="")
    tried: Mapped[Long] = mapped_column(default="")
    body: Mapped[Long]
    at: Mapped[datetime]
    reason: Mapped[Long] = mapped_column(default="")
    redacted: Mapped[bool] = mapped_column(default=False)  # by the Koordination, not the author


class PostQuote(Base):
    """A post quotes words of a revision of another."""

    __tablename__ = "post_quote"
    declared: ClassVar = NOBODY

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    quoted_id: Mapped[int] = mapped_column(
        ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    revision: Mapped[int] = mapped_column(primary_key=True)


class PostMention(Base):
    """A post names a person or a town with @."""

    __tablename__ = "post_mention"
    declared: ClassVar = Declaration(
        purpose="Wen ein Beitrag mit @ anspricht",
        basis="Art. 6 Abs. 1 lit. e DSGVO",
        retention="So lange wie der Beitrag, höchstens bis zur Löschung des Kontos",
        export="Beiträge, die die Person nennen",
        erasure="Gelöscht; im Text steht „Ehemaliges Mitglied“",
    )

    id: Mapped[Key]
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), index=True)
