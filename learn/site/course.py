"""The course page: what it brings, the one button, its content with the reader's own state."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import redirect
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from learn.core.access import actor, visitor
from learn.core.db import session
from learn.core.i18n import day, month
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.courses import queries as shelf
from learn.courses.final import final_test
from learn.courses.library import CourseRelease
from learn.courses.manifest import LessonEntry, ModuleEntry
from learn.learning.progress import LessonState
from learn.network import queries as network
from learn.network.topics import topic_name
from learn.site import asked, local, metadata, standing
from learn.site.blueprint import pages
from learn.site.place import course_of, with_query
from learn.site.resume import Resume
from learn.site.standing import Standing

CONTENT = '<div class="sc-two__main sc-course-main">'
LICENSES = {"CC0-1.0": "CC0 1.0", "CC-BY-4.0": "CC BY 4.0", "CC-BY-SA-4.0": "CC BY-SA 4.0"}


@dataclass(frozen=True, slots=True)
class Row:
    """A lesson in the list, see components/task_list.html."""

    href: str
    title: str
    minutes: int
    state: str
    word: str
    note: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Module:
    """A module in the list."""

    number: int
    title: str
    outcome: str
    html: Markup
    minutes: int
    lessons: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class TestRow:
    """The Abschlusstest as the last row, with its pass mark."""

    title: str
    text: str
    state: str
    word: str


@dataclass(frozen=True, slots=True)
class Finished:
    """Nothing required is open: the completion, if she has one, and what has changed since."""

    title: str
    href: str
    note: str
    completed: bool


@pages.get("/kurse/<slug:kurs>", access=visitor)
def course(kurs: str) -> ResponseReturnValue:
    """Show a course; an earlier address leads to today's."""
    release, moved = course_of(session(), kurs)
    return redirect(with_query(f"/kurse/{release.manifest.slug}"), 301) if moved else show(release)


def show(release: CourseRelease) -> ResponseReturnValue:
    """The page, with the reader's own state."""
    own = standing.in_course(session(), actor(), release)
    mine, paths = local.in_course(release), metadata.paths_with(release.course_id)
    answer = page(
        "site/course.html",
        course=sheet(release),
        crumbs=crumbs(release),
        modules=[module(release, entry, number, own) for number, entry in numbered(release)],
        resume=Resume.of(own) if own and own.following else None,
        finished=finished(own) if own and not own.following else None,
        test=test_row(release, own),
        before=before(release),
        paths=paths,
        facts_shown=facts(release),
        asked=asked.of_course(release.course_id),
        adapting=local.adapting_href(mine, release.manifest.slug),
        metadata=metadata.described(release, paths),
    )
    return local.delivered(answer, mine, local.course_boxes(mine, release), CONTENT)


def sheet(release: CourseRelease) -> dict[str, object]:
    """What the page says of the course as a whole."""
    tree, text = release.manifest, release.sheet
    return {
        "href": f"/kurse/{tree.slug}",
        "title": tree.title,
        "outcome": text.outcome,
        "minutes": text.minutes,
        "lessons": sum(1 for _lesson in tree.lessons()),
        "town": text.municipality,
        "town_href": town_href(text.municipality),
        "easy": text.plain_count > 0,
        "goals": text.goals,
        "html": text.html,
        "audience": text.audience,
        "authors": text.authors,
    }


def town_href(name: str) -> str:
    """The page of a member town of this name; empty where there is none."""
    town = network.town_named(session(), name) if name else None
    return f"/kommunen/{town.ags}" if town else ""


def crumbs(release: CourseRelease) -> list[tuple[str, str]]:
    """Levels above: all courses, and those of the first topic."""
    topic = release.sheet.topics[0] if release.sheet.topics else ""
    above = [("/kurse", _("Kurse"))]
    return [*above, (f"/kurse?{urlencode({'thema': topic})}", topic_name(topic))] if topic else above


