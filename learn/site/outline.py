"""The outline beside a lesson, and which lesson comes next."""

from collections.abc import Mapping
from typing import NamedTuple

from learn.core.i18n import gettext as _
from learn.courses.manifest import LessonEntry, Manifest
from learn.learning.progress import LessonState
from learn.site.place import Place
from learn.site.standing import Standing


class Row(NamedTuple):
    """A lesson, see components/outline.html."""

    href: str
    title: str
    minutes: int
    state: str
    current: bool
    note: str


class Module(NamedTuple):
    """A module with its lessons."""

    number: int
    title: str
    lessons: list[Row]


def modules(place: Place, own: Standing | None) -> list[Module]:
    """The whole course, with the reader's own states where she has begun it."""
    states = own.state.lessons if own else {}
    return [
        Module(number, module.title, [_row(place, entry, states.get(entry.id)) for entry in module.lessons])
        for number, module in enumerate(place.release.manifest.modules, 1)
    ]


def _row(place: Place, entry: LessonEntry, state: LessonState | None) -> Row:
    done = "" if state is None else "done" if state.done else "open"
    current = entry.id == place.text.lesson_id
    return Row(place.to(entry), entry.title, entry.minutes, done, current, mark(state) if state else "")


def mark(state: LessonState) -> str:
    """What has changed about a lesson for her, in two to four words."""
    words = ""
    if state.state == "again":
        words = _("Bitte noch einmal")
    elif state.later:
        words = _("Neu seit Ihrem Abschluss")
    elif state.state == "new":
        words = _("Neu im Kurs")
    elif state.state == "changed":
        words = _("neu gefasst")
    return words


def onward(manifest: Manifest, states: Mapping[str, LessonState], lesson_id: str) -> LessonEntry | None:
    """Where „Abschließen und weiter“ leads: the next open lesson in order, else the first required one.

    None when nothing is left but to end the course. Counts the lesson itself as done.
    """
    entries = list(manifest.lessons())
    here = next((index for index, entry in enumerate(entries) if entry.id == lesson_id), len(entries))
    opened = [entry for entry in entries if entry.id != lesson_id and not states[entry.id].done]
    later = {entry.id for entry in entries[here + 1 :]}
    after = (entry for entry in opened if entry.id in later)
    return next(after, None) or next((entry for entry in opened if entry.required), None)


def neighbours(manifest: Manifest, lesson_id: str) -> tuple[int, int, LessonEntry | None, LessonEntry | None]:
    """Position from 1 (0 for a lesson that left), number of lessons, the one before and the one after."""
    entries = list(manifest.lessons())
    for index, entry in enumerate(entries):
        if entry.id == lesson_id:
            before = entries[index - 1] if index else None
            return index + 1, len(entries), before, next(iter(entries[index + 1 : index + 2]), None)
    return 0, len(entries), None, None
