"""The distinct words of all texts: what each stands for, decided once when it first appears."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from learn.search import words
from learn.search.models import SearchGram, SearchWord

BATCH = 500
ONE_AT_A_TIME = (
    5_015_001  # PostgreSQL: two that add the same words in another order would wait for each other
)


def terms_of(session: Session, wanted: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The terms of folded words; those not known yet are added."""
    found = known(session, wanted)
    missing = sorted(set(wanted) - found.keys())
    if missing:
        found |= _add(session, missing)
    return found


def known(session: Session, wanted: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The terms of those folded words that were met before."""
    found: dict[str, tuple[str, ...]] = {}
    for some in _batches(sorted(wanted)):
        rows = session.execute(select(SearchWord.word, SearchWord.terms).where(SearchWord.word.in_(some)))
        found.update((word, tuple(terms.split(" "))) for word, terms in rows)
    return found


def _add(session: Session, missing: Sequence[str]) -> dict[str, tuple[str, ...]]:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ONE_AT_A_TIME})
    corpus = {words.stem(word) for word in _standing_alone(session, missing)}
    found = {word: words.terms(word, corpus.__contains__) for word in missing}
    _insert(session, SearchWord, [{"word": word, "terms": " ".join(terms)} for word, terms in found.items()])
    _insert(
        session,
        SearchGram,
        [
            {"gram": gram, "size": len(word), "word": word}
            for gram, word in sorted((gram, word) for word in missing for gram in words.grams(word))
        ],
    )
    return found


def _standing_alone(session: Session, missing: Iterable[str]) -> Iterator[str]:
    """Beginnings and ends of new words that are words of the corpus themselves."""
    candidates = {piece for word in missing for piece in words.substrings(word)}
    yield from (word for word in missing if len(word) < words.SHORTEST_COMPOUND * 2)
    for some in _batches(sorted(candidates)):
        yield from session.scalars(select(SearchWord.word).where(SearchWord.word.in_(some)))


def _insert(
    session: Session, table: type[SearchWord | SearchGram], rows: Sequence[Mapping[str, object]]
) -> None:
    if not rows:
        return
    insert_new = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    session.connection().execute(insert_new(table).on_conflict_do_nothing(), rows)


def _batches(wanted: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(wanted), BATCH):
        yield wanted[start : start + BATCH]