def numbered(release: CourseRelease) -> list[tuple[int, ModuleEntry]]:
    return list(enumerate(release.manifest.modules, 1))


def module(release: CourseRelease, entry: ModuleEntry, number: int, own: Standing | None) -> Module:
    """One module with its lessons as rows."""
    return Module(
        number=number,
        title=entry.title,
        outcome=entry.outcome,
        html=Markup(entry.html),  # noqa: S704 - sanitised when it was published
        minutes=sum(lesson.minutes for lesson in entry.lessons),
        lessons=tuple(row(release, lesson, own) for lesson in entry.lessons),
    )


def row(release: CourseRelease, lesson: LessonEntry, own: Standing | None) -> Row:
    """One lesson; its state only for someone who has begun."""
    state, word, note = "", "", ""
    if own:
        found = own.state.lessons[lesson.id]
        state = "done" if found.done else "next" if own.state.following == lesson.id else "open"
        word, note = marked(release, found)
        word = "" if state == "next" else word
    return Row(
        href=f"/kurse/{release.manifest.slug}/{lesson.slug}",
        title=lesson.title,
        minutes=lesson.minutes,
        state=state,
        word=word,
        note=note,
        optional=not lesson.required,
    )


def marked(release: CourseRelease, found: LessonState) -> tuple[str, str]:
    """The state's words where they are special, and a line that explains them."""
    if found.state == "changed":
        since = day(release.published_on)
        return "", _("Seit dem %(day)s neu gefasst. Ihr Abschluss bleibt.", day=since)
    if found.state == "again":
        before_day = day(found.day) if found.day else ""
        return _("Bitte noch einmal"), _("Zuletzt abgeschlossen am %(day)s.", day=before_day)
    if found.later:
        return _("Neu seit Ihrem Abschluss"), ""
    return (_("Neu im Kurs"), "") if found.state == "new" else ("", "")


def finished(own: Standing) -> Finished:
    """The card of someone for whom nothing required is open."""
    completion = own.enrolled.completion
    href = f"/kurse/{own.release.manifest.slug}/abschluss"
    if completion is None:
        return Finished(_("Alle Lektionen abgeschlossen"), href, "", completed=False)
    changed = sum(1 for each in own.state.lessons.values() if each.state == "changed" or each.later)
    note = _("Seitdem hat sich etwas geändert. Ihr Abschluss bleibt.") if changed else ""
    title = _("Abgeschlossen am %(day)s", day=day(completion.day))
    return Finished(title, href, note, completed=True)


def test_row(release: CourseRelease, own: Standing | None) -> TestRow | None:
    """The Abschlusstest, if the course names one."""
    test = final_test(session(), release.id) if release.manifest.test else None
    if test is None:
        return None
    state, word = "", ""
    if own:
        ready = own.state.lessons_done
        state = "done" if own.state.test else "next" if ready else "open"
        word = _("bestanden") if own.state.test else ""
    marks = {"needed": test.needed, "drawn": test.drawn}
    text = _("Bestanden mit %(needed)s von %(drawn)s richtigen Antworten.", **marks)
    return TestRow(test.title, text, state, word)


def before(release: CourseRelease) -> list[tuple[str, str]]:
    """Courses recommended before this one, as far as they are published."""
    wanted = [key for key in release.sheet.prerequisites if key.startswith("kur_")]
    found = shelf.current_by_id(session(), wanted) if wanted else {}
    trees = [found[key].manifest for key in wanted if key in found]
    return [(f"/kurse/{tree.slug}", tree.title) for tree in trees]


def facts(release: CourseRelease) -> list[tuple[str, str]]:
    """Edition, dates and licence."""
    text = release.sheet
    return [
        (_("Ausgabe"), f"{release.manifest.edition}, {day(release.published_on)}"),
        (_("Geprüft"), month(text.reviewed) if text.reviewed else ""),
        (_("Lizenz"), LICENSES.get(text.license, _("geschützt"))),
        (_("Quelle"), text.source),
    ]
