"""The end of a course: the completion with what was learnt, what is still open, the Abschlusstest."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from learn.core import limits
from learn.core.access import actor, learner, require
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.limits import Limit
from learn.core.web import page
from learn.courses import queries as shelf
from learn.courses.final import FinalTest, final_test
from learn.courses.library import CourseRelease
from learn.courses.manifest import LessonEntry
from learn.learning import certificates, finaltest
from learn.learning.finaltest import Open
from learn.learning.progress import LessonState
from learn.learning.quiz import Answer
from learn.site import local, questions, standing
from learn.site.blueprint import pages
from learn.site.cards import CourseCard
from learn.site.place import course_of, with_query
from learn.site.questions import QuestionSheet
from learn.site.resume import Resume
from learn.site.standing import Standing

TRIES = Limit("final-test", tries=5, seconds=3600)
REVISIT = "nachlesen"


@dataclass(frozen=True, slots=True)
class Closing:
    """The form that ends a course whose last open lesson was taken away: a lesson completed once more."""

    action: str
    fields: dict[str, object]


@dataclass(frozen=True, slots=True)
class Test:
    """The Abschlusstest on the page; `questions` of an open attempt, else none."""

    sheet: FinalTest
    key: str = ""
    questions: tuple[QuestionSheet, ...] = ()
    answers: finaltest.Fields = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)


@pages.get("/kurse/<slug:kurs>/abschluss", access=learner)
def finish(kurs: str) -> ResponseReturnValue:
    """Confirm the completion; before it, say what is open; without enrolment, lead to the course."""
    release, moved = course_of(session(), kurs)
    href = f"/kurse/{release.manifest.slug}"
    if moved:
        return redirect(with_query(f"{href}/abschluss"), 301)
    own = standing.in_course(session(), actor(), release)
    return redirect(href, 303) if own is None else show(own)


@pages.post("/kurse/<slug:kurs>/abschluss", access=learner)
def hand_in(kurs: str) -> ResponseReturnValue:
    """Begin the Abschlusstest, keep its answers, or hand it in; a form of an earlier attempt does nothing."""
    release, _moved = course_of(session(), kurs)
    attempt = finaltest.open_attempt(session(), actor(), release.course_id)
    sent = {name: values for name, values in request.form.lists() if name.startswith("answer-")}
    if not sent and "attempt" not in request.form:
        with writing() as db:
            finaltest.begin(db, actor(), release)
    elif attempt is not None and request.form.get("attempt") in {None, attempt.key}:
        return handed_in(release, attempt, sent)
    return redirect(f"/kurse/{release.manifest.slug}/abschluss", 303)


def handed_in(release: CourseRelease, attempt: Open, sent: dict[str, list[str]]) -> ResponseReturnValue:
    """Judge a whole attempt; its answers are kept first, whatever comes then."""
    with writing() as db:
        finaltest.keep(db, actor(), release.course_id, sent)
    if "save" in request.form:
        flash(_("Ihre Antworten sind gespeichert."), "success")
        return redirect(f"/kurse/{release.manifest.slug}/abschluss#test", 303)
    answers, faults = finaltest.read(attempt, sent)
    if faults:
        own = require(standing.in_course(session(), actor(), release))
        return show(own, 422, faults)
    return judged(release, answers)


def judged(release: CourseRelease, answers: Mapping[str, Answer]) -> ResponseReturnValue:
    """Five tries an hour, a double click being one; failing names the lessons to revisit, never the key."""
    with writing() as db:
        outcome = finaltest.hand_in(db, actor(), release, answers)
        wait = limits.take(db, TRIES, f"{actor().owner}/{release.course_id}") if outcome else 0
        if wait:
            raise limits.TooMany(wait)  # takes everything back: the attempt stays open
    href = f"/kurse/{release.manifest.slug}/abschluss"
    if outcome is None:
        return redirect(href, 303)
    if outcome.passed:
        flash(_("Abschlusstest bestanden."), "success")
        return redirect(href, 303)
    return redirect(f"{href}?{REVISIT}={','.join(outcome.revisit) or '-'}", 303)


def show(own: Standing, status: int = 200, faults: Mapping[str, str] | None = None) -> ResponseReturnValue:
    """The page for someone enrolled."""
    release, completion = own.release, own.enrolled.completion
    href = f"/kurse/{release.manifest.slug}"
    states = own.state.lessons
    lessons = list(release.manifest.lessons())
    answer = page(
        "site/finish.html",
        status,
        release=release,
        href=href,
        completion=completion,
        certificate=certificate_of(own),
        resume=Resume.of(own) if own.following else None,
        closing=closing(href, own),
        optional=[
            (f"{href}/{e.slug}", e) for e in lessons if not (states[e.id].done or states[e.id].counted)
        ],
        suggestion=suggestion(release) if completion else None,
        test=test_of(own, faults or {}),
        faults_shown=[(f"q-{name}", sentence) for name, sentence in (faults or {}).items()],
        passed=own.state.test,
        failed=REVISIT in request.args,
        revisit=[(f"{href}/{entry.slug}", entry.title) for entry in revisited(lessons)],
    )
    return local.valued(answer, release)


def certificate_of(own: Standing) -> str:
    """The code of the Nachweis of this completion; empty where none is issued."""
    completion = own.enrolled.completion
    if completion is None:
        return ""
    return certificates.issued_for(session(), actor(), own.release.course_id, completion.edition)


def test_of(own: Standing, faults: Mapping[str, str]) -> Test | None:
    """The Abschlusstest, while it is open to her."""
    attempt = (
        finaltest.open_attempt(session(), actor(), own.release.course_id)
        if own.release.manifest.test
        else None
    )
    if attempt is not None:
        sheets = tuple(questions.question_sheet(each, attempt.release_id) for each in attempt.questions)
        kept = {name: list(found) for name, found in attempt.answers.items()}
        return Test(attempt.test, attempt.key, sheets, kept, faults)
    due = own.release.manifest.test and own.state.lessons_done and not own.state.test
    sheet = final_test(session(), own.release.id) if due else None
    return Test(sheet) if sheet else None


def optional(state: LessonState) -> bool:
    """Open, and nothing depends on it."""
    return not (state.done or state.counted)


def revisited(lessons: list[LessonEntry]) -> list[LessonEntry]:
    """Lessons that a failed test advises to read again, in reading order."""
    wanted = set(request.args.get(REVISIT, "").split(","))
    return [entry for entry in lessons if entry.id in wanted]


def closing(href: str, own: Standing) -> Closing | None:
    """Only where everything is done but no request has said so yet."""
    if own.enrolled.completion or not own.state.complete:
        return None
    done = [entry for entry in own.release.manifest.lessons() if own.state.lessons[entry.id].done]
    if not done:
        return None
    fields = {
        "request_id": secrets.token_hex(8),
        "edition": done[-1].edition,
        "pass": own.state.lessons[done[-1].id].pass_,
    }
    return Closing(f"{href}/{done[-1].slug}/abschliessen", fields)


def suggestion(release: CourseRelease) -> CourseCard | None:
    """One next course: the first of the catalogue that she has not begun."""
    begun = {each.release.course_id for each in standing.in_all(session(), actor())} | {release.course_id}
    cards = shelf.cards(session(), limit=len(begun) + 1).items
    return next((CourseCard.of(card) for card in cards if card.id not in begun), None)
