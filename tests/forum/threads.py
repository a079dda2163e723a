"""Long questions for tests, written as rows."""

from datetime import timedelta

from sqlalchemy.orm import Session

from learn.core import clock
from learn.forum.audience import Reader
from learn.forum.models import Post, PostAuthor, Question
from tests.forum.factories import make_question

SOLUTIONS = frozenset({5, 6, 30, 31, 44})
TEXT = "<p>Antwort %d: Wir haben das Gerät am Mast befestigt und die Werte ein Jahr lang verglichen.</p>"


def make_thread(session: Session, asker: Reader, posts: int) -> Question:
    """A public question with so many posts, some of them Lösungen."""
    question = make_question(session, asker, level="oeffentlich")
    made = [
        Post(
            question_id=question.id,
            number=number,
            kind="antwort",
            parts=[{"html": TEXT % number}],
            municipality_id=asker.actor.municipality_id,
            at=clock.now() - timedelta(minutes=posts - number),
            solution=number in SOLUTIONS,
        )
        for number in range(2, posts + 1)
    ]
    session.add_all(made)
    session.flush()
    session.add_all(PostAuthor(post_id=post.id, person_id=asker.actor.owner) for post in made)
    question.last_number = question.top_number = posts
    question.answers, question.solutions = posts - 1, len([n for n in SOLUTIONS if n <= posts])
    session.flush()
    return question
