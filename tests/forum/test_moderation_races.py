"""Moderators and writers at once, on real databases: no post is lost, no number given twice or left out."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learn.config import Config
from learn.core.access import Forbidden, NotFound, Refused
from learn.core.db import Busy, Database
from learn.forum import moderating, moving, reporting
from learn.forum.audience import Reader
from learn.forum.models import Moderation, Post, Question, Report
from learn.forum.moving import Fresh
from tests.forum.factories import make_answer, make_question, make_reader
from tests.forum.test_moving import WHY, dense

Task = Callable[[Session], object]


@pytest.fixture
def database(instance: Config) -> Iterator[Database]:
    """A database of its own, as the program opens it."""
    database = Database.of(instance)
    yield database
    database.dispose()


@pytest.fixture
def people(database: Database) -> dict[str, Reader]:
    with database.writing() as session:
        return {
            "karla": make_reader(session, "coordinator", name="Karla"),
            "kurt": make_reader(session, "coordinator", name="Kurt"),
            "jana": make_reader(session, name="Jana"),
            "ole": make_reader(session, name="Ole"),
        }


def at_once(database: Database, *tasks: Task) -> list[object]:
    """Run each in a thread and a transaction of its own, let go together; a refusal is a result, too."""
    barrier = Barrier(len(tasks))

    def run(task: Task) -> object:
        barrier.wait(timeout=90)
        for _try in range(100):
            try:
                with database.writing() as session:
                    return task(session)
            except Busy:
                continue
            except (Refused, NotFound, Forbidden) as refused:
                return refused
        raise Busy

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def asked(database: Database, who: Reader, answers: int = 1) -> Question:
    with database.writing() as session:
        question = make_question(session, who)
        for _ in range(answers):
            make_answer(session, who, question)
        return question


def merging(session: Session, *, who: Reader, source: Question, target: Question) -> Moderation:
    return moving.merge(session, who, source.id, target.id, WHY)


def undoing(session: Session, *, who: Reader, act_id: int) -> Moderation:
    return moderating.undo(session, who, act_id, WHY)


def standing(database: Database) -> None:
    """Numbers are dense, derived columns right, and every post stands in exactly one place."""
    with database.writing() as session:
        dense(session)
        stubs = session.scalars(select(Post.moved_to).where(Post.kind == "verweis", Post.hidden == ""))
        assert None not in stubs.all()


def test_two_moderators_hide_one_post_once(database: Database, people: dict[str, Reader]) -> None:
    question = asked(database, people["jana"])

    def hide(name: str) -> Task:
        return lambda session: moderating.hide_post(
            session, people[name], session.scalars(select(Post).where(Post.number == 2)).one(), WHY
        )

    found = at_once(database, hide("karla"), hide("kurt"))
    assert sorted(type(one).__name__ for one in found) == ["Moderation", "Refused"]
    with database.reading() as session:
        assert len(session.scalars(select(Moderation.id)).all()) == 1
        assert session.get_one(Question, question.id).answers == 0


def test_merging_crosswise_ends_in_one_question(database: Database, people: dict[str, Reader]) -> None:
    """Both locks are taken by number: neither waits for the other for ever."""
    for _ in range(5):
        first, second = asked(database, people["jana"]), asked(database, people["ole"])
        found = at_once(
            database,
            partial(merging, who=people["karla"], source=first, target=second),
            partial(merging, who=people["kurt"], source=second, target=first),
        )
        assert sorted(type(one).__name__ for one in found) == ["Moderation", "Refused"]
    standing(database)


def test_an_answer_comes_along_or_is_refused(database: Database, people: dict[str, Reader]) -> None:
    """Whoever comes second sees what the first has done; nothing stays behind in a merged question."""
    arrived = set()
    for number in range(8):
        source, target = asked(database, people["jana"]), asked(database, people["ole"])
        answer = partial(make_answer, who=people["ole"], question=source, words="Eben geschrieben.")
        merge = partial(merging, who=people["karla"], source=source, target=target)
        tasks = (answer, merge) if number % 2 else (merge, answer)
        found = at_once(database, *tasks)
        wrote = next(one for one in found if not isinstance(one, Moderation))
        with database.reading() as session:
            left = session.scalars(
                select(Post.kind).where(Post.question_id == source.id, Post.kind != "verweis")
            )
            assert left.all() == []
            here = [Post.question_id == target.id, Post.body == "Eben geschrieben."]
            came = session.scalars(select(Post.id).where(*here)).all()
        assert len(came) == (0 if isinstance(wrote, NotFound) else 1)
        arrived.add(len(came))
    assert arrived <= {0, 1}
    standing(database)


def test_writing_goes_on_while_posts_come_and_go(database: Database, people: dict[str, Reader]) -> None:
    source, target = asked(database, people["jana"], 3), asked(database, people["ole"])

    def there_and_back(session: Session) -> object:
        act = moving.split(session, people["karla"], source.id, [3], target.id, WHY)
        return moderating.undo(session, people["karla"], act.id, WHY)

    def answer(question: Question) -> Task:
        return lambda session: make_answer(session, people["ole"], question, "Dazwischen.")

    def apart(session: Session) -> object:
        fresh = Fresh("Was kostet der Betrieb?", ("klima",))
        return moving.split(session, people["kurt"], source.id, [2], fresh, WHY)

    for _ in range(3):
        at_once(database, there_and_back, *([answer(source), answer(target)] * 3))
    at_once(database, apart, there_and_back, answer(source))
    standing(database)
    with database.reading() as session:
        bodies = session.scalars(select(Post.body).where(Post.body == "Dazwischen.")).all()
    assert len(bodies) == 19


def test_an_act_is_taken_back_once(database: Database, people: dict[str, Reader]) -> None:
    source, target = asked(database, people["jana"]), asked(database, people["ole"])
    with database.writing() as session:
        act = moving.merge(session, people["karla"], source.id, target.id, WHY)
    found = at_once(
        database,
        *(partial(undoing, who=people[name], act_id=act.id) for name in ("karla", "kurt")),
    )
    assert sorted(type(one).__name__ for one in found) == ["Moderation", "Refused"]
    standing(database)


def test_reports_at_once_hide_at_once_and_only_once(database: Database, people: dict[str, Reader]) -> None:
    asked(database, people["jana"])
    with database.writing() as session:
        reporters = [make_reader(session) for _ in range(4)]

    def report(who: Reader) -> Task:
        return lambda session: reporting.report(
            session,
            who,
            session.scalars(select(Post).where(Post.number == 2)).one(),
            "vertraulich",
            "Steht im Vertrag.",
        )

    at_once(database, *(report(who) for who in (*reporters, *reporters)))
    with database.reading() as session:
        assert len(session.scalars(select(Report.id)).all()) == 4
        assert session.scalars(select(Post.hidden).where(Post.number == 2)).one() == "gemeldet"
        assert len(session.scalars(select(Moderation.id)).all()) == 1
