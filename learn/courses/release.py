"""A release to be: manifest, sheet and details as they are stored, from a plan whose versions have ids."""

from collections.abc import Iterator
from typing import Any

from learn import markup
from learn.courses import pages
from learn.courses.manifest import LessonEntry, Manifest, ModuleEntry
from learn.courses.origin import WORKSHOP
from learn.courses.parse import TEST
from learn.courses.plan import CoursePlan, LessonPlan
from learn.courses.rendering import Drawn
from learn.courses.source import NETWORK, PATH, CourseSource, ModuleSource, Text
from learn.courses.trace import Trace, digest
from learn.markup import store

EXERCISE = "aufgabe:"
GLOSSARY = "/vokabelheft/"


def manifest(course: CoursePlan, versions: dict[str, int]) -> Manifest:
    """The ordered tree; `versions` are ids of lesson versions by lesson id, 0 where there is none yet."""
    head = course.text.head
    plans = {lesson.source.text.path: lesson for lesson in course.lessons}
    modules = [_module(course, module, plans, versions) for module in _modules(course.source)]
    found = Manifest(
        course_id=course.id,
        slug=course.slug,
        title=head.text("titel"),
        edition=head.number("ausgabe"),
        modules=tuple(modules),
        test="test" in head.items("abschluss"),
    )
    return Manifest(**{**_fields(found), "retired": tuple(_retired(found, course))})


def sheet(course: CoursePlan, tree: Manifest) -> dict[str, Any]:
    """What the course page shows, as `library.sheet_of` reads it."""
    head = course.text.head
    picture = pages.card_picture(course.text, course.shared)
    path = {"courses": head.items("kurse")} if course.text.kind == PATH else {}
    return path | {
        "outcome": head.text("ergebnis"),
        "html": "" if course.text.kind == NETWORK else html_of(course.texts[course.text.path]),
        "goals": head.items("ziele"),
        "topics": list(dict.fromkeys(head.items("thema"))),
        "audience": head.text("zielgruppe"),
        "municipality": head.text("kommune"),
        "source": head.text("quelle"),
        "authors": head.items("autoren"),
        "license": head.text("lizenz"),
        "reviewed": head.text("geprueft"),
        "language": head.text("sprache"),
        "image": {"src": picture.src, "width": picture.width, "height": picture.height} if picture else None,
        "prerequisites": head.items("voraussetzung"),
        "values": [list(pair) for pair in head.pairs("werte")],
        "minutes": sum(entry.minutes for entry in tree.lessons() if entry.required),
        "plain_count": sum(entry.plain for entry in tree.lessons()),
    }


def details(course: CoursePlan, came_from: str) -> dict[str, Any]:
    """What only publishing and the Abschlusstest read; `came_from` is the release's origin."""
    terms = course.texts[course.glossary.path].terms if course.glossary else ()
    texts = {course.inner(text): course.trace(text).as_json() for text in course.others()}
    if course.base and TEST in course.base.files and TEST not in texts:
        texts[TEST] = course.base.details["texts"][TEST]
    return {
        "paths": paths(course),
        "texts": texts,
        "terms": store.dump_terms(terms),
        "uses": uses(course),
        "test": _test(course),
        "workshop": _workshop(course, came_from),
    }


def uses(course: CoursePlan) -> list[list[str]]:
    """Glossary terms and the lessons that link them."""
    found: set[tuple[str, str]] = set()
    for lesson in course.lessons:
        for trace in filter(None, (lesson.trace, lesson.plain_trace)):
            terms = (href.removeprefix(GLOSSARY) for href in trace.hrefs if href.startswith(GLOSSARY))
            found.update((term, lesson.source.id) for term in terms)
    return [list(pair) for pair in sorted(found)]


def paths(course: CoursePlan) -> dict[str, str]:
    """Files below the course folder by id."""
    texts = course.source.texts() if course.source else [course.text]
    return {text.id: course.inner(text) for text in texts if text.id}


def version(course: CoursePlan, lesson: LessonPlan) -> dict[str, Any]:
    """Columns of the LessonVersion row of a lesson that was rendered."""
    text, plain = lesson.source.text, lesson.source.plain
    drawn = lesson.drawn
    assert drawn is not None
    plain_trace = lesson.plain_trace
    return {
        "course_id": course.id,
        "lesson_id": text.id,
        "source_hash": _source_hash(lesson),
        "content_hash": lesson.content_hash,
        "edition": text.head.number("ausgabe"),
        "parser": markup.RENDERER,
        "renderer": markup.RENDERER,
        "source": text.sha,
        "plain_source": plain.sha if plain else None,
        "sheet": lesson_sheet(text),
        "parts": drawn.parts,
        "headings": drawn.headings,
        "plain": plain_sheet(plain, lesson.plain) if plain and lesson.plain else None,
        "trace": {
            "text": drawn.trace.as_json(),
            "plain": plain_trace.as_json() if plain_trace else None,
        },
    }


