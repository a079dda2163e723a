"""Hiding, locking, moving between topics: the reason stands in place, the author is told and may object."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from learn.accounts.models import TrainerCohort
from learn.core import clock
from learn.core.access import Forbidden, NotFound, Refused
from learn.forum import acts, asking, judging, moderating, moving, queries, reading
from learn.forum.audience import Reader
from learn.forum.models import Moderation, Post, Question
from learn.notices.models import Event
from tests.factories import make_municipality, make_person
from tests.forum.factories import (
    make_answer,
    make_cohort,
    make_comment,
    make_question,
    make_reader,
    plain,
    reader_of,
)
from tests.forum.test_moving import dense, is_unread

WHY = "Werbung"


@pytest.fixture
def karla(db: Session) -> Reader:
    return make_reader(db, "coordinator", name="Karla")


@pytest.fixture
def jana(db: Session) -> Reader:
    return make_reader(db)


def told(db: Session) -> list[tuple[str, object]]:
    """Events of moderation with those they are for."""
    wanted = select(Event).where(Event.kind.in_(("moderation", "widerspruch"))).order_by(Event.id)
    return [(event.kind, event.data.get("people")) for event in db.scalars(wanted)]


def trainer_of(db: Session, cohort_id: int) -> Reader:
    person = make_person(db, roles=["trainer"])
    db.add(TrainerCohort(person_id=person.id, cohort_id=cohort_id))
    db.flush()
    return reader_of(db, person)


def test_a_hidden_post_leaves_its_number_and_says_why(db: Session, karla: Reader, jana: Reader) -> None:
    question = make_question(db, jana)
    ole = make_reader(db, name="Ole")
    answer = make_answer(db, ole, question)
    judging.mark(db, jana, answer, on=True)
    act = moderating.hide_post(db, karla, answer, WHY)
    assert (answer.hidden, answer.reason, answer.number) == ("ausgeblendet", WHY, 2)
    assert (question.answers, question.solutions, question.state) == (0, 0, "offen")
    assert told(db) == [("moderation", [ole.actor.person_id])]
    with pytest.raises(Refused) as refused:
        moderating.hide_post(db, karla, answer, WHY)
    assert refused.value.status == 409
    moderating.undo(db, karla, act.id, "Ein Irrtum.")
    assert (answer.hidden, answer.reason) == ("", "")
    assert (question.answers, question.solutions, question.state) == (1, 1, "beantwortet")
    assert told(db)[1:] == [("moderation", [ole.actor.person_id])]
    dense(db)


def test_hiding_the_first_post_hides_the_question(db: Session, karla: Reader, jana: Reader) -> None:
    question = make_question(db, jana)
    first = queries.first_post(db, question.id)
    act = moderating.hide_post(db, karla, first, WHY)
    assert (question.status, question.reason, question.listed, first.hidden) == ("ausgeblendet", WHY, "", "")
    assert act.post_id is None
    with pytest.raises(Refused):
        moderating.lock(db, karla, question, WHY)
    moderating.undo(db, karla, act.id, "Irrtum")
    assert (question.status, question.reason, question.listed) == ("gezeigt", "", "netzwerk")
    dense(db)


def test_a_locked_question_takes_no_answers(db: Session, karla: Reader, jana: Reader) -> None:
    question = make_question(db, jana)
    act = moderating.lock(db, karla, question, "Erledigt.")
    assert (question.locked, question.reason, question.listed) == (True, "Erledigt.", "netzwerk")
    with pytest.raises(Forbidden):
        asking.answer(db, jana, question, plain("Noch etwas."), attribution="name", key="x")
    hidden = moderating.hide_question(db, karla, question, WHY)
    assert question.reason == WHY
    moderating.undo(db, karla, hidden.id, "Irrtum")
    assert (question.locked, question.reason) == (True, "Erledigt.")  # what still stands says why
    moderating.undo(db, karla, act.id, "Weiter geht es.")
    assert (question.locked, question.reason) == (False, "")
    make_answer(db, jana, question)


def test_a_question_gets_other_topics_and_its_old_ones_back(db: Session, karla: Reader, jana: Reader) -> None:
    question = make_question(db, jana)
    latest = question.latest_at
    act = moderating.move(db, karla, question, ("klima", "LoRaWAN"), "Passt besser.")
    assert (queries.topics(db, question.id), question.topic) == (("klima", "sensorik"), "klima")
    assert question.latest_at == latest
    with pytest.raises(Refused, match="schon"):
        moderating.move(db, karla, question, ("klima", "sensorik"), "Passt besser.")
    with pytest.raises(Refused, match="Themen"):
        moderating.move(db, karla, question, ("nirgends",), "Passt besser.")
    moderating.undo(db, karla, act.id, "Irrtum")
    assert queries.topics(db, question.id) == ("sensorik",)
    dense(db)


@pytest.mark.parametrize(("why", "words"), [("", "warum"), (" \u200b", "warum"), ("x" * 501, "500 Zeichen")])
def test_every_act_needs_a_reason(db: Session, karla: Reader, jana: Reader, why: str, words: str) -> None:
    question = make_question(db, jana)
    answer = make_answer(db, jana, question)
    with pytest.raises(Refused, match=words):
        moderating.hide_post(db, karla, answer, why)
    with pytest.raises(Refused, match=words):
        moderating.lock(db, karla, question, why)
    act = moderating.hide_question(db, karla, question, WHY)
    with pytest.raises(Refused, match=words) as refused:
        moderating.undo(db, karla, act.id, why)
    assert refused.value.field == "reason"


def test_trainers_hide_and_lock_where_they_accompany(db: Session, karla: Reader) -> None:
    town = make_municipality(db)
    cohort = make_cohort(db, town)
    anna = make_reader(db, town=town)
    mine = trainer_of(db, cohort.id)
    other = trainer_of(db, make_cohort(db).id)
    inside = make_question(db, anna, level="klasse", cohort_id=cohort.id)
    network = make_question(db, anna)
    answer = make_answer(db, anna, inside)
    act = moderating.hide_post(db, mine, answer, WHY)
    moderating.undo(db, mine, act.id, "Irrtum")
    moderating.lock(db, mine, inside, WHY)
    with pytest.raises(NotFound):
        moderating.hide_post(db, other, answer, WHY)
    for who in (mine, anna):
        with pytest.raises(Forbidden):
            moderating.hide_question(db, who, network, WHY)
    with pytest.raises(Forbidden):
        moderating.hide_post(db, anna, answer, WHY)
    moved = moderating.move(db, karla, inside, ("klima",), WHY)
    with pytest.raises(Forbidden):
        moderating.undo(db, mine, moved.id, WHY)


def test_who_withdrew_stays_withdrawn(db: Session, karla: Reader, jana: Reader) -> None:
    question = make_question(db, jana)
    answer = make_answer(db, jana, question)
    answer.hidden = "zurueckgezogen"
    db.flush()
    with pytest.raises(Refused):
        moderating.hide_post(db, karla, answer, WHY)
    assert answer.hidden == "zurueckgezogen"


# Reading


def test_nothing_moves_up_and_reading_stays_as_it_was(db: Session, karla: Reader, jana: Reader) -> None:
    question = make_question(db, jana)
    first, second = make_answer(db, jana, question), make_answer(db, jana, question)
    then = clock.now() - timedelta(days=3)
    db.execute(update(Post).where(Post.question_id == question.id).values(at=then))
    db.expire_all()
    people = {name: make_reader(db, name=name) for name in ("all", "some")}
    for name, number in {"all": 3, "some": 2}.items():
        reading.read_to(db, people[name].actor, question, number)
    for post in (first, second):
        act = moderating.hide_post(db, karla, post, WHY)
        assert not is_unread(db, people["all"], question)
        assert is_unread(db, people["some"], question) is (post is first)
        moderating.undo(db, karla, act.id, WHY)
        assert question.latest_at == then
        assert {name: is_unread(db, who, question) for name, who in people.items()} == {
            "all": False,
            "some": True,
        }


# Objections


def test_the_author_objects_once_and_hears_the_answer(db: Session, karla: Reader, jana: Reader) -> None:
    question = make_question(db, jana)
    ole = make_reader(db, name="Ole")
    answer = make_answer(db, ole, question)
    act = moderating.hide_post(db, karla, answer, WHY)
    for who in (jana, karla, make_reader(db)):
        with pytest.raises(NotFound):
            moderating.object_to(db, who, act.id, "So nicht.")
    with pytest.raises(Refused, match="warum Sie widersprechen"):
        moderating.object_to(db, ole, act.id, "  ")
    moderating.object_to(db, ole, act.id, "Das war keine Werbung.")
    with pytest.raises(Refused) as refused:
        moderating.object_to(db, ole, act.id, "Wirklich nicht.")
    assert refused.value.status == 409
    assert (act.objection, act.objection_state) == ("Das war keine Werbung.", "offen")
    assert acts.objections(db, 10) == 1
    with pytest.raises(Forbidden):
        moderating.keep(db, ole, act.id, "Bleibt.")
    moderating.keep(db, karla, act.id, "Der Link führt in einen Shop.")
    assert (act.objection_state, acts.objections(db, 10)) == ("geprueft", 0)
    assert answer.hidden == "ausgeblendet"
    assert [kind for kind, _people in told(db)] == ["moderation", "widerspruch", "moderation"]
    assert told(db)[-1] == ("moderation", [ole.actor.person_id])
    with pytest.raises(Refused):
        moderating.keep(db, karla, act.id, "Noch einmal.")


def test_undoing_answers_an_objection(db: Session, karla: Reader, jana: Reader) -> None:
    question = make_question(db, jana)
    act = moderating.lock(db, karla, question, WHY)
    moderating.object_to(db, jana, act.id, "Ich habe noch Fragen.")
    moderating.undo(db, karla, act.id, "Sie haben recht.")
    assert act.objection_state == "geprueft"
    with pytest.raises(NotFound):
        moderating.object_to(db, jana, act.id, "Danke.")


def test_all_authors_of_what_moved_may_object(db: Session, karla: Reader, jana: Reader) -> None:
    source, target = make_question(db, jana), make_question(db, jana)
    ole = make_reader(db, name="Ole")
    make_comment(db, ole, make_answer(db, jana, source))
    act = moving.merge(db, karla, source.id, target.id, WHY)
    assert moderating.may_object(db, ole, act)
    assert moderating.may_object(db, jana, act)
    assert not moderating.may_object(db, karla, act)


# Log


def test_the_log_names_what_where_why_and_goes_on(
    app: object, db: Session, karla: Reader, jana: Reader
) -> None:
    question = make_question(db, jana)
    other = make_question(db, jana, title="Wie teuer ist das Gateway?")
    answer = make_answer(db, jana, question)
    act = moderating.hide_post(db, karla, answer, WHY)
    moderating.object_to(db, jana, act.id, "Nein.")
    moderating.lock(db, karla, other, "Erledigt.")
    with app.test_request_context("/"):  # type: ignore[attr-defined]
        found = acts.log(db, acts.Wanted(), None)
        assert [entry.action for entry in found.rows] == ["schliessen", "ausblenden"]
        entry = found.rows[1]
        assert (entry.who, entry.number, entry.title, entry.reason) == ("Karla", 2, question.title, WHY)
        assert [e.id for e in acts.log(db, acts.Wanted(objections=True), None).rows] == [act.id]
        assert [e.action for e in acts.log(db, acts.Wanted(question_id=other.id), None).rows] == [
            "schliessen"
        ]
        assert acts.log(db, acts.Wanted(action="teilen"), None).rows == []
        for _ in range(14):
            again = moderating.lock(db, karla, question, WHY)
            moderating.undo(db, karla, again.id, WHY)
        first = acts.log(db, acts.Wanted(), None)
        rest = acts.log(db, acts.Wanted(), first.after)
    assert (len(first.rows), len(rest.rows), rest.after) == (25, 5, "")


def test_who_did_it_goes_with_the_account(db: Session, karla: Reader, jana: Reader) -> None:
    question = make_question(db, jana)
    act = moderating.lock(db, karla, question, WHY)
    db.execute(update(Moderation).where(Moderation.id == act.id).values(actor_id=None))
    entry = acts.entry(db, act.id)
    assert entry is not None
    assert (entry.who, entry.reason) == (None, WHY)
    assert db.get_one(Question, question.id).locked
