"""The lesson page: everything its template shows, made ready here."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask.typing import ResponseReturnValue

from learn.core.access import actor
from learn.core.db import session
from learn.core.i18n import day
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.courses import queries as shelf
from learn.courses.library import LessonText
from learn.courses.manifest import LessonEntry
from learn.learning import queries
from learn.learning.progress import LessonState
from learn.markup.model import Exercise, Html, Part, Plan, Quiz
from learn.site import asked, local, notepad, outline, standing
from learn.site.course import LICENSES
from learn.site.notepad import Draft
from learn.site.place import Place
from learn.site.planning import PlanSheet, sheet_of
from learn.site.questions import Checked, quiz_sheet
from learn.site.standing import Standing
from learn.workshop.towns import Local


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a form was refused: a headline, and a sentence at the element with this id."""

    title: str
    anchor: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What a refused or checked form brings back onto the page."""

    text: LessonText | None = None  # the version the form was made from
    checked: Mapping[str, Checked] = field(default_factory=dict)
    plans: Mapping[str, PlanSheet] = field(default_factory=dict)
    fault: Fault | None = None
    draft: Draft | None = None  # of a note


@dataclass(frozen=True, slots=True)
class Panel:
    """The end of a lesson, see components/finish.html. `kind`: join, open, done, gone."""

    kind: str
    edition: int = 1
    pass_: int = 0
    done_on: object = None
    anew: bool = False
    next: LessonEntry | None = None
    next_href: str = ""
    next_title: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """An exercise with the reader's tick."""

    part: Exercise
    pass_: int
    done_on: object
    request_id: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Through whose eyes somebody else looks at a lesson that is not published yet: nobody's who exists."""

    template: str
    own: Standing | None = None
    local: Local = local.NOTHING
    values: Mapping[str, object] = field(default_factory=dict)


NOTHING = Sent()


def show(
    place: Place, status: int = 200, sent: Sent = NOTHING, seen: Seen | None = None
) -> ResponseReturnValue:
    """The page of a lesson, for everyone; with her own state for someone who has begun the course."""
    own = seen.own if seen else standing.in_course(session(), actor(), place.release)
    text = sent.text or place.text
    shown = text.plain if place.plain and text.plain else text
    position, total, before, _after = outline.neighbours(place.release.manifest, text.lesson_id)
    state = own.state.lessons.get(text.lesson_id) if own else None
    mine = seen.local if seen else local.at_lesson(place.release, text)
    adapting = "" if seen else local.adapting_href(mine, place.release.manifest.slug, place.slug)
    pad = None if seen else notepad.of_lesson(text, shown, sent.draft)
    answer = page(
        seen.template if seen else "site/lesson.html",
        status,
        place=place,
        own=own,
        text=shown,
        edition=text.edition,
        version=text.version_id,
        easy=shown is not text,
        easy_href=place.easy_href if text.plain else "",
        remarks=remarks(place, text, state),
        module=module_of(place),
        position=position,
        total=total,
        modules=outline.modules(place, own),
        advice=advice(place, text),
        parts=[drawn(part, place, text, own, sent) for part in parts(text, shown)],
        checked=sent.checked,
        panel=panel(place, text, own, state),
        before=before and (place.to(before), before.title),
        credits=credits_of(shown),
        fault=sent.fault,
        asked=None if seen else asked.of_lesson(text),
        short_form=asked.short_form(text),
        request_id=secrets.token_hex(8),
        adapting=adapting,
        pad=pad,
        **(seen.values if seen else {}),
    )
    boxes = [*local.lesson_boxes(mine, shown, adapting), *(pad.boxes if pad else ())]
    return local.delivered(answer, mine, boxes)


def parts(text: LessonText, shown: LessonText) -> tuple[Part, ...]:
    """Einfache Sprache has words of its own; questions, exercises and Fahrplan are the standard version's."""
    if shown is text:
        return text.parts
    return (*shown.parts, *(part for part in text.parts if not isinstance(part, Html)))


def drawn(part: Part, place: Place, text: LessonText, own: Standing | None, sent: Sent) -> tuple[str, object]:
    """A part with its kind, as the template tells them apart."""
    if isinstance(part, Quiz):
        return "quiz", quiz_sheet(part, text.version_id, slug_of(part, place, text))
    if isinstance(part, Exercise):
        return "exercise", task(part, text, own)
    if isinstance(part, Plan):
        saved = sent.plans.get(part.id)
        if saved is None:
            saved = sheet_of(part, queries.plans(session(), actor(), text.lesson_id).get(part.id))
        return "plan", (part, saved)
    return "html", part.html


