"""A person's own learning, handed out to her and erased with her; Lernstand and Fahrpläne also in words."""

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.core.access import Actor
from learn.core.export import escaped, quoted
from learn.core.i18n import day, minutes
from learn.core.owndata import Found, Owner, erases, erases_by, exports, remove, writes
from learn.courses import queries as shelf
from learn.courses.manifest import Manifest
from learn.courses.models import Course, LessonVersion
from learn.learning import finaltest, queries
from learn.learning.models import Attempt, Enrolment, ProgressEntry, SavedPlan
from learn.learning.progress import DONE, Lernstand, LessonState, progress
from learn.learning.queries import Enrolled
from learn.learning.quiz import Answer
from learn.markup.model import Question

erases_by(Enrolment.person_id, SavedPlan.person_id)


@erases(ProgressEntry)
def forget_log(session: Session, owner: Owner) -> None:
    own = select(Enrolment.id).where(Enrolment.person_id == owner.person_id)
    remove(session, ProgressEntry, ProgressEntry.enrolment_id.in_(own))


@erases(Attempt)
def forget_attempts(session: Session, owner: Owner) -> None:
    own = select(Enrolment.id).where(Enrolment.person_id == owner.person_id)
    remove(session, Attempt, Attempt.enrolment_id.in_(own))


@exports(Enrolment, "kurse", "Begonnene Kurse", ("Kurs", "Kennung", "Begonnen am", "Veröffentlichung"))
def begun(session: Session, owner: Owner) -> Found:
    statement = select(Course.title, Enrolment.course_id, Enrolment.day, Enrolment.release_id)
    joined = statement.join(Course, Course.id == Enrolment.course_id)
    return session.execute(joined.where(Enrolment.person_id == owner.person_id).order_by(Enrolment.id))


@exports(
    ProgressEntry,
    "lernstand",
    "Lernstand",
    (
        "Tag",
        "Kurs",
        "Was",
        "Ereignis",
        "Ausgabe",
        "Durchgang",
        "Kennung",
        "Veröffentlichung",
        "Anfrage",
    ),
)
def log(session: Session, owner: Owner) -> Found:
    """The log as it is stored, with the titles of its objects."""
    titles = _titles(session, owner)
    statement = (
        select(
            ProgressEntry.day,
            Course.title,
            ProgressEntry.object_id,
            ProgressEntry.event,
            ProgressEntry.edition,
            ProgressEntry.pass_,
            ProgressEntry.release_id,
            ProgressEntry.request_id,
        )
        .join(Enrolment, Enrolment.id == ProgressEntry.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.person_id == owner.person_id)
        .order_by(ProgressEntry.id)
        .execution_options(yield_per=1000)
    )
    with session.execute(statement) as found:  # closed too where only the first row is wanted
        for on, course, name, event, edition, pass_, release, request in found:
            what = "abgeschlossen" if event == DONE else "wieder geöffnet"
            yield on, course, _object(name, titles), what, edition, pass_, name, release, request


@exports(
    Attempt,
    "abschlusstests",
    "Offene Abschlusstests",
    ("Kurs", "Begonnen am", "Antworten", "Veröffentlichung"),
    nested=True,
)
def attempts(session: Session, owner: Owner) -> Found:
    columns = (Course.id, Course.title, Attempt.day, Attempt.questions, Attempt.answers, Attempt.release_id)
    statement = select(*columns)
    joined = statement.join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    joined = joined.join(Course, Course.id == Enrolment.course_id)
    own = session.execute(joined.where(Enrolment.person_id == owner.person_id).order_by(Attempt.id)).all()
    for course_id, course, on, drawn, answers, release in own:
        found = finaltest.open_attempt(session, Actor(person_id=owner.person_id), course_id)
        read = finaltest.read(found, found.answers)[0] if found else {}
        questions = {question.id: question for question in found.questions} if found else {}
        said = [_answered(name, questions.get(name), read.get(name), answers) for name in drawn]
        yield course, on, said, release


@exports(
    SavedPlan,
    "fahrplaene",
    "Fahrpläne",
    ("Kurs", "Lektion", "Fahrplan", "Angaben", "Stand", "Fassung", "Kennung"),
    nested=True,
)
def plans(session: Session, owner: Owner) -> Found:
    columns = (SavedPlan.lesson_id, SavedPlan.plan, SavedPlan.fields, SavedPlan.day, SavedPlan.revision)
    own = select(*columns).where(SavedPlan.person_id == owner.person_id).order_by(SavedPlan.id)
    for lesson_id, plan, fields, on, revision in session.execute(own).all():
        course, lesson = _place(session, lesson_id)
        yield course, lesson, plan, fields, on, revision, lesson_id


