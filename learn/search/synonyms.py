"""Other words for the same: those of a caller's vocabulary, stored, and a small list of our own."""

from collections.abc import Iterable

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from learn.search import words
from learn.search.german import SYNONYMS
from learn.search.models import SearchSynonym

LONGEST_PHRASE = 4  # words
OWN: dict[str, set[str]] = {}


def key(phrase: str) -> str:
    """A phrase by the stems of its words, parted by blanks; empty for one without words that count."""
    return " ".join(
        words.stem(forms[-1]) for forms in (words.forms(each) for each, _, _ in words.tokens(phrase)) if forms
    )


def replace(session: Session, source: str, pairs: Iterable[tuple[str, str]]) -> None:
    """Make these the pairs (word, what it means) that `source` brings; both as written."""
    wanted = {(key(word)[:200], key(meaning)[:200]) for word, meaning in pairs}
    wanted = {(word, meaning) for word, meaning in wanted if word and meaning and word != meaning}
    stored = select(SearchSynonym.word, SearchSynonym.means).where(SearchSynonym.source == source)
    if {(word, means) for word, means in session.execute(stored)} == wanted:
        return
    session.execute(delete(SearchSynonym).where(SearchSynonym.source == source))
    rows = [{"word": word, "means": meaning, "source": source} for word, meaning in sorted(wanted)]
    if rows:
        session.execute(insert(SearchSynonym), rows)


def own(phrase: str) -> set[str]:
    """What our own list says for a phrase given as stems."""
    if not OWN:
        for word, meaning in SYNONYMS:
            OWN.setdefault(key(word), set()).add(key(meaning))
    return OWN.get(phrase, set())