def slug_of(part: Quiz, place: Place, text: LessonText) -> str:
    """The anchor of a section's heading; none of its own where the plain text has taken it."""
    taken = place.plain and text.plain and any(each.slug == part.slug for each in text.plain.headings)
    return "" if taken else part.slug


def task(part: Exercise, text: LessonText, own: Standing | None) -> Task:
    name = f"{text.lesson_id}/{part.id}"
    passes = own.state.passes.get(name, 0) if own else 0
    return Task(part, passes, own.state.ticks.get(name) if own else None, secrets.token_hex(8))


def panel(place: Place, text: LessonText, own: Standing | None, state: LessonState | None) -> Panel:
    """What the reader can do at the end."""
    if place.entry is None:
        return Panel("gone")
    if own is None or state is None:
        return Panel("join")
    manifest = place.release.manifest
    following = outline.onward(manifest, own.state.lessons, text.lesson_id)
    test = _("Abschlusstest") if manifest.test and not own.state.test else ""
    return Panel(
        kind="done" if state.done else "open",
        edition=text.edition,
        pass_=state.pass_,
        done_on=state.day,
        anew=state.state == "changed",
        next=following,
        next_href=place.to(following) if following else f"{place.course_href}/abschluss",
        next_title=following.title if following else test,
    )


def remarks(place: Place, text: LessonText, state: LessonState | None) -> list[str]:
    """Sentences above the text: the variant, what has changed for her, that the lesson has left."""
    found = []
    if place.entry is None:
        found.append(_("Diese Lektion gehört nicht mehr zum Kurs. Sie bleibt lesbar."))
    if place.plain and text.plain is None:
        found.append(
            _("Diese Lektion gibt es noch nicht in Einfacher Sprache. Sie lesen die Standardfassung.")
        )
    elif place.plain and text.plain and text.plain.edition < text.edition:
        found.append(_("Diese Fassung beruht auf Ausgabe %(edition)s.", edition=text.plain.edition))
    if state is not None:
        found.extend(changes(text, state))
    return found


def changes(text: LessonText, state: LessonState) -> list[str]:
    """What she should know since she worked on it."""
    if state.state == "changed":
        words = _(
            "Geändert seit Ihrer Bearbeitung, neu gefasst in Ausgabe %(edition)s.", edition=text.edition
        )
        return [" ".join(filter(None, (words, text.change, _("Ihr Abschluss bleibt."))))]
    if state.state == "again":
        words = _("Bitte noch einmal: Die Lektion ist neu gefasst.")
        before = _("Zuletzt abgeschlossen am %(day)s.", day=day(state.day)) if state.day else ""
        return [" ".join(filter(None, (words, text.change, before)))]
    if state.later:
        return [_("Neu seit Ihrem Abschluss. Ihr Abschluss bleibt.")]
    return [_("Neu im Kurs, seit Sie ihn begonnen haben.")] if state.state == "new" else []


def module_of(place: Place) -> tuple[int, str] | None:
    """Number and title of the lesson's module."""
    for number, module in enumerate(place.release.manifest.modules, 1):
        if place.entry in module.lessons:
            return number, module.title
    return None


def advice(place: Place, text: LessonText) -> list[tuple[str, str]]:
    """„Empfohlen vorher“: lessons of this course, and other courses, as far as they are published."""
    manifest = place.release.manifest
    lessons = [entry for entry in map(manifest.lesson, text.prerequisites) if entry]
    wanted = [key for key in text.prerequisites if key.startswith("kur_")]
    courses = shelf.current_by_id(session(), wanted) if wanted else {}
    trees = [courses[key].manifest for key in wanted if key in courses]
    return [
        *((place.to(entry), entry.title) for entry in lessons),
        *((f"/kurse/{tree.slug}", tree.title) for tree in trees),
    ]


def credits_of(text: LessonText) -> list[tuple[str, str]]:
    """Who wrote it, under which licence, after which source."""
    return [
        (_("Von"), ", ".join(text.authors)),
        (_("Lizenz"), LICENSES.get(text.license, "")),
        (_("Quelle"), text.source),
    ]
