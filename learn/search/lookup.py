"""The two ways into the index, each one statement: what is known of words, and the newest postings of terms.

Each in the words of both databases; both give the same rows. A posting is one number.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

NEWEST = 500  # postings of a term in a part: ranking all would grow with the corpus
BEGINNINGS = 40  # words that begin so
ALIKE = 300  # words with three letters in common, the shortest first
END = "\U0010ffff"

LOOKUP_SQLITE = text("""
SELECT 'w', word, terms FROM search_word WHERE word IN (SELECT value FROM json_each(:words))
UNION ALL SELECT 's', word, means || '|' || source FROM search_synonym
 WHERE word IN (SELECT value FROM json_each(:phrases))
UNION ALL SELECT 'b', b.value, (SELECT group_concat(word, ' ') FROM (
  SELECT word FROM search_word WHERE word > b.value AND word < b.value || :end
  ORDER BY word LIMIT :beginnings))
 FROM json_each(:begins) AS b
UNION ALL SELECT 'g', g.value, (SELECT group_concat(word, ' ') FROM (
  SELECT word FROM search_gram
  WHERE gram = substr(g.value, 1, 3) AND size >= CAST(substr(g.value, 4) AS INTEGER)
  ORDER BY size, word LIMIT :alike))
 FROM json_each(:grams) AS g
UNION ALL SELECT 'n', 'n', CAST(coalesce(max(id), 0) AS TEXT) FROM search_document
""")
LOOKUP_POSTGRES = text("""
SELECT 'w', word, terms FROM search_word WHERE word = ANY(CAST(:words AS text[]))
UNION ALL SELECT 's', word, means || '|' || source FROM search_synonym
 WHERE word = ANY(CAST(:phrases AS text[]))
UNION ALL SELECT 'b', b.value, (SELECT string_agg(word, ' ') FROM (
  SELECT word FROM search_word WHERE word > b.value AND word < b.value || :end
  ORDER BY word LIMIT :beginnings)
  AS found) FROM unnest(CAST(:begins AS text[])) AS b(value)
UNION ALL SELECT 'g', g.value, (SELECT string_agg(word, ' ') FROM (
  SELECT word FROM search_gram
  WHERE gram = substr(g.value, 1, 3) AND size >= CAST(substr(g.value, 4) AS integer)
  ORDER BY size, word LIMIT :alike) AS found) FROM unnest(CAST(:grams AS text[])) AS g(value)
UNION ALL SELECT 'n', 'n', CAST(coalesce(max(id), 0) AS text) FROM search_document
""")
POSTINGS_SQLITE = text("""
SELECT t.value, p.value, (SELECT group_concat(packed, ' ') FROM (
  SELECT (doc << 34) | (top << 2) | weight AS packed FROM search_posting
  WHERE term = t.value AND part = p.value ORDER BY doc DESC LIMIT :newest)) AS packed
FROM json_each(:terms) AS t, json_each(:parts) AS p
""")
POSTINGS_POSTGRES = text("""
SELECT t.value, p.value, (SELECT string_agg(CAST(packed AS text), ' ') FROM (
  SELECT (CAST(doc AS bigint) << 34) | (CAST(top AS bigint) << 2) | weight AS packed FROM search_posting
  WHERE term = t.value AND part = p.value ORDER BY doc DESC LIMIT :newest) AS found) AS packed
FROM unnest(CAST(:terms AS text[])) AS t(value), unnest(CAST(:parts AS text[])) AS p(value)
""")
PROBE_SQLITE = text("""
SELECT s.term, s.part, s.doc, s.top, s.weight FROM json_each(:keys) AS k JOIN search_posting AS s
 ON s.term = k.value ->> 0 AND s.part = k.value ->> 1 AND s.doc = k.value ->> 2
""")
PROBE_POSTGRES = text("""
SELECT s.term, s.part, s.doc, s.top, s.weight
FROM unnest(CAST(:terms AS text[]), CAST(:parts AS text[]), CAST(:docs AS integer[])) AS k(term, part, doc)
JOIN search_posting AS s ON s.term = k.term AND s.part = k.part AND s.doc = k.doc
""")

USED_SQLITE = text("""
SELECT t.value FROM json_each(:terms) AS t
WHERE EXISTS (SELECT 1 FROM search_posting WHERE term = t.value)
""")
USED_POSTGRES = text("""
SELECT t.value FROM unnest(CAST(:terms AS text[])) AS t(value)
WHERE EXISTS (SELECT 1 FROM search_posting WHERE term = t.value)
""")


@dataclass(slots=True)
class Known:
    """What the index knows of a query's words; `documents`: how many there are, about."""

    terms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    synonyms: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    beginning: dict[str, list[str]] = field(default_factory=dict)
    sharing: dict[str, list[str]] = field(default_factory=dict)
    documents: int = 0