@writes("lernstand", "Mein Lernstand")
def standing(session: Session, owner: Owner) -> Iterator[str]:
    """Each course as the pages show it, the latest begun first."""
    own = queries.enrolments(session, Actor(person_id=owner.person_id))
    named = {key for each in own for key in (each.started, each.current, each.finished) if key}
    trees = {key: release.manifest for key, release in shelf.releases(session, named).items()}
    for each in own:
        started = trees.get(each.started)
        tree = trees.get(each.current or 0) or started
        if tree is not None:
            state = progress(tree, each.rows, started, trees.get(each.finished or 0))
            yield from _course_in_words(tree, each, state)


@writes("fahrplaene", "Meine Fahrpläne")
def plans_in_words(session: Session, owner: Owner) -> Iterator[str]:
    """Each Fahrplan under its lesson, field by field."""
    for course, lesson, _plan, fields, on, _revision, _key in plans(session, owner):
        yield f"## {escaped(lesson)}\n\nKurs „{escaped(course)}“, gespeichert am {day(on)}.\n\n"
        for label, text in fields.items():
            yield f"**{escaped(label)}**\n\n{quoted(text) if text else '> (leer)'}\n\n"


def _course_in_words(tree: Manifest, own: Enrolled, state: Lernstand) -> Iterator[str]:
    yield f"## {escaped(tree.title)}\n\nBegonnen am {day(own.day)}. {_summary(own, state)}\n\n"
    for entry in tree.lessons():
        found = state.lessons[entry.id]
        yield f"- {escaped(entry.title)}: {_lesson_in_words(found, following=entry.id == state.following)}\n"
    yield "\n"


def _summary(own: Enrolled, state: Lernstand) -> str:
    if state.following:
        left = f"{state.done} von {state.total} Lektionen, noch etwa {minutes(state.minutes_left)}."
        return f"{left} Der Abschlusstest ist bestanden." if state.test else left
    if own.completion:
        return f"Abgeschlossen am {day(own.completion.day)}, Ausgabe {own.completion.edition}."
    return "Alle Pflichtlektionen gelesen."


def _lesson_in_words(found: LessonState, *, following: bool) -> str:
    if found.done and found.day:
        words = f"abgeschlossen am {day(found.day)}"
        return f"{words}, seitdem neu gefasst" if found.state == "changed" else words
    if found.state == "again":
        return "bitte noch einmal"
    if found.later:
        return "neu seit Ihrem Abschluss"
    if found.state == "new":
        return "neu im Kurs"
    return "als Nächstes" if following else "offen"


def _titles(session: Session, owner: Owner) -> dict[str, str]:
    """Titles of the lessons in all releases that her log names, the newest wording last."""
    statement = select(ProgressEntry.release_id).join(Enrolment, Enrolment.id == ProgressEntry.enrolment_id)
    named = session.scalars(statement.where(Enrolment.person_id == owner.person_id).distinct())
    found = shelf.releases(session, named)
    return {entry.id: entry.title for key in sorted(found) for entry in found[key].manifest.lessons()}


def _object(name: str, titles: dict[str, str]) -> str:
    """What a row of the log is about, in words."""
    of, _slash, part = name.partition("/")
    if of.startswith("kur_"):
        return "Abschlusstest" if part else "Kurs"
    title = titles.get(of, "Lektion")
    return f"{title}, Aufgabe „{part}“" if part else title


def _place(session: Session, lesson_id: str) -> tuple[str, str]:
    """Titles of a lesson's course and of the lesson, as last published."""
    newest = select(func.max(LessonVersion.id)).where(LessonVersion.lesson_id == lesson_id).scalar_subquery()
    statement = select(Course.title, LessonVersion.sheet).join(Course, Course.id == LessonVersion.course_id)
    row = session.execute(statement.where(LessonVersion.id == newest)).one_or_none()
    return (row.title, row.sheet.get("title", "")) if row else ("", "Lektion")


def _answered(
    name: str, question: Question | None, answer: Answer | None, kept: dict[str, list[str]]
) -> dict[str, Any]:
    """One question of an open test: its words, the answer in words, and both as they are stored."""
    stored = {key: values for key, values in kept.items() if _belongs(key, name)}
    said = _said(question, answer) if question and answer else []
    return {
        "kennung": name,
        "frage": question.text if question else "",
        "antwort": said,
        "gespeichert": stored,
    }


def _belongs(field: str, name: str) -> bool:
    return field == f"answer-{name}" or field.rpartition("-")[0] == f"answer-{name}"


def _said(question: Question, answer: Answer) -> list[str]:
    if question.options:
        return [_words(question.options[index].html) for index in answer.chosen]
    if question.items:
        places = zip(question.items, answer.placed, strict=True)
        return [f"{place}. {_words(item)}" for item, place in places if place is not None]
    if question.pairs:
        placed = zip(question.pairs, answer.placed, strict=True)
        chosen = ((pair[0], question.pairs[place][1]) for pair, place in placed if place is not None)
        return [f"{_words(left)}: {_words(right)}" for left, right in chosen]
    return [answer.typed]


def _words(html: str) -> str:
    return Markup(html).striptags()  # noqa: S704 - to take its elements away
