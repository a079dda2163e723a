"""Courses that begin in the Werkstatt, and the addresses of courses."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core import clock
from learn.core.access import Actor, Refused
from learn.courses.files import NAME, NAME_LIMIT
from learn.courses.heads import FileKind
from learn.courses.models import Course, PublishedId
from learn.courses.parse import COURSE_RESERVED
from learn.courses.published import chunks
from learn.workshop import laying, layout, queries, settling
from learn.workshop.keys import PLAIN
from learn.workshop.laying import Write
from learn.workshop.models import WorkCourse, WorkText
from learn.workshop.portable import RESERVED, portable
from learn.workshop.queries import PLAIN_FILE

KINDS: Mapping[str, FileKind] = {"kurs.md": "kurs", "glossar.md": "glossar", "modul.md": "modul"}


def create(session: Session, actor: Actor, slug: str, files: Mapping[str, str]) -> str:
    """A course that exists in the Werkstatt only; its id. `files`: texts by path below the course folder.

    Every text bears its id, plain variants lie beside their lessons. Raises Refused: the address or an id
    is taken, kurs.md or an id is missing.
    """
    keys = _keys(files)
    course_id = keys.get("kurs.md", "")
    if not course_id.startswith("kur_"):
        raise Refused("Legen Sie kurs.md an.", field="path")
    free(session, slug, course_id)
    _unknown(session, keys)
    work = WorkCourse(id=course_id, slug=slug, title="", changed_at=clock.now())
    session.add(work)
    session.flush()
    opened = settling.open_copy(session, course_id)
    writes = [Write(key, path, files[path]) for path, key in sorted(keys.items())]
    laying.lay(session, actor, opened, writes, "angelegt")
    settling.touched(opened.work, actor)
    session.flush()
    return course_id


def free(session: Session, slug: str, course_id: str) -> None:
    """Raises Refused unless the course may have this address."""
    if not NAME.fullmatch(slug) or len(slug) > NAME_LIMIT:
        raise Refused("Nehmen Sie für die Adresse nur Kleinbuchstaben, Ziffern, Bindestriche.", field="slug")
    if not portable(slug):
        raise Refused(
            f"„{slug}“ ist auf Windows kein Name für einen Ordner. Wählen Sie einen anderen.", field="slug"
        )
    published = (Course.slug == slug) & (Course.id != course_id)
    drafted = (WorkCourse.slug == slug) & (WorkCourse.id != course_id)
    taken = session.scalar(select(Course.id).where(published)) or session.scalar(
        select(WorkCourse.id).where(drafted)
    )
    if taken is not None or slug in COURSE_RESERVED:
        raise Refused(f"Die Adresse „{slug}“ ist vergeben. Wählen Sie eine andere.", field="slug")


def address(session: Session, title: str) -> str:
    """An address out of the title of a course to be: a free one, if need be with a number."""
    wanted = layout.proposed(title, (), "kurs")
    held = {*COURSE_RESERVED, *RESERVED}
    for column in (Course.slug, WorkCourse.slug):
        alike = (column == wanted) | column.startswith(f"{wanted}-", autoescape=True)
        held.update(session.scalars(select(column).where(alike)))
    return layout.proposed(title, held, "kurs")


def _keys(files: Mapping[str, str]) -> dict[str, str]:
    """Keys of the texts by path. Raises Refused where an id is missing or stands twice."""
    found: dict[str, str] = {}
    for path in sorted(files):
        if path.endswith(PLAIN_FILE):
            continue
        key = queries.head(files[path], _kind(path)).id
        if not key or key in found.values():
            raise Refused(f"„{path}“ braucht eine eigene Kennung.", field="path")
        found[path] = key
    for path in sorted(files):
        lesson = found.get(path.removesuffix(PLAIN_FILE) + ".md", "")
        if path.endswith(PLAIN_FILE) and lesson.startswith("les_"):
            found[path] = lesson + PLAIN
        elif path.endswith(PLAIN_FILE):
            raise Refused(f"Zu „{path}“ fehlt die Lektion.", field="path")
    return found


def _kind(path: str) -> FileKind:
    if path.startswith("fragen/"):
        return "fragen"
    return KINDS.get(path.rpartition("/")[2], "lektion")


def _unknown(session: Session, keys: Mapping[str, str]) -> None:
    """Raises Refused when another course has or had one of these ids."""
    for some in chunks(keys.values()):
        published = session.scalar(select(PublishedId.id).where(PublishedId.id.in_(some)).limit(1))
        drafted = session.scalar(select(WorkText.key).where(WorkText.key.in_(some)).limit(1))
        if published or drafted:
            raise Refused(f"Die Kennung „{published or drafted}“ ist vergeben.", field="path")
