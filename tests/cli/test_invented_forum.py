"""The demo's forum: lively, said to be made up, loaded once, and going on after an interruption."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from learn.accounts.models import Person
from learn.cli import invented, invented_forum
from learn.cli.invented_cohorts import invent_cohorts
from learn.cli.invented_posts import files, moments
from learn.cli.marked import import_towns
from learn.config import Config
from learn.core import clock
from learn.core.db import Database
from learn.core.models import Mark
from learn.forum import counting
from learn.forum.models import Post, PostAuthor, Question
from learn.network.models import Municipality
from learn.network.topics import TOPICS

EXPERIENCE = re.compile(r"\b(wir in|bei uns in|unsere Stadt|haben wir .* bezahlt)\b", re.IGNORECASE)


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    made = Database.of(instance)
    import_towns(made)
    invented.invent(made, instance.instance)
    invent_cohorts(made)
    yield made
    made.dispose()


def test_the_demo_has_questions_of_all_topics_phases_and_states(database: Database) -> None:
    invented_forum.invent_forum(database)
    with database.reading() as session:
        found = session.scalars(select(Question)).all()
        assert len(found) >= 28
        assert {question.topic for question in found} == set(TOPICS)
        assert {question.phase for question in found} == {"idee", "konzept", "vergabe", "betrieb"}
        assert {question.level for question in found} == {"oeffentlich", "netzwerk", "klasse"}
        assert {question.verdict for question in found} == {"", "geloest", "teilweise", "ungeloest"}
        assert sum(not question.answers for question in found) >= 3
        assert sum(question.me_too >= 3 for question in found) >= 5
        assert sum(question.solutions >= 2 for question in found) >= 3
        assert sum(question.locked for question in found) == 1
        posts = session.scalars(select(Post)).all()
        assert all(post.origin and post.origin.startswith("demo:") for post in posts)
        assert {post.kind for post in posts} == {"frage", "antwort", "rueckfrage"}
        assert sum(post.hidden == "ausgeblendet" and bool(post.reason) for post in posts) == 1
        assert sum(post.revision > 1 for post in posts) == 1
        assert session.scalar(select(func.count()).select_from(PostAuthor)) == len(posts)
        names = session.scalars(select(Person.name).where(Person.password_hash.is_(None))).all()
        assert len(names) >= 12
        assert all(name.endswith(" (Demo)") for name in names)
    with database.writing() as session:
        assert [key for key in session.scalars(select(Question.id)) if counting.refresh(session, key)] == []


def test_a_load_that_was_interrupted_goes_on_and_a_second_changes_nothing(database: Database) -> None:
    invented_forum.invent_forum(database)
    counts = numbers(database)
    invented_forum.invent_forum(database)
    assert numbers(database) == counts
    with database.writing() as session:
        session.delete(session.get_one(Mark, invented_forum.DONE))
    invented_forum.invent_forum(database)
    assert numbers(database) == counts


def numbers(database: Database) -> tuple[int, ...]:
    with database.reading() as session:
        tables = (Question, Post, Person)
        return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def test_people_write_where_they_may_read(database: Database) -> None:
    invented_forum.invent_forum(database)
    with database.reading() as session:
        guests = (
            select(Question.level)
            .join(Post, Post.question_id == Question.id)
            .join(Municipality, Municipality.id == Post.municipality_id)
            .where(Municipality.role == "gast")
        )
        assert set(session.scalars(guests)) == {"oeffentlich"}


def test_posts_come_in_their_order_on_working_days_of_the_last_weeks() -> None:
    now = clock.now()
    for file in files():
        at = moments(file.posts, now)
        assert at == sorted(set(at))
        assert at[-1] < now
        assert (now - at[0]).days < 70
        assert all(moment.weekday() < 5 for moment in at)
        assert all(8 <= moment.hour < 20 for moment in at)


def test_no_post_tells_of_a_real_town(database: Database) -> None:
    with database.reading() as session:
        towns = session.scalars(select(Municipality.name)).all()
    named = re.compile(rf"\b({'|'.join(re.escape(name.split(' (')[0]) for name in towns)})\b")
    for file in files():
        for post in file.posts:
            assert not [name for name in named.findall(post.text) if name != "Wenden"], file.name
            assert not EXPERIENCE.search(post.text), file.name
