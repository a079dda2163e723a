"""K-codes against what is published: ids that were taken, lost or changed, editions, large edits."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from learn.courses import files, frontmatter, overtaken, published
from learn.courses.check import Found
from learn.courses.manifest import LessonEntry
from learn.courses.parse import TEST
from learn.courses.plan import CoursePlan, LessonPlan, Plan
from learn.courses.published import Base
from learn.courses.source import Text
from learn.courses.trace import Mark, Trace
from learn.markup.faults import severity
from learn.markup.model import Fault

Stored = Mapping[str, bytes]  # texts by hash
WORD = re.compile(r"\w+")
SHARED = 0.5  # of the word triples
MANY_WORDS = 0.3
KINDS = {
    "kurs": "der Kurs",
    "modul": "das Modul",
    "glossar": "das Glossar",
    "pfad": "der Lernpfad",
    "fragen": "der Abschlusstest",
}


def findings(plan: Plan, session: Session | None) -> None:
    """Add what a comparison with the current releases shows; ids are compared without any, too."""
    found: list[Found] = list(_repeated(plan))
    for course in plan.courses:
        found += _owned(plan, course)
        found += _address(plan, course)
        found += _replaced(course)
        if course.base is not None and not course.unchanged and session is not None:
            found += _course(session, plan, course, course.base)
    for path, fault, identity in found:
        plan.content.tree.add(path, fault, identity)


def _repeated(plan: Plan) -> Iterator[Found]:
    """K302: an id that two files of the folder bear."""
    for text in plan.content.texts():
        first = plan.ids.get(text.id, text)
        if first.path != text.path:
            values = {"id": text.id, "datei": plan.content.tree.shown(first.path)}
            yield text.path, Fault("K302", text.head.line("id"), values), text.id


def _owned(plan: Plan, course: CoursePlan) -> Iterator[Found]:
    """K302: an id that is published in another course, unless that one is here and has given it up."""
    if not course.id or _lost_course(plan, course):
        return
    for text in course.source.texts() if course.source else [course.text]:
        owner = plan.published.owners.get(text.id, course.id)
        if owner != course.id and owner not in plan.course_ids:
            values = {"id": text.id, "datei": plan.published.names.get(owner, owner)}
            yield text.path, Fault("K302", text.head.line("id"), values), text.id


def _replaced(course: CoursePlan) -> Iterator[Found]:
    """K307: `ersetzt` names the lesson itself or one that is still in the course.

    It is for *older* lessons: whoever completed one that is still there would have completed both. An id in
    another course is none of these, so a lesson may move there and be replaced here.
    """
    present = {lesson.source.id for lesson in course.lessons}
    for lesson in course.lessons:
        text = lesson.source.text
        for item in text.head.placed("ersetzt"):
            if item.text in present:
                yield text.path, Fault("K307", item.line, {"id": item.text}), text.id


def _address(plan: Plan, course: CoursePlan) -> Iterator[Found]:
    """K303, K107: the address is published for another course."""
    if not course.text.head.known or not course.id:
        return
    lost = _lost_course(plan, course)
    if lost:
        values = {"id": lost, "art": KINDS[course.text.kind]}
        yield course.text.path, Fault("K303", course.text.head.line("id"), values), course.id
        return
    bearer = plan.published.slugs.get(course.slug, course.id)
    if bearer != course.id and bearer not in plan.course_ids:
        yield course.text.path, Fault("K107", 1, {"slug": course.slug}), course.id


def _lost_course(plan: Plan, course: CoursePlan) -> str:
    """The id this course was published under, when the file has a new one that was never published."""
    bearer = plan.published.slugs.get(course.slug, "")
    fresh = bool(course.id) and course.id not in plan.published.owners
    here = bearer in plan.course_ids
    return bearer if fresh and bearer and bearer != course.id and not here else ""


def _course(session: Session, plan: Plan, course: CoursePlan, base: Base) -> Iterator[Found]:
    passed = list(overtaken.findings(session, plan, course, base))
    yield from passed
    stored = published.all_bytes(session, _compared(plan, course, base))
    older = {path for path, fault, _identity in passed if fault.code == "K308"}
    if course.source and course.text.path not in older:
        yield from _edition(course.text, base.manifest.edition)
    if course.source and course.source.test and base.details["test"]:
        yield from _test(plan, course, base, stored)
    yield from _lost_ids(plan, course, base)
    yield from _lost_lessons(plan, course, base, stored)
    for lesson in course.lessons:
        text = lesson.source.text
        if plan.ids.get(text.id) is text and text.path not in older:
            yield from _lesson(plan, course, lesson, stored)


def _compared(plan: Plan, course: CoursePlan, base: Base) -> Iterator[str]:
    """Hashes of the stored texts whose words are compared."""
    if course.source and course.source.test and base.details["test"]:
        yield base.files[TEST]
    yield from (each.base.source for each in course.lessons if each.base and each.version is None)
    yield from (base.versions[entry.id].source for entry in _lost(plan, course, base))


def _lesson(plan: Plan, course: CoursePlan, lesson: LessonPlan, stored: Stored) -> Iterator[Found]:
    """What changed in a lesson that was published before, in this release or an earlier one."""
    text, entry = lesson.source.text, course.former.get(lesson.source.id)
    if entry is None or lesson.version is not None:
        return
    yield from _edition(text, entry.edition)
    if lesson.base:
        yield from _marks(text, lesson.base.trace, lesson.trace)
        former = Former(entry.edition, lesson.base.trace, lesson.base.source)
        yield from _large(plan, text, lesson.trace, former, stored)


def _edition(text: Text, published_edition: int) -> Iterator[Found]:
    if text.head.sound("ausgabe") and text.head.number("ausgabe") < published_edition:
        values = {"a": str(published_edition)}
        yield text.path, Fault("K305", text.head.line("ausgabe"), values), text.id


def _lost_ids(plan: Plan, course: CoursePlan, base: Base) -> Iterator[Found]:
    """K303: the same module, glossary or test file bears another id, and the old one is gone."""
    published_at = {path: identity for identity, path in base.details["paths"].items()}
    for text in course.others():
        old = published_at.get(course.inner(text), "")
        fresh = bool(text.id) and text.id not in plan.published.owners
        if old and fresh and old != text.id and old not in plan.ids:
            yield (
                text.path,
                Fault("K303", text.head.line("id"), {"id": old, "art": KINDS[text.kind]}),
                text.id,
            )


def _lost(plan: Plan, course: CoursePlan, base: Base) -> list[LessonEntry]:
    """Published lessons that are missing, and that none of the course's says it replaces."""
    replaced = {
        identity for lesson in course.lessons for identity in lesson.source.text.head.items("ersetzt")
    }
    return [
        entry for entry in base.manifest.lessons() if entry.id not in plan.ids and entry.id not in replaced
    ]


