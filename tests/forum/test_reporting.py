"""Reports: once per person and post, two grave ones hide at once, a decision closes all and is heard."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.core.access import Actor, Forbidden, NotFound, Refused
from learn.forum import audience, moderating, queries, reporting
from learn.forum.audience import Reader
from learn.forum.models import Moderation, Post, Question, Report
from learn.notices.models import Event
from tests.factories import make_municipality, make_person
from tests.forum.factories import make_answer, make_cohort, make_question, make_reader, reader_of
from tests.forum.test_moving import dense

WHY = "Der Beitrag nennt eine Privatadresse."


@pytest.fixture
def karla(db: Session) -> Reader:
    return make_reader(db, "coordinator", name="Karla")


@pytest.fixture
def jana(db: Session) -> Reader:
    return make_reader(db)


@pytest.fixture
def answer(db: Session, jana: Reader) -> Post:
    question = make_question(db, jana)
    return make_answer(db, jana, question)


def question_of(db: Session, post: Post) -> Question:
    return db.get_one(Question, post.question_id)


def told(db: Session, *kinds: str) -> list[dict[str, Any]]:
    return [event.data for event in db.scalars(select(Event).where(Event.kind.in_(kinds)).order_by(Event.id))]


def test_a_report_waits_and_the_koordination_hears_of_it(db: Session, answer: Post) -> None:
    ole = make_reader(db, name="Ole")
    made = reporting.report(db, ole, answer, "werbung", "  Ein Shop.\r\n")
    assert (made.text, made.state, made.municipality_id) == ("Ein Shop.", "offen", ole.actor.municipality_id)
    assert answer.hidden == ""
    assert told(db, "meldung") == [
        {"report": made.id, "post": answer.id, "question": answer.question_id, "by": ole.actor.person_id}
    ]
    with pytest.raises(Refused) as refused:
        reporting.report(db, ole, answer, "anderes", "Noch einmal.")
    assert refused.value.status == 409
    assert reporting.reported(db, ole, answer.id)


def test_two_grave_reports_from_different_towns_hide_at_once(db: Session, jana: Reader, answer: Post) -> None:
    town = make_municipality(db)
    first, colleague = make_reader(db, town=town), make_reader(db, town=town)
    reporting.report(db, first, answer, "personendaten", WHY)
    reporting.report(db, colleague, answer, "vertraulich", WHY)
    assert answer.hidden == ""  # of one town
    reporting.report(db, make_reader(db), answer, "werbung", WHY)
    assert answer.hidden == ""  # not grave
    reporting.report(db, make_reader(db), answer, "vertraulich", WHY)
    assert (answer.hidden, answer.reason) == ("gemeldet", "")
    assert question_of(db, answer).answers == 0
    act = db.scalars(select(Moderation)).one()
    assert (act.actor_id, act.post_id) == (None, answer.id)
    assert told(db, "moderation")[0]["people"] == [jana.actor.person_id]
    dense(db)


def test_only_a_decision_brings_it_back(db: Session, karla: Reader, jana: Reader, answer: Post) -> None:
    for _ in range(2):
        reporting.report(db, make_reader(db), answer, "vertraulich", WHY)
    act = db.scalars(select(Moderation)).one()
    with pytest.raises(Refused, match="Meldungen"):
        moderating.undo(db, karla, act.id, "Bleibt.")
    moderating.object_to(db, jana, act.id, "Das steht in der Zeitung.")
    reporting.decide(db, karla, answer.id, hide=False, reason="Das war schon veröffentlicht.")
    assert (answer.hidden, answer.reason, act.undone, act.objection_state) == ("", "", True, "geprueft")
    states = db.execute(select(Report.state, Report.answer)).all()
    assert [tuple(row) for row in states] == [("bleibt", "Das war schon veröffentlicht.")] * 2
    reports = list(db.scalars(select(Report.id).order_by(Report.id)))
    assert [data["report"] for data in told(db, "entscheidung")] == reports
    reporting.report(db, make_reader(db), answer, "vertraulich", WHY)
    assert answer.hidden == ""  # what was decided counts no more
    dense(db)


def test_hiding_decides_for_all_reports(db: Session, karla: Reader, answer: Post) -> None:
    for kind in ("vertraulich", "personendaten", "werbung"):
        reporting.report(db, make_reader(db), answer, kind, WHY)
    reporting.decide(db, karla, answer.id, hide=True, reason="Personenbezogene Daten")
    assert (answer.hidden, answer.reason) == ("ausgeblendet", "Personenbezogene Daten")
    assert set(db.scalars(select(Report.state))) == {"verborgen"}
    acts = db.scalars(select(Moderation).order_by(Moderation.id)).all()
    assert [act.undone for act in acts] == [True, False]
    with pytest.raises(Refused) as refused:
        reporting.decide(db, karla, answer.id, hide=False, reason="Doch nicht.")
    assert refused.value.status == 409
    moderating.undo(db, karla, acts[1].id, "Doch nicht.")
    assert answer.hidden == ""


def test_the_first_post_takes_its_question_along(db: Session, karla: Reader, jana: Reader) -> None:
    question = make_question(db, jana)
    first = queries.first_post(db, question.id)
    for _ in range(2):
        reporting.report(db, make_reader(db), first, "vertraulich", WHY)
    assert (question.listed, question.status) == ("", "gezeigt")
    with pytest.raises(NotFound):
        reporting.report(db, make_reader(db), first, "vertraulich", WHY)
    reporting.decide(db, karla, first.id, hide=True, reason="Personenbezogene Daten")
    assert (question.listed, question.status, first.hidden) == ("", "ausgeblendet", "")
    dense(db)


def test_what_was_hidden_meanwhile_is_closed_all_the_same(db: Session, karla: Reader, answer: Post) -> None:
    reporting.report(db, make_reader(db), answer, "werbung", WHY)
    moderating.hide_post(db, karla, answer, "Werbung")
    reporting.decide(db, karla, answer.id, hide=True, reason="Werbung")
    assert db.scalars(select(Report.state)).one() == "verborgen"
    assert len(db.scalars(select(Moderation.id)).all()) == 1


@pytest.mark.parametrize(
    ("about", "text", "field"),
    [("", WHY, "kind"), ("egal", WHY, "kind"), ("werbung", " \n", "text"), ("werbung", "x" * 2001, "text")],
)
def test_what_a_report_needs(db: Session, answer: Post, about: str, text: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        reporting.report(db, make_reader(db), answer, about, text)
    assert (refused.value.field, refused.value.status) == (field, 422)


def test_who_may_report(db: Session, karla: Reader, jana: Reader, answer: Post) -> None:
    with pytest.raises(Refused) as refused:
        reporting.report(db, jana, answer, "werbung", WHY)
    assert refused.value.status == 403
    town = make_municipality(db)
    cohort = make_cohort(db, town)
    anna = make_reader(db, town=town)
    inside = make_answer(db, anna, make_question(db, anna, level="klasse", cohort_id=cohort.id))
    with pytest.raises(NotFound):
        reporting.report(db, make_reader(db), inside, "werbung", WHY)
    ole = make_person(db, roles=["operator"])
    ole.municipality_id = None
    db.flush()
    public = make_answer(db, jana, make_question(db, jana, level="oeffentlich"))
    with pytest.raises(Forbidden):
        reporting.report(db, reader_of(db, ole), public, "werbung", WHY)
    reporting.report(db, make_reader(db, role="gast"), public, "werbung", WHY)
    with pytest.raises(NotFound):
        reporting.report(db, make_reader(db, role="gast"), answer, "werbung", WHY)
    moderating.hide_post(db, karla, answer, "Werbung")
    with pytest.raises(NotFound):
        reporting.report(db, make_reader(db), answer, "werbung", WHY)
    with pytest.raises(Forbidden):
        reporting.decide(db, jana, public.id, hide=True, reason="Nein.")
    assert audience.reader(db, Actor()).circles == ("oeffentlich",)


def test_the_queue_shows_each_post_once_oldest_first(
    app: Flask, db: Session, karla: Reader, jana: Reader
) -> None:
    question = make_question(db, jana)
    posts = [make_answer(db, jana, question) for _ in range(3)]
    for post in (posts[1], posts[0], posts[1]):
        reporting.report(db, make_reader(db), post, "werbung", WHY)
    with app.test_request_context("/"):
        found = reporting.waiting(db, None).rows
    assert [(one.post_id, one.number, one.reports) for one in found] == [
        (posts[1].id, 3, 2),
        (posts[0].id, 2, 1),
    ]
    assert reporting.number_waiting(db, 10) == 2
    case = reporting.case(db, posts[1].id)
    assert case is not None
    assert (len(case.reports), len(case.towns), case.question.id) == (2, 2, question.id)
    reporting.decide(db, karla, posts[1].id, hide=False, reason="In Ordnung.")
    assert reporting.case(db, posts[1].id) is None
    assert reporting.number_waiting(db, 10) == 1
