"""What the demo's invented people have learnt, once: enough of them that a course has figures to show."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from learn.accounts import queries as people
from learn.cli.invented import ALL, learn_some
from learn.cli.invented_forum import AUTHORS
from learn.core.access import Actor
from learn.core.db import Database
from learn.core.models import Mark
from learn.courses import queries as shelf
from learn.learning import unclear

DONE = "demo-learning"  # mark of an instance that once held all of it: whoever left since stays away
PROGRESS = ((ALL,), (ALL, 2), (4,), (ALL,), (2,), (ALL, 3), (3,), (ALL,), (5,), (ALL,), (1,), (4,), (ALL,))
DIFFICULT = 4  # the lesson of the first course that is unclear to those who have come so far
MARKED = 6  # people


def invent_learning(database: Database) -> None:
    """Let the forum's people begin the catalogue's first courses; a second time changes nothing."""
    with database.reading() as session:
        if session.scalar(select(exists().where(Mark.name == DONE))):
            return
    with database.writing() as session:
        marked = 0
        for author, progress in zip(AUTHORS, PROGRESS, strict=True):
            person = people.person(session, author.email)
            if person is not None:
                learn_some(session, Actor(person_id=person.id), progress)
                if progress[0] >= DIFFICULT and marked < MARKED:
                    marked += _mark(session, Actor(person_id=person.id))
        session.merge(Mark(name=DONE, value="ja"))


def _mark(session: Session, actor: Actor) -> bool:
    """Find the difficult lesson unclear; False where the course is shorter."""
    card = shelf.cards(session, limit=1).items[0]
    release = shelf.current_by_id(session, [card.id])[card.id]
    lessons = list(release.manifest.lessons())[DIFFICULT - 1 : DIFFICULT]
    for lesson in lessons:
        unclear.mark(session, actor, release, lesson.id, lesson.edition)
    return bool(lessons)
