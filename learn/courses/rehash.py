"""Stored sources rendered with today's program: for comparing with a new text, and for the update job."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from learn import markup
from learn.courses import files, frontmatter, heads, published, rendering, shelved
from learn.courses.heads import FileKind
from learn.courses.pages import Places
from learn.courses.plan import CoursePlan, Plan, content_hash
from learn.courses.rendering import Drawn, Task
from learn.courses.source import Text
from learn.courses.surroundings import Shared
from learn.courses.targets import glance


@dataclass(frozen=True, slots=True)
class Stored:
    """A published text: its path below the content root, kind and the hash of its bytes."""

    path: str
    kind: FileKind
    sha: str


def hashes(session: Session, plan: Plan, course: CoursePlan) -> dict[str, str]:
    """Content hashes of published lessons that an older program parsed and that were rendered anew."""
    base = course.base
    stale = [
        lesson.base
        for lesson in course.lessons
        if lesson.base and lesson.version is None and lesson.base.parser != markup.RENDERER
    ]
    if base is None or not stale:
        return {}
    places = Places(dict(plan.places.pages), dict(plan.places.pictures))
    shelved.add_release(places, session, base.slug, base.release_id, base.manifest, base.details)
    shared = places.shared(None, (name for name, _ in base.sheet["values"]))
    found = {}
    for version in stale:
        path = f"{base.slug}/{base.paths[version.lesson_id]}"
        text, drawn = draw(session, Stored(path, "lektion", version.source), shared)
        found[version.lesson_id] = content_hash(text, drawn.trace)
    return found


def draw(session: Session, stored: Stored, shared: Shared) -> tuple[Text, Drawn]:
    """Render a stored text."""
    decoded = files.decode(published.bytes_of(session, stored.sha))
    assert isinstance(decoded, str)
    front = frontmatter.split(decoded)
    head = heads.read(front, stored.kind)
    seen = glance(stored.path, front.body, glossary=stored.kind == "glossar")
    text = Text(stored.path, stored.sha, stored.kind, head, front.body_line, seen)
    task = Task(
        path=stored.path,
        body=front.body,
        kind=stored.kind,
        first_line=front.body_line,
        title=head.text("titel"),
        formulas=head.flag("formeln"),
    )
    return text, rendering.draw(task, shared)
