"""Reading a lesson, checking oneself, noting it as done or open again, beginning its course."""

from collections.abc import Callable

from flask import flash, make_response, redirect, request
from flask.typing import ResponseReturnValue

from learn.core.access import Refused, actor, learner, visitor
from learn.core.db import session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page
from learn.courses.library import LessonText
from learn.learning import quiz, service
from learn.learning.progress import Lernstand
from learn.markup.model import Exercise, Question, Quiz
from learn.site import local, outline, questions, standing
from learn.site.blueprint import pages
from learn.site.place import PLAIN, Place, as_rendered, course_of, place, whole_number, with_query
from learn.site.questions import Checked
from learn.site.reading import Fault, Sent, show

Act = Callable[..., Lernstand]  # service.complete or service.reopen


@pages.get("/kurse/<slug:kurs>/<slug:lektion>", access=visitor)
def lesson(kurs: str, lektion: str) -> ResponseReturnValue:
    """Show a lesson; an earlier address leads to today's."""
    found = place(session(), kurs, lektion)
    return redirect(with_query(found.href), 301) if found.moved else show(found)


@pages.post("/kurse/<slug:kurs>/beginnen", access=learner)
def begin(kurs: str) -> ResponseReturnValue:
    """Enrol, then lead to the lesson to continue with: the first one, as a rule."""
    with writing() as db:
        release, _moved = course_of(db, kurs)
        service.enrol(db, actor(), release)
        own = standing.in_course(db, actor(), release)
    entry = (own and own.following) or next(release.manifest.lessons())
    kept = PLAIN if entry.plain and request.args.get("fassung") == "einfach" else ""
    return redirect(f"/kurse/{release.manifest.slug}/{entry.slug}{kept}", 303)


@pages.post("/kurse/<slug:kurs>/<slug:lektion>/abschliessen", access=learner)
def complete(kurs: str, lektion: str) -> ResponseReturnValue:
    """Note a lesson as done and go on; or tick an exercise."""
    found, wish = place(session(), kurs, lektion), wished()
    try:
        state = noted(service.complete, found, wish)
    except Refused as problem:
        return refused(found, problem, _("Noch nicht abgeschlossen"))
    if wish.exercise:
        return back(found, f"aufgabe-{wish.exercise}")
    if done(state, found):
        flash(_("„%(title)s“ ist abgeschlossen.", title=found.text.title), "success")
    following = outline.onward(found.release.manifest, state.lessons, found.text.lesson_id)
    return redirect(found.to(following) if following else f"{found.course_href}/abschluss", 303)


@pages.post("/kurse/<slug:kurs>/<slug:lektion>/wieder-oeffnen", access=learner)
def reopen(kurs: str, lektion: str) -> ResponseReturnValue:
    """Note a lesson or an exercise as open again."""
    found, wish = place(session(), kurs, lektion), wished()
    try:
        state = noted(service.reopen, found, wish)
    except Refused as problem:
        return refused(found, problem, _("Noch nicht geändert"))
    if wish.exercise:
        return back(found, f"aufgabe-{wish.exercise}")
    if not done(state, found):
        flash(_("„%(title)s“ ist wieder offen.", title=found.text.title), "success")
    return back(found)


@pages.post("/kurse/<slug:kurs>/<slug:lektion>/pruefen", access=visitor)
def check(kurs: str, lektion: str) -> ResponseReturnValue:
    """Judge one answer by the version it was given to; nothing is stored."""
    found = place(session(), kurs, lektion)
    text = as_rendered(session(), found)
    section, question = asked(text)
    checked, status = evaluated(question, text, newer=found.href if text is not found.text else "")
    if request.headers.get("HX-Request"):
        response = make_response(partial(found, text, section, question, checked, status))
    else:
        fault = Fault(_("Noch nicht geprüft"), f"q-{question.id}", checked.error) if checked.error else None
        response = make_response(show(found, status, Sent(text, {question.id: checked}, fault=fault)))
    response.vary.add("HX-Request")
    return response


def noted(act: Act, found: Place, wish: service.Request) -> Lernstand:
    """Write what a form asks for. Raises Refused."""
    names = {part.id for part in found.text.parts if isinstance(part, Exercise)}
    if wish.exercise and wish.exercise not in names:
        raise Refused(_("Laden Sie die Seite neu. Diese Aufgabe gibt es nicht mehr."))
    with writing() as db:
        return act(db, actor(), found.release, found.text.lesson_id, wish)


def done(state: Lernstand, found: Place) -> bool:
    """Whether the lesson counts as done now; a late replay or an old edition need not have changed it."""
    lesson_state = state.lessons.get(found.text.lesson_id)
    return lesson_state is not None and lesson_state.done


def wished() -> service.Request:
    """The hidden fields of a progress form; what is no number counts as one that never was."""
    edition, pass_ = whole_number("edition"), whole_number("pass")
    return service.Request(
        request_id=request.form.get("request_id", ""),
        edition=edition or 0,
        pass_=pass_ if pass_ is not None else service.LARGEST if request.form.get("pass") else None,
        exercise=request.form.get("exercise", ""),
    )


def refused(found: Place, problem: Refused, title: str) -> ResponseReturnValue:
    """The lesson again, with what is in the way."""
    anchor = problem.field if problem.field.startswith("aufgabe-") else "abschluss"
    return show(found, problem.status, Sent(fault=Fault(title, anchor, problem.message)))


def back(found: Place, anchor: str = "") -> ResponseReturnValue:
    """To the lesson, in the variant it was read in."""
    return redirect(f"{found.href}{found.suffix}{'#' if anchor else ''}{anchor}", 303)


def asked(text: LessonText) -> tuple[Quiz, Question]:
    """The question a form names, and its section. Raises Refused."""
    name = request.form.get("question", "")
    for part in text.parts:
        if isinstance(part, Quiz):
            for question in part.questions:
                if question.id == name:
                    return part, question
    raise Refused(_("Laden Sie die Seite neu. Diese Frage gibt es nicht."), field="question")


def evaluated(question: Question, text: LessonText, newer: str) -> tuple[Checked, int]:
    """What the question shows now, and the status."""
    values = request.form.getlist("answer")
    placed = {
        int(name[7:]): value
        for name, value in request.form.items()
        if name.startswith("answer-") and name[7:].isascii() and name[7:].isdigit() and len(name) < 10
    }
    sent = questions.chosen(question, values, placed)
    try:
        answer = quiz.read(question, text.version_id, values, placed)
    except Refused as problem:
        return questions.refused(question, sent, problem.message), problem.status
    result = quiz.judge(question, answer)
    return questions.judged(question, text.version_id, sent, result, newer), 200


def partial(
    found: Place, text: LessonText, section: Quiz, question: Question, checked: Checked, status: int
) -> ResponseReturnValue:
    """The question alone, for htmx."""
    answer = page(
        "site/_question.html",
        status,
        question=questions.question_sheet(question, text.version_id),
        action=f"{found.href}/pruefen{found.suffix}",
        version=text.version_id,
        number=section.questions.index(question) + 1,
        checked=checked,
    )
    return local.valued(answer, found.release)
