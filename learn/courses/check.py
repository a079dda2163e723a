"""K-codes across the files of a folder: what one file promises and another one lacks."""

from collections.abc import Iterator
from posixpath import dirname

from learn.courses import pages, parse, pictures
from learn.courses.findings import Finding, ordered
from learn.courses.parse import TEST
from learn.courses.plan import CoursePlan, LessonPlan, Plan
from learn.courses.source import PATH, Text
from learn.courses.surroundings import Resolver
from learn.courses.targets import Outside, place
from learn.courses.trace import Trace
from learn.markup.model import Fault, Unresolved

LONGEST = 15  # minutes a lesson takes at most
LONGEST_TERM = 80  # characters
HEAVY = 150 * 1024
BEYOND = (
    ("groß", "Die Seite", "1 MB"),
    ("lange", "Der Text", "die Zeit zum Umwandeln"),
    ("verschachtelt", "Der Text", "die Tiefe, die sich umwandeln lässt"),
)
Found = tuple[str, Fault, str]  # path below the content root, fault, id of the object


def findings(plan: Plan) -> tuple[Finding, ...]:
    """Everything found so far and across files, sorted. The folder alone; `compare` looks at releases."""
    for course in plan.courses:
        for path, fault, identity in _course(plan, course):
            plan.content.tree.add(path, fault, identity)
    for path, fault, identity in _pictures(plan):
        plan.content.tree.add(path, fault, identity)
    found = plan.content.tree.findings
    if any(entry.severity == "error" for entry in found):  # what is unused shows once all else is right
        found = [entry for entry in found if entry.code != "K111"]
    return ordered(found)


def _course(plan: Plan, course: CoursePlan) -> Iterator[Found]:
    yield from _rendered(plan, course)
    if course.text.kind == PATH:
        yield from _path(plan, course)
    if course.source is None:
        return
    yield from _sheet(plan, course)
    yield from _test(plan, course)
    settled = not plan.content.tree.unread and all(
        parse.numbered(lesson.source.text) for lesson in course.lessons
    )
    for number, lesson in enumerate(course.lessons):
        yield from _lesson(plan, lesson, first=settled and number == 0)
    for text, trace in course.traces():
        yield from _fragments(plan, course, text, trace)


def _path(plan: Plan, course: CoursePlan) -> Iterator[Found]:
    """K302, K503: courses that a Lernpfad names twice, and ids and places that lead nowhere."""
    text = course.text
    seen: set[str] = set()
    for item in text.head.placed("kurse"):
        if item.text in seen:
            values = {"id": item.text, "datei": plan.content.tree.shown(text.path)}
            yield text.path, Fault("K302", item.line, values), text.id
        elif not _known(plan, item.text):
            yield text.path, Fault("K503", item.line, {"ziel": item.text}), text.id
        seen.add(item.text)
    yield from _fragments(plan, course, text, course.trace(text))


def _known(plan: Plan, identity: str) -> bool:
    """Whether an id leads somewhere, as far as all files could be read."""
    return identity in plan.ids or identity in plan.published.owners or not plan.named


def _rendered(plan: Plan, course: CoursePlan) -> Iterator[Found]:
    """What rendering found, and K108 for a text that could not be rendered."""
    for text, trace in course.traces():
        for fault in trace.faults:
            values = dict(fault.values)
            if fault.code == "K302":
                values.setdefault("datei", plan.content.tree.shown(text.path))
            yield text.path, Fault(fault.code, fault.line, values), text.id
        yield from _long_terms(course, text)
        if trace.problem:
            yield text.path, Fault("K108", text.body_line, _beyond(trace.problem)), text.id


def _beyond(problem: str) -> dict[str, str]:
    """What a text that cannot be rendered exceeds, by a word of the sentence that says so."""
    known = (words for word, *words in BEYOND if word in problem)
    was, grenze = next(known, ["Der Text", "was sich umwandeln lässt"])
    return {"was": was, "grenze": grenze}


def _long_terms(course: CoursePlan, text: Text) -> Iterator[Found]:
    drawn = course.texts.get(text.path)
    for term in drawn.terms if drawn else ():
        if len(term.title) > LONGEST_TERM:
            values = {"was": "Der Begriff", "grenze": f"{LONGEST_TERM} Zeichen"}
            yield text.path, Fault("K108", term.line, values), text.id


def _sheet(plan: Plan, course: CoursePlan) -> Iterator[Found]:
    text = course.text
    head = text.head
    if not head.known:
        return
    lessons = [lesson.source.text.head for lesson in course.lessons]
    optional = all(lesson.sound("pflicht") and not lesson.flag("pflicht") for lesson in lessons)
    if optional and not plan.content.tree.unread:  # else a lesson may be there that could not be read
        yield text.path, Fault("K113", 1), text.id
    if head.text("bild"):
        found = Resolver(text.path, course.shared).picture(head.text("bild"))
        if isinstance(found, Unresolved):
            yield text.path, Fault(found.code, head.line("bild"), found.values), text.id
    yield from _prerequisites(plan, text, first=True)


def _prerequisites(plan: Plan, text: Text, *, first: bool) -> Iterator[Found]:
    """K503: ids that lead nowhere, and `vorige` where nothing comes before."""
    for item in text.head.placed("voraussetzung"):
        if not (not first if item.text == "vorige" else _known(plan, item.text)):
            yield text.path, Fault("K503", item.line, {"ziel": item.text}), text.id