def lesson_sheet(text: Text) -> dict[str, Any]:
    """Front matter that the lesson page shows, the lesson's own only."""
    head = text.head
    return {
        "title": head.text("titel"),
        "minutes": head.number("dauer"),
        "change": head.text("aenderung"),
        "goals": head.items("ziele"),
        "reviewed": head.text("geprueft"),
        "municipality": head.text("kommune"),
        "authors": head.items("autoren"),
        "source": head.text("quelle"),
        "license": head.text("lizenz"),
        "prerequisites": head.items("voraussetzung"),
    }


def plain_sheet(text: Text, drawn: Drawn) -> dict[str, Any]:
    """The plain variant as it is stored."""
    return {
        "title": text.head.text("titel"),
        "edition": text.head.number("zu_ausgabe"),
        "reviewed": text.head.text("geprueft"),
        "parts": drawn.parts,
        "headings": drawn.headings,
    }


def html_of(drawn: Drawn) -> str:
    """The HTML of a text without quizzes and the like."""
    return "\n".join(part["html"] for part in drawn.parts if part["type"] == "html")


def _fields(tree: Manifest) -> dict[str, Any]:
    return {name: getattr(tree, name) for name in Manifest.__slots__}


def _modules(source: CourseSource | None) -> tuple[ModuleSource, ...]:
    return source.modules if source else ()


def _module(
    course: CoursePlan, module: ModuleSource, plans: dict[str, LessonPlan], versions: dict[str, int]
) -> ModuleEntry:
    text = module.text
    assert text is not None
    return ModuleEntry(
        id=text.id,
        slug=module.slug,
        title=text.head.text("titel"),
        outcome=text.head.text("ergebnis"),
        html=html_of(course.texts[text.path]),
        lessons=tuple(_lesson(course, plans[lesson.text.path], versions) for lesson in module.lessons),
    )


def _lesson(course: CoursePlan, lesson: LessonPlan, versions: dict[str, int]) -> LessonEntry:
    source, head = lesson.source, lesson.source.text.head
    past = course.former.get(source.id)
    replaces = dict.fromkeys((*(past.replaces if past else ()), *head.items("ersetzt")))
    return LessonEntry(
        id=source.id,
        slug=source.slug,
        title=head.text("titel"),
        edition=head.number("ausgabe"),
        redo_from=head.number("erneut_ab"),
        minutes=head.number("dauer"),
        required=head.flag("pflicht"),
        replaces=tuple(replaces),
        version=versions.get(source.id, 0),
        plain=source.plain is not None,
        conditions=tuple(
            item.removeprefix(EXERCISE) for item in head.items("abschluss") if item.startswith(EXERCISE)
        ),
    )


def _retired(tree: Manifest, course: CoursePlan) -> Iterator[LessonEntry]:
    """Last values of lessons that are gone but named in an `ersetzt`, found recursively."""
    seen = {entry.id for entry in tree.lessons()}
    waiting = [identity for entry in tree.lessons() for identity in entry.replaces]
    while waiting:
        identity = waiting.pop(0)
        entry = course.former.get(identity)
        if entry and identity not in seen:
            yield entry
            waiting += entry.replaces
        seen.add(identity)


def _test(course: CoursePlan) -> dict[str, Any] | None:
    """The Abschlusstest; a folder without its file keeps the published one."""
    text = course.source.test if course.source else None
    if text is None:
        kept: dict[str, Any] | None = course.base.details["test"] if course.base else None
        return kept
    head = text.head
    return {
        "id": text.id,
        "title": head.text("titel"),
        "edition": head.number("ausgabe"),
        "pass": head.number("bestehen"),
        "draw": head.number("ziehen"),
        "parts": course.texts[text.path].parts,
    }


def _workshop(course: CoursePlan, came_from: str) -> list[str]:
    """Hashes of the texts that come from the Werkstatt: those of the base that stay, and its new ones."""
    texts = course.source.texts() if course.source else [course.text]
    shas = {text.sha for text in texts}
    base = course.base
    if base is None:
        return sorted(shas) if came_from == WORKSHOP else []
    if course.source and course.source.test is None and TEST in base.files:
        shas.add(base.files[TEST])
    fresh = shas - set(base.files.values()) if came_from == WORKSHOP else set()
    return sorted((shas & base.workshop) | fresh)


def _source_hash(lesson: LessonPlan) -> str:
    """Names a version: bytes of both variants, and where their targets lead."""
    plain = lesson.source.plain
    shas = [lesson.source.text.sha, plain.sha if plain else ""]
    return digest([shas, _led(lesson.trace), _led(lesson.plain_trace or Trace())])


def _led(trace: Trace) -> list[object]:
    return [sorted({(text, led) for text, _line, led in trace.targets}), list(trace.hrefs)]
