"""The words by which the Koordination finds a person: parts of her name, her address, its local part."""

import re

from sqlalchemy import delete
from sqlalchemy.orm import Session

from learn.accounts.models import PersonWord
from learn.core.folding import fold

LONGEST = 200


def index(session: Session, person_id: int, name: str, email: str) -> None:
    """Replace a person's words, in the transaction that writes her name or address."""
    session.execute(delete(PersonWord).where(PersonWord.person_id == person_id))
    session.add_all(PersonWord(word=word, person_id=person_id) for word in sorted(words_of(name, email)))
    session.flush()


def words_of(name: str, email: str) -> set[str]:
    """The words to store."""
    address = fold(email)
    found = {*re.findall(r"\w+", fold(name)), address, address.rpartition("@")[0]}
    return {word[:LONGEST] for word in found if word}
