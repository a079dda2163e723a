"""The words of people's names and addresses, folded, by which the Koordination finds them from any beginning.

An entry is a name turned to begin at one of its words: „Anna Müller“ gives `anna mueller` and
`mueller anna`. So one range of the sorted entries answers „mue“ as well as „Müller, Anna“.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from learn.accounts.models import Person, PersonWord
from learn.core.folding import fold

MOST_WORDS = 8  # of one name or address
LONGEST = 120  # characters of an entry
AT_ONCE = 1000
END = "\U0010ffff"  # after every other sign, so it closes the range of a beginning
WORD = re.compile(r"[^\W_]+")
TABLE: Any = PersonWord.__table__  # past the ORM, which would take as long again


def index(session: Session, person_id: int, name: str, email: str) -> None:
    """Replace a person's words, in the transaction that writes her name or address."""
    session.execute(delete(PersonWord).where(PersonWord.person_id == person_id))
    store(session, [(person_id, name, email)])


def store(session: Session, people: Sequence[tuple[int, str, str]]) -> None:
    """Add the words of people who have none yet: id, name, address."""
    rows = [
        {"word": word, "person_id": person_id}
        for person_id, name, email in people
        for word in words_of(name, email)
    ]
    if rows:
        session.execute(insert(TABLE), rows)


def reindex(session: Session) -> int:
    """Make all words anew from the people there are; gives the number of people."""
    session.execute(delete(PersonWord))
    number = 0
    for some in _people(session):
        store(session, some)
        number += len(some)
    return number


def words_of(name: str, email: str) -> list[str]:
    """What is stored of one person: her name and the part before the @ by each word, and the address."""
    local = email.partition("@")[0]
    found = {*_turns(_words(name)), *_turns(_words(local)), fold(email)[:LONGEST]}
    return sorted(found - {""})


def asked(query: str) -> list[str]:
    """The words of a query; an address stays whole."""
    found: list[str] = []
    for part in query.split():
        found += [fold(part)[:LONGEST]] if "@" in part else _words(part)
    return found[:MOST_WORDS]


def _people(session: Session) -> Iterator[list[tuple[int, str, str]]]:
    last = 0
    query = select(Person.id, Person.name, Person.email).order_by(Person.id).limit(AT_ONCE)
    while rows := session.execute(query.where(Person.id > last)).all():
        last = rows[-1].id
        yield [(row.id, row.name, row.email) for row in rows]


def _words(text: str) -> list[str]:
    return WORD.findall(fold(text))[:MOST_WORDS]


def _turns(words: list[str]) -> Iterator[str]:
    for place in range(len(words)):
        yield " ".join(words[place:] + words[:place])[:LONGEST]