def look_up(
    session: Session,
    words: Collection[str],
    phrases: Collection[str],
    begins: Collection[str],
    grams: Collection[tuple[str, int]],
) -> Known:
    """Everything about these words: one statement. `grams` come with the shortest word that is wanted."""
    lists = {
        "words": sorted(words),
        "phrases": sorted(phrases),
        "begins": sorted(begins),
        "grams": sorted(f"{gram}{size}" for gram, size in grams),
    }
    values = {"end": END, "beginnings": BEGINNINGS, "alike": ALIKE}
    known = Known()
    statement = _either(session, LOOKUP_SQLITE, LOOKUP_POSTGRES)
    for tag, key, found in session.execute(statement, {**values, **_lists(session, lists)}):
        _read(known, tag, key, found or "")
    return known


def _read(known: Known, tag: str, key: str, found: str) -> None:
    if tag == "w":
        known.terms[key] = tuple(found.split(" "))
    elif tag == "s":
        meaning, _bar, source = found.rpartition("|")
        known.synonyms.setdefault(key, []).append((meaning, source))
    elif tag == "n":
        known.documents = int(found)
    elif tag == "b":
        known.beginning[key] = found.split()
    else:
        known.sharing[key[:3]] = found.split()


def newest(
    session: Session, terms: Collection[str], parts: Sequence[str]
) -> dict[tuple[str, str], list[int]]:
    """The newest postings of each term in each part, newest first, at most 500 each: one statement."""
    if not terms or not parts:
        return {}
    statement = _either(session, POSTINGS_SQLITE, POSTINGS_POSTGRES)
    values = {"newest": NEWEST, **_lists(session, {"terms": sorted(terms), "parts": list(parts)})}
    with _walking(session):
        rows = session.execute(statement, values).all()
    return {(term, part): list(map(int, packed.split(" "))) for term, part, packed in rows if packed}


@contextmanager
def _walking(session: Session) -> Iterator[None]:
    """PostgreSQL plans for terms it does not know and would sort whole lists: it shall walk the key."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off; SET LOCAL jit = off")
        yield
        connection.exec_driver_sql("SET LOCAL enable_bitmapscan = on")
    else:
        yield


def present(session: Session, keys: Collection[tuple[str, str, int]]) -> dict[tuple[str, str], list[int]]:
    """Those of these (term, part, document) that there are, as `newest` gives them: one statement."""
    wanted = sorted(set(keys))
    found: dict[tuple[str, str], list[int]] = {}
    if not wanted:
        return found
    values: dict[str, Any] = {
        "terms": [key[0] for key in wanted],
        "parts": [key[1] for key in wanted],
        "docs": [key[2] for key in wanted],
    }
    if session.get_bind().dialect.name == "sqlite":
        values = {"keys": json.dumps(wanted)}
    statement = _either(session, PROBE_SQLITE, PROBE_POSTGRES)
    for term, part, doc, top, weight in session.execute(statement, values):
        found.setdefault((term, part), []).append(doc << 34 | top << 2 | weight)
    return found


def used(session: Session, terms: Collection[str]) -> set[str]:
    """Those of these terms that stand in any document: one look at the index for each, in one statement."""
    statement = _either(session, USED_SQLITE, USED_POSTGRES)
    return set(session.scalars(statement, _lists(session, {"terms": sorted(terms)})))


def doc_of(packed: int) -> int:
    """The document of a posting."""
    return packed >> 34


def top_of(packed: int) -> int:
    """The first document of its group."""
    return (packed >> 2) & 0xFFFFFFFF


def weight_of(packed: int) -> int:
    """1: in the text, 2: in the title, 3: as the title."""
    return packed & 3


def _either(session: Session, sqlite: TextClause, postgres: TextClause) -> TextClause:
    return sqlite if session.get_bind().dialect.name == "sqlite" else postgres


def _lists(session: Session, lists: dict[str, list[str]]) -> dict[str, Any]:
    if session.get_bind().dialect.name == "sqlite":
        return {name: json.dumps(values, ensure_ascii=False) for name, values in lists.items()}
    return dict(lists)
