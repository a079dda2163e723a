"""Preparing what publishing would do: read a folder, compare it with what is published, render the rest.

Nothing is written. Texts whose bytes and targets are those of the current release are not parsed again.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from posixpath import normpath

from sqlalchemy.orm import Session

from learn.courses import pages, parse, published, rendering, shelved
from learn.courses.pages import Places
from learn.courses.plan import CoursePlan, LessonPlan, Plan
from learn.courses.published import Base, Published
from learn.courses.rendering import Progress, Step, Task
from learn.courses.source import Content, CourseSource, Text
from learn.courses.surroundings import Resolver, Shared, answer
from learn.courses.trace import Trace


def prepare(folder: Path, session: Session | None) -> Plan:
    """Read a folder and compare it with what is published; `render` does the rest.

    Findings are in `content.tree.findings`.
    """
    return compared(parse.parse(folder), session)


def compared(content: Content, session: Session | None) -> Plan:
    """The same for what has been read."""
    places = pages.of_folder(content)
    known = published.load(session, content)
    if session is not None:
        shelved.add(places, session, content)
    plans = [_course(course, known) for course in content.courses]
    plans += [_alone(text, known) for text in content.others()]
    plan = Plan(content, places, known, plans)
    _compare(plan)
    for course in plans:
        if session is not None and course.base is not None and not course.unchanged:
            course.former = published.former(session, course.base)
    return plan


def render(plan: Plan, progress: Progress | None = None) -> None:
    """Render what is not as published; slow, and without a database."""
    changed = [course for course in plan.courses if not course.unchanged]
    for course in changed:
        _render_glossary(plan, course)
    waiting = []
    for course in changed:
        course.shared = _shared(course, plan.places)
        waiting.append(_waiting(course))
    step = progress(sum(map(len, waiting))) if progress else None
    for course, texts in zip(changed, waiting, strict=True):
        _render(plan, course, texts, step)


def _compare(plan: Plan) -> None:
    """Find the courses that are as published; they keep everything."""
    for course in plan.courses:
        _terms_as_published(course, plan.places)
    for course in plan.courses:
        course.shared = _shared(course, plan.places)
        course.unchanged = _unchanged(course, plan.places)
        if course.unchanged:
            for lesson in course.lessons:
                lesson.version = lesson.base


def _course(source: CourseSource, known: Published) -> CoursePlan:
    base = known.bases.get(source.id)
    plan = CoursePlan(source.slug, source.text, source, base, Shared({}, {}))
    versions = base.versions if base else {}
    plan.lessons = [LessonPlan(lesson, versions.get(lesson.id)) for lesson in source.lessons()]
    return plan


def _alone(text: Text, known: Published) -> CoursePlan:
    """The network's glossary or a Lernpfad, each a file with releases of its own."""
    return CoursePlan(text.slug, text, None, known.bases.get(text.id), Shared({}, {}))


def _shared(course: CoursePlan, places: Places) -> Shared:
    texts = course.source.texts() if course.source else [course.text]
    folders = {folder for text in texts for folder in text.seen.folders} | {course.slug.split("/")[0]}
    head = course.text.head
    values = [name for name, _ in head.pairs("werte")] if head.sound("werte") else None
    return places.shared(folders, values)


def _terms_as_published(course: CoursePlan, places: Places) -> None:
    """An unchanged glossary has the terms of the current release."""
    text = course.glossary
    if text and course.base and course.base.files.get(course.inner(text)) == text.sha:
        terms = ((term["title"], term["slug"]) for term in course.base.details["terms"])
        page = places.pages[text.path]
        places.pages[text.path] = replace(page, terms=pages.fragments(terms))


