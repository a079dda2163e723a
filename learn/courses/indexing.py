"""Keeps the search index in step with the shelf: courses, lessons in both variants, Lernpfade, terms."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.courses.manifest import LessonEntry, Manifest
from learn.courses.models import Course, LessonVersion, PublishedId, Release, Term
from learn.courses.source import PATH
from learn.network.vocabulary import vocabulary
from learn.search import documents, synonyms
from learn.search.circles import PUBLIC
from learn.search.documents import Document
from learn.search.plain import plain
from learn.search.sources import Batch, source

TERMS = "begriff"
HTML = frozenset({"html", "hint", "explanation", "feedback"})
PLAIN = frozenset({"heading", "label"})
LISTS_OF_HTML = frozenset({"items"})


def reindex(session: Session, course: Course, release: Release) -> None:
    """Index what the course's current release says."""
    session.flush()
    tree = Manifest.from_json(release.manifest)
    found = list(_lessons(session, tree)) if course.kind == "kurs" else []
    if course.kind == "kurs":
        found.append(_course(course, tree, release.sheet, vocabulary(session).names))
    if course.kind == PATH:
        found.append(_path(course, tree, release.sheet))
    gone = _indexed(session, course) - {each.ref for each in found}
    documents.remove(session, gone)
    documents.put(session, found)


def reindex_sheet(
    session: Session, course: Course, tree: Manifest, sheet: Mapping[str, Any], topics: Mapping[str, str]
) -> None:
    """Index what the course's page says, without its lessons; `topics`: name by slug."""
    documents.put(session, [_course(course, tree, sheet, topics)])


def reindex_terms(session: Session) -> None:
    """Index all terms, one document for each slug, the network's explanation first; and their other names."""
    session.flush()
    rows = session.execute(
        select(Term, Course.kind)
        .join(Course, Course.id == Term.course_id)
        .order_by(Term.slug, Course.kind != "glossar", Course.title, Course.id)
    ).all()
    by_slug: dict[str, list[Term]] = {}
    for term, _kind in rows:
        by_slug.setdefault(term.slug, []).append(term)
    found = [_term(slug, terms) for slug, terms in by_slug.items()]
    gone = documents.refs_of_kind(session, "begriff") - {each.ref for each in found}
    documents.remove(session, gone)
    documents.put(session, found)
    pairs = [(name, term.title) for term, _kind in rows for name in term.also]
    synonyms.replace(session, TERMS, [*pairs, *((title, name) for name, title in pairs)])


@source("Kurse")
def index_all(session: Session, after: int) -> Batch:
    """One course at a time, then the terms."""
    statement = select(Course).where(Course.release_id > after).order_by(Course.release_id).limit(1)
    course = session.scalars(statement).first()
    if course is not None and course.release_id is not None:
        reindex(session, course, session.get_one(Release, course.release_id))
        return Batch(course.lessons + 1, course.release_id)
    reindex_terms(session)
    return Batch(0)


def _indexed(session: Session, course: Course) -> set[str]:
    """Lessons of the course that are in the index; a lesson keeps its id, so all it ever had are asked."""
    statement = select(PublishedId.id).where(PublishedId.course_id == course.id)
    ids = session.scalars(statement.where(PublishedId.id.startswith("les_"))).all()
    return documents.present(session, [f"lektion:{identity}" for identity in ids])


def _course(course: Course, tree: Manifest, sheet: Mapping[str, Any], topics: Mapping[str, str]) -> Document:
    modules = (f"{module.title}. {module.outcome}" for module in tree.modules)
    text = " ".join(
        [sheet["outcome"], plain(sheet["html"]), *sheet.get("goals", ()), sheet.get("audience", ""), *modules]
    )
    return Document(
        ref=f"kurs:{course.id}",
        kind="kurs",
        circle=PUBLIC,
        title=tree.title,
        text=text,
        subjects=tuple(topics.get(topic, topic) for topic in sheet.get("topics", ())),
        detail={"course": tree.slug},
    )


def _path(course: Course, tree: Manifest, sheet: Mapping[str, Any]) -> Document:
    return Document(
        ref=f"pfad:{course.id}",
        kind="pfad",
        circle=PUBLIC,
        title=tree.title,
        text=f"{sheet['outcome']} {plain(sheet['html'])}",
        detail={"slug": tree.slug},
    )


def _lessons(session: Session, tree: Manifest) -> Iterator[Document]:
    entries = {entry.version: entry for entry in tree.lessons()}
    columns = LessonVersion.id, LessonVersion.sheet, LessonVersion.parts, LessonVersion.plain
    for row in session.execute(select(*columns).where(LessonVersion.id.in_(entries))):
        yield _lesson(tree, entries[row.id], row.sheet, row.parts, row.plain or {})


def _lesson(
    tree: Manifest, entry: LessonEntry, sheet: dict[str, Any], parts: list[Any], easy: dict[str, Any]
) -> Document:
    words = [*sheet.get("goals", ()), *_words(parts), *_words(easy.get("parts", []))]
    return Document(
        ref=f"lektion:{entry.id}",
        kind="lektion",
        circle=PUBLIC,
        title=entry.title,
        text=" ".join(words),
        detail={"course": tree.slug, "lesson": entry.slug, "course_title": tree.title, "id": tree.course_id},
    )


def _words(values: Iterable[Any]) -> Iterator[str]:
    """The words of stored parts, whatever their kind: all HTML in them, headings and labels."""
    for value in values:
        if isinstance(value, dict):
            for name, entry in value.items():
                if isinstance(entry, str) and name in HTML | PLAIN:
                    yield plain(entry) if name in HTML else entry
                elif isinstance(entry, list):
                    yield from _texts(entry) if name in LISTS_OF_HTML else _words(entry)
        elif isinstance(value, list):
            yield from _words(value)


def _texts(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield plain(value)


def _term(slug: str, terms: list[Term]) -> Document:
    return Document(
        ref=f"begriff:{slug}",
        kind="begriff",
        circle=PUBLIC,
        title=terms[0].title,
        text=" ".join(dict.fromkeys(plain(term.html) for term in terms)),
        names=tuple(dict.fromkeys(name for term in terms for name in (*term.also, term.title))),
        detail={"slug": slug},
    )
