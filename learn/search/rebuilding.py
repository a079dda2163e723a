"""Building the index from the data, in small transactions while everything goes on; and its daily upkeep."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from learn.core.db import Database
from learn.core.jobs import Work, job
from learn.search import lookup, words
from learn.search.models import SearchGram, SearchState, SearchWord
from learn.search.sources import SOURCES

DAILY = timedelta(days=1)
ANALYSIS = "analysis"  # the version of the analysis that the whole index was built with
WORDS_AT_ONCE = 500
TELL_EVERY = 10_000  # texts
GONE = delete(SearchGram).where(
    SearchGram.gram == bindparam("g"), SearchGram.size == bindparam("s"), SearchGram.word == bindparam("w")
)
Told = Callable[[str, int], object]


def rebuild(database: Database, tell: Told = lambda _name, _number: None) -> int:
    """Bring the index in line with the data; gives the number of texts. What is right already stays.

    Each batch is one transaction, so it may be killed and begun again, and nobody waits for it.
    """
    if database_version(database) != words.VERSION:
        _forget_words(database)
    total = 0
    for name, index in SOURCES.items():
        after: int | None = 0
        while after is not None:
            with database.writing() as session:
                batch = index(session, after)
            total += batch.done
            tell(name, batch.done)
            after = batch.after
    with database.writing() as session:
        session.merge(SearchState(name=ANALYSIS, value=words.VERSION))
    prune(database)
    return total


def database_version(database: Database) -> str | None:
    """The version of the analysis that the index was built with; None for one never built."""
    with database.reading() as session:
        return version(session)


def version(session: Session) -> str | None:
    """The same within a transaction."""
    return session.scalar(select(SearchState.value).where(SearchState.name == ANALYSIS))


def prune(database: Database) -> int:
    """Drop words that stand in no text any more; gives their number."""
    total, after = 0, ""
    while True:
        with database.writing() as session:
            gone, after = prune_some(session, after)
        total += gone
        if not after:
            return total


def prune_some(session: Session, after: str) -> tuple[int, str]:
    """One batch of it, from the words that follow; gives how many went, and where to go on or nothing."""
    statement = select(SearchWord.word, SearchWord.terms).where(SearchWord.word > after)
    rows = session.execute(statement.order_by(SearchWord.word).limit(WORDS_AT_ONCE)).all()
    gone = _prune(session, {row.word: row.terms.split(" ")[0] for row in rows})
    return gone, rows[-1].word if len(rows) == WORDS_AT_ONCE else ""


def _prune(session: Session, stems: dict[str, str]) -> int:
    """Words whose stems have no posting; each is one look at the index."""
    used = set()
    if stems:
        found = lookup.used(session, set(stems.values()))
        used = {word for word, stem in stems.items() if stem in found}
    unused = stems.keys() - used
    if unused:
        grams = {(gram, len(word), word) for word in unused for gram in words.grams(word)}
        session.connection().execute(
            GONE, [{"g": gram, "s": size, "w": word} for gram, size, word in sorted(grams)]
        )
        session.execute(delete(SearchWord).where(SearchWord.word.in_(unused)))
    return len(unused)


def _forget_words(database: Database) -> None:
    """Another analysis: all words are read anew."""
    with database.writing() as session:
        session.execute(delete(SearchGram))
        session.execute(delete(SearchWord))


@job("suche.pflegen", every=DAILY)
def keep(work: Work) -> None:
    """Build the index anew after an update of the analysis or a restore; drop words that are gone."""
    if database_version(work.database) != words.VERSION:
        rebuild(work.database)
    else:
        prune(work.database)
