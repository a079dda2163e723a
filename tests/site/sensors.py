"""A small published course for tests of the lesson pages: all kinds of questions, an exercise, a Fahrplan."""

from dataclasses import replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.core import clock
from learn.courses import library
from learn.courses.manifest import LessonEntry, Manifest, ModuleEntry
from learn.courses.models import Course, CourseSlug, LessonSlug, LessonVersion, Release
from learn.markup import store
from learn.markup.model import (
    Exercise,
    Html,
    Option,
    Part,
    Plan,
    PlanCell,
    PlanField,
    PlanTable,
    PlanText,
    Question,
    Quiz,
)

KINDS = Quiz(
    "arten",
    "",
    "",
    (
        Question(
            "eine",
            "einfach",
            "Welche <em>Größe</em>?",
            "Welche Größe?",
            options=(
                Option("Wärme", correct=False, feedback="<p>Nein, die nicht.</p>"),
                Option("CO<sub>2</sub>", correct=True),
            ),
            explanation="<p>Sie steht in der Tabelle.</p>",
        ),
        Question(
            "viele",
            "mehrfach",
            "Was hilft?",
            "Was hilft?",
            options=(Option("A", correct=True), Option("B", correct=True), Option("C", correct=False)),
        ),
        Question("zahl", "zahl", "Wie viele?", "Wie viele?", hint="<p>Je Tag.</p>", solutions=("24 Werte",)),
        Question("wort", "text", "Wie heißt das?", "Wie heißt das?", solutions=("Takt",)),
        Question("folge", "reihenfolge", "Ordnen Sie.", "Ordnen Sie.", items=("eins", "zwei", "drei")),
        Question(
            "paare",
            "zuordnung",
            "Wer macht was?",
            "Wer macht was?",
            pairs=(("Bohren", "Bau"), ("Funk", "IT")),
        ),
    ),
)
EXERCISE = Exercise("liste", "Aufgabe", "aufgabe", "<p>Schreiben Sie drei Stellen auf.</p>")
PLAN = Plan(
    "plan",
    "Mein Fahrplan",
    "mein-fahrplan",
    (
        PlanField("Anlass", "Was stört?"),
        PlanText("<p>Die Schritte:</p>"),
        PlanTable(
            ("Schritt", "Wer"),
            ((PlanCell("Fragen"), PlanCell(label="Wer: Fragen")), (PlanCell(label="Schritt 2"), PlanCell())),
        ),
    ),
)
MEASURE = LessonEntry("les_messen00", "messen", "Messen", 1, 1, 5, required=True, plain=True)
MOUNT = LessonEntry("les_montiere", "montieren", "Montieren", 1, 1, 7, required=True, conditions=("liste",))
USE = LessonEntry("les_nutzen00", "nutzen", "Nutzen", 1, 1, 9, required=False)
ENTRIES = (MEASURE, MOUNT, USE)
PARTS: dict[str, tuple[Part, ...]] = {
    "messen": (Html('<h2 id="s-weg">Der Weg</h2><p>Ein Fühler misst.</p>'), KINDS),
    "montieren": (Html("<p>Jetzt wird montiert.</p>"), EXERCISE),
    "nutzen": (Html("<p>Planen Sie.</p>"), PLAN),
}


def publish(
    session: Session,
    entries: tuple[LessonEntry, ...] = ENTRIES,
    *,
    slug: str = "sensoren",
    parts: dict[str, tuple[Part, ...]] | None = None,
    change: str = "",
    test: dict[str, Any] | None = None,
    headings: dict[str, dict[str, str]] | None = None,
) -> None:
    """A new current release of the course; lessons are stored anew each time.

    `headings`: words by slug, by the lesson's slug.
    """
    library.CACHE.clear()
    course = session.get(Course, "kur_sensoren")
    number = 1 + (session.scalar(select(func.count()).select_from(Release)) or 0)
    if course is None:
        course = Course(
            id="kur_sensoren", kind="kurs", slug=slug, title="Sensoren", published_on=clock.today()
        )
        session.add(course)
        session.flush()
    course.slug = slug
    texts = {**PARTS, **(parts or {})}
    heads = headings or {}
    stored = tuple(
        _lesson(session, entry, texts[entry.slug], number, change, heads.get(entry.slug, {"weg": "Der Weg"}))
        for entry in entries
    )
    half = (ModuleEntry("mod_eins0000", "eins", "Grundlagen", "Sie messen.", "", stored[:1]),)
    rest = (ModuleEntry("mod_zwei0000", "zwei", "Betrieb", "", "", stored[1:]),)
    manifest = Manifest("kur_sensoren", slug, "Sensoren", 1, half + rest, test=test is not None)
    row = Release(
        course_id=course.id,
        number=number,
        origin="folder",
        created_at=clock.now(),
        renderer=1,
        manifest=manifest.as_json(),
        sheet={"outcome": "Sie messen.", "html": "", "goals": ["messen"], "license": "CC0-1.0"},
        details={"test": test},
    )
    session.add(row)
    session.flush()
    course.release_id = row.id
    session.merge(CourseSlug(slug=slug, course_id=course.id))
    for entry in stored:
        version = LessonSlug(
            course_id=course.id, slug=entry.slug, lesson_id=entry.id, version_id=entry.version
        )
        session.merge(version)
    session.flush()


def _lesson(
    session: Session,
    entry: LessonEntry,
    parts: tuple[Part, ...],
    number: int,
    change: str,
    headings: dict[str, str],
) -> LessonEntry:
    sheet: dict[str, Any] = {
        "title": entry.title,
        "minutes": entry.minutes,
        "change": change,
        "goals": ["eine Messung planen"],
        "reviewed": "2026-09",
        "municipality": "Stadt Musterhausen",
        "authors": ["Kim Erfunden"],
        "source": "",
        "license": "CC-BY-4.0",
        "prerequisites": [],
    }
    simple = {
        "title": "Wir messen",
        "edition": 1,
        "reviewed": "2026-09",
        "parts": store.dump((Html("<p>Ein Gerät misst.</p>"),)),
        "headings": [],
    }
    version = LessonVersion(
        course_id="kur_sensoren",
        lesson_id=entry.id,
        source_hash=f"{entry.id}-{number}",
        content_hash=f"{entry.id}-{number}",
        edition=entry.edition,
        parser=1,
        renderer=1,
        sheet=sheet,
        parts=store.dump(parts),
        headings=[{"level": 2, "slug": name, "text": words, "line": 1} for name, words in headings.items()],
        plain=simple if entry.plain else None,
        trace={},
        source="0" * 64,
    )
    session.add(version)
    session.flush()
    return replace(entry, version=version.id)
