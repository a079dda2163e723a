"""Whom a text may name after an @: people and towns that read the question, found by how a name begins."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from learn.accounts import words
from learn.accounts.models import Person, PersonWord
from learn.core.folding import fold
from learn.forum import addressees
from learn.forum.audience import Reader
from learn.forum.models import Post, PostAuthor
from learn.network.models import Municipality, TownWord

SHORTEST, LONGEST = 2, 60  # characters to look for
MOST = 8
LOOK = 200  # entries of an index


@dataclass(frozen=True, slots=True)
class Offer:
    """Somebody who may be named: the mark for the text, the name, and her town or „Kommune“."""

    mark: str
    name: str
    detail: str


def offers(session: Session, who: Reader, circle: str, question_id: int, typed: str) -> tuple[Offer, ...]:
    """At most eight, towns first; three statements, however many people there are."""
    begins = fold(typed.strip())
    if not SHORTEST <= len(begins) <= LONGEST:
        return ()
    found = {offer.mark: offer for offer in _towns(session, circle, begins)}
    found |= {offer.mark: offer for offer in _people(session, who, circle, question_id, begins)}
    return tuple(found.values())[:MOST]


def _towns(session: Session, circle: str, begins: str) -> Iterator[Offer]:
    keys = select(TownWord.municipality_id).where(*_within(TownWord.word, begins)).limit(LOOK)
    statement = select(Municipality).where(Municipality.id.in_(keys), addressees.towns(circle))
    for town in session.scalars(statement.order_by(Municipality.sort, Municipality.ags).limit(MOST // 2)):
        name = f"{town.kind} {town.name}".strip()
        yield Offer(addressees.stored_form(name, f"kommune:{town.ags}"), name, "Kommune")


def _people(session: Session, who: Reader, circle: str, question_id: int, begins: str) -> Iterator[Offer]:
    """Who wrote here, then others; by words of their names, never of their addresses."""
    here = (
        select(PostAuthor.person_id)
        .join(Post, Post.id == PostAuthor.post_id)
        .where(Post.question_id == question_id)
        .order_by(Post.number.desc())
        .limit(LOOK)
    )
    others = select(PersonWord.person_id).where(*_within(PersonWord.word, begins)).limit(LOOK)
    for keys in (here, others):
        statement = (
            select(Person.id, Person.name, Municipality.name.label("town"))
            .outerjoin(Municipality, Municipality.id == Person.municipality_id)
            .where(Person.id.in_(keys), addressees.people(who, circle))
            .order_by(Person.name, Person.id)
        )
        for row in session.execute(statement):
            if any(word.startswith(begins) for word in (fold(row.name), *fold(row.name).split())):
                yield Offer(addressees.stored_form(row.name, f"person:{row.id}"), row.name, row.town or "")


def _within(
    column: InstrumentedAttribute[str], begins: str
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Entries that begin so."""
    return column >= begins, column < begins + words.END
