"""Races on real databases: many writers in one question, one form sent many times, marks at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core.db import Busy, Database
from learn.forum import asking, counting, judging, reacting
from learn.forum.audience import Reader
from learn.forum.models import MeToo, Post, Question, QuestionReader
from learn.notices.models import Event
from tests.factories import make_municipality
from tests.forum.factories import make_answer, make_question, make_reader, make_topics, new_question, plain

WRITERS, ANSWERS, SENDS = 20, 50, 10


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    """A database of its own, as the program opens it."""
    database = Database.of(instance)
    yield database
    database.dispose()


def at_once(database: Database, tasks: list[Callable[[Session], object]]) -> list[object]:
    """Run each in a thread and a transaction of its own, all let go together."""
    barrier = Barrier(len(tasks))

    def run(task: Callable[[Session], object]) -> object:
        barrier.wait(timeout=90)
        return patiently(database, task)

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def patiently(database: Database, task: Callable[[Session], object]) -> object:
    """Run a task; where the lock was not free in time (503), once more, as people do."""
    for _try in range(100):
        try:
            with database.writing() as session:
                return task(session)
        except (Busy, PoolTimeoutError):
            continue
    raise Busy


def test_twenty_writers_of_fifty_answers_leave_no_gap(database: Database) -> None:
    with database.writing() as session:
        question = make_question(session, make_reader(session))
        town = make_municipality(session)
        writers = [make_reader(session, "expert", town=town) for _number in range(WRITERS)]

    def write(who: Reader) -> None:
        for number in range(ANSWERS):
            patiently(database, partial(make_answer, who=who, question=question, words=f"Antwort {number}"))

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, writers))
    with database.writing() as session:
        here = Post.question_id == question.id
        numbers = session.scalars(select(Post.number).where(here).order_by(Post.number)).all()
        assert numbers == list(range(1, WRITERS * ANSWERS + 2))
        told = session.scalars(select(Event).where(Event.kind == "antwort")).all()
        posts = session.scalars(select(Post.id).where(here, Post.number > 1)).all()
        assert sorted(event.data["post"] for event in told) == sorted(posts)
        stored = session.get(Question, question.id)
        assert stored is not None
        assert (stored.answers, stored.last_number, stored.top_number) == (1000, 1001, 1001)
        assert not counting.refresh(session, question.id), "counted step by step as counted anew"


def test_a_form_sent_ten_times_is_one_answer(database: Database) -> None:
    with database.writing() as session:
        question, who = make_question(session, make_reader(session)), make_reader(session)

    def send(session: Session) -> object:
        return asking.answer(session, who, question, plain("Einmal"), attribution="name", key="gleich").id

    found = at_once(database, [send] * SENDS)
    assert len(set(found)) == 1
    with database.reading() as session:
        assert session.execute(select(func.count()).select_from(Post)).scalar_one() == 2
        assert session.execute(select(Question.last_number)).scalar_one() == 2


def test_a_question_sent_ten_times_is_one_question(database: Database) -> None:
    with database.writing() as session:
        make_topics(session)
        who = make_reader(session)
    found = at_once(
        database, [lambda session: asking.ask(session, who, new_question(), key="gleich").id] * SENDS
    )
    assert len(set(found)) == 1
    with database.reading() as session:
        assert len(session.scalars(select(Question.id)).all()) == 1
        assert len(session.scalars(select(Event.id)).all()) == 1


def test_one_key_for_two_questions_at_once_is_one_answer(database: Database) -> None:
    with database.writing() as session:
        asker, who = make_reader(session), make_reader(session)
        questions = [make_question(session, asker) for _number in range(SENDS)]

    def send(question: Question) -> Callable[[Session], object]:
        return lambda session: (
            asking.answer(session, who, question, plain("Einmal"), attribution="name", key="gleich").id
        )

    assert len(set(at_once(database, [send(question) for question in questions]))) == 1
    with database.reading() as session:
        numbers = session.execute(select(Question.last_number, Question.answers)).all()
        assert sorted(tuple(row) for row in numbers) == [(1, 0)] * (SENDS - 1) + [(2, 1)]


def test_concurrent_marks_all_count(database: Database) -> None:
    with database.writing() as session:
        who = make_reader(session)
        question = make_question(session, who)
        answers = [make_answer(session, who, question) for _number in range(SENDS)]

    def marking(post: Post) -> Callable[[Session], object]:
        return lambda session: judging.mark(session, who, post, on=True)

    at_once(database, [marking(post) for post in answers])
    with database.writing() as session:
        stored = session.get(Question, question.id)
        assert stored is not None
        assert (stored.solutions, stored.verdict, stored.state) == (SENDS, "geloest", "beantwortet")
        assert not counting.refresh(session, question.id)


def test_ten_double_clicks_are_one_town(database: Database) -> None:
    with database.writing() as session:
        question, who = make_question(session, make_reader(session)), make_reader(session)
    at_once(database, [lambda session: reacting.me_too(session, who, question, on=True)] * SENDS)
    with database.writing() as session:
        stored = session.get(Question, question.id)
        assert stored is not None
        assert stored.me_too == 1
        assert len(session.scalars(select(MeToo.person_id)).all()) == 1
        assert session.scalars(select(QuestionReader.person_id)).all() != [], "the asker's"
