"""What learners do, on a real database: begin, complete, reopen, tick, finish, save a Fahrplan."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learn.core.access import Actor, NotSignedIn, Refused
from learn.courses.library import CourseRelease
from learn.courses.manifest import LessonEntry
from learn.learning import queries, service
from learn.learning.models import Enrolment, ProgressEntry, SavedPlan
from learn.learning.progress import Lernstand, progress
from learn.learning.service import Conflict, Request
from tests.learning.factories import make_actor, manifest_of, publish

A = LessonEntry("les_a", "a", "A", 1, 1, 5, required=True)
B = LessonEntry("les_b", "b", "B", 1, 1, 7, required=True, conditions=("liste",))
C = LessonEntry("les_c", "c", "C", 1, 1, 9, required=False)


@pytest.fixture
def session(db: Session) -> Session:
    return db


@pytest.fixture
def jana(session: Session) -> Actor:
    return make_actor(session)


@pytest.fixture
def release(session: Session, jana: Actor) -> CourseRelease:
    found = publish(session, manifest_of([A, B, C]))
    service.enrol(session, jana, found)
    return found


def ask(request_id: str, edition: int = 1, pass_: int | None = None, exercise: str = "") -> Request:
    return Request(request_id, edition, pass_, exercise)


def events(session: Session) -> list[tuple[str, int, str, int]]:
    found = session.scalars(select(ProgressEntry).order_by(ProgressEntry.id))
    return [(row.object_id, row.edition, row.event, row.pass_) for row in found]


def state(session: Session, jana: Actor, release: CourseRelease) -> Lernstand:
    found = queries.enrolled(session, jana, release.course_id)
    assert found
    return progress(release.manifest, found.rows, None, None)


def test_enrolling_twice_is_enrolling_once(session: Session, jana: Actor, release: CourseRelease) -> None:
    service.enrol(session, jana, release)
    assert session.scalar(select(func.count()).select_from(Enrolment)) == 1
    found = queries.enrolled(session, jana, release.course_id)
    assert found
    assert (found.started, found.finished, found.rows) == (release.id, None, ())


def test_visitors_have_nothing_and_can_do_nothing(session: Session, release: CourseRelease) -> None:
    assert queries.enrolled(session, Actor(), release.course_id) is None
    assert queries.plans(session, Actor(), "les_a") == {}
    with pytest.raises(NotSignedIn):
        service.enrol(session, Actor(), release)
    with pytest.raises(NotSignedIn):
        queries.enrolments(session, Actor())


def test_a_lesson_is_completed_once(session: Session, jana: Actor, release: CourseRelease) -> None:
    service.complete(session, jana, release, "les_a", ask("r1", pass_=0))
    found = service.complete(session, jana, release, "les_a", ask("r1", pass_=0))
    service.complete(session, jana, release, "les_a", ask("r2", pass_=0))
    assert events(session) == [("les_a", 1, "done", 0)]
    assert found.lessons["les_a"].done
    assert found.following == "les_b"


def test_reopening_and_completing_anew_makes_a_second_pass(
    session: Session, jana: Actor, release: CourseRelease
) -> None:
    service.complete(session, jana, release, "les_a", ask("r1", pass_=0))
    service.reopen(session, jana, release, "les_a", ask("r2", pass_=0))
    service.reopen(session, jana, release, "les_a", ask("r3", pass_=0))
    assert not state(session, jana, release).lessons["les_a"].done
    service.complete(session, jana, release, "les_a", ask("r1", pass_=0))  # replayed by a slow network
    assert not state(session, jana, release).lessons["les_a"].done
    service.complete(session, jana, release, "les_a", ask("r4", pass_=1))
    assert events(session) == [("les_a", 1, "done", 0), ("les_a", 1, "reopened", 0), ("les_a", 1, "done", 1)]


@pytest.mark.parametrize(
    "request_",
    [
        ask("r9", pass_=1),
        ask("r9", edition=2),
        ask("r9", edition=0),
        ask("r9", edition=10**12),
        ask(""),
        ask("x" * 65),
        ask("r\n9"),
    ],
)
def test_what_cannot_be_is_refused(
    session: Session, jana: Actor, release: CourseRelease, request_: Request
) -> None:
    with pytest.raises(Refused) as caught:
        service.complete(session, jana, release, "les_a", request_)
    assert caught.value.status == 422
    assert events(session) == []


def test_a_request_id_serves_one_purpose(session: Session, jana: Actor, release: CourseRelease) -> None:
    service.complete(session, jana, release, "les_a", ask("r1"))
    with pytest.raises(Refused):
        service.complete(session, jana, release, "les_c", ask("r1"))
    with pytest.raises(Refused):
        service.reopen(session, jana, release, "les_a", ask("r1"))
    other = make_actor(session, "Kim Erfunden")
    service.enrol(session, other, release)
    service.complete(session, other, release, "les_c", ask("r1"))  # another person's ids are her own
    assert len(events(session)) == 2


def test_only_who_has_begun_can_complete(session: Session, release: CourseRelease) -> None:
    with pytest.raises(Refused):
        service.complete(session, make_actor(session, "Kim Erfunden"), release, "les_a", ask("r1"))


def test_an_exercise_is_ticked_and_unticked(session: Session, jana: Actor, release: CourseRelease) -> None:
    service.complete(session, jana, release, "les_b", ask("r1", exercise="liste"))
    assert list(state(session, jana, release).ticks) == ["les_b/liste"]
    service.reopen(session, jana, release, "les_b", ask("r2", exercise="liste"))
    service.reopen(session, jana, release, "les_b", ask("r3", exercise="liste"))
    assert not state(session, jana, release).ticks
    service.complete(session, jana, release, "les_b", ask("r4", exercise="liste"))
    assert list(state(session, jana, release).ticks) == ["les_b/liste"]
    assert not state(session, jana, release).lessons["les_b"].done


def test_conditions_are_checked_when_a_lesson_is_completed_and_never_later(
    session: Session, jana: Actor, release: CourseRelease
) -> None:
    with pytest.raises(Refused) as caught:
        service.complete(session, jana, release, "les_b", ask("r1"))
    assert caught.value.field == "aufgabe-liste"
    service.complete(session, jana, release, "les_b", ask("r2", exercise="liste"))
    service.complete(session, jana, release, "les_b", ask("r3"))
    service.reopen(session, jana, release, "les_b", ask("r4", exercise="liste"))
    service.complete(session, jana, release, "les_b", ask("r3"))
    assert state(session, jana, release).lessons["les_b"].done


def finish(session: Session, jana: Actor, release: CourseRelease) -> None:
    service.complete(session, jana, release, "les_a", ask("f1"))
    service.complete(session, jana, release, "les_b", ask("f2", exercise="liste"))
    service.complete(session, jana, release, "les_b", ask("f3"))


def test_the_last_required_lesson_completes_the_course_once(
    session: Session, jana: Actor, release: CourseRelease
) -> None:
    finish(session, jana, release)
    service.complete(session, jana, release, "les_c", ask("r9"))
    assert events(session).count(("kur_1", 1, "done", 0)) == 1
    found = queries.enrolled(session, jana, release.course_id)
    assert found
    assert found.finished == release.id


def test_a_course_with_a_test_is_not_completed_by_its_lessons(session: Session, jana: Actor) -> None:
    release = publish(session, manifest_of([A], test=True))
    service.enrol(session, jana, release)
    service.complete(session, jana, release, "les_a", ask("r1"))
    assert events(session) == [("les_a", 1, "done", 0)]


def test_a_later_requirement_leaves_the_completion_and_a_new_edition_adds_one(
    session: Session, jana: Actor, release: CourseRelease
) -> None:
    finish(session, jana, release)
    second = publish(session, manifest_of([A, B, replace(C, required=True)], edition=2))
    service.reopen(session, jana, second, "les_a", ask("r8"))
    assert events(session).count(("kur_1", 2, "done", 0)) == 0
    service.complete(session, jana, second, "les_a", ask("r9"))
    assert events(session).count(("kur_1", 2, "done", 0)) == 0
    service.complete(session, jana, second, "les_c", ask("r10"))
    found = queries.enrolled(session, jana, release.course_id)
    assert found
    assert (found.started, found.finished) == (release.id, second.id)


def test_the_first_request_after_the_last_open_lesson_is_gone_completes_the_course(
    session: Session, jana: Actor, release: CourseRelease
) -> None:
    service.complete(session, jana, release, "les_a", ask("r1"))
    shorter = publish(session, manifest_of([A, C]))
    service.complete(session, jana, shorter, "les_a", ask("r1"))
    assert events(session) == [("les_a", 1, "done", 0), ("kur_1", 1, "done", 0)]


def test_a_page_left_open_completes_the_edition_it_showed(
    session: Session, jana: Actor, release: CourseRelease
) -> None:
    newer = publish(session, manifest_of([replace(A, edition=2, redo_from=2), B, C]))
    found = service.complete(session, jana, newer, "les_a", ask("r1", edition=1))
    assert found.lessons["les_a"].state == "again"
    assert service.complete(session, jana, newer, "les_a", ask("r2", edition=2)).lessons["les_a"].done


def test_all_enrolments_come_with_their_logs_in_one_statement(
    session: Session, jana: Actor, release: CourseRelease
) -> None:
    finish(session, jana, release)
    other = make_actor(session, "Kim Erfunden")
    service.enrol(session, other, release)
    found = queries.enrolments(session, jana)
    assert [(entry.course_id, len(entry.rows)) for entry in found] == [("kur_1", 4)]
    assert queries.enrolments(session, other)[0].rows == ()


def test_a_plan_is_saved_under_its_labels(session: Session, jana: Actor, release: CourseRelease) -> None:
    assert service.save_plan(session, jana, "les_a", "plan", {"Anlass": "Lüften", "Wer": ""}, 0) == 1
    assert service.save_plan(session, jana, "les_a", "plan", {"Anlass": "Heizen", "Wer": "IT"}, 1) == 2
    saved = queries.plans(session, jana, "les_a")["plan"]
    assert (saved.fields, saved.revision) == ({"Anlass": "Heizen", "Wer": "IT"}, 2)
    assert queries.plans(session, make_actor(session, "Kim Erfunden"), "les_a") == {}


def test_texts_without_a_field_stay(session: Session, jana: Actor, release: CourseRelease) -> None:
    service.save_plan(session, jana, "les_a", "plan", {"Anlass": "Lüften", "Wer": "IT"}, 0)
    service.save_plan(session, jana, "les_a", "plan", {"Grund": "Lärm", "Wer": ""}, 1)
    saved = queries.plans(session, jana, "les_a")["plan"]
    assert saved.fields == {"Anlass": "Lüften", "Grund": "Lärm", "Wer": ""}


def test_an_outdated_plan_conflicts_unless_it_says_the_same(
    session: Session, jana: Actor, release: CourseRelease
) -> None:
    service.save_plan(session, jana, "les_a", "plan", {"Anlass": "Lüften"}, 0)
    assert service.save_plan(session, jana, "les_a", "plan", {"Anlass": "Lüften"}, 0) == 1
    with pytest.raises(Conflict) as caught:
        service.save_plan(session, jana, "les_a", "plan", {"Anlass": "Heizen"}, 0)
    assert caught.value.saved.fields == {"Anlass": "Lüften"}
    assert session.scalar(select(SavedPlan.revision)) == 1


def test_a_text_beyond_2000_characters_is_refused_at_its_field(
    session: Session, jana: Actor, release: CourseRelease
) -> None:
    service.save_plan(session, jana, "les_a", "plan", {"Anlass": "x" * 2000}, 0)
    with pytest.raises(Refused) as caught:
        service.save_plan(session, jana, "les_a", "plan", {"Anlass": "x" * 2001}, 1)
    assert caught.value.field == "Anlass"
