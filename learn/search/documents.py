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

IN_TEXT, IN_TITLE = 1, 2
MOST_WORDS = 20_000  # of one document
GONE = delete(SearchPosting).where(
    SearchPosting.term == bindparam("old_term"),
    SearchPosting.part == bindparam("old_part"),
    SearchPosting.doc == bindparam("old_doc"),
)


@dataclass(frozen=True, slots=True)
class Document:
    """A text to be found. `group` is the ref of the document that its hits are shown as, itself by default.

    `names` count like the title but are not shown: other words for a term, topics. `detail` is JSON.
    """

    ref: str
    kind: str  # frage, lektion, begriff, kommune
    circle: str
    title: str
    text: str
    group: str = ""
    names: tuple[str, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)

    def mark(self) -> str:
        """A hash of all that the index keeps of it, the version of the analysis included."""
        values = [words.VERSION, self.kind, self.group, self.circle, self.title, self.text, *self.names]
        told = json.dumps([values, self.detail], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()


def put(session: Session, documents: Iterable[Document]) -> int:
    """Index documents anew where they differ from what is kept; gives how many did.

    Those a group is named after come first, so that the others find it.
    """
    wanted = {document.ref: document for document in documents}
    kept = _kept(session, {*wanted, *(each.group for each in wanted.values() if each.group)})
    changed = [each for each in wanted.values() if each.ref not in kept or kept[each.ref].mark != each.mark()]
    if not changed:
        return 0
    read = vocabulary.terms_of(session, {word for each in changed for word in _all_words(each)})
    for document in sorted(changed, key=lambda each: bool(each.group)):
        kept[document.ref] = _write(session, document, kept, _weights(document, read))
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


def _all_words(document: Document) -> Sequence[str]:
    text = (document.title, *document.names, document.text)
    found: list[str] = []
    for each in text:
        for written, _start, _end in words.tokens(each):
            found += words.forms(written)
    return found[:MOST_WORDS]


def _weights(document: Document, read: Mapping[str, Sequence[str]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for texts, weight in (((document.text,), IN_TEXT), ((document.title, *document.names), IN_TITLE)):
        for text in texts:
            for written, _start, _end in words.tokens(text):
                for word in words.forms(written):
                    found.update(dict.fromkeys(read.get(word, ()), weight))
    return found


def _write(
    session: Session, document: Document, kept: Mapping[str, SearchDocument], weights: Mapping[str, int]
) -> SearchDocument:
    row = kept.get(document.ref)
    if row is None:
        row = SearchDocument(ref=document.ref, kind=document.kind, top=0, circle="", terms="")
        session.add(row)
    before, place = _postings(row), (row.circle, row.top)
    row.circle, row.title, row.text = document.circle, document.title, document.text
    row.detail, row.mark = dict(document.detail), document.mark()
    row.terms = " ".join(f"{term}/{weight}" for term, weight in sorted(weights.items()))
    session.flush()
    row.top = kept[document.group].id if document.group in kept else row.id
    session.flush()
    after = _postings(row)
    stay = before.items() & after.items() if place == (row.circle, row.top) else set()
    _delete(session, row.id, [key for key, weight in before.items() if (key, weight) not in stay])
    _insert(session, row, [(key, weight) for key, weight in after.items() if (key, weight) not in stay])
    return row


def _postings(row: SearchDocument) -> dict[tuple[str, str], int]:
    """Terms and parts of a stored document with their weights."""
    if not row.circle:
        return {}
    split = (entry.rpartition("/") for entry in row.terms.split(" ") if entry)
    terms = [(term, int(weight)) for term, _slash, weight in split]
    return {(term, part): weight for part in parts_of(row.kind, row.circle) for term, weight in terms}


def _delete(session: Session, doc: int, keys: Collection[tuple[str, str]]) -> None:
    if keys:
        session.connection().execute(
            GONE, [{"old_term": term, "old_part": part, "old_doc": doc} for term, part in sorted(keys)]
        )


def _insert(session: Session, row: SearchDocument, found: Collection[tuple[tuple[str, str], int]]) -> None:
    if found:
        session.connection().execute(
            insert(SearchPosting),
            [
                {"term": term, "part": part, "doc": row.id, "top": row.top, "weight": weight}
                for (term, part), weight in sorted(found)
            ],
        )


def _drop(session: Session, rows: Iterable[SearchDocument]) -> None:
    gone = list(rows)
    for row in gone:
        _delete(session, row.id, list(_postings(row)))
    session.execute(delete(SearchDocument).where(SearchDocument.id.in_([row.id for row in gone])))
