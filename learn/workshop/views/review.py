"""`/werkstatt/kurse/<id>/freigabe`: may this course be published, what will learners notice, what is next."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, request
from flask.typing import ResponseReturnValue

from learn.core.access import NotFound, Refused, actor
from learn.core.db import database, end_reading, session, writing
from learn.core.i18n import gettext as _
from learn.core.web import page, to
from learn.courses.report import Report
from learn.workshop import assessing, copies, deciding, policy, publishing, review, scheduling
from learn.workshop.differences import Hunk, hunks
from learn.workshop.views.blueprint import pages
from learn.workshop.views.shared import number, storage, turn

ADDRESS = "/werkstatt/kurse/<course_id>/freigabe"
COMPARED = 120_000  # characters of a text whose words are still compared for the page
HUNKS = 40  # places of one text


@dataclass(frozen=True, slots=True)
class Sent:
    """The form: what to do, with which state of the course, and the words for it."""

    course_id: str
    step: str
    revision: int
    comment: str
    day: str
    time: str


@pages.get(ADDRESS, access=policy.author)
def review_course(course_id: str) -> ResponseReturnValue:
    return shown(course_id)


@pages.post(ADDRESS, access=policy.author)
def step_of_course(course_id: str) -> ResponseReturnValue:
    """Take the step that the button names."""
    form = request.form
    sent = Sent(
        course_id=course_id,
        step=form.get("step", ""),
        revision=number("base_revision"),
        comment=form.get("comment", ""),
        day=form.get("day", "")[:20],
        time=form.get("time", "")[:20],
    )
    try:
        done = act(sent)
    except Refused as refused:
        return shown(course_id, sent, refused)
    flash(done, "success")
    return to(".review_course", course_id=course_id)


def act(sent: Sent) -> str:
    """Do it; what was done, in words. Raises Refused."""
    if sent.step not in ACTS:
        raise Refused(_("Wählen Sie, was geschehen soll."))
    return ACTS[sent.step](sent)


def hand_in(sent: Sent) -> str:
    with writing() as db:
        review.hand_in(db, actor(), sent.course_id, sent.comment, revision=sent.revision)
    return _("Der Kurs ist in Freigabe. Alle, die freigeben dürfen, sehen eine Mitteilung.")


def send_back(sent: Sent) -> str:
    with writing() as db:
        review.send_back(db, actor(), sent.course_id, sent.comment, revision=sent.revision)
    return _("Der Kurs ist zurückgegeben.")


def approve(sent: Sent) -> str:
    with writing() as db:
        review.approve(db, actor(), sent.course_id, sent.comment, revision=sent.revision)
    return _("Der Kurs ist freigegeben.")


def plan(sent: Sent) -> str:
    at = scheduling.local_time(sent.day, sent.time)
    with writing() as db:
        review.plan(db, actor(), sent.course_id, at, revision=sent.revision)
    return _("Geplant: %(time)s.", time=review.spoken(at))


def call_off(sent: Sent) -> str:
    with writing() as db:
        review.call_off(db, actor(), sent.course_id, revision=sent.revision)
    return _("Abgebrochen. Nichts ist veröffentlicht.")


def ask_for_check(sent: Sent) -> str:
    with writing() as db:
        scheduling.ask_for_check(db, sent.course_id, revision=sent.revision)
    return _("Der Kurs wird geprüft.")


def publish(sent: Sent) -> str:
    """At once, or by the worker where so many texts take longer than a page may."""
    copy = copies.copy(session(), sent.course_id)
    if copy is None:
        raise NotFound
    end_reading()
    if publishing.is_big(copy):
        with writing() as db:
            review.hand_over(db, actor(), sent.course_id, revision=sent.revision)
        return _("Der Kurs wird jetzt veröffentlicht. Das dauert einen Augenblick.")
    with turn():
        report = publishing.publish(database(), storage(), actor(), sent.course_id, revision=sent.revision)
    return outcome(report)


def outcome(report: Report) -> str:
    """What publishing did. Raises Refused where it did nothing."""
    if not report.ok:
        raise Refused(_("Der Kurs hat Fehler. Beheben Sie diese zuerst."))
    if not report.published:
        raise Refused(publishing.NOTHING)
    return _(
        "Veröffentlicht. Lernende lesen ab jetzt Veröffentlichung %(number)s.",
        number=report.courses[0].release,
    )


ACTS: dict[str, Callable[[Sent], str]] = {
    deciding.HAND_IN: hand_in,
    deciding.SEND_BACK: send_back,
    deciding.APPROVE: approve,
    deciding.PUBLISH: publish,
    deciding.PLAN: plan,
    deciding.CALL_OFF: call_off,
    deciding.CHECK: ask_for_check,
}


def shown(course_id: str, sent: Sent | None = None, refused: Refused | None = None) -> ResponseReturnValue:
    """The page; refused, with the sentence why and what was typed."""
    begin = number("ab", request.args)
    with turn():
        found = assessing.assess(session(), database(), storage(), actor(), course_id, begin=begin)
    return page(
        "workshop/review.html",
        refused.status if refused else 200,
        found=found,
        hunks={change.key: compared(change.before, change.after) for change in found.changes},
        sent=sent,
        refused=refused,
        spoken=review.spoken,
    )


def compared(before: str | None, after: str | None) -> tuple[Hunk, ...]:
    """The places that differ; none where a text is new, gone or too long to compare in passing."""
    if before is None or after is None or len(before) + len(after) > COMPARED:
        return ()
    return hunks(before, after)[:HUNKS]
