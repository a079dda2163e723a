"""The index: documents, postings of their terms, the distinct words and their trigrams, other words."""

from typing import Any, ClassVar

from sqlalchemy import Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from learn.core.db import Base, Bytewise, Declaration, Json, Key, Long, Sha, Short

INDEX = Declaration(
    purpose="Suche: aus den Texten berechnet, jederzeit neu zu bauen",
    basis="Keine personenbezogenen Daten außer denen, die in den Texten selbst stehen",
    retention="Solange es den Text gibt, aus dem es berechnet ist",
    export="Entfällt: der Text selbst wird herausgegeben",
    erasure="Entfällt: geht mit dem Text im selben Schritt",
)


class SearchDocument(Base):
    """A text that can be found. Of a group (a Frage with its Beiträge) `top` is the id of its first document.

    `detail` is what a hit shows besides its title; `terms` are those of its postings, with weights, so that
    they can be taken back; `mark` tells whether anything changed.
    """

    __tablename__ = "search_document"
    __table_args__ = (Index("ix_search_document_kind", "kind", "id"), {"sqlite_autoincrement": True})
    declared: ClassVar = INDEX

    id: Mapped[Key]
    ref: Mapped[Short] = mapped_column(unique=True)  # frage:5, beitrag:12, lektion:les_…, begriff:…
    kind: Mapped[str] = mapped_column(String(10))  # frage, lektion, begriff, kommune
    top: Mapped[int] = mapped_column(index=True)
    circle: Mapped[str] = mapped_column(String(20))
    title: Mapped[Long]
    text: Mapped[Long]
    detail: Mapped[dict[str, Any]] = mapped_column(Json)
    terms: Mapped[Long]
    mark: Mapped[Sha]


class SearchPosting(Base):
    """A document has a term. `part` is kind and circle in short: the index is parted by who may read.

    The key is walked from the newest document down, so a common word costs as much as its newest 500.
    """

    __tablename__ = "search_posting"
    __table_args__ = ({"sqlite_with_rowid": False},)
    declared: ClassVar = INDEX

    term: Mapped[str] = mapped_column(Bytewise, primary_key=True)
    part: Mapped[str] = mapped_column(String(24), primary_key=True)
    doc: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    top: Mapped[int]
    weight: Mapped[int] = mapped_column(SmallInteger)  # 1: in the text, 2: in the title, 3: as the title


class SearchWord(Base):
    """A distinct word, folded, and the terms it stands for: its stem first, then the parts of a compound."""

    __tablename__ = "search_word"
    __table_args__ = ({"sqlite_with_rowid": False},)
    declared: ClassVar = INDEX

    word: Mapped[str] = mapped_column(Bytewise, primary_key=True)
    terms: Mapped[Long]


class SearchGram(Base):
    """Three letters of a distinct word, umlauts as one letter and as two; `size` is the word's length."""

    __tablename__ = "search_gram"
    __table_args__ = ({"sqlite_with_rowid": False},)
    declared: ClassVar = INDEX

    gram: Mapped[str] = mapped_column(Bytewise, primary_key=True)
    size: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    word: Mapped[str] = mapped_column(Bytewise, primary_key=True)


class SearchSynonym(Base):
    """Other words for the same; both sides are stems. `source` names who brought them."""

    __tablename__ = "search_synonym"
    __table_args__ = (Index("ix_search_synonym_source", "source"), {"sqlite_with_rowid": False})
    declared: ClassVar = INDEX

    word: Mapped[str] = mapped_column(Bytewise, primary_key=True)
    means: Mapped[str] = mapped_column(Bytewise, primary_key=True)
    source: Mapped[Short] = mapped_column(primary_key=True)


class SearchState(Base):
    """What is known of the index as a whole, such as the version of the analysis it was built with."""

    __tablename__ = "search_state"
    declared: ClassVar = INDEX

    name: Mapped[Short] = mapped_column(primary_key=True)
    value: Mapped[Short]