def _unchanged(course: CoursePlan, places: Places) -> bool:
    """Whether the release holds these very files, and every target still leads where it led."""
    base = course.base
    if base is None or base.slug != course.slug:
        return False
    texts = list(course.source.texts()) if course.source else [course.text]
    files = {course.inner(text): text.sha for text in texts}
    if "fragen/abschluss.md" not in files and "fragen/abschluss.md" in base.files:
        files["fragen/abschluss.md"] = base.files["fragen/abschluss.md"]
    if files != base.files or not _same_pictures(course, base, places):
        return False
    others = ((text.path, base.trace(course.inner(text))) for text in course.others())
    lessons = ((path, trace) for lesson in course.lessons for path, trace in _kept_traces(lesson))
    same = all(_leads_as_before(path, trace, course.shared) for path, trace in (*others, *lessons))
    image = pages.card_picture(course.text, course.shared)
    return same and (image.src if image else "") == (base.sheet.get("image") or {}).get("src", "")


def _same_pictures(course: CoursePlan, base: Base, places: Places) -> bool:
    """Whether the folder holds the pictures of the release; others show when targets are compared."""
    inside = {normpath(course.folder + path): sha for path, sha in base.pictures.items()}
    return all(path not in places.stored or places.stored[path][0] == sha for path, sha in inside.items())


def _kept_traces(lesson: LessonPlan) -> Iterator[tuple[str, Trace]]:
    if lesson.base is None:
        return
    yield lesson.source.text.path, lesson.base.trace
    if lesson.source.plain and lesson.base.plain_trace:
        yield lesson.source.plain.path, lesson.base.plain_trace


def _leads_as_before(path: str, trace: Trace, shared: Shared) -> bool:
    resolver = Resolver(path, shared)
    return all(answer(resolver, target) == led for target, _line, led in trace.targets)


def _reusable(course: CoursePlan, lesson: LessonPlan) -> bool:
    """Whether a lesson of a changed course is itself as published."""
    base, version = course.base, lesson.base
    if base is None or version is None or version.trace.hidden:
        return False
    values = sorted(name for name, _ in course.text.head.pairs("werte"))
    if values != sorted(name for name, _ in base.sheet["values"]):
        return False
    plain = lesson.source.plain.sha if lesson.source.plain else None
    if (version.source, version.plain_source) != (lesson.source.text.sha, plain):
        return False
    return all(_leads_as_before(path, trace, course.shared) for path, trace in _kept_traces(lesson))


def _render_glossary(plan: Plan, course: CoursePlan) -> None:
    text = course.glossary
    if text is None or not text.head.known:
        return
    drawn = rendering.draw(_task(plan.content, text), course.shared)
    course.texts[text.path] = drawn
    plan.places.pages[text.path] = pages.with_terms(plan.places.pages[text.path], drawn.terms)


def _waiting(course: CoursePlan) -> list[Text]:
    """The texts to render; lessons that are as published keep their version."""
    for lesson in course.lessons:
        if _reusable(course, lesson):
            lesson.version = lesson.base
    fresh = [lesson for lesson in course.lessons if lesson.version is None]
    texts = [text for text in course.others() if text.path not in course.texts]
    texts += [lesson.source.text for lesson in fresh]
    texts += [lesson.source.plain for lesson in fresh if lesson.source.plain]
    return [text for text in texts if text.head.known]


def _render(plan: Plan, course: CoursePlan, texts: list[Text], step: Step | None) -> None:
    tasks = (_task(plan.content, text) for text in texts)
    found = {drawn.path: drawn for drawn in rendering.render(tasks, len(texts), course.shared, step)}
    for lesson in (lesson for lesson in course.lessons if lesson.version is None):
        lesson.drawn = found.pop(lesson.source.text.path, None)
        lesson.plain = found.pop(lesson.source.plain.path, None) if lesson.source.plain else None
    course.texts.update(found)


def _task(content: Content, text: Text) -> Task:
    return Task(
        path=text.path,
        body=parse.body(content.tree, text),
        kind=text.kind,
        first_line=text.body_line,
        title=text.head.text("titel"),
        formulas=text.head.flag("formeln"),
    )
