"""Search: what somebody may read of what answers a query, ranked, with excerpts and help with spelling."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from learn.search import asked, excerpts, likeness, lookup, mending, ranking, words
from learn.search.asked import Asked, Concept
from learn.search.circles import FILTERS, KINDS, PUBLIC, WIDE, parts_for
from learn.search.lookup import Known
from learn.search.models import SearchDocument
from learn.search.ranking import Matched, Place

ROWS = 25
FEW = 3  # results; with fewer, help with spelling is offered
PROBES = 200
LEAST = 0.4  # of a query must be answered
OPEN = frozenset(letter + WIDE[PUBLIC] for letter in KINDS.values())
DOCUMENT = (
    SearchDocument.id,
    SearchDocument.ref,
    SearchDocument.kind,
    SearchDocument.circle,
    SearchDocument.title,
    SearchDocument.text,
    SearchDocument.detail,
)
After = Place


@dataclass(frozen=True, slots=True)
class Hit:
    """A found group: `ref`, `kind`, `title` and `detail` of its first document, the passage that shows why.

    `part` is the detail of the document the passage is from, where that is another one.
    """

    ref: str
    kind: str
    title: str
    detail: Mapping[str, Any]
    excerpt: Markup
    part: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """Rows in order; `after` for the next ones; `cut`: there are more than were looked at.

    `suggestion` is the query in another spelling, from words that everybody may read.
    """

    rows: tuple[Hit, ...] = ()
    after: After | None = None
    cut: bool = False
    suggestion: str = ""


@dataclass(slots=True)
class Search:
    """One search: who looks where, what was looked up so far."""

    session: Session
    parts: tuple[str, ...]
    known: Known
    concepts: list[Concept]
    postings: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    looked_up: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    found: list[Matched] = field(default_factory=list)
    spelt: dict[str, Sequence[str]] = field(default_factory=dict)  # what a word that is nowhere may mean
    meant: dict[str, str] = field(default_factory=dict)  # the right spelling that its parts are taken from

    def load(self, terms: Collection[str]) -> None:
        """The newest postings of terms that are not there yet: one statement."""
        self.postings |= lookup.newest(self.session, terms, self.parts)

    def pairs(self) -> Iterable[tuple[Concept, Matched]]:
        """Each concept with what it matches."""
        return zip(self.concepts, self.found, strict=True)

    @property
    def whole(self) -> bool:
        """Whether some group answers everything."""
        return bool(set.intersection(*(match.groups() for match in self.found)))

    def match(self) -> None:
        """What each concept matches by now."""
        by_term, full = ranking.best(self.postings, self.looked_up), ranking.cut(self.postings)
        self.found = [ranking.matched(each, by_term, full, self.known.documents) for each in self.concepts]


def search(
    session: Session,
    circles: Collection[str] | None,
    query: str,
    *,
    kind: str = "",
    after: After | None = None,
    limit: int = ROWS,
    least: float = LEAST,
) -> Hits:
    """What readers of these circles (None: all) find: at most six statements.

    `kind` is a filter: kurse, fragen, vokabelheft, kommunen. Any text is a query; one without words finds
    nothing.
    """
    wanted = asked.asked(query)
    parts = parts_for(circles, FILTERS.get(kind, ()))
    if not wanted or not parts:
        return Hits()
    found = _prepared(session, wanted, parts)
    found.load(_terms(found.concepts))
    found.match()
    _spelling(found)
    _probe(found)
    ranked = ranking.ranked(found.found, least=least)
    if after is not None:
        ranked = [place for place in ranked if place > after]
    page = ranked[:limit]
    rows, suggestion = _shown(found, page, circles, query, few=len(ranked) < FEW and after is None)
    more = page[-1] if len(ranked) > limit else None
    cut = all(each.cut for each in found.found) and len(ranked) >= limit
    return Hits(rows, more, cut, suggestion)


def _prepared(session: Session, wanted: Sequence[Asked], parts: tuple[str, ...]) -> Search:
    forms = {form for word in wanted for form in word.forms}
    long = {word.whole for word in wanted if len(word.whole) >= likeness.SHORTEST_INSIDE}
    known = lookup.look_up(
        session,
        words=forms | {piece for word in wanted for piece in words.substrings(word.whole)},
        phrases=asked.phrases(wanted),
        begins={word.whole for word in wanted if len(word.whole) >= 3},
        grams={(gram, len(word) + 3) for word in long for gram in likeness.telling(word, 2)},
    )
    concepts = asked.concepts(wanted, known.terms, known.synonyms)
    for concept in concepts:
        _add_near(concept, known)
    return Search(session, parts, known, concepts)


def _add_near(concept: Concept, known: Known) -> None:
    """List B: words that begin with it, then words that contain it."""
    word = concept.word
    if len(word) < 3:
        return
    sure = len(word) >= likeness.SHORTEST_BEGINNING
    for each in likeness.beginning(word, known.beginning.get(word, ())):
        concept.add([words.stem(each)], 0.6 if sure else 0.2, near=True)
    sharing = {each for gram in words.grams(word) for each in known.sharing.get(gram, ())}
    for each in likeness.inside(word, sharing):
        concept.add([words.stem(each)], 0.4, near=True)


def _terms(concepts: Sequence[Concept]) -> set[str]:
    return {term for concept in concepts for each in concept.alternatives for term in each.terms}


def _spelling(found: Search) -> None:
    """Other spellings and parts of words that match nothing the reader may see: two statements.

    Where no group answers all words, parts of those that do match elsewhere count, too.
    """
    lost = [concept for concept, match in found.pairs() if not match.groups() and len(concept.word) >= 4]
    if found.whole and not lost:
        return
    parted = lost if found.whole else found.concepts
    _look_for_spellings(found, lost)
    meant = {term for similar in found.spelt.values() for each in similar for term in _terms_meant(each)}
    found.load({*meant, *(piece for concept in parted for piece in concept.pieces)})
    there = {term for term, _part in found.postings}
    for concept in lost:
        found.spelt[concept.word] = [
            each
            for each in found.spelt[concept.word]
            if words.stem(each) in there or there.issuperset(_parts_meant(each))
        ]
        for each in found.spelt[concept.word]:
            concept.add([words.stem(each)], 0.5, near=True)
            concept.add(_parts_meant(each), 0.45, near=True)
    found.match()
    answered = {concept.word for concept, match in found.pairs() if concept in lost and match.groups()}
    for concept in parted:
        for piece in () if concept.word in answered else _telling_pieces(found, concept):
            concept.add([piece], asked.PARTLY, near=True)
    found.match()


def _look_for_spellings(found: Search, lost: Sequence[Concept]) -> None:
    """What these words may mean, and the parts of what they mean most likely: one statement at most."""
    if not lost:
        return
    grams = {(gram, len(each.word) - 2) for each in lost for gram in words.grams(each.word)}
    sharing = lookup.look_up(found.session, (), (), (), grams).sharing
    for concept in lost:
        mended = mending.mended(concept.word)
        found.spelt[concept.word] = _spellings(concept.word, sharing, mended)
        if mended and words.pieces(mended[0], ()):
            concept.pieces = words.pieces(mended[0], ())
            found.meant[concept.word] = mended[0]


def _spellings(word: str, sharing: Mapping[str, Sequence[str]], mended: Sequence[str]) -> Sequence[str]:
    """Words of the texts and German words it may mean; those of texts only when they are as near."""
    similar = likeness.similar(word, sharing)
    if mended and similar and min(likeness.distance(word, each, 1) for each in similar) > 1:
        return mended
    return [*similar, *(each for each in mended if each not in similar)]


def _terms_meant(word: str) -> set[str]:
    return {words.stem(word), *_parts_meant(word)}


def _parts_meant(word: str) -> list[str]:
    """The parts of a compound in its right spelling, which texts may have one by one."""
    return [words.part_stem(piece) for piece in words.parts(word)]


def _telling_pieces(found: Search, concept: Concept) -> Sequence[str]:
    """Several parts together before single ones; beside other words any part, alone the rarest."""
    counts = {
        piece: sum(len(numbers) for (term, _part), numbers in found.postings.items() if term == piece)
        for piece in concept.pieces
    }
    single = {words.stem(part) for part in words.parts(found.meant.get(concept.word, concept.word))}
    there = [piece for piece in concept.pieces if counts[piece]]
    there.sort(key=lambda piece: (piece in single, counts[piece], -len(piece)))
    return there if len(found.concepts) > 1 else there[:1]


def _probe(found: Search) -> None:
    """Whether what a rare word found has the common ones too, whose lists are cut: one statement at most."""
    rare = [match for match in found.found if match.groups() and not match.cut]
    common = [concept for concept, match in found.pairs() if match.cut]
    if not rare or not common or found.spelt:
        return
    least = min(rare, key=lambda match: len(match.groups()))
    documents = {doc for _value, doc, _share in (*least.sure.values(), *least.near.values())}
    keys = {
        (term, part, doc)
        for (_term, part), numbers in found.postings.items()
        for packed in numbers
        if (lookup.doc_of(packed) in documents)
        for doc in (lookup.doc_of(packed), lookup.top_of(packed))
        for concept in common
        for term in concept.alternatives[0].terms
    }
    newest = sorted(keys, key=lambda key: -key[2])[:PROBES]
    found.looked_up = lookup.present(found.session, newest)
    found.match()


def _shown(
    found: Search, page: Sequence[Place], circles: Collection[str] | None, query: str, *, few: bool
) -> tuple[tuple[Hit, ...], str]:
    """The rows of a page, and another spelling where few were found: one statement."""
    witnesses = _witnesses(found) if few else {}
    pairs = [(-top, ranking.document(found.found, -top)) for _covered, _score, top in page]
    wanted = {doc for pair in pairs for doc in pair}
    wanted |= {doc for docs in witnesses.values() for doc in docs}
    rows = _documents(found.session, wanted, circles)
    marked = excerpts.pattern(_terms(found.concepts))
    hits = (_hit(rows.get(top), rows.get(doc), marked) for top, doc in pairs)
    return tuple(hit for hit in hits if hit is not None), _suggestion(witnesses, rows, query)


def _documents(
    session: Session, wanted: Collection[int], circles: Collection[str] | None
) -> dict[int, Row[Any]]:
    """Documents by their ids; whatever the index says, only those the reader may see."""
    if not wanted:
        return {}
    statement = select(*DOCUMENT).where(SearchDocument.id.in_(wanted))
    readable = SearchDocument.circle != "" if circles is None else SearchDocument.circle.in_(circles)
    return {row.id: row for row in session.execute(statement.where(readable))}


def _hit(top: Row[Any] | None, doc: Row[Any] | None, marked: Any) -> Hit | None:
    if top is None:
        return None
    shown = doc if doc is not None and doc.text else top
    part = shown.detail if shown.id != top.id else None
    return Hit(top.ref, top.kind, top.title, top.detail, excerpts.excerpt(shown.text, marked), part)


def _witnesses(found: Search) -> dict[tuple[str, str], list[int]]:
    """Public documents in which another spelling may stand, by the word and its spelling."""
    return {
        (word, spelling): [
            lookup.doc_of(packed)
            for (term, part), numbers in found.postings.items()
            if part in OPEN and term == words.stem(spelling)
            for packed in numbers[:3]
        ]
        for word, similar in found.spelt.items()
        for spelling in similar
    }


def _suggestion(
    witnesses: Mapping[tuple[str, str], Sequence[int]], rows: Mapping[int, Row[Any]], query: str
) -> str:
    """The query with misspelt words as they stand in a text that everybody may read."""
    written: dict[str, str] = {}
    for (word, spelling), docs in witnesses.items():
        public = (rows[doc] for doc in docs if doc in rows and rows[doc].circle == PUBLIC)
        for row in public:
            seen = next(
                (
                    each
                    for each, _, _ in words.tokens(f"{row.title} {row.text}")
                    if spelling in words.forms(each)
                ),
                "",
            )
            if seen and word not in written:
                written[word] = seen
    shown = asked.clean(query)
    for each in reversed(asked.asked(query)):
        if each.whole in written:
            shown = shown[: each.start] + written[each.whole] + shown[each.end :]
    return shown if written else ""
