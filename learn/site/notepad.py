"""Notes and bookmarks on the page of their lesson: the form below it, and notes at their headings."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask import current_app
from markupsafe import Markup

from learn.core.access import actor
from learn.core.db import session
from learn.core.i18n import gettext as _
from learn.courses.library import LessonText
from learn.learning import beside, spots
from learn.learning.beside import Bookmarked, Noted
from learn.markup.model import Heading
from learn.site.local import Box


@dataclass(frozen=True, slots=True)
class Draft:
    """A note as it was sent and refused."""

    body: str = ""
    heading: str = ""
    key: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)  # by field: heading, body


@dataclass(frozen=True, slots=True)
class Place:
    """A place of this lesson that she keeps; `href` is empty where its heading is gone."""

    slug: str
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Written:
    """A note of hers that stands at the lesson; `lost`: words of its heading, which is gone."""

    id: int
    body: str
    day: date
    lost: str


@dataclass(frozen=True, slots=True)
class Notepad:
    """What is hers below a lesson. `kept`: the lesson is bookmarked; `places`: its headings that are.

    `options`: where a new note may stand; `boxes`: notes to be put in at their headings. `more`: there are
    older notes, which only her list shows.
    """

    kept: bool
    places: Sequence[Place]
    notes: Sequence[Written]
    options: Sequence[tuple[str, str]]
    boxes: Sequence[Box]
    draft: Draft
    key: str
    unclear: bool
    more: bool

    @property
    def number(self) -> int:
        """How many notes she has at this lesson."""
        return len(self.notes) + len(self.boxes)


def of_lesson(text: LessonText, shown: LessonText, draft: Draft | None) -> Notepad:
    """The actor's own beside a lesson: one statement, none for visitors."""
    mine = beside.beside(session(), actor(), text.lesson_id, text.edition)
    standing = [(note, spots.heading(shown.headings, note.slug, note.heading)) for note in mine.notes]
    return Notepad(
        kept=any(not each.slug for each in mine.bookmarks),
        places=[place(each, shown.headings) for each in mine.bookmarks if each.slug],
        notes=[Written(note.id, note.body, note.day, note.heading) for note, at in standing if at is None],
        options=[("", _("Die ganze Lektion")), *((each.slug, each.text) for each in shown.headings)],
        boxes=[Box(f"s-{at.slug}", drawn(note)) for note, at in standing if at is not None],
        draft=draft or Draft(),
        key=secrets.token_hex(8),
        unclear=mine.unclear,
        more=mine.more,
    )


def place(kept: Bookmarked, headings: Sequence[Heading]) -> Place:
    """A bookmark at its heading as it is called today."""
    heading = spots.heading(headings, kept.slug, kept.heading)
    if heading is None:
        return Place(kept.slug, kept.heading, "")
    return Place(kept.slug, heading.text, f"#s-{heading.slug}")


def drawn(note: Noted) -> Markup:
    """Fill components/own_note.html."""
    component = current_app.jinja_env.get_template("components/own_note.html").module
    found: Markup = component.own_note(note.id, note.body, note.day)  # type: ignore[attr-defined]
    return found
