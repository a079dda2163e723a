"""A lesson's address: which course and text it means today, and the addresses of what can be done there."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request
from sqlalchemy.orm import Session

from learn.core.access import NotFound, Refused
from learn.core.i18n import gettext as _
from learn.courses import queries as shelf
from learn.courses.library import CourseRelease, LessonText
from learn.courses.manifest import LessonEntry
from learn.learning.service import LARGEST

PLAIN = "?fassung=einfach"


@dataclass(frozen=True, slots=True)
class Place:
    """What a lesson's address means. `moved`: it is an earlier one, `href` is today's.

    `plain`: the reader asked for Einfache Sprache. `entry` is None for a lesson that left the course.
    """

    release: CourseRelease
    text: LessonText
    entry: LessonEntry | None
    slug: str
    moved: bool
    plain: bool

    @property
    def href(self) -> str:
        """The lesson's address without query."""
        return f"/kurse/{self.release.manifest.slug}/{self.slug}"

    @property
    def course_href(self) -> str:
        return f"/kurse/{self.release.manifest.slug}"

    @property
    def suffix(self) -> str:
        """What forms and links of this page keep: the variant asked for, where the lesson has it."""
        return PLAIN if self.plain and self.text.plain else ""

    @property
    def easy_href(self) -> str:
        """The address of the lesson in Einfache Sprache."""
        return f"{self.href}{PLAIN}"

    @property
    def print_href(self) -> str:
        """Where the lesson stands on paper."""
        return f"{self.course_href}/druck#{self.text.lesson_id}"

    def to(self, entry: LessonEntry) -> str:
        """The address of another lesson of the course, in the variant asked for where it has that."""
        kept = PLAIN if self.plain and entry.plain else ""
        return f"{self.course_href}/{entry.slug}{kept}"


def course_of(db: Session, kurs: str) -> tuple[CourseRelease, bool]:
    """The course at this address, and whether the address is an earlier one. Raises NotFound."""
    found = shelf.course(db, kurs)
    moved = isinstance(found, shelf.Moved)
    if isinstance(found, shelf.Moved):
        found = shelf.course(db, found.slug)
    if not isinstance(found, CourseRelease):
        raise NotFound
    return found, moved


def place(db: Session, kurs: str, lektion: str) -> Place:
    """The lesson at this address. Raises NotFound."""
    release, moved = course_of(db, kurs)
    text = shelf.lesson(db, release, lektion)
    if isinstance(text, shelf.Moved):
        moved, lektion = True, text.slug
        text = shelf.lesson(db, release, lektion)
    if not isinstance(text, LessonText):
        raise NotFound
    entry = release.manifest.lesson(text.lesson_id)
    plain = request.args.get("fassung") == "einfach"
    return Place(release, text, entry, lektion, moved, plain)


def with_query(path: str) -> str:
    """The path with this request's query."""
    query = urlencode(list(request.args.items(multi=True)))
    return f"{path}?{query}" if query else path


def as_rendered(db: Session, place: Place) -> LessonText:
    """The version that the form of this request was made from. Raises Refused."""
    number = whole_number("version")
    if number == place.text.version_id:
        return place.text
    found = shelf.version(db, place.release, number) if number is not None else None
    if found is None or found.lesson_id != place.text.lesson_id:
        raise Refused(_("Laden Sie die Seite neu. Diese Fassung gibt es nicht."), field="version")
    return found


def whole_number(name: str) -> int | None:
    """The field as a number from 0, None when it is none."""
    value = request.form.get(name, "")
    good = value.isascii() and value.isdigit() and len(value) <= len(str(LARGEST)) and int(value) <= LARGEST
    return int(value) if good else None