def _test(plan: Plan, course: CoursePlan) -> Iterator[Found]:
    """The Abschlusstest: K104, K111, K112, K407, K503."""
    source = course.source
    if source is None or not course.text.head.sound("abschluss"):
        return
    wanted = next((item for item in course.text.head.placed("abschluss") if item.text == "test"), None)
    if source.test is None:
        if wanted:
            published = course.base is not None and TEST in course.base.files
            fault = Fault("K407" if published else "K112", wanted.line, {"datei": TEST})
            yield course.text.path, fault, course.id
        return
    if not wanted:
        yield source.test.path, Fault("K111", 1), source.test.id
    if source.test.head.known:
        yield from _questions(plan, course, source.test)


def _questions(plan: Plan, course: CoursePlan, test: Text) -> Iterator[Found]:
    trace, head = course.trace(test), test.head
    count = sum(1 for mark in trace.marks if mark.kind == "Frage")
    drawn = head.number("ziehen") or count
    for key, most in (("ziehen", count), ("bestehen", min(drawn, count))):
        if head.number(key) > most:
            values = {
                "key": key,
                "erwartung": f"eine ganze Zahl von 1 bis {most}",
                "wert": str(head.number(key)),
            }
            yield test.path, Fault("K104", head.line(key), values), test.id
    lessons = {lesson.source.id for lesson in course.lessons}
    for identity, line in trace.lessons:
        if identity not in lessons and plan.named:
            yield test.path, Fault("K503", line, {"ziel": identity}), test.id


def _lesson(plan: Plan, lesson: LessonPlan, *, first: bool) -> Iterator[Found]:
    text = lesson.source.text
    head = text.head
    if not head.known:
        return
    yield from _prerequisites(plan, text, first=first)
    yield from _conditions(plan, lesson)
    if head.number("dauer") > LONGEST:
        yield text.path, Fault("K505", head.line("dauer")), text.id
    if head.sound("ziele") and len(head.items("ziele")) < 2:
        yield text.path, Fault("K512", head.line("ziele")), text.id
    plain = lesson.source.plain
    comparable = plain and plain.head.number("zu_ausgabe") and head.sound("ausgabe")
    if plain and comparable and plain.head.number("zu_ausgabe") < head.number("ausgabe"):
        values = {"b": str(head.number("ausgabe"))}
        yield plain.path, Fault("K511", plain.head.line("zu_ausgabe"), values), text.id


def _conditions(plan: Plan, lesson: LessonPlan) -> Iterator[Found]:
    """K406, and K503 for exercises that are not there."""
    text = lesson.source.text
    exercises = {mark.id for mark in lesson.trace.marks if mark.kind == "Aufgabe"}
    for item in text.head.placed("abschluss"):
        name, colon, identity = item.text.partition(":")
        if name == "aufgabe" and colon:
            if identity not in exercises and not _excused(plan, lesson, identity):
                yield text.path, Fault("K503", item.line, {"ziel": item.text}), text.id
        elif item.text != "gelesen":
            yield text.path, Fault("K406", item.line, {"wert": item.text}), text.id


def _excused(plan: Plan, lesson: LessonPlan, identity: str) -> bool:
    """Whether an exercise is missing only because its mark has a fault of its own: K203, K301, K303."""
    text, trace = lesson.source.text, lesson.trace
    nameless = any(mark.kind == "Aufgabe" and not mark.id for mark in trace.marks)
    misplaced = any(fault.code == "K203" and fault.values["name"] == "aufgabe" for fault in trace.faults)
    known = lesson.base is not None and any(mark.id == identity for mark in lesson.base.trace.marks)
    file = plan.content.tree.shown(text.path)
    renamed = known and any(f.code == "K303" and f.file == file for f in plan.content.tree.findings)
    return nameless or misplaced or renamed


def _fragments(plan: Plan, course: CoursePlan, text: Text, trace: Trace) -> Iterator[Found]:
    """K503: links to headings of other files that are not there."""
    hrefs = set(trace.hrefs)
    for target, line, led in trace.targets:
        if "#" not in led or led not in hrefs:
            continue
        try:
            path, fragment = place(text.path, target)
        except Outside:
            continue
        slugs = plan.slugs(path)
        known = slugs is None or fragment in slugs or fragment.lower() in slugs
        if not known and fragment not in course.shared.pages[path].sections:
            yield text.path, Fault("K503", line, {"ziel": target}), text.id


def _pictures(plan: Plan) -> Iterator[Found]:
    """K111 for pictures nobody shows, K510 for heavy ones that are shown."""
    tree, places = plan.content.tree, plan.places
    shown = {address for course in plan.courses for address in addresses(course)}
    for path, (sha, seen) in places.stored.items():
        if path in tree.broken:
            continue
        if f"/medien/{sha}.{seen.ext}" not in shown:
            yield path, Fault("K111", 1), ""
        elif tree.sizes[path] > HEAVY:
            yield path, Fault("K510", 1), ""
    for path in tree.sizes:
        inside = dirname(path).endswith("bilder") and not path.lower().endswith(".md")
        if inside and path not in places.stored and not pictures.looks_like_one(path):
            yield path, Fault("K111", 1), ""


def addresses(course: CoursePlan) -> set[str]:
    """Addresses of the pictures that a course shows."""
    found = {href for _, trace in course.traces() for href in trace.hrefs if href.startswith("/medien/")}
    card = pages.card_picture(course.text, course.shared)
    return found | ({card.src} if card else set())