def _lost_lessons(plan: Plan, course: CoursePlan, base: Base, stored: Stored) -> Iterator[Found]:
    """K304: a published lesson is missing while a new one reads like it."""
    lost = _lost(plan, course, base)
    fresh = [lesson.source.text for lesson in course.lessons if _is_fresh(plan, lesson)]
    if not lost or not fresh:
        return
    old = {entry.id: triples(_body_of(stored[base.versions[entry.id].source])) for entry in lost}
    titles = {entry.id: entry.title for entry in lost}
    for text in fresh:
        mine = triples(_body(plan, text))
        nearest = max(old, key=lambda identity: len(old[identity] & mine))
        if mine and len(old[nearest] & mine) >= SHARED * len(mine):
            values = {"id": nearest, "titel": titles[nearest]}
            yield text.path, Fault("K304", text.head.line("id"), values), text.id


def _is_fresh(plan: Plan, lesson: LessonPlan) -> bool:
    text = lesson.source.text
    return text.head.known and bool(text.id) and text.id not in plan.published.owners


def _marks(text: Text, old: Trace, new: Trace) -> Iterator[Found]:
    """K303: an exercise or Fahrplan under another id, or its id for something else; entries would be lost."""
    now = {mark.id: mark for mark in new.marks}
    before = {mark.id: mark for mark in old.marks if mark.kind in {"Aufgabe", "Fahrplan"}}
    repeated = {fault.line for fault in new.faults if fault.code == "K302"}
    for mark in before.values():
        found = now.get(mark.id) or _renamed(mark, new, before)
        if found and found.line in repeated:
            continue
        if found and found.id and (found.kind, found.id) != (mark.kind, mark.id):
            values = {"id": mark.id, "art": mark.kind}
            yield text.path, Fault("K303", found.line, values), text.id


def _renamed(mark: Mark, new: Trace, before: dict[str, Mark]) -> Mark | None:
    """The mark of the same kind and content whose id is new."""
    same = (found for found in new.marks if (found.kind, found.digest) == (mark.kind, mark.digest))
    return next((found for found in same if found.id not in before), None)


@dataclass(frozen=True, slots=True)
class Former:
    """A published text with solutions: its edition, what could be read of it, and the hash of its bytes."""

    edition: int
    trace: Trace
    source: str


def _test(plan: Plan, course: CoursePlan, base: Base, stored: Stored) -> Iterator[Found]:
    assert course.source is not None
    assert course.source.test is not None
    text = course.source.test
    edition = base.details["test"]["edition"]
    yield from _edition(text, edition)
    former = Former(edition, base.trace(TEST), base.files[TEST])
    yield from _large(plan, text, course.trace(text), former, stored)


def _large(plan: Plan, text: Text, trace: Trace, former: Former, stored: Stored) -> Iterator[Found]:
    """K306: another solution, or many other words, in the same edition."""
    same = text.head.sound("ausgabe") and text.head.number("ausgabe") == former.edition
    faulty = any(severity(fault.code) == "error" for fault in trace.faults)
    if not same or faulty or text.path in plan.content.tree.broken or not trace.canonical:
        return
    old = Counter(_words(_body_of(stored[former.source])))
    new = Counter(_words(_body(plan, text)))
    changed = max((old - new).total(), (new - old).total())
    share = changed / max(old.total(), new.total(), 1)
    if trace.key != former.trace.key or share >= MANY_WORDS:
        yield text.path, Fault("K306", text.head.line("ausgabe")), text.id


def triples(body: str) -> set[tuple[str, str, str]]:
    """All runs of three words."""
    words = _words(body)
    return set(zip(words, words[1:], words[2:], strict=False))


def _words(body: str) -> list[str]:
    return [word.casefold() for word in WORD.findall(body)]


def _body(plan: Plan, text: Text) -> str:
    return _body_of(plan.content.tree.read(text.path))


def _body_of(data: bytes) -> str:
    found = files.decode(data)
    return frontmatter.split(found).body if isinstance(found, str) else ""
