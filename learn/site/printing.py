"""The whole course on one page for print; a fragment such as `#les_4m8t2k6p` leads to one lesson."""

from dataclasses import dataclass

from flask import redirect
from flask.typing import ResponseReturnValue

from learn.core.access import visitor
from learn.core.db import session
from learn.core.web import page
from learn.courses import queries as shelf
from learn.courses import ready
from learn.courses.library import CourseRelease, LessonText, cached
from learn.markup.model import Exercise, Part, Plan, Quiz
from learn.markup.store import prefixed
from learn.site import local
from learn.site.blueprint import pages
from learn.site.place import course_of, with_query
from learn.site.questions import quiz_sheet

PAPER = '<div class="sc-paper">'
SHARE = 4  # a printed lesson weighs about this many times its HTML


@dataclass(frozen=True, slots=True)
class Sheet:
    """A lesson for print. `parts`: kind and part, all ids behind the lesson's."""

    text: LessonText
    parts: tuple[tuple[str, object], ...]


@pages.get("/kurse/<slug:kurs>/druck", access=visitor)
def printed(kurs: str) -> ResponseReturnValue:
    """Show all lessons below each other, without anything to press."""
    release, moved = course_of(session(), kurs)
    if moved:
        return redirect(with_query(f"/kurse/{release.manifest.slug}/druck"), 301)
    texts = {text.lesson_id: text for text in shelf.lessons(session(), release)}
    modules = [
        (number, module, [sheet(release, texts[entry.id]) for entry in module.lessons if entry.id in texts])
        for number, module in enumerate(release.manifest.modules, 1)
    ]
    answer = page("site/print.html", release=release, modules=modules)
    mine = local.in_course(release)
    boxes = [
        box for text in texts.values() for box in local.lesson_boxes(mine, text, prefix=f"{text.lesson_id}-")
    ]
    return local.delivered(answer, mine, boxes, PAPER)


def sheet(release: CourseRelease, text: LessonText) -> Sheet:
    """A lesson whose ids cannot meet those of others; made once per release and process."""

    def make() -> tuple[Sheet, int]:
        found = made(text)
        return found, sum(len(str(part)) for part in found.parts) * SHARE

    return cached(("print", release.id, text.version_id), make)


def made(text: LessonText) -> Sheet:
    """The same, made now."""
    parts = ready.ready(prefixed(text.parts, text.lesson_id, text.title))
    return Sheet(text, tuple(drawn(part, text) for part in parts))


def drawn(part: Part, text: LessonText) -> tuple[str, object]:
    """A part with its kind, as the template tells them apart."""
    if isinstance(part, Quiz):
        return "quiz", quiz_sheet(part, text.version_id, part.slug)
    kinds = {Exercise: "exercise", Plan: "plan"}
    kind = kinds.get(type(part), "html")
    return kind, part
