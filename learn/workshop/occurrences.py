"""Where a course asks for local values: each place with the words around it, in the order of the course."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import unescape

from learn.courses.library import CourseRelease, LessonText
from learn.markup.model import Exercise, Html, Part, Plan, PlanTable, PlanText, Question, Quiz
from learn.workshop.inserting import MARK, places

AROUND = 90  # characters on each side
_BLOCK = re.compile(
    r"</?(?:p|li|t[dhr]|h[2-6]|d[dt]|div|summary|details|figcaption|caption|ol|ul|table)\b[^>]*>"
)
_HEADING = re.compile(r'<h[2-6]\b[^<>]*\bid="s-([^"]*)"[^<>]*>(.*?)</h[2-6]>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place of a value: `words` is what the course says there, between `before` and `after`.

    `title` of the lesson (empty: the course page), `section` its heading, `href` leads there.
    """

    name: str
    title: str
    section: str
    href: str
    before: str
    words: str
    after: str
    plain: bool = False


def occurrences(release: CourseRelease, texts: Iterable[LessonText]) -> list[Occurrence]:
    """All places of a course, of its own page first."""
    course = f"/kurse/{release.manifest.slug}"
    htmls = [release.sheet.html, *(module.html for module in release.manifest.modules)]
    found = [each for html in htmls for each in _in_html(html, Occurrence("", "", "", course, "", "", ""))]
    slugs = {entry.id: entry.slug for entry in release.manifest.lessons()}
    for text in texts:
        here = Occurrence("", text.title, "", f"{course}/{slugs[text.lesson_id]}", "", "", "")
        found += _in_parts(text.parts, here)
        if text.plain:
            plain = replace(here, href=f"{here.href}?fassung=einfach", plain=True)
            found += _in_parts(text.plain.parts, plain)
    return found


def _in_parts(parts: Iterable[Part], here: Occurrence) -> Iterator[Occurrence]:
    base = here.href
    for part in parts:
        if isinstance(part, Html):
            yield from _in_html(part.html, here)
            for slug, words in _HEADING.findall(part.html)[-1:]:
                here = _at(here, base, slug, words)
            continue
        for html in _texts(part):
            yield from _in_html(html, replace(here, section=part.heading, href=f"{base}#s-{part.slug}"))


def _texts(part: Part) -> Iterator[str]:
    """The HTML of a self-check, exercise or Fahrplan."""
    if isinstance(part, Exercise):
        yield part.html
    elif isinstance(part, Plan):
        yield from _of_plan(part)
    elif isinstance(part, Quiz):
        for question in part.questions:
            yield from _of_question(question)


def _of_plan(plan: Plan) -> Iterator[str]:
    for piece in plan.parts:
        if isinstance(piece, PlanText):
            yield piece.html
        elif isinstance(piece, PlanTable):
            yield from (cell.html for row in piece.rows for cell in row)


def _of_question(question: Question) -> Iterator[str]:
    yield from (question.html, question.hint, *question.items)
    yield from (left for left, _right in question.pairs)
    for option in question.options:
        yield from (option.html, option.feedback)
    yield question.explanation


def _in_html(html: str, here: Occurrence) -> Iterator[Occurrence]:
    if MARK not in html:
        return
    base = here.href.partition("#")[0]
    headings = list(_HEADING.finditer(html))
    blocks = [0, *(tag.end() for tag in _BLOCK.finditer(html)), len(html)]
    for start, end, name in places(html):
        above = [each for each in headings if each.start() < start]
        spot = _at(here, base, above[-1][1], above[-1][2]) if above else here
        first = max(place for place in blocks if place <= start)
        last = min(place for place in blocks if place >= end)
        yield replace(
            spot,
            name=name,
            before=_shortened(_words(html[first:start]), end=True),
            words=_words(html[start:end]).strip(),
            after=_shortened(_words(html[end:last]), end=False),
        )


def _at(here: Occurrence, base: str, slug: str, heading: str) -> Occurrence:
    return replace(here, section=_words(heading).strip(), href=f"{base}#s-{unescape(slug)}")


def _words(html: str) -> str:
    return " ".join(f"|{unescape(_TAG.sub('', html))}|".split()).strip("|")


def _shortened(text: str, *, end: bool) -> str:
    if len(text) <= AROUND:
        return text
    return f"…{text[-AROUND:].partition(' ')[2]}" if end else f"{text[:AROUND].rpartition(' ')[0]} …"
