"""What is to be reviewed: courses and lessons of current releases by the month of their last review."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import Actor, Refused
from learn.courses import queries as shelf
from learn.courses.library import CourseRelease
from learn.courses.models import Course, LessonVersion
from learn.workshop import copies, fields, saving
from learn.workshop.keys import KINDS, PLAIN, kind_of
from learn.workshop.models import WorkText

YEARS = 1  # after which a text is due again
AT_ONCE = 500  # versions of one statement
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
REVIEWED = frozenset({"kurs", "lektion", "einfach"})  # kinds of texts that bear a review
CAUSE = "als geprüft eingetragen"
GONE = "Diesen Text gibt es nicht mehr. Laden Sie die Seite neu."
UNREADABLE = "Der Kopf des Textes lässt sich nicht lesen. Öffnen Sie ihn im Editor."


@dataclass(frozen=True, slots=True)
class Row:
    """A text with its last review as written: `2026-09`, `2026-09-15` or empty. `key` as in the Werkstatt.

    `drafted`: what the working copy says instead, empty where it says the same.
    """

    key: str
    title: str
    course_id: str
    course: str
    href: str
    reviewed: str
    due: bool
    drafted: str = ""

    @property
    def plain(self) -> bool:
        """Whether it is the version in Einfache Sprache."""
        return self.key.endswith(PLAIN)

    @property
    def lesson(self) -> bool:
        return self.key.startswith("les_")


def is_due(reviewed: str, today: date) -> bool:
    """A year after its review a text is due; a month counts from its first day. Without a review always."""
    if not reviewed:
        return True
    year, month, *day = (int(part) for part in reviewed.split("-"))
    return (year + YEARS, month, *(day or [1])) <= (today.year, today.month, today.day)


def courses(session: Session) -> list[tuple[str, str]]:
    """Id and title of the published courses, by title."""
    published = (Course.kind == "kurs", Course.release_id.is_not(None))
    statement = select(Course.id, Course.title).where(*published).order_by(Course.title, Course.id)
    return [(row.id, row.title) for row in session.execute(statement)]


def rows(session: Session, today: date, course_ids: Collection[str]) -> list[Row]:
    """All texts of these courses: those without a review first, then the longest ago."""
    releases = shelf.current_by_id(session, course_ids).values()
    versions = [entry.version for release in releases for entry in release.manifest.lessons()]
    reviews = _reviews(session, versions)
    found = [row for release in releases for row in _of_course(release, reviews, today)]
    return sorted(found, key=lambda row: (row.reviewed, row.course))


def _reviews(session: Session, versions: Sequence[int]) -> dict[int, tuple[str, str | None]]:
    """Last reviews by version: of the standard text, of the plain one (None: there is none)."""
    columns = (
        LessonVersion.id,
        LessonVersion.sheet["reviewed"].as_string(),
        LessonVersion.plain["reviewed"].as_string(),
    )
    found = {}
    for start in range(0, len(versions), AT_ONCE):
        some = LessonVersion.id.in_(versions[start : start + AT_ONCE])
        for number, standard, plain in session.execute(select(*columns).where(some)):
            found[number] = (standard or "", plain)
    return found


def _of_course(
    release: CourseRelease, reviews: Mapping[int, tuple[str, str | None]], today: date
) -> Iterator[Row]:
    tree = release.manifest
    href = f"/kurse/{tree.slug}"

    def row(key: str, title: str, address: str, reviewed: str) -> Row:
        return Row(key, title, release.course_id, tree.title, address, reviewed, due=is_due(reviewed, today))

    yield row(release.course_id, tree.title, href, release.sheet.reviewed)
    for entry in tree.lessons():
        standard, plain = reviews.get(entry.version, ("", None))
        yield row(entry.id, entry.title, f"{href}/{entry.slug}", standard)
        if plain is not None:
            address = f"{href}/{entry.slug}?fassung=einfach"
            yield row(entry.id + PLAIN, entry.title, address, plain)


def drafted(session: Session, found: Sequence[Row]) -> list[Row]:
    """The same rows with what working copies say of their review: one statement."""
    mine = WorkText.key.in_([row.key for row in found])
    statement = select(WorkText.key, WorkText.text).where(mine, ~WorkText.removed)
    said = {key: fields.words(text, "geprueft") for key, text in session.execute(statement)}
    return [replace(row, drafted=_other(row, said.get(row.key, ""))) for row in found]


def _other(row: Row, said: str) -> str:
    return said if MONTH.match(said) and said != row.reviewed else ""


def mark(session: Session, actor: Actor, key: str, today: date) -> None:
    """Write this month as the text's review into the working copy. Raises Refused."""
    text = copies.text(session, key) if key[:4] in KINDS and kind_of(key) in REVIEWED else None
    if text is None or text.removed:
        raise Refused(GONE)
    try:
        changed = fields.with_values(text.text, {"geprueft": f"{today:%Y-%m}"})
    except fields.Unreadable as problem:
        raise Refused(UNREADABLE) from problem
    saving.save(session, actor, key, changed, base_revision=text.revision, cause=CAUSE)
