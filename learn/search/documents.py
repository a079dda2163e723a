"""Putting texts into the index and taking them out, in the transaction that writes the texts."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from learn.search import vocabulary, words
from learn.search.circles import parts_of
from learn.search.models import SearchDocument, SearchPosting

IN_TEXT, IN_TITLE, AS_TITLE = 1, 2, 3  # the last: as one of at most two words of a title
SHORT_TITLE = 2  # words
MOST_WORDS = 20_000  # of one document
Posting = tuple[str, str, int, int, int]  # term, part, document, top, weight
GONE = delete(SearchPosting).where(
    SearchPosting.term == bindparam("old_term"),
    SearchPosting.part == bindparam("old_part"),
    SearchPosting.doc == bindparam("old_doc"),
)


@dataclass(frozen=True, slots=True)
class Document:
    """A text to be found. `group` is the ref of the document that its hits are shown as, itself by default.

    `names` count like titles but are not shown: other words for a term. `subjects` count like the text.
    `detail` is JSON.
    """

    ref: str
    kind: str  # frage, lektion, begriff, kommune
    circle: str
    title: str
    text: str
    group: str = ""
    names: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)

    def mark(self) -> str:
        """A hash of all that the index keeps of it, the version of the analysis included."""
        values: list[Any] = [
            words.VERSION,
            self.kind,
            self.group,
            self.circle,
            self.title,
            self.text,
            self.names,
        ]
        values.append(self.subjects)
        told = json.dumps([values, self.detail], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()


def put(session: Session, documents: Iterable[Document]) -> int:
    """Index documents anew where they differ from what is kept; gives how many did."""
    wanted = {document.ref: (document, document.mark()) for document in documents}
    kept = _kept(session, {*wanted, *(each.group for each, _mark in wanted.values() if each.group)})
    changed = [
        (each, mark) for each, mark in wanted.values() if each.ref not in kept or kept[each.ref].mark != mark
    ]
    if not changed:
        return 0
    texts = {each.ref: _forms(each) for each, _mark in changed}
    read = vocabulary.terms_of(
        session, {word for found in texts.values() for some in found.values() for word in some}
    )
    before = {each.ref: _postings(kept[each.ref]) for each, _mark in changed if each.ref in kept}
    for each, mark in changed:
        top = kept[each.group].id if each.group in kept else 0  # one statement less where it is known
        kept[each.ref] = _row(
            session, kept.get(each.ref), each, mark, _weights(texts[each.ref], read), top or 0
        )
    session.flush()
    for each, _mark in changed:
        kept[each.ref].top = kept[each.group].id if each.group in kept else kept[each.ref].id
    session.flush()
    _exchange(session, before, [kept[each.ref] for each, _mark in changed])
    return len(changed)


def remove(session: Session, refs: Collection[str]) -> None:
    """Take documents out."""
    rows = session.scalars(select(SearchDocument).where(SearchDocument.ref.in_(refs))).all()
    _drop(session, rows)


def remove_group(session: Session, ref: str) -> None:
    """Take a document out with all that are shown as it."""
    top = select(SearchDocument.id).where(SearchDocument.ref == ref).scalar_subquery()
    _drop(session, session.scalars(select(SearchDocument).where(SearchDocument.top == top)).all())


def refs_of_group(session: Session, ref: str) -> set[str]:
    """The documents that are shown as one."""
    top = select(SearchDocument.id).where(SearchDocument.ref == ref).scalar_subquery()
    return set(session.scalars(select(SearchDocument.ref).where(SearchDocument.top == top)))


def circle_of(session: Session, ref: str) -> str | None:
    """Where a document stands; None when it is not indexed."""
    return session.scalar(select(SearchDocument.circle).where(SearchDocument.ref == ref))


def refs_of_kind(session: Session, kind: str) -> set[str]:
    """All documents of a kind."""
    return set(session.scalars(select(SearchDocument.ref).where(SearchDocument.kind == kind)))


def present(session: Session, refs: Collection[str]) -> set[str]:
    """Those of these documents that are indexed."""
    return set(session.scalars(select(SearchDocument.ref).where(SearchDocument.ref.in_(refs))))


def _kept(session: Session, refs: Collection[str]) -> dict[str, SearchDocument]:
    found: dict[str, SearchDocument] = {}
    wanted = sorted(refs)
    for start in range(0, len(wanted), 500):
        some = select(SearchDocument).where(SearchDocument.ref.in_(wanted[start : start + 500]))
        found.update((row.ref, row) for row in session.scalars(some))
    return found


def _forms(document: Document) -> dict[int, list[str]]:
    """Its words by their weight, the highest last."""
    titles = [_words_of((title,)) for title in (document.title, *document.names)]
    return {
        IN_TEXT: _words_of((document.text, *document.subjects)),
        IN_TITLE: [word for title in titles if len(title) > SHORT_TITLE for word in title],
        AS_TITLE: [word for title in titles if len(title) <= SHORT_TITLE for word in title],
    }


def _words_of(texts: Iterable[str]) -> list[str]:
    found: list[str] = []
    for text in texts:
        for written, _start, _end in words.tokens(text):
            found.extend(words.forms(written))
    return found[:MOST_WORDS]


def _weights(found: Mapping[int, Sequence[str]], read: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Terms of the text, then those of titles, which count more."""
    weights: dict[str, int] = {}
    for weight, texts in found.items():
        for word in texts:
            weights.update(dict.fromkeys(read.get(word, ()), weight))
    return weights


def _row(
    session: Session,
    row: SearchDocument | None,
    document: Document,
    mark: str,
    weights: Mapping[str, int],
    top: int,
) -> SearchDocument:
    if row is None:
        row = SearchDocument(ref=document.ref, kind=document.kind, top=top)
        session.add(row)
    row.circle, row.title, row.text = document.circle, document.title, document.text
    row.detail, row.mark = dict(document.detail), mark
    row.terms = " ".join(f"{term}/{weight}" for term, weight in sorted(weights.items()))
    return row


def _postings(row: SearchDocument) -> set[Posting]:
    """The postings of a stored document."""
    found: set[Posting] = set()
    parts = parts_of(row.kind, row.circle)
    for entry in row.terms.split(" ") if row.terms else ():
        term, _slash, weight = entry.rpartition("/")
        found.update((term, part, row.id, row.top, int(weight)) for part in parts)
    return found


def _exchange(session: Session, before: Mapping[str, set[Posting]], rows: Iterable[SearchDocument]) -> None:
    """Replace postings by today's, in the order of their key; what stays is not touched."""
    gone: set[Posting] = set()
    new: set[Posting] = set()
    for row in rows:
        former, today = before.get(row.ref, set()), _postings(row)
        gone |= former - today
        new |= today - former
    _delete(session, gone)
    if new:
        names = ("term", "part", "doc", "top", "weight")
        rows_of = [dict(zip(names, each, strict=True)) for each in sorted(new)]
        session.connection().execute(insert(SearchPosting), rows_of)


def _delete(session: Session, gone: Collection[Posting]) -> None:
    if gone:
        keys = [{"old_term": each[0], "old_part": each[1], "old_doc": each[2]} for each in sorted(gone)]
        session.connection().execute(GONE, keys)


def _drop(session: Session, rows: Iterable[SearchDocument]) -> None:
    gone = list(rows)
    if gone:
        _delete(session, {posting for row in gone for posting in _postings(row)})
        session.execute(delete(SearchDocument).where(SearchDocument.id.in_([row.id for row in gone])))
