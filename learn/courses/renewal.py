"""After an update: stored sources of current releases rendered anew, batch by batch, in place.

Pages show the old HTML meanwhile; what is current, and every id, stays as it is.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from learn import markup
from learn.core.db import Database
from learn.courses import published, rehash, release, shelved, switch
from learn.courses.heads import FileKind
from learn.courses.models import Course, LessonVersion, Release
from learn.courses.pages import Places
from learn.courses.parse import PLAIN, TEST
from learn.courses.plan import content_hash
from learn.courses.published import Base, Version
from learn.courses.rehash import Stored
from learn.courses.rendering import Drawn
from learn.courses.surroundings import Shared
from learn.courses.targets import Outside, place
from learn.markup import store

BATCH = 20  # lessons in one transaction
KINDS: dict[str, FileKind] = {"kurs.md": "kurs", "glossar.md": "glossar", TEST: "fragen"}


@dataclass(frozen=True, slots=True)
class Work:
    """A release whose HTML another program made."""

    base: Base
    shared: Shared
    stale: tuple[Version, ...]


def render_anew(database: Database) -> int:
    """Renew all current releases; how many lessons and releases were written."""
    with database.reading() as session:
        current = select(Course.id).join(Release, Release.id == Course.release_id)
        courses = session.scalars(current.where(Release.renderer != markup.RENDERER)).all()
    return sum(_course(database, course_id) for course_id in courses)


def _course(database: Database, course_id: str) -> int:
    with database.reading() as session:
        work = _work(session, session.get_one(Course, course_id))
    for start in range(0, len(work.stale), BATCH):
        with database.reading() as session:
            rows = [_version(session, work, version) for version in work.stale[start : start + BATCH]]
        with database.writing() as session:
            session.execute(update(LessonVersion), rows)
    with database.reading() as session:
        texts = _texts(session, work)
    with database.writing() as session:
        _release(session, work.base, texts)
    return len(work.stale) + 1


def _work(session: Session, course: Course) -> Work:
    base = published.base(session, course)
    places = Places()
    shelved.add_current(places, session, _folders(base) - {base.slug})
    shelved.add_release(places, session, base.slug, base.release_id, base.manifest, base.details)
    stale = tuple(found for found in base.versions.values() if found.parser != markup.RENDERER)
    return Work(base, places.shared(None, [name for name, _ in base.sheet["values"]]), stale)


def _folders(base: Base) -> set[str]:
    """What the release's texts name at the top of the content root."""
    traces = [(path, base.trace(path)) for path in base.details["texts"]]
    for version in base.versions.values():
        traces += [(base.paths[version.lesson_id], trace) for trace in version.traces()]
    found: set[str] = set()
    for path, trace in traces:
        for target, _line, _led in trace.targets:
            with suppress(Outside):
                found.add(place(base.prefix + path, target)[0].split("/", 1)[0])
    return found


def _version(session: Session, work: Work, version: Version) -> dict[str, Any]:
    """The columns of a lesson version that rendering makes."""
    path = work.base.prefix + work.base.paths[version.lesson_id]
    text, drawn = rehash.draw(session, Stored(path, "lektion", version.source), work.shared)
    plain, plain_trace = None, None
    if version.plain_source:
        other = Stored(path.removesuffix(".md") + PLAIN, "einfach", version.plain_source)
        plain_text, plain_drawn = rehash.draw(session, other, work.shared)
        plain, plain_trace = release.plain_sheet(plain_text, plain_drawn), plain_drawn.trace.as_json()
    return {
        "id": version.id,
        "parts": drawn.parts,
        "headings": drawn.headings,
        "plain": plain,
        "trace": {"text": drawn.trace.as_json(), "plain": plain_trace},
        "content_hash": content_hash(text, drawn.trace),
        "parser": markup.RENDERER,
        "renderer": markup.RENDERER,
    }


def _texts(session: Session, work: Work) -> dict[str, Drawn]:
    """What is no lesson, rendered, by path below the course folder."""
    found = {}
    for path in work.base.details["texts"]:
        kind: FileKind = "pfad" if work.base.alone else KINDS.get(path, "modul")
        stored = Stored(work.base.prefix + path, kind, work.base.files[path])
        found[path] = rehash.draw(session, stored, work.shared)[1]
    return found


def _release(session: Session, base: Base, texts: dict[str, Drawn]) -> None:
    """Put the renewed texts into the release, and its terms into the glossary."""
    row = session.get_one(Release, base.release_id)
    modules = {base.paths[module.id]: module.id for module in base.manifest.modules}
    html = {modules[path]: release.html_of(drawn) for path, drawn in texts.items() if path in modules}
    tree = replace(
        base.manifest,
        modules=tuple(replace(module, html=html[module.id]) for module in base.manifest.modules),
    )
    terms = store.dump_terms(texts["glossar.md"].terms) if "glossar.md" in texts else []
    details = {path: drawn.trace.as_json() for path, drawn in texts.items()}
    row.manifest = tree.as_json()
    sheet = texts.get(f"{base.slug}.md" if base.alone else "kurs.md")
    if sheet:
        row.sheet = {**row.sheet, "html": release.html_of(sheet)}
    row.details = {**row.details, "texts": details, "terms": terms, "test": _test(row.details, texts)}
    row.renderer = markup.RENDERER
    course = session.get_one(Course, base.course_id)
    if course.release_id == row.id:
        switch.set_terms(session, course, terms)


def _test(details: dict[str, Any], texts: dict[str, Drawn]) -> dict[str, Any] | None:
    found: dict[str, Any] | None = details["test"]
    return {**found, "parts": texts[TEST].parts} if found and TEST in texts else found
