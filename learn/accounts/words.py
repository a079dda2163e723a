"""The words by which the Koordination finds a person: parts of her name, her address, its local part."""

import re
import unicodedata

from sqlalchemy import delete
from sqlalchemy.orm import Session

from learn.accounts.models import PersonWord

UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
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


def fold(text: str) -> str:
    """Lower case; ä, ö, ü, ß as ae, oe, ue, ss; no other accents."""
    lowered = unicodedata.normalize("NFKC", text).strip().casefold().translate(UMLAUTS)
    apart = unicodedata.normalize("NFKD", lowered)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
