"""What a text may link to: lessons of its course and of published ones, terms, questions of the forum."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import Actor
from learn.core.folding import fold
from learn.courses import frontmatter, targets
from learn.courses.models import Course, Term
from learn.forum import audience
from learn.search import asked, finding
from learn.search.finding import Hit
from learn.workshop import copies, queries, snippets
from learn.workshop.copies import Copy, Entry
from learn.workshop.nearby import prefix_of

Kind = Literal["lektion", "begriff", "frage"]
OPEN = ("oeffentlich", "netzwerk")  # circles whose questions a course may name
MOST = 12  # of each kind
GLOSSARY = "glossar.md"


@dataclass(frozen=True, slots=True)
class Target:
    """Something to link: its title, its course (empty: this one or none), the target to write."""

    kind: Kind
    title: str
    course: str
    target: str


def found(
    session: Session, actor: Actor, copy: Copy, path: str, query: str, base_url: str
) -> tuple[Target, ...]:
    """What answers a query, this course's own first; without one the lessons and terms of this course.

    `path`: where the text lies below its course's folder. `base_url`: of this installation, for questions.
    """
    here = prefix_of(copy.course_id, copy.slug) + path
    words = asked.clean(query)
    own = [*_lessons(copy, here, words), *_terms(session, copy, here, words)]
    if not words:
        return tuple(own)
    others = [
        *_published(session, copy, here, words),
        *_explained(session, copy, here, words),
        *_questions(session, actor, words, base_url),
    ]
    return (*own, *others)


def _matches(title: str, words: str) -> bool:
    return all(word in fold(title) for word in fold(words).split())


def _lessons(copy: Copy, here: str, words: str) -> list[Target]:
    prefix = prefix_of(copy.course_id, copy.slug)
    entries = (entry for module in copy.modules for entry in module.lessons if entry.state != "entfernt")
    matching = [entry for entry in entries if _matches(entry.title, words) and prefix + entry.path != here]
    return [_entry(here, prefix, entry, "") for entry in matching[: MOST if words else None]]


def _entry(here: str, prefix: str, entry: Entry, course: str) -> Target:
    return Target("lektion", entry.title, course, snippets.relative(here, prefix + entry.path))


def _terms(session: Session, copy: Copy, here: str, words: str) -> list[Target]:
    """Terms of the course's own glossary, as it is written now."""
    glossary = next((entry for entry in copy.others if entry.path == GLOSSARY), None)
    text = copies.text(session, glossary.key) if glossary and glossary.state != "entfernt" else None
    if text is None:
        return []
    place = prefix_of(copy.course_id, copy.slug) + GLOSSARY
    named = targets.glance(place, frontmatter.split(text.text).body, glossary=True).terms
    matching = [(title, slug) for title, slug in named if _matches(title, words)]
    return [
        Target("begriff", title, "", snippets.relative(here, f"{place}#{slug}"))
        for title, slug in matching[: MOST if words else None]
    ]


def _published(session: Session, copy: Copy, here: str, words: str) -> Iterator[Target]:
    """Lessons of other courses, at the places of their files today."""
    hits = finding.search(session, OPEN[:1], words, kind="kurse", limit=MOST).rows
    lessons = [hit for hit in hits if hit.kind == "lektion" and hit.detail["id"] != copy.course_id]
    paths: dict[str, str] = {}
    for course_id in dict.fromkeys(hit.detail["id"] for hit in lessons):
        shelf = queries.shelf(session, course_id)
        paths |= {key: f"{shelf.slug}/{path}" for key, path in shelf.paths.items()}
    for hit in lessons:
        path = paths.get(hit.ref.partition(":")[2])
        if path:
            yield Target("lektion", hit.title, hit.detail["course_title"], snippets.relative(here, path))


def _explained(session: Session, copy: Copy, here: str, words: str) -> Iterator[Target]:
    """Terms of the network's glossary, else of the first other course that explains them."""
    hits = finding.search(session, OPEN[:1], words, kind="vokabelheft", limit=MOST).rows
    places = _glossaries(session, copy, hits)
    for hit in hits:
        if hit.detail["slug"] in places:
            course, path = places[hit.detail["slug"]]
            target = snippets.relative(here, f"{path}#{hit.detail['slug']}")
            yield Target("begriff", hit.title, course, target)


def _glossaries(session: Session, copy: Copy, hits: Sequence[Hit]) -> dict[str, tuple[str, str]]:
    """Course and file that explain each term, except this course's own."""
    slugs = [hit.detail["slug"] for hit in hits]
    statement = (
        select(Term.slug, Course.kind, Course.slug.label("course"), Course.title)
        .join(Course, Course.id == Term.course_id)
        .where(Term.slug.in_(slugs), Course.id != copy.course_id)
        .order_by(Course.kind != "glossar", Course.title, Course.id)
    )
    result: dict[str, tuple[str, str]] = {}
    for row in session.execute(statement) if slugs else ():
        network = row.kind == "glossar"
        place = ("", GLOSSARY) if network else (row.title, f"{row.course}/{GLOSSARY}")
        result.setdefault(row.slug, place)
    return result


def _questions(session: Session, actor: Actor, words: str, base_url: str) -> Iterator[Target]:
    """Questions that everybody or the whole network may read, as far as the author may."""
    reader = audience.reader(session, actor)
    circles = [circle for circle in OPEN if reader.circles is None or circle in reader.circles]
    hits: Iterable[Hit] = finding.search(session, circles, words, kind="fragen", limit=MOST).rows
    for hit in hits:
        yield Target("frage", hit.title, "", f"{base_url}/forum/fragen/{hit.detail['id']}")
